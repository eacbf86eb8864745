"""The words of acts: forms of the verbs of acts.csv, the nouns of things.csv, and the object that a verb takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.instruments import nouns
from pipeline.policies.issuers import bodies_in
from pipeline.policies.places import places_in
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows, several, words
from pipeline.policies.tokens import Token


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a verb of acts.csv."""

    lemma: str
    form: str
    """base · past · participle (or both, `past`) · gerund · third."""
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """The noun that heads an object, with what things.csv says of it."""

    noun: str
    kind: str
    instrument: str


@dataclass(frozen=True, slots=True)
class Object:
    """The noun phrase after a verb, tokens `first` to `last`; its head, where a table knows it."""

    first: int
    last: int
    things: tuple[Thing, ...]
    head: str
    summed: bool
    """Whether it is or holds a sum of money."""


@cache
def forms() -> dict[str, Form]:
    """Every printed form of a verb, of one word or several."""
    table: dict[str, Form] = {}
    for row in rows("acts"):
        frames = several(row["frames"])
        for form in ("gerund", "third", "lemma", "participle", "past"):
            table[row[form]] = Form(row["lemma"], "base" if form == "lemma" else form, frames)
    return table


@cache
def widths() -> dict[str, tuple[int, ...]]:
    """First word -> of how many words the forms are that begin with it, the longest first: most tokens begin none."""
    found: dict[str, set[int]] = {}
    for form in forms():
        found.setdefault(form.split(" ")[0], set()).add(form.count(" ") + 1)
    return {word: tuple(sorted(known, reverse=True)) for word, known in found.items()}


def _first_words(*told: str, free: bool | None = None) -> set[str]:
    """First words of the forms told, of those that take any object (`free`) or of those that take known ones only."""
    return {
        re.split(r"[ -]", printed)[0]
        for printed, form in forms().items()
        if form.form in told and free in {None, bool(FREE & set(form.frames))}
    }


def _thing_words() -> set[str]:
    """The last words of the nouns of things.csv."""
    return {
        part
        for noun, things in _things().items()
        if things[0].kind != "abstract"
        for part in re.split(r"[ -]", noun)[-1:]
    }


_FREE = cues(lambda: _first_words("past", "participle", free=True))
_BOUND = cues(lambda: _first_words("past", "participle", free=False))
_BASE = cues(lambda: _first_words("base"))
_GERUND = cues(lambda: _first_words("gerund"))
_THINGS = cues(_thing_words)


FREE = frozenset({"deny", "free", "consent", "bind", "name", "list"})
"""Frames that take an object which no table need know."""


@cache
def _things() -> dict[str, tuple[Thing, ...]]:
    table: dict[str, tuple[Thing, ...]] = {}
    for row in rows("things"):
        table[row["noun"]] = (*table.get(row["noun"], ()), Thing(row["noun"], row["class"], row["instrument"]))
    return table


_STOP = words("stop") | words("finite")
_PREPOSITION = words("preposition")
DETERMINER = words("determiner")
_DATE_WORD = words("date_word")
_WHEN = frozenset({"early", "late", "last", "this", "next", "earlier", "today", "yesterday", "each", "every", "again"})
_TIMES = frozenset({"twofold", "threefold", "fourfold", "fivefold", "tenfold", "again", "unchanged", "steady"})
"""`raised its tax threefold`, `kept rates unchanged`: by how much, and no part of the thing."""
_MEASURED = frozenset(
    {"number", "price", "prices", "cost", "amount", "use", "export", "exports", "import", "imports", "sale", "sales",
     "entry", "supply", "series", "total", "set", "package", "range", "batch", "round", "host", "raft", "rate", "level",
     "share", "ban", "construction", "size", "scope", "length", "duration", "proportion", "group", "state", "most",
     "all", "some", "half", "part", "many", "one"}
)  # fmt: skip
"""`the number of students`: the phrase goes on over `of`."""
SUM = regex(
    r"(?:[€$£¥]|RMB |US\$|A\$)?\d[\d.,]*(?:[ -](?:billion|million|trillion))?"
    r"[ -](?:yuan|euros?|yen|won|dollars?|pounds?|dirhams?|riyals?|rupees?|rubles?|rand|ringgit|baht|francs?)\b"
    r"|(?:[€$£¥]|RMB |US\$|A\$)\d[\d.,]*(?: (?:billion|million|trillion))?"
)


_STATE_WORDS = cues(
    "china government governments authorities authority ministry minister ministers commission administration bureau"
    " department departments regulator regulators agency bank council office country nation city province region"
    " municipality mainland bloc union lawmakers legislators legislature parliament cabinet senate diet treasury"
    " senators prefecture policymakers mayor governor district"
    " county watchdog watchdogs officials london paris rome madrid bangkok vienna stockholm copenhagen oslo helsinki"
    " lisbon athens dublin cairo nairobi pretoria abuja hague lumpur budapest astana wellington doha"
)


def may_act(sentence: Sentence) -> bool:
    """Whether the sentence has a verb of acts.csv in a form that tells, and, by its words, somebody of authority."""
    has = sentence.cues
    if not has & _FREE:
        ahead = has & _BASE and (has & _AHEAD or " is to " in sentence.printed or " are to " in sentence.printed)
        if not ahead and not has & _BOUND and not (has & _GERUND and has & _PROGRESS):
            return False
        under_way = has & _FORBIDDING and has & _PROGRESS
        if not ahead and not under_way and not has & _THINGS and "illion" not in sentence.printed:
            return False
    if has & _STATE_WORDS or _may_suffer(sentence):
        return True
    text, span = sentence.text, sentence.span
    return any(p.government for p in places_in(text, *span)) or bool(bodies_in(text, *span))


_FORBIDDING = cues(
    "banning barring prohibiting outlawing blacklisting restricting suspending freezing capping scrapping subsidizing"
)
"""`The country is banning social media for children`: under way, whatever the object."""
_AHEAD = cues(
    "will would shall plans planned intends aims agreed decided voted moved ordered vowed pledged first set wants"
    " want"
    " began begun started"
)
_PROGRESS = cues("is are considering planning preparing mulling weighing")


def _may_suffer(sentence: Sentence) -> bool:
    return sentence.has(_BEEN) and sentence.has(_OFFICIAL_WORDS)


OFFICIAL = frozenset(
    {"tax", "taxes", "cap", "caps", "ceiling", "ceilings", "tariff", "tariffs", "duty", "duties", "levy", "levies",
     "toll", "tolls", "quota", "quotas", "restriction", "restrictions", "ban", "bans", "curbs", "controls", "checks",
     "sanctions", "embargo", "blockade",
     "moratorium", "curfew", "lockdown", "visa", "visas", "subsidy", "subsidies", "allowance", "allowances", "pension",
     "pensions", "wage", "age", "requirement", "requirements", "exemption", "exemptions", "coupons", "vouchers",
     "threshold", "fees", "price cuts", "tax cuts", "rate cuts", "tax relief",
     "rules", "tax credits", "tax breaks", "campaign", "pilot", "state of emergency", "rebates", "refunds",
     "tax refunds", "tax exemption", "tax exemptions", "loan prime rate", "requirement ratio",
     "carbon market", "trading market", "carbon trading market", "price limit", "price limits", "premium rate",
     "holding period", "down payment", "down payments", "public holidays", "free trade zone", "exit rebates",
     "export controls", "waiver", "relending facility", "income threshold", "registration requirements",
     "eligibility", "minimum purchase price",
     "pilot program", "pilot programs", "operating hours",
     "payment ratio", "down payment ratio", "loan ceiling", "loan limit", "loan quota", "negative list",
     "market access negative list", "tuition", "tuition fees", "surcharge", "surcharges", "fuel surcharge",
     "fuel surcharges", "customs clearance", "tax treatment", "payment deadlines", "margin requirements",
     "retirement age", "value-added tax", "income tax", "consumption tax", "purchase tax", "price ceiling",
     "maternity leave", "paid leave", "marriage leave", "emission limits", "public holiday"}
)  # fmt: skip
"""What only an authority takes away, raises or sets up, whoever is not named: `the subsidies will be phased out`."""
_OFFICIAL_WORDS = cues(" ".join(sorted(OFFICIAL)) + " status designated")
_BEEN = cues("was were been be")


def object_at(sentence: Sentence, i: int, limit: int = 9999) -> Object | None:
    """The noun phrase that begins at token `i`, days and adverbs before it skipped."""
    tokens = sentence.tokens
    end = min(len(tokens), i + 24, limit)
    while i < end and (
        tokens[i].low in _DATE_WORD | {"also", "again", "further", "jointly"}
        or tokens[i].low.endswith("ly")
        or (tokens[i].low in {"on", "in", "last", "this"} and i + 1 < end and _dated(tokens[i + 1]))
        or (tokens[i].word[:1].isdigit() and i > 0 and tokens[i - 1].low in _DATE_WORD)
    ):
        i += 1
    first = i
    things: list[Thing] = []
    head = ""
    while i < end:
        token = tokens[i]
        low = token.low
        if low == "of" and i > first and tokens[i - 1].low in _MEASURED:
            i += 1
            continue
        if low in {'"', "“"} and (mark := _closing(tokens, i, end)) is not None:
            i = mark + 1
            continue
        if low in {'"', "“", "”", "(", ")", "$", "€", "£"}:
            i += 1
            continue
        if low == "set" and i + 1 < end and tokens[i + 1].low == "of":
            i += 1
            continue
        if low in {"worth", "charged", "levied", "imposed"} or (
            low in _STOP and low not in {"us", "his", "her", "their"}
        ):
            break
        if low in _PREPOSITION or low in _WHEN or not low[0].isalnum() or low in _TIMES:
            break
        head = low
        if i + 1 >= end or _ends_noun(tokens[i + 1].low):
            things.extend(_thing(tokens, first, i))
        i += 1
    if not head:
        return None
    printed = sentence.text[tokens[first].start : tokens[i - 1].end]
    return Object(first, i - 1, tuple(things), head, SUM.search(printed) is not None)


def _closing(tokens: list[Token], i: int, end: int) -> int | None:
    """The mark that closes the one at token `i`, within a short name, where the phrase goes on behind it."""
    mark = next((k for k in range(i + 1, min(end, i + 9)) if tokens[k].low in {'"', "”"}), None)
    return mark if mark is not None and mark + 1 < end and tokens[mark + 1].low[0].isalpha() else None


def _dated(token: Token) -> bool:
    return token.low in _DATE_WORD or token.word[:2] in {"19", "20"}


def _ends_noun(low: str) -> bool:
    """Whether a noun phrase, or one of several that `and` joins, ends before this word."""
    return (
        low in _STOP
        or low in _PREPOSITION
        or low in _WHEN
        or low in _TIMES
        or low in {"and", "or", "worth", "charged", "levied", "imposed"}
        or not low[0].isalnum()
        or low.endswith("ing")
    )


def _thing(tokens: list[Token], first: int, i: int) -> tuple[Thing, ...]:
    table = _things()
    for width in (3, 2, 1):
        if i - width + 1 >= first:
            known = table.get(" ".join(t.low for t in tokens[i - width + 1 : i + 1]))
            if known:
                return known
    return ()


def kinds_of(head: str) -> tuple[Thing, ...]:
    """What things.csv knows of a head noun, lower case; nothing of one that names no measure."""
    known = _things().get(head, ())
    return () if any(thing.kind == "abstract" for thing in known) else known


def kind_of_noun(head: str) -> Instrument:
    """The instrument that a head noun names in instruments.csv, else what things.csv makes of it."""
    known = nouns("en").get(head)
    if known is not None:
        return known.instrument
    things = kinds_of(head)
    return things[0].instrument if things and things[0].instrument != "none" else "other"  # type: ignore[return-value]
