"""Who a post without a name stands for: `the chief executive`, `its spokesman`, `an official`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.cast import Cast, Person
from pipeline.quotes.memory import Memory, through
from pipeline.quotes.phrases import bare, last_match, title_words
from pipeline.quotes.records import Mention, Speaker
from pipeline.quotes.speaker_bodies import OWNED, of_person
from pipeline.quotes.tables import nouns

_SAME_POST = {"ceo": "chief executive", "chief executive officer": "chief executive", "exec": "executive"}
_FAMILY = frozenset(("mother", "father", "son", "daughter", "wife", "husband", "brother", "sister", "parent"))


def holder_of(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    """The person who holds the post that is mentioned, or the post itself as a speaker without a name."""
    if not bare(mention.text):
        return through(_last_nickname(memory) or memory.person, mention)
    head = _head(mention.text)
    key = _SAME_POST.get(head, head).removeprefix("senior ")
    if OWNED.match(mention.text):
        person = _holder(key, mention, memory)
        if person is not None and not _of_another(mention, person):
            return of_person(person, memory, text).via(mention.text)
        if key in memory.posts:
            return memory.posts[key].via(mention.text)
        if (person := _by_role(key, mention, memory)) is not None:
            return of_person(person, memory, text).via(mention.text)
        role = nouns("title").get(key)
        if (
            memory.person is not None
            and mention.text[:4].lower() == "the "
            and ("'s " not in mention.text.replace("’", "'") or key in _FAMILY)
            and (role in ("other", "", None, memory.person.role) or memory.person.role == "other")
        ):
            return memory.person.via(mention.text)
    elif (person := _introduced_next(key, mention, memory, text)) is not None:
        return of_person(person, memory, text).via(mention.text)
    speaker = Speaker(name=re.sub(r"^(?:the|a|an|The|A|An) ", "", mention.text), type="unnamed")
    memory.posts.setdefault(key, speaker)
    return speaker


def _last_nickname(memory: Memory) -> Speaker | None:
    """Who spoke last under a single name that is nobody's surname: a pseudonym, as a rule."""
    last = memory.last
    unknown = last is not None and last.type == "organization" and " " not in last.name
    return last if last is not None and unknown and not memory.cast.named(last.name) else None


def _head(phrase: str) -> str:
    main = re.split(r" (?:of|at|for|from|with|in|who|to) ", bare(phrase))[0]
    last = last_match(title_words(), main)
    return last.group().lower() if last else main.split()[-1].lower()


def _holder(key: str, mention: Mention, memory: Memory) -> Person | None:
    """The last person before the mention with that post, or the first within the next 800 letters."""
    fitting = [
        person
        for person in memory.cast.people.values()
        if person.title and _holds(f"{person.title} {person.also or ''}", key)
    ]
    before = [(last, person) for person in fitting if (last := person.last_before(mention.start)) is not None]
    if before:
        return max(before, key=lambda pair: pair[0])[1]
    after = [(person.at[0], person) for person in fitting if mention.start < person.at[0] < mention.start + 800]
    return min(after, key=lambda pair: pair[0])[1] if after else None


def _holds(title: str, key: str) -> bool:
    plain = title.lower()
    for short, long in _SAME_POST.items():
        plain = re.sub(rf"\b{short}\b", long, plain)
    return re.search(rf"\b{re.escape(key)}\b", plain) is not None


_ROLE_NOUNS: Mapping[str, Role] = {
    "official": "official",
    "executive": "executive",
    "businessman": "executive",
    "businesswoman": "executive",
    "entrepreneur": "executive",
    "expert": "expert",
    "scholar": "expert",
    "academic": "expert",
    "researcher": "expert",
    "scientist": "expert",
    "analyst": "expert",
    "economist": "expert",
}
"""Nouns that stand for anybody of a role: `the official` is the vice-minister of the sentence before."""


def _by_role(key: str, mention: Mention, memory: Memory) -> Person | None:
    """The person in focus whose role the noun names; `its top executive` may be named in the next sentence."""
    role = _ROLE_NOUNS.get(key)
    if role is None:
        return None
    if mention.text[:4].lower() == "the " and memory.person is not None:
        focus = memory.cast.people.get(memory.person.name)
        return focus if focus is not None and (focus.role in (role, "other") or focus.title is None) else None
    if mention.text[:4].lower() == "its ":
        named = [(p.at[0], p) for p in memory.cast.people.values() if p.role == role]
        after = [pair for pair in named if mention.start < pair[0] < mention.start + 800]
        return min(after, key=lambda pair: pair[0])[1] if after else None
    return None


_OWNER = regex(r"(?:[Tt]he )?([A-Z][\w-]*(?: [A-Z][\w-]*)*)(?:'s|’s) ")


def _of_another(mention: Mention, person: Person) -> bool:
    """Whether the post is of another body than the person's: `the union's climate chief` is no chief of a bank."""
    owner = _OWNER.match(mention.text)
    return owner is not None and person.organization is not None and owner.group(1) not in person.organization


_LAWMAKERS = frozenset(("legislator", "lawmaker", "political adviser", "political advisor", "deputy", "delegate"))
"""Seats that are held beside any other post."""


def _introduced_next(key: str, mention: Mention, memory: Memory, text: str) -> Person | None:
    """Who the article names first, for a lead that says `a senior executive said`: the subject of the next paragraph,
    or somebody with that very post in the two after it."""
    if mention.start > 1500 or mention.text[:2].lower() not in ("a ", "an") or "\n" in text[: mention.start]:
        return None
    role = _ROLE_NOUNS.get(key) or nouns("title").get(key)
    start, paragraphs = text.find("\n\n", mention.end) + 2, 0
    while start > 1 and paragraphs < 4:
        end = text.find("\n", start)
        end = end if end > 0 else len(text)
        if (person := memory.cast.subject(text, start, end)) or (person := _first_named(start, end, memory)):
            if person.at[0] < start:
                return None
            fits = person.role == role or _holds(person.title or "", key) or key.removeprefix("national ") in _LAWMAKERS
            fits = fits or (paragraphs == 0 and person.role == "other")
            return person if fits and _same_house(mention, person, memory.cast) else None
        start, paragraphs = text.find("\n\n", end) + 2, paragraphs + 1
    return None


def _first_named(start: int, end: int, memory: Memory) -> Person | None:
    """The only person whom a paragraph names, and whose full name it brings."""
    person = memory.cast.last_named(start, end)
    return person if person is not None and start <= person.at[0] < end else None


_WITH_BODY = regex(r" (?:of|at|with|from|for) (?:the )?([A-Z].*)$")


def _same_house(mention: Mention, person: Person, cast: Cast) -> bool:
    """Whether the body in `an official with the Ministry of Pears` is the person's, where both are told."""
    named = _WITH_BODY.search(mention.text)
    if named is None or not person.organization:
        return True
    words = set(re.findall(r"[A-Z]\w+", named.group(1)))
    initials = "".join(re.findall(r"[A-Z]", named.group(1)))
    own = person.organization
    return own == initials or bool(words & set(re.findall(r"[A-Z]\w+", f"{own} {cast.fullest(own)}")))
