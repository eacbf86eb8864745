"""The outbox: whether the mail server takes mail, what waits, what was given up and why; sending it again."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.bounded import COUNT_TO
from db.mailing.letters import dead_letters, errors_of_dead_letters, revive_all, waiting_letters
from db.mailing.outage import outage
from db.outbox import message, outbox_counts, revive
from web.addresses import Address
from web.forms import posted
from web.render import desk_of, page

_ON_A_PAGE = 50


def mail(request: Request) -> Response:
    """The state of the outbox, and the dead letters with a button for each, and for all of an error."""
    after = request.query_params.get("after", "")
    error = request.query_params.get("error")
    again = request.query_params.get("again", "")
    with desk_of(request).reading() as db:
        dead = dead_letters(
            db, error=error, after=int(after) if after.isdecimal() and len(after) < 19 else 0, limit=_ON_A_PAGE + 1
        )
        return page(
            "mail.html",
            here="mail",
            heading="Mail",
            counts=outbox_counts(db),
            most=COUNT_TO,
            outage=outage(db),
            errors=errors_of_dead_letters(db),
            error=error,
            dead=dead[:_ON_A_PAGE],
            next=dead[_ON_A_PAGE - 1]["id"] if len(dead) > _ON_A_PAGE else None,
            waiting=waiting_letters(db),
            again=int(again) if again.isdecimal() and len(again) < 10 else None,
        )


def letter(request: Request) -> Response:
    """One mail: to whom, what became of it, and its text, of which nothing acts."""
    printed = request.path_params["id"]
    with desk_of(request).reading() as db:
        found = message(db, int(printed)) if printed.isdecimal() and len(printed) < 19 else None
    if found is None:
        raise HTTPException(404, "There is no such mail.")
    return page("letter.html", here="mail", heading=f"Mail {found['id']}", letter=found)


async def send_again(request: Request) -> Response:
    """Make one dead letter due again, or all of an error."""
    return await run_in_threadpool(_send_again, request, await posted(request))


def _send_again(request: Request, entered: Mapping[str, str]) -> Response:
    desk = desk_of(request)
    printed = entered.get("id", "")
    with desk.writing() as db:
        if printed:
            known = printed.isdecimal() and len(printed) < 19
            if not known or not revive(db, int(printed), now=desk.clock()):
                raise HTTPException(409, "This mail is no dead letter any more: somebody has sent it again already.")
            revived = 1
        elif "error" in entered:
            revived = revive_all(db, error=entered["error"], now=desk.clock())
        else:
            raise HTTPException(422, "Say which mail is to be sent again.")
    return RedirectResponse(f"/mail?again={revived}", 303)


ADDRESSES = (
    Address("/mail", mail, role="reviewer"),
    Address("/mail/again", send_again, role="reviewer", method="POST"),
    Address("/mail/{id}", letter, role="reviewer"),
)
