"""Note which post and body an article gives somebody, beside the full name or at a later mention."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.beside import FIRST_SEGMENT, is_professor, post_at
from pipeline.quotes.cast import Cast, Person
from pipeline.quotes.phrases import title_words
from pipeline.quotes.posts import holds_a_seat_only, split_post
from pipeline.quotes.roles import role_of

_MOST_PEOPLE = 500
"""More than any article has; beyond it names are left unread, so that hostile text costs linear time."""

_PRESIDENT = regex(r"(?:[\w-]+ )?(?:[Vv]ice-)?[Pp]resident")
"""A president without a country, whose body the article may still name: a university's, a firm's."""


def add_person(text: str, cast: Cast, start: int, end: int, front: str, name: str) -> None:
    """Note that a full name stands there, and the post that stands beside it unless a better one is known."""
    person = cast.people.get(name)
    if person is None and len(cast.people) >= _MOST_PEOPLE:
        return
    if person is None:
        person = cast.people[name] = Person(name=name)
    person.at.append(start)
    plain = person.state and person.title == "President"
    if (person.state and not plain) or (person.title and person.organization and not person.seated):
        return
    post = post_at(text, start, end)
    if plain and not (post.organization and _PRESIDENT.fullmatch(post.title or "")):
        return
    title, body = post.title, post.organization or _ministry(text, post.title)
    if body and title is None and person.title is None:
        person.organization, person.role = body, role_of(None, body)
    if title and (person.title is None or (body and not person.organization) or (person.seated and not post.seated)):
        person.title, person.organization, person.described = title, body, post.described
        person.state, person.seated = post.state and body is None, post.seated
        person.role = "official" if person.state else role_of(title, body, post.described)
    if person.title is None and person.organization and is_professor(text, start):
        person.title = "Professor"
        person.role = role_of("Professor", person.organization)


_FIELD = regex(r"[Mm]inister of ([\w ]+?)(?: and Deputy|$)")


def _ministry(text: str, title: str | None) -> str | None:
    """The ministry of a minister on the ministry's own pages, which call it by its short name."""
    if title is None or "MOFCOM" not in text:
        return None
    if "Department of" in title:
        return "Ministry of Commerce" if "Ministry of Commerce" in text else "MOFCOM"
    field = _FIELD.search(title)
    if field and f"Ministry of {field.group(1)}" not in text:
        return "MOFCOM" if field.group(1) == "Commerce" else None
    named = re.search(rf"Ministry of {re.escape(field.group(1))}\b", text, re.I) if field else None
    return named.group() if named else None


_LATER_POST = regex(r", (who is (?:also )?|also |(?=an? ))([^,.;:\"“”]{3,200})(?=[,.;:\"“”]|$)")
_AS_POST = regex(
    r"(?:^|[.\"”] |\n)As (?:an?|the) ?([^,.;:\"“”]{3,140}), $|(?:^|[.\"”] |\n)As ([a-z][^,.;:\"“”]{3,140}), $"
)


def add_later_post(text: str, start: int, end: int, person: Person) -> None:
    """The post that comes with a later mention: `Li, who is head of X,` or `As head of X, Li said`."""
    later = _LATER_POST.match(text, end)
    phrase = later.group(2) if later else None
    if phrase is None and text.startswith(", ", end) and text[end + 2 : end + 3].islower():
        segment = FIRST_SEGMENT.match(text, end)
        phrase = segment.group(1) if segment and title_words().match(segment.group(1)) else None
    if phrase is None:
        front = text[max(0, start - 160) : start]
        before = _AS_POST.search(front) if "As " in front else None
        phrase = (before.group(1) or before.group(2)) if before else None
    if phrase is None:
        return
    title, body = split_post(phrase)
    if person.state and not _PRESIDENT.fullmatch(title or ""):
        return
    if title and body and not holds_a_seat_only(phrase):
        person.state = False
        person.also = person.title if person.seated else person.also
        person.title, person.organization, person.seated = title, body, False
        person.role = role_of(title, body)


DESCRIBED_OFFICE = {"top diplomat": regex(r"\b[Tt]he (?:[A-Z]\w+ )?(foreign minister)\b")}
"""What news prose calls an office of state at first, with the office that a later sentence names."""
_MAN = regex(r"\b(?:chairman|spokesman|businessman|salesman|fisherman|craftsman|father|actor|son|king|prince)\b", re.I)
_WOMAN = regex(
    r"\b(?:chairwoman|spokeswoman|businesswoman|saleswoman|mother|actress|daughter|queen|princess|woman)\b", re.I
)


def gender_by_post(person: Person) -> str | None:
    """`he` or `she` where the title says so: `chairwoman`."""
    if person.title is None:
        return None
    return "she" if _WOMAN.search(person.title) else "he" if _MAN.search(person.title) else None
