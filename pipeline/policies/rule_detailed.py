"""English prose: the document that a measure told before was put in, and who issued it.

`The measures were detailed in a guideline to …`, `the change was announced in a notice issued by the bureau`, `the
document, jointly issued by the ministry and the bureau, says …`.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.finish_en import finish
from pipeline.policies.phrases import object_phrase, phrase_before
from pipeline.policies.reading import Reader, complemented
from pipeline.policies.regions import outer_places, regions_of
from pipeline.policies.sameness import complement_words, more_exact
from pipeline.policies.sectors import sectors_en
from pipeline.policies.sentence import Sentence

_DETAILED = regex(
    r"\b(?:was|were|is|are|been) (?:\w+ly )?(?:detailed|outlined|set out|laid out|spelled"
    r" out|specified|contained|included|listed|unveiled|announced) in (?=an? |the "
    r"|its )"
)
_SAYS_DOCUMENT = cues("document")
_TELLING = cues("detailed outlined set laid spelled specified contained included listed unveiled announced")
_CHANGE = regex(
    r"(?:^|[\s\"“])(?:[Tt]he|[Tt]his|[Tt]hese|[Ss]uch) (?:\w+ )?(?:changes?|moves?|decision|adjustments?|steps?"
    r"|relaxation|reduction|cuts?|ban|curbs|subsid(?:y|ies)|vouchers|incentives|extension|exemption|increase|requirements?|controls"
    r"|restrictions|rules?|polic(?:y|ies)|measures?)$"
)
"""What stands for a deed told before."""
_DEEDS = frozenset({"measure", "act", "act undergone", "planned", "intended"})
_ISSUED = regex(
    r",? (?:(?:that|which) (?:was|were) )?(?:jointly |newly |recently )?(?:issued|released|published|made public"
    r"|announced|unveiled)\b"
)
_DOCUMENT = regex(
    r"(?:The|This) (?:policy )?document(?:, (?:which was )?| was )(?:jointly |recently )?(?P<act>issued|released"
    r"|published|formulated|unveiled)(?: on [A-Z]\w+(?: \d{1,2})?)?(?: jointly)?(?= by )"
)
_PAPERS = frozenset({"plan", "guideline", "measures", "notice", "regulation", "standard", "other", "list", "decision"})
_NEAR = 700


def detailed(reader: Reader, sentence: Sentence) -> bool:
    """`Such measures were detailed in a guideline`: the guideline is the instrument, they are its content."""
    start, end = sentence.span
    match = _DETAILED.search(reader.text, start, end) if sentence.cues & _TELLING else None
    if match is None:
        return sentence.has(_SAYS_DOCUMENT) and _issued_as(reader, sentence)
    tokens = sentence.tokens
    at = sentence.token_from(match.end())
    phrase = object_phrase(tokens, at) if at < len(tokens) else None
    subject = phrase_before(tokens, next(i for i, t in enumerate(tokens) if t.end > match.start()))
    if phrase is None or phrase.noun.strength not in {"strong", "name", "weak"} or "report" in tokens[phrase.head].low:
        return False
    known = reader.antecedent(tokens[subject.head].low, subject) if subject else None
    deed = _deed_before(reader, start) if _CHANGE.search(reader.text[start : match.start()].rstrip()) else None
    found = reader.candidate(sentence, phrase, None)
    if "five-year" in found.title.lower():
        return False
    found.rule = "detailed in"
    if known is None and deed is None:
        if not complemented(phrase, tokens):
            return False
        reader.found.append(found)
        finish(reader, found, sentence)
        return True
    known = known or deed
    assert known is not None
    if known is not deed and (complement_words(found.title) or not complement_words(known.title)):
        known.title = found.title
    known.instrument, known.head, known.strength = found.instrument, found.head, 2
    if known.status == "planned" and known is deed:
        known.status = "issued"
    known.add_evidence(sentence.span)
    issued = _ISSUED.match(reader.text, tokens[phrase.last].end, end)
    if issued is not None:
        _by(reader, sentence, known, issued.end())
    if known is deed:
        return True
    known.action = action_of(known.title, *(reader.text[s:e] for s, e in known.evidence))
    known.sectors = sectors_en("", sentence) or known.sectors
    known.regions = outer_places((*known.regions, *regions_of(reader.text, start, end)))
    return True


def _deed_before(reader: Reader, start: int) -> Candidate | None:
    """The deed that the sentence before told, where it told one only."""
    told = [c for c in reader.found if c.kept and 0 < start - c.evidence[-1][1] < 8]
    return told[0] if len(told) == 1 and told[0].rule in _DEEDS else None


def _by(reader: Reader, sentence: Sentence, known: Candidate, at: int) -> None:
    """Who issued it, and when, from what stands after `issued` at `at`."""
    agent = reader.actors.agent(at, sentence.end)
    if agent is not None and agent.issuers and (not known.issuers or more_exact(agent.issuers, known.issuers)):
        known.issuers = agent.issuers
    day, force = reader.dates_of(sentence, at, False)
    known.issued_on = known.issued_on or day
    known.effective_on = known.effective_on or force


def _issued_as(reader: Reader, sentence: Sentence) -> bool:
    """`The document, jointly issued by the ministry and the bureau, says …`: that of the plan told right before."""
    issued = _DOCUMENT.match(reader.text, *sentence.span)
    if issued is None:
        return False
    known = next(
        (c for c in reversed(reader.found) if c.kept and c.instrument in _PAPERS and c.rule not in _DEEDS), None
    )
    if known is None or sentence.start - known.evidence[-1][1] > _NEAR:
        return False
    known.add_evidence(sentence.span)
    _by(reader, sentence, known, issued.end())
    return True
