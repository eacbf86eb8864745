"""English prose: measures of foreign authorities that a phrase names as known: `Washington's export restrictions`,
`increased United States tariffs on pears`, `the US blockade of ports`. They stand in the background of a story."""

from __future__ import annotations

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.places import Place, places_in
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence

_SAYS_BLOC = cues("bloc")
STANDING_WORDS = cues(
    "tax taxes blacklist list tariff tariffs duty duties surtax sanctions restrictions controls curbs ban bans blockade"
    " embargo caps cap levy quotas"
    " moratorium"
)
_NOUN = regex(
    r"(?P<possessive>['’]s?)? (?:(?!plans?\b|and\b|to\b|war\b|use\b|of\b|on\b|for\b|in\b|with\b|has\b|have\b|is\b"
    r"|are\b|was\b|were\b|will\b|would\b|may\b|could\b|considers?\b|considering\b"
    r"|says?\b|proposed\b|planned\b|possible\b)[a-z-]+ ){0,3}?"
    r"(?P<noun>(?:carbon border|digital services|digital|carbon|wealth|windfall) tax(?:es)?|tariffs|duties"
    r"|sanctions|(?:export|import|trade|travel|investment|chip|technology|tech|visa|entry|sales)"
    r"(?: and [a-z]+)? (?:restrictions|controls|curbs|bans?|limits|quotas)|restrictions|bans?|embargo|blockade"
    r"|price caps?"
    r"|moratorium|curbs|quotas|levy|surtax)"
    r"\b(?! (?:war|policy|policies|threats?|plans?|frictions|tensions|truce|hikes?)\b|-)"
    r"(?P<on> (?:on|against|of|for) [^,.;:—–]{3,70}?(?=[,.;:—–]| (?:has|have|had|is|are|was|were|will|would|remain"
    r"|could|may|that|which|while|as|in|imposed|took)\b))?"
)
_PERCENT = regex(
    r"(?P<possessive>['’]s?) (?P<noun>\d[\d.]*[ -]percent (?:[\w-]+ ){0,3}?(?:tariffs?|dut(?:y|ies)|levy|surtax|tax))"
    r"(?![\w-])(?P<on> (?:on|against) [^,.;:—–]{3,70}?(?=[,.;:—–]| (?:has|have|had|is|are|was|were|will|would|remain"
    r"|could|may|that|which|while|as|in|imposed|took)\b))?"
)
"""`Washington's 20 percent pear duty`: by how much, it is one measure."""
_BLOC = regex(r"\b[Tt]he bloc(?=['’]s )")
_LEAD = regex(
    r"(?:(?:increased|higher|sweeping|new|steep|existing|current|recent|tightened|punitive|looming)) (?:the )?$"
)
_SUPPOSED = regex(
    r"\b(?:proposed|potential|possible|threatened|planned|future|if|without|whether|opposes?|no|against the|plans? for"
    r"|call(?:s|ed|ing)? for|lift(?:ed|ing)?|remov(?:e|ed|ing)|impos(?:e|ed|ing))(?: the| new| any| further)*\s$"
)


_LISTED = regex(
    r"\b(?:added to|placed on|put on|included (?:in|on)|listed on|removed from) (?:the "
    r"|an? )?(?P<what>(?:[A-Z][\w'’]+ ){0,4}?"
    r"(?:[a-z-]+ ){0,3}?(?:blacklist|[Ee]ntity [Ll]ist|sanctions list|export control list"
    r"|[Uu]nreliable [Ee]ntity [Ll]ist))(?!\w)"
)


def _listed(reader: Reader, sentence: Sentence) -> None:
    """`The firm, which was added to a US trade blacklist in 2030, …`."""
    start, end = sentence.span
    for match in _LISTED.finditer(reader.text, start, end):
        places = [p for p in places_in(reader.text, *match.span("what")) if p.government]
        if any(c.kept and match["what"].split()[-1].lower() in c.title.lower() for c in reader.found):
            continue
        candidate = Candidate(
            rule="standing measure", trigger=match[0].split()[0], title=match["what"], instrument="list",
            head="blacklist", issuers=(places[-1].government,) if places else (), evidence=[sentence.span], strength=1,
            reason="a list that somebody was put on",
        )  # fmt: skip
        candidate.issued_on, _ = reader.dates_of(sentence, match.start(), False)
        candidate.action = action_of(candidate.title)
        reader.found.append(candidate)


def standing(reader: Reader, sentence: Sentence) -> None:
    """The measures in force that the sentence names as those of a foreign country."""
    _listed(reader, sentence)
    start, end = sentence.span
    text = reader.text
    named = [p for p in places_in(text, start, end) if p.kind in {"country", "bloc"} and p.government]
    if sentence.cues & _SAYS_BLOC and ("EU" in text or "European" in text):
        named += [
            Place(m.start(), m.end(), "European Union", "bloc", "", "European Union")
            for m in _BLOC.finditer(text, start, end)
        ]
    for place in named:
        if place.name == "China":
            continue
        match = _NOUN.match(text, place.end, end) or _PERCENT.match(text, place.end, end)
        if match is None or not (match["possessive"] or match["on"] or place.name != text[place.start : place.end]):
            continue
        if not (match["on"] or " " in match["noun"] or match["noun"] in {"blockade", "embargo"}):
            continue
        if _SUPPOSED.search(text, max(start, place.start - 40), place.start):
            continue
        stem = match["noun"].split()[-1].rstrip("s")
        if any(
            c.kept and stem in f"{c.title} {c.head}".lower() and (not c.issuers or place.government in c.issuers)
            for c in reader.found
        ):
            continue
        lead = _LEAD.search(text, max(start, place.start - 24), place.start)
        kind: Instrument = "decision" if stem in {"tariff", "dutie", "sanction", "ban"} else "other"
        candidate = Candidate(
            rule="standing measure", trigger=match["noun"],
            title=text[lead.start() if lead else place.start : match.end()], instrument=kind, head=stem,
            issuers=(place.government,), actor=place.name, evidence=[sentence.span], strength=1,
            reason="a measure in force, named by who took it",
        )  # fmt: skip
        candidate.action = action_of(candidate.title)
        reader.found.append(candidate)
