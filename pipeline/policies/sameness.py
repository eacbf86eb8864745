"""Whether two candidates of an English story are one instrument, and what one takes over from the other."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.issuers import bodies, place_of
from pipeline.policies.tables import words

_WORDS = regex(r"[A-Za-z]{3,}|\d+")
_STANDS = frozenset({"trade-in program", "standing policy"})
"""Programs that stand: a sum paid out for one of them has a day, the program has not."""
_COMMON = words("common")
_NTH = regex(r"\b(?P<nth>\d{1,2})(?:st|nd|rd|th) Five-Year Plan")
_GENERAL_WORDS = frozenset(
    {"framework", "package", "measures", "measure", "policies", "policy", "initiative", "program", "programme",
     "scheme", "campaign", "mechanism", "system", "arrangements", "steps", "moves", "reform", "reforms", "strategy",
     "plan", "plans", "incentives", "effort"}
)  # fmt: skip
"""Words that stand for another instrument told before: `the package` after `a policy framework`."""
_BILLS = frozenset({"bill", "law", "act", "legislation"})
"""`passed a bill on pears … the Orchard Act would require`: one on its way has either name."""
_NAME_ON = regex(
    r"(?:Interim |Provisional |Implementation |Administrative )?(?:Measures|Provisions|Regulations|Rules|Opinions"
    r"|Guidelines) (?:on|for|of) (?:the )?[A-Z]"
)


def complement_words(title: str) -> bool:
    """Whether a title says what the instrument is for, on or about."""
    return re.search(r"\b(?:to|for|on|of|aimed|regarding)\b", title) is not None


def same_instrument(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of one kind are one instrument; `one` stands before `other` in the story."""
    if one.number and other.number:
        return one.number == other.number
    within = one.title in other.title or other.title in one.title
    if periods_apart(one.title, other.title):
        return False
    if one.evidence[0] == other.evidence[0] and one.head != other.head and not within:
        return False
    approved = other.trigger == "approved" and other.strength == 3 > one.strength and one.head == other.head
    if one.issued_on and other.issued_on and not _prefix(one.issued_on, other.issued_on) and not approved:
        return False
    if not _compatible(one.issuers, other.issuers):
        return False
    if one.head == other.head and one.head in {"law", "act"} and one.strength == other.strength == 3:
        return within
    if one.strength == other.strength == 3 and _full_name(one.title) and _full_name(other.title) and not within:
        # two names in full, `Provisions on … A …` and `Provisions on … B …`, share the words of their kind only
        a, b = _telling(one.title), _telling(other.title)
        if a - b and b - a:
            return False
    if one.head == other.head == "money":
        return re.findall(r"\d[\d.,]*", one.title)[:1] == re.findall(r"\d[\d.,]*", other.title)[:1]
    if alike(one.title, other.title):
        return True
    if other.beside and one.evidence[0] == other.evidence[0]:
        return False
    if one.status != other.status:
        return False
    distance = other.evidence[0][0] - one.evidence[0][0]
    lead = one.evidence[0][0] < 600
    if (
        lead
        and distance < 600
        and one.rule == other.rule == "issued"
        and one.head.removesuffix("s") == other.head.removesuffix("s")
        and not complement_words(other.title)
        and other.strength < 3
        and other.number is None
    ):
        # the lead says `standards governing …`, the second sentence `a seven-part standard`
        return True
    if lead and one.rule == other.rule == "issued" and other.possessed and one.actor == other.actor:
        # the lead says `a plan`, a later sentence `its action plan for …`
        return True
    if (
        lead
        and distance < 900
        and one.rule == "issued"
        and other.strength == 3
        and one.strength < 3
        and (one.head == other.head or {one.head, other.head} <= _BILLS)
    ):
        # the lead says `a plan to …`, the second paragraph its name
        return True
    if (
        distance < 700
        and one.issuers
        and one.issuers == other.issuers
        and one.head != other.head
        and min(one.strength, other.strength) == 1
        and (
            one.head in _GENERAL_WORDS
            or other.head in _GENERAL_WORDS
            or len(_telling(one.title) & _telling(other.title)) > 1
        )
    ):
        # `rolled out a policy framework`, `introduced a package of measures`: two words for one thing
        return not (one.issued_on and other.issued_on)
    return (
        one.issued_on is not None
        and len(one.issued_on) == 10
        and one.issued_on == other.issued_on
        and one.head == other.head
    )


def periods_apart(one: str, other: str) -> bool:
    """Whether two titles name different periods: the 14th and the 15th Five-Year Plan are two."""
    first, second = _NTH.search(one), _NTH.search(other)
    return first is not None and second is not None and first["nth"] != second["nth"]


def _prefix(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists of issuers may be one: they share a body, one is empty, or one is only a government."""
    if not one or not other or set(one) & set(other):
        return True
    general = [len(names) == 1 and _general(names[0]) for names in (one, other)]
    places = {_place(names[0]) for names in (one, other)}
    return any(general) and not all(general) and (len(places) == 1 or "" in places)


def _general(name: str) -> bool:
    """Whether a name stands for a whole government and not for one of its bodies."""
    body = bodies().get(name)
    return (
        name.lower().endswith("government")
        or name == "European Union"
        or (body is None and place_of(name) == name)
        or (body is not None and body.kind in {"government", "local"})
    )


def _place(name: str) -> str:
    return place_of(name) or ""


def _full_name(title: str) -> bool:
    """Whether a title is a name in title case with what it is on: `Provisions on the Administration of Samples`."""
    return _NAME_ON.match(title) is not None


def _telling(title: str) -> set[str]:
    return {w.lower() for w in _WORDS.findall(title)} - _COMMON


def alike(one: str, other: str, *, least: int = 1) -> bool:
    """Whether two titles share at least half the telling words of the shorter one, and `least` of them."""
    a, b = _telling(one), _telling(other)
    same = len(a & b)
    return bool(a and b) and same * 2 >= min(len(a), len(b)) and same >= max(least, min(2, len(a), len(b)))


def more_exact(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Whether a list of issuers says more than the one known: more bodies, or a body instead of a government."""
    return len(new) > len(old) or (bool(old) and _general(old[0]) and not _general(new[0]))


def absorb(known: Candidate, other: Candidate) -> None:
    """Take over from `other`, which is the same instrument, its sentences and whatever it says more exactly."""
    known.add_evidence(*other.evidence)
    if other.issuers and more_exact(other.issuers, known.issuers):
        known.issuers = other.issuers
    if (
        len(other.issued_on or "") > len(known.issued_on or "")
        and known.status != "planned"
        and known.rule not in _STANDS
    ):
        known.issued_on = other.issued_on
    known.effective_on = known.effective_on or other.effective_on
    if other.strength > known.strength or (not complement_words(known.title) and complement_words(other.title)):
        known.title = other.title
