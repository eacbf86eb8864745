"""The title of what an English sentence told: the shortest phrase that names it, neither broken off nor run on."""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.sentence import Sentence

_DANGLING = regex(r" (?:to|that|for|of|on|with|in|into|and|the|an?)$")
_CLAUSE = regex(r" [^,.;:—()]{3,110}?(?=[,.;:—()]| (?:which|while|as|after|who|said|last|this year|next year)\b)")
_PUT_INTO_FORCE = regex(r" into (?:force|effect)$")
_MONTH_CUT = regex(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|April?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)(?P<day> \d{1,2})?$"
)
_DAY = regex(r"\.? \d{1,2}(?:, (?:19|20)\d\d)?\b")
_YEAR = regex(r", (?:19|20)\d\d\b")
"""Neither the point of `Dec. 31` nor the comma of `Dec 31, 2037` ends a title."""
_END_OF = regex(r" (?:at|by|before|until) (?:the )?(?:end|beginning|start) of$")
_BARE = regex(
    r"^(?:(?:[Aa]n?|[Tt]he|[Nn]ew|[Ss]everal|[Ss]eries|(?!for\b|to\b|on\b)[a-z-]+) ){0,7}"
    r"(?:measures|policies|steps|incentives|initiatives)$"
)
_SUCH_AS = regex(r"(?:,? such as|, including) [^,.;]{5,140}(?=[,.;])")
_AT_A_MEETING = regex(r" in [A-Z]\w+(?: [A-Z]\w+)? (?:in|at|during) an? .*$")
_WITH_PEOPLE = regex(r" with (?:[a-z]+ )?(?:officials|representatives|experts|leaders|executives)\b.*$")
_TO_SPUR = regex(r" to (?:spur|boost|stimulate|encourage|promote|curb|ease|help|meet) .*$")
_REVISION = regex(r"(?:new |further )?(?:revisions?|amendments?|changes) (?:to|of) ")
_FEW_WORDS = regex(r"(?:[Aa]n? |[Tt]he )?(?:[a-z-]+ ){0,2}[a-z]+$")
_BY_WHOM = regex(
    r" (?:\w+ly )?(?:issued|released|adopted|published|approved|unveiled|announced|introduced|passed|enacted)\b"
    r"(?:[^,;.:—]|, (?=\d{4}\b)){0,120}?"
    r"(?=[;.:—]|,(?! \d{4}\b)| (?:made|has|have|had|is|are|was|were|will|would|said|says|calls?|called|sets?|seeks?"
    r"|requires?|required|that|which|to|aims?|outlines?|outlined|incorporated|includes?|included|highlights?"
    r"|stipulates?|encourages?|bans?|helps?|helped|allows?|allowed)\b)"
)


def whole_title(text: str, candidate: Candidate, sentence: Sentence) -> None:
    """A title that breaks off after `to` goes on to the end of its clause; bare `policies` take their examples."""
    bare = _BARE.search(candidate.title) if candidate.strength < 3 else None
    if bare is not None:
        at = text.find(candidate.title, *sentence.span)
        such = _SUCH_AS.match(text, at + len(candidate.title), sentence.end) if at >= 0 else None
        candidate.title += such[0].rstrip() if such else ""
        return
    candidate.title = _shorter(candidate)
    month = _MONTH_CUT.search(candidate.title)
    if month is not None:
        at = text.find(candidate.title, *sentence.span)
        after = (
            (_YEAR if month["day"] else _DAY).match(text, at + len(candidate.title), sentence.end) if at >= 0 else None
        )
        candidate.title += after[0] if after else ""
    if not _DANGLING.search(candidate.title):
        return
    candidate.title, cut = _END_OF.subn("", candidate.title)
    if cut:
        return
    at = text.find(candidate.title, *sentence.span)
    rest = _CLAUSE.match(text, at + len(candidate.title), sentence.end) if at >= 0 else None
    if rest is not None:
        candidate.title += rest[0].rstrip()
    else:
        candidate.title = _DANGLING.sub("", candidate.title)


def _shorter(candidate: Candidate) -> str:
    """Without the force it was put into, the meeting it was signed at, the people it was talked of with, and what a
    deed is meant to spur."""
    title = _PUT_INTO_FORCE.sub("", _WITH_PEOPLE.sub("", candidate.title))
    if candidate.instrument in {"agreement", "statement"}:
        title = _AT_A_MEETING.sub("", title)
    revision = _REVISION.match(title)
    if revision is not None:
        title = title[: revision.end()] + _TO_SPUR.sub("", title[revision.end() :])
    elif candidate.rule in {"measure", "act"}:
        spurs = _TO_SPUR.sub("", title)
        title = spurs if " " in spurs else title
    return title.rstrip(" .")


def by_whom(text: str, candidate: Candidate, sentence: Sentence) -> None:
    """`A guideline issued in November by the bureau`: in the background the bare noun alone names nothing."""
    if candidate.salience != "background" or candidate.rule != "issued" or not _FEW_WORDS.fullmatch(candidate.title):
        return
    at = text.find(candidate.title, *sentence.span)
    rest = _BY_WHOM.match(text, at + len(candidate.title), sentence.end) if at >= 0 else None
    if rest is not None:
        candidate.title += rest[0].rstrip()
