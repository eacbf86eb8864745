"""How good the machine's records are by what people decided, and how far two people agree."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from db.deciding.agreement import LABELS, LARGEST_SAMPLE, agreements, disagreements, samples, unread
from db.deciding.quality import NEWEST, accepted_in_batches, quality
from db.deciding.queue import QUEUE_CAP
from web.addresses import Address
from web.render import desk_of, page
from web.viewer import viewer_of

LABEL_WORDS = {"right": "right", "wrong": "corrected", "rejected": "rejected"}


def quality_page(request: Request) -> Response:
    """Precision by version, confidence and source, corrections by field, and the agreement of two readers."""
    viewer = viewer_of(request)
    with desk_of(request).reading() as db:
        reviews = viewer.may("reviewer")
        return page(
            "quality.html",
            here="quality",
            heading="Quality",
            found=quality(db),
            newest=NEWEST,
            batches=accepted_in_batches(db, cap=QUEUE_CAP),
            agreements=agreements(db),
            labels=LABELS,
            label_words=LABEL_WORDS,
            samples=samples(db),
            disagreements=disagreements(db) if reviews else (),
            reviews=reviews,
            waiting=unread(db, viewer.name) if reviews else 0,
            largest=LARGEST_SAMPLE,
            today=desk_of(request).clock().date().isoformat(),
        )


ADDRESSES = (Address("/quality", quality_page),)
