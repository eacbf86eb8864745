"""What the tellings of what people may and must share: where a phrase ends, what is but supposed, the candidate."""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.passing import BROAD, put
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence

END = (
    r"(?=[,;:—–](?!\d)|\.(?=\s|$)|$| (?:while|after|when|according|starting|beginning|from [A-Z]|since"
    r"|under (?:the|a|an|new|revised))\b)"
)
SUPPOSED = regex(
    r"\b(?:if|should|could|might|would|whether|hope|hopes|called|calls|expected|likely|urge[ds]?|suggest\w*|think"
    r"|believes?)\b"
)
_WE = regex(r"\b(?:we|our|my|I|you|your)\b", re.IGNORECASE)
TOLD_SO = "told by what people may, must or get"


def document_told(reader: Reader, sentence: Sentence) -> bool:
    """Whether a document has been told, whose content a duty is."""
    return reader.told_within(900, sentence.start)


def put_duty(
    reader: Reader, sentence: Sentence, title: str, kind: Instrument, action: Action | None, issuers: tuple[str, ...],
    status: Status = "issued",
) -> None:  # fmt: skip
    """The candidate, unless it is what a speaker calls theirs, or too broad to be a measure."""
    before = len(reader.found)
    if BROAD.search(title) or _WE.search(title):
        return
    put(reader, sentence, title, kind, issuers, "", sentence.end, action=action)
    for candidate in reader.found[before:]:
        candidate.status, candidate.reason = status, TOLD_SO
