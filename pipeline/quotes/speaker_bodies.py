"""The record of a person with a full name, and the body that `the company` of the post stands for."""

from __future__ import annotations

import re
from functools import cache

from pipeline.patterns import regex
from pipeline.quotes.bodies import BODY_WORD, COMPANY_WORDS
from pipeline.quotes.cast import Person
from pipeline.quotes.memory import Memory
from pipeline.quotes.phrases import last_match
from pipeline.quotes.records import Speaker
from pipeline.quotes.roles import role_of
from pipeline.quotes.tables import nouns

OWNED = regex(r"(?:the|its|his|her|their|this) ", re.I)


def of_person(person: Person, memory: Memory, text: str) -> Speaker:
    """The speaker record of somebody with a full name, the organisation's short form filled in."""
    if person.name not in memory.people:
        memory.people[person.name] = _introduced(person, memory, text)
    return memory.people[person.name]


def _introduced(person: Person, memory: Memory, text: str) -> Speaker:
    if person.state:
        return Speaker(name=person.name, type="person", role="official", title=person.title, organization=None)
    body = person.organization
    if body and (OWNED.match(body) or body[:1].islower() or _SHORT_NAMES.fullmatch(body)):
        body = _antecedent(body, person, memory, text)
    if body is None and person.title and role_of(person.title, None) == "executive":
        body = memory.cast.company(person.at[0])
    body = _POSSESSIVE.sub("", body) if body else None
    role = role_of(person.title, _written_out(body, memory), person.described)
    return Speaker(name=person.name, type="person", role=role, title=person.title, organization=body)


def _written_out(body: str | None, memory: Memory) -> str | None:
    """The full name of which the body's is an abbreviation, where the article has it."""
    if body is None:
        return None
    if body in memory.cast.acronyms:
        return memory.cast.acronyms[body]
    return memory.cast.fullest(body) if body.isupper() and body not in nouns("organization") else body


_POSSESSIVE = regex(r"(?:'s|['’])$")
_SHORT_NAMES = regex(
    r"Ministry|Commission|Administration|Committee|Bureau|University|College|Institute|Academy|Association|Company|Firm|"
    r"Group|Bank|School|Hospital|Center|Council|Agency|Authority|Department|Museum|Court"
)
_REGION = regex(r"(?:the |its )?(region|city|province|county|district|municipality|town|township|village)$")
_CITY_IN = regex(r"((?:[A-Z][\w'’]+ ?){1,2}), (?:[A-Z]\w+ ){1,3}(?:province|autonomous region)")


def _antecedent(body: str, person: Person, memory: Memory, text: str) -> str | None:
    at = person.at[0]
    if region := _REGION.match(body):
        return _region(region.group(1), text[max(0, at - 4000) : at]) or body
    word = BODY_WORD.search(body)
    if word is None or (len(body.split()) > 2 and not _TOP.match(body)):
        return body
    noun = word.group(1).lower()
    known = _called(noun, text[max(0, at - 4000) : at]) or memory.cast.body(noun, at, besides=body)
    if noun in COMPANY_WORDS and (known is None or noun in ("group", "company", "firm")):
        known = memory.cast.company(at) or known
    if known is None and body[:4] in ("the ", "its ") and person.title:
        known = _small_name(noun, text[max(0, at - 4000) : at]) or _later_body(noun, memory)
    return known or (body if body[:1].islower() else None)


_TOP = regex(r"(?:the |its )(?:top|national|country's|nation's) \w+$")
_NAME = r"[A-Z][\w&'’-]*(?: (?:[A-Z][\w&'’-]*|of(?: the)?|for|and|&|\([A-Z]\w*\)))*"


@cache
def _calls(noun: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])({_NAME}), (?:an?|the|China's)(?: [\w'’-]+){{0,5}} {noun}(?!\w)")


def _called(noun: str, before: str) -> str | None:
    """The last body that the article has called so: `Lanhai, a Beijing-based startup,` before `the startup`."""
    named = last_match(_calls(noun), before) if noun in before else None
    return _OPENING.sub("", named.group(1)) if named else None


_OPENING = regex(r"^(?:The|By|At|In|For) ")


def _region(noun: str, before: str) -> str | None:
    """The place that `the city` or `the district` stands for: the last that is called one, or that a province holds."""
    called = {"city": "(?:city|municipality)"}.get(noun, noun)
    named = list(re.finditer(rf"(?!The )((?:[A-Z]\w+ )+)(?:autonomous )?{called}\b", before))
    if named:
        return named[-1].group()
    held = list(_CITY_IN.finditer(before)) if noun == "city" else []
    return _OPENING.sub("", held[-1].group(1)) if held else None


@cache
def _small(noun: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])(?!The )[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*(?: [a-z-]+){{0,3}} {noun}(?!\w)")


def _small_name(noun: str, before: str) -> str | None:
    """The last body before that is named in small letters: `Lanhai compulsory rehabilitation center`."""
    for named in reversed(list(_small(noun).finditer(before))):
        if not _CLAUSE.search(f" {named.group()} "):
            return named.group()
    return None


_CLAUSE = regex(r" (?:the|a|an|its|of|in|at|to|by|is|was|has|had|said|from|with|for|and|that|this) ")


def _later_body(noun: str, memory: Memory) -> str | None:
    """The only body of that sort that the article names at all."""
    named = {name for _, name in memory.cast.bodies if noun in name.lower().split()}
    return named.pop() if len(named) == 1 else None
