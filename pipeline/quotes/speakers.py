"""Who a mention stands for: surnames, pronouns and groups resolved over the whole English article."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from pipeline.patterns import regex
from pipeline.quotes.bodies import described_body, full_body
from pipeline.quotes.cast import Person
from pipeline.quotes.marks import BLANK
from pipeline.quotes.memory import Memory, through
from pipeline.quotes.records import Mention, Speaker
from pipeline.quotes.speaker_bodies import OWNED, of_person
from pipeline.quotes.speaker_documents import document_meant, thing_in_focus
from pipeline.quotes.speaker_posts import holder_of
from pipeline.quotes.tables import nouns


def resolve(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    """The speaker that the mention stands for, read at its place in the article; None where nobody fits."""
    if mention.kind == "pronoun":
        return _pronoun(mention, memory, text)
    if mention.kind in ("name", "surname"):
        return _named(mention, memory, text)
    if mention.kind == "post":
        return holder_of(mention, memory, text)
    if mention.kind == "organization":
        return Speaker(name=full_body(mention, memory, text), type="organization").via(mention.text)
    if mention.kind == "document":
        document = Speaker(name=document_meant(mention, memory, text), type="document")
        return document if BLANK in mention.text else document.via(mention.text)
    return _group(mention, memory, text)


def _group(mention: Mention, memory: Memory, text: str) -> Speaker:
    if (body := described_body(mention.text, memory.cast)) is not None:
        return Speaker(name=body, type="organization").via(mention.text)
    words = mention.text.split()
    pairs = (f"{first} {second}".lower() for first, second in pairwise(words))
    head = next((pair for pair in pairs if pair in nouns("group")), None)
    head = head or next((word.lower() for word in words if word.lower() in nouns("group")), words[-1].lower())
    known = memory.groups.get(head)
    if (
        known is not None
        and _names_the_same(words, known.name)
        and text.startswith(("the ", "The ", "these ", "These "), mention.start)
    ):
        return known.via(mention.text)
    speaker = Speaker(name=mention.text, type="unnamed")
    if len(words) > 2 and not OWNED.match(mention.text):
        memory.groups[head] = speaker
    return speaker


def _names_the_same(words: list[str], known: str) -> bool:
    """`the executives`, `the chip executives` for `executives of chip firms`; `the two sides` name others."""
    return len(words) == 1 or (len(words) == 2 and " and " not in known and all(word in known for word in words))


def turn_to(person: Person | None, mention: Mention, memory: Memory, text: str) -> None:
    """The subject of the sentence is who its own pronoun means: `Ito spoke of what he described as …`."""
    wanted = "he" if mention.text.lower() in _HE else "she"
    if person is not None and person.gender in (None, wanted):
        memory.person = of_person(person, memory, text)


def _named(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    if " and " in mention.text:
        people = [memory.cast.person(name, mention.start) for name in mention.text.split(" and ")]
        joint = [of_person(person, memory, text) for person in people if person]
        if len(joint) > 1:
            return replace(joint[0], name=" and ".join(speaker.name for speaker in joint)).via(mention.text)
    person = memory.cast.person(mention.text, mention.start)
    if person is None:
        return Speaker(name=mention.text, type="person", role="other")
    found = of_person(person, memory, text).via(mention.text)
    rivals = [other.name for other in memory.cast.short.get(mention.text, ()) if other is not person]
    return replace(found, notes=(f"also called so: {', '.join(rivals[:5])}",)) if rivals else found


def _pronoun(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    word = mention.text.lower()
    if word in ("they", "them") and memory.last is not None and " and " in memory.last.name:
        return through(memory.last, mention)
    if word in ("they", "them"):
        return through(memory.group or thing_in_focus(memory, text) or memory.last, mention)
    if word == "it":
        if mention.start == mention.end and (held := _AT_THE_MEETING.match(text, mention.start)):
            host = memory.cast.host(mention.start)
            return Speaker(name=host or held.group(1), type="organization").via(mention.text)
        return through(thing_in_focus(memory, text), mention) or _last_body(mention, memory)
    if mention.text == "He" and memory.person is None and "He" in memory.cast.short:
        return _named(mention, memory, text)
    recent = _subject_since(mention, memory)
    if recent is not None:
        return of_person(recent, memory, text).via(mention.text)
    person = _of_gender(word, mention, memory, text)
    return through(person, mention)


_AT_THE_MEETING = regex(r"\w+ (?:at|during) (the (?:meeting|session|conference))\b")
_HE, _SHE = ("he", "him"), ("she", "her")


def _of_gender(word: str, mention: Mention, memory: Memory, text: str) -> Speaker | None:
    """The person in focus, unless the article has used the other pronoun for that person."""
    speaker = memory.person
    if speaker is None or word not in (*_HE, *_SHE):
        return speaker
    wanted = "he" if word in _HE else "she"
    focus = memory.cast.people.get(speaker.name)
    if focus is None or focus.gender in (None, wanted):
        if focus is not None:
            focus.gender = wanted
        return speaker
    seen = memory.cast.seen
    for index in range(bisect_left(seen, mention.start, key=_start) - 1, -1, -1):
        start, _, person = seen[index]
        if mention.start - start > 1500:
            break
        if person.gender in (None, wanted) and person is not focus:
            person.gender = wanted
            memory.person = of_person(person, memory, text)
            return replace(memory.person, notes=(f"not {speaker.name}, whom the article calls {focus.gender}",))
    return speaker


def _start(seen: tuple[int, int, Person]) -> int:
    return seen[0]


def _last_body(mention: Mention, memory: Memory) -> Speaker | None:
    before = [(start, name) for start, name in memory.cast.bodies if mention.start - 1500 < start < mention.start]
    if not before:
        return None
    start, name = before[-1]
    if _BY_BODY.search(memory.text, max(0, start - 9), start) and (
        document := memory.cast.document_before(start, memory.text)
    ):
        return Speaker(name=document, type="document", chain=(mention.text,))
    return Speaker(name=name, type="organization", chain=(mention.text,))


_BY_BODY = regex(r" (?:by|from|of)(?: the)? $")


def _subject_since(mention: Mention, memory: Memory) -> Person | None:
    """Nobody spoke yet: the last person named before the pronoun."""
    if memory.person is not None:
        return None
    before = [
        (last, person)
        for person in memory.cast.people.values()
        if (last := person.last_before(mention.start)) is not None
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else None
