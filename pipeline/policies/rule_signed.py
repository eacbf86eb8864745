"""English prose: papers signed or reached: `witnessed the signing of documents`, `a memorandum reached by A and B`."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.passing import add_in_passing, told_already
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, Reader
from pipeline.policies.sentence import Sentence

_SIGNING = regex(
    r"\b(?:witness(?:ed|ing)|attended|presided over|oversaw) the (?:signing|conclusion|exchange)(?: ceremon(?:y"
    r"|ies))? (?:of|for)"
    r" (?P<what>(?:an?|the|several|multiple|many|various|two|three|four|five|six|seven|eight|nine|ten"
    r"|more than \d+|\d+)"
    r" (?:[\w-]+ ){0,4}?(?:documents?|agreements?|memorand(?:a|ums?)(?: of understanding)?|pacts?|treat(?:y|ies)))\b"
)
_HEADS = regex(
    r"\b(?:heads of (?:state|government)|presidents|prime ministers|foreign ministers|(?:[Bb]oth|two) (?:sides"
    r"|countries"
    r"|governments|leaders|ministers))\b(?: also| then| jointly)* (?:signed|issued|released|inked|adopted|published)"
    r" (?P<what>(?:an?|the|several|multiple|two|three|four|five) (?:[\w-]+ ){0,3}?(?P<head>joint statement"
    r"|joint declaration"
    r"|joint communique|agreement|treaty|memorandum of understanding|pact|protocol|cooperation documents)\b"
    r"(?: (?:of|on|to|for|about|concerning) [^,;.]{3,140})?)"
)
_REACHED = regex(
    r"\b(?:[Tt]he|[Aa]n?) (?P<what>(?:(?:recent|new|latest) )?(?:[\w-]+ ){0,3}?(?:memorandum of understanding"
    r"|agreement|truce|pact"
    r"|ceasefire|consensus|deal) (?:reached|struck|signed"
    r"|concluded) by (?:the )?(?P<one>[A-Z][\w ]{1,24}?) and (?:the )?"
    r"(?P<two>[A-Z]\w+(?: [A-Z]\w+)?))"
)
_REACHED_BY = regex(r" (?:reached|struck|signed|concluded) by ")


def signed_papers(reader: Reader, sentence: Sentence) -> None:
    """Papers that leaders sign or see signed."""
    for pattern in (_SIGNING, _HEADS):
        for match in pattern.finditer(reader.text, *sentence.span):
            _paper(reader, match["what"], match, sentence)


def reached_papers(reader: Reader, sentence: Sentence) -> None:
    """What two countries are said to have reached."""
    for match in _REACHED.finditer(reader.text, *sentence.span):
        named = places_in(reader.text, match.start("one"), match.end("two"))
        parties = [p for p in named if p.kind in {"country", "bloc"}]
        if len(parties) == 2:
            _paper(reader, match["what"].removeprefix("recent "), match, sentence)
            reader.found[-1].issuers = tuple(p.government for p in parties if p.name != "China")


def _paper(reader: Reader, what: str, match: re.Match[str], sentence: Sentence) -> None:
    start = sentence.start
    title = re.sub(r"^(?:an?|the) ", "", what)
    if told_already(reader, title, sentence):
        return
    near = places_in(reader.text, max(0, start - 2000), start)
    foreign = [p for p in near if p.kind == "country" and p.name != "China"]
    names = Counter(p.government for p in foreign)
    issuers = (names.most_common(1)[0][0],) if names else ()
    kind: Instrument = "statement" if re.search(r"\bjoint (?:statement|declaration|communique)", title) else "agreement"
    candidate = add_in_passing(reader, title, kind, sentence, issuers, "signers")
    candidate.issued_on, _ = reader.dates_of(sentence, match.start(), False)
    if _REACHED_BY.search(title):
        candidate.rule = "described"
    elif start < 1200 and candidate.issued_on is None:
        # the story that sees the leaders sign gives their day in its first lines
        candidate.issued_on = next((c.issued_on for c in reader.found if c.kept and c.instrument == "agreement"), None)
    if FORECAST.search(reader.text[start : match.start()].rstrip()):
        candidate.drop("wished, denied or supposed")
