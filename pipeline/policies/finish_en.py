"""The last fields of what an English sentence told: action, places, sectors, and whether it is news."""

from __future__ import annotations

from pipeline.model import Action
from pipeline.patterns import regex
from pipeline.policies.actions import action_of, deed_action, strongest, usual_action, weighed
from pipeline.policies.actors_meant import CITIES, PROVINCES
from pipeline.policies.attribution import answering
from pipeline.policies.candidates import Candidate
from pipeline.policies.dating import date_of, in_one_go
from pipeline.policies.issuers import acting, bodies_in
from pipeline.policies.laws import maker_of
from pipeline.policies.places import places_in
from pipeline.policies.reading import Reader
from pipeline.policies.regions import regions_of
from pipeline.policies.salience import salience_of
from pipeline.policies.sameness import absorb
from pipeline.policies.sectors import sectors_en
from pipeline.policies.sentence import Sentence
from pipeline.policies.titles import by_whom, whole_title

_WORD = 3
"""A cue that speaks for one action only weighs so much at least."""
_SETTLED = frozenset({"law", "regulation", "standard", "agreement", "statement"})
"""Instruments that a general word in passing does not turn."""
_CLEARLY = 5
"""By so much must another action outweigh the usual one."""
_TOLD_LATER = frozenset({"plan", "guideline", "measures", "decision", "other", "order"})
_OWN_ACTION = frozenset({"five-year plan", "work report"})
_OF_NATIONS = frozenset({"export_control", "tariff", "trade_remedy", "sanction"})
_CAPITAL = ("Beijing Municipal People's Government",)
"""`Beijing has placed export controls on …`: the capital stands for the country."""
_NO_HELP = frozenset(
    {"tax", "taxes", "levy", "levies", "toll", "tolls", "fee", "fees", "charge", "charges", "duty", "duties", "surtax",
     "tariff", "tariffs", "fine", "fines", "surcharge", "investigation", "investigations", "probe", "probes", "inquiry",
     "review", "cap", "curfew"}
)  # fmt: skip
"""What an authority sets up that helps nobody by itself."""
_PROBES = frozenset({"investigation", "investigations", "probe", "probes", "inquiry", "inquiries", "review"})
_DEEDS = frozenset({"act", "act undergone", "intended"})
_OF_SUMMIT = regex(r"\b(?:Declaration|Accord|Consensus|Vision|Agenda|Charter|Communique|Statement|Goals)\b")
_TO_HELP = regex(
    r"\b(?:to|for|on) (?:further )?(?:promot|support|boost|encourag|facilitat|invigorat)\w*\b|\bPromotion (?:Law|Act)\b"
)
_POSSESSED = regex(r"(?P<owner>[A-Z][\w.]*(?: (?:[A-Z]\w+|of|and|for)){0,8})['’]s ")
_CENTRAL = regex(r"\b[Cc]entral (?:authorities|government)['’]s? $")
_WITH_CHINA = regex(r"\b(?:China-[A-Z]|[Bb]etween China and [A-Z])")
_CENTRAL_FIRST = regex(r"(?:[Tt]he )?central (?:authorities|government)['’]s? ")
_OWNED_KINDS = frozenset(
    {"plan", "guideline", "notice", "measures", "regulation", "law", "list", "decision", "standard"}
)
_HOME = regex(r"^(?:[Aa]n? |[Tt]he )?(?:[\w-]+ )?(?P<kind>municipal|citywide|provincial|province-wide|provincewide)\b")
_ORDERED = regex(r"(?:order|require|instruct|mandate|oblige|direct)(?:s|ed|d)? ")
_MORE = regex(
    r"(?:rais|increas|doubl|tripl|expand|widen|broaden)\w* .*?\bquotas?\b"
    r"|[\d.]+ (?:billion|trillion) yuan \w+ .*\bbonds?\b"
)
"""A larger quota and money from bonds restrict nothing."""
_GUESSED = regex(
    r"\b(?:bet|bets|betting|predict(?:s|ed|ing)?|forecast(?:s|ing)?|anticipat\w+|speculat\w+|believed?|fear(?:s|ed)?"
    r"|expect(?:s|ed)?)(?: that)?(?: the)? $"
)
"""`Traders bet that the bank will …`."""
_TOLD_ALONE = frozenset({"in force", "act undergone"})
"""Rules whose sentence has no authority that acts: `A Samplish levy on pears was raised`."""
_LEAD = 6
_REPORTED = regex(r"\b(?:media reports|reports|reported|reportedly|rumou?rs|it is reported|familiar with the matter)\b")


def finish(reader: Reader, candidate: Candidate, sentence: Sentence) -> None:
    """Fill action, sectors, regions and salience of a candidate whose first sentence this is, or merge it."""
    start, end = sentence.span
    candidate.title = candidate.title.removesuffix(" into law")
    if candidate.evidence[0] != sentence.span:
        return
    if candidate.kept and candidate.rule not in {"number"}:
        known = reader.similar(candidate)
        if known and reader.found.index(known) < reader.found.index(candidate):
            absorb(known, candidate)
            candidate.drop(f"the same instrument as {known.title[:40]!r}")
            return
    if not candidate.issuers and candidate.kept and candidate.rule != "five-year plan":
        candidate.issuers = (
            reader.attributed(sentence)
            or _reported(reader, sentence)
            or _of_its_name(candidate)
            or _of_owner(reader, candidate, sentence)
            or _of_home(reader, candidate, start)
            or maker_of(candidate.title)
            or reader.teller(sentence)
        )
    candidate.issuers = tuple(acting(name) for name in _assembled(reader, candidate))
    if not candidate.issuers and not reader.ministry:
        candidate.issuers = _parties(candidate)
    whole_title(reader.text, candidate, sentence)
    date_of(reader, candidate, sentence)
    deed = deed_action(candidate.trigger) if candidate.instrument in {"other", "decision"} else "other"
    if candidate.head.split(" ")[-1] in _NO_HELP:
        deed = "other"
    if candidate.rule in _DEEDS:
        if deed == "restriction" and candidate.action in {"regulation", "support"}:
            candidate.action = deed
        elif _ORDERED.match(candidate.title) and candidate.action in {"support", "other"}:
            candidate.action = "regulation"
        elif candidate.action == "restriction" and _MORE.match(candidate.title):
            candidate.action = "support"
        elif candidate.action == "other":
            candidate.action = strongest({deed: 1} | weighed(candidate.title))
    if candidate.action == "other":
        candidate.action = _told_here(candidate, sentence)
    if candidate.action == "other":
        around = reader.text[max(0, start - 300) : end + 300] if candidate.rule == "number" else ""
        candidate.action = action_of(reader.article.title or "", around) if around else "other"
    if candidate.action == "other" and candidate.head in _PROBES and " into " in candidate.title:
        # a probe of a firm sees whether it keeps the rules
        candidate.action = "regulation"
    if candidate.action == "other" and candidate.rule != "measure":
        candidate.action = usual_action(candidate.instrument, named=candidate.strength == 3, head=candidate.head)
        candidate.usual = True
    if candidate.action == "other" and candidate.instrument == "other" and candidate.rule == "issued":
        candidate.action = deed
    if candidate.action in _OF_NATIONS and candidate.issuers == _CAPITAL:
        candidate.issuers = ()
    candidate.sectors = candidate.sectors or sectors_en(candidate.title, sentence)
    candidate.regions = candidate.regions or regions_of(reader.text, start, end)
    day = candidate.issued_on
    if candidate.occasion and day is not None and len(day) < 10:
        # the conference closed last month, and the story is about it
        candidate.issued_on = None
    candidate.salience = salience_of(reader, candidate, start)
    candidate.issued_on = day
    in_one_go(reader, candidate, sentence)
    by_whom(reader.text, candidate, sentence)
    if candidate.status == "planned" and candidate.actor and candidate.kept:
        who = sentence.printed.find(candidate.actor)
        if who > 0 and _GUESSED.search(sentence.printed[:who]):
            candidate.drop("what others expect of an authority")
    if candidate.status == "planned" and _REPORTED.search(sentence.printed):
        candidate.salience = "background"


def _assembled(reader: Reader, candidate: Candidate) -> tuple[str, ...]:
    """`The Huli Declaration` is that of the union whose summit the story is about, and none of Huli's government."""
    if candidate.strength < 3 or not _OF_SUMMIT.search(candidate.title) or candidate.actor == "signers":
        return candidate.issuers
    local = candidate.issuers and candidate.issuers[0].endswith("People's Government")
    if candidate.issuers and not local:
        return candidate.issuers
    union = reader.union()
    return (union,) if union else () if local else candidate.issuers


def _parties(candidate: Candidate) -> tuple[str, ...]:
    """The countries that an agreement has in its name, `Sino-` partner and `China-Sampleland` alike; China is none."""
    if candidate.instrument not in {"agreement", "statement"} and not _WITH_CHINA.search(candidate.title):
        return ()
    named = places_in(candidate.title, 0, len(candidate.title))
    return tuple(dict.fromkeys(p.government for p in named if p.kind in {"country", "bloc"} and p.government))


def _told_here(candidate: Candidate, sentence: Sentence) -> Action:
    """What its title and sentence say that it does; a law rules, whatever else a word in passing may say."""
    if candidate.instrument in {"law", "regulation"} and _TO_HELP.search(candidate.title):
        return "support"
    score = weighed(candidate.title, sentence.printed)
    if candidate.instrument in _SETTLED and max(score.values(), default=0) < _WORD:
        return "other"
    return strongest(score)


def settle_action(reader: Reader, candidate: Candidate) -> None:
    """What the instrument does, from the sentences that came after its first one, where that one had no word for it."""
    if not candidate.usual or candidate.instrument not in _TOLD_LATER or candidate.rule in _OWN_ACTION:
        return
    sentences = [reader.text[start:end] for start, end in candidate.evidence[:4]]
    if candidate.salience == "news" and candidate.evidence[0][0] < 600:
        sentences.append(reader.article.title or "")
    score = weighed(candidate.title, *sentences)
    told = strongest(score)
    if told != "other" and score.get(told, 0) - score.get(candidate.action, 0) >= _CLEARLY:
        candidate.action = told


def _reported(reader: Reader, sentence: Sentence) -> tuple[str, ...]:
    """`…, Foreign Ministry spokesman A B said`: the ministry speaks for what its country is said to have done."""
    reports = answering(reader, sentence)
    return reports.issuers if reports is not None else ()


def _of_its_name(candidate: Candidate) -> tuple[str, ...]:
    """`A Ministry of Pears notice on …`: that of the body that its noun has before it."""
    first = next(iter(bodies_in(candidate.title, 0, len(candidate.title))), None)
    if first is None or first.start > 4 or not candidate.title[first.end : first.end + 1].isspace():
        return ()
    return (first.name,) if first.kind not in {"exchange", "organization"} else ()


def _of_owner(reader: Reader, candidate: Candidate, sentence: Sentence) -> tuple[str, ...]:
    """`The central authorities' guidance`, `Huli's action plan`: that of whoever has it; China's is nobody's."""
    text, start = reader.text, sentence.start
    at = text.find(candidate.title, *sentence.span)
    if at < 0:
        return ()
    if candidate.rule in _TOLD_ALONE and candidate.instrument != "agreement":
        first = next(iter(places_in(candidate.title, 0, len(candidate.title))), None)
        if first is not None and first.start <= _LEAD and first.kind in {"country", "bloc"} and first.name != "China":
            return (first.government,)
    if candidate.instrument not in _OWNED_KINDS:
        return ()
    if _CENTRAL_FIRST.match(candidate.title):
        return ("Chinese government",)
    own = _POSSESSED.match(candidate.title)
    edge = at + own.end("owner") if own else at - (3 if text[at - 3 : at] in {"'s ", "’s "} else 0)
    if edge == at:
        return ("Chinese government",) if _CENTRAL.search(text, max(start, at - 40), at) else ()
    body = next((b for b in bodies_in(text, start, edge) if b.end == edge), None)
    place = next((p for p in places_in(text, start, edge) if p.end == edge), None)
    if body is not None:
        return (body.name,) if body.kind not in {"exchange", "organization"} else ()
    return (place.government,) if place is not None and place.government else ()


def _of_home(reader: Reader, candidate: Candidate, start: int) -> tuple[str, ...]:
    """`A municipal notice released in June`: that of the place that the story is about."""
    level = _HOME.match(candidate.title) if candidate.rule in {"issued", "described", "in force"} else None
    if level is None:
        return ()
    home = reader.actors.meant.home_before(start, PROVINCES if level["kind"].startswith("prov") else CITIES)
    return (home.government,) if home else ()
