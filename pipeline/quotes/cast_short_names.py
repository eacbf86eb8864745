"""Read shorter prints of a person's name: surnames, given names, names without their middle."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.patterns import regex
from pipeline.quotes.cast import PLACE, Cast, Person
from pipeline.quotes.cast_posts import add_later_post
from pipeline.quotes.phrases import is_place
from pipeline.quotes.tables import names
from pipeline.text import places_of


def short_forms(name: str) -> set[str]:
    """What a later sentence may call somebody: the first word of the name, the last, the name without its first."""
    words = [word for word in name.split() if word not in ("Jr", "Sr")]
    forms = {words[0], words[-1]} if len(words) > 1 else set()
    if len(words) > 2:
        forms.add(" ".join(words[1:]))
        forms.add(" ".join(words[-2:]))
    return {form for form in forms if len(form) > 1 and not is_place(form)}


def read_middle_surnames(cast: Cast, speaking: frozenset[str]) -> None:
    """A surname between two given names: `Lo` of `Dennis Lo Yuk-ming`, `Sanchez` of `Pedro Sanchez Perez`."""
    for person in cast.people.values():
        words = [word for word in person.name.split() if word not in ("Jr", "Sr")]
        for word in words[1:-1]:
            chinese = word in names("surname") and words[0] in names("given")
            if word not in cast.short and len(word) > 1 and not is_place(word) and (chinese or word in speaking):
                cast.short[word] = [person]


def join_same_people(cast: Cast) -> None:
    """Read a shorter print of a longer name as the same person: `Zhang Huyue` is `Angela Zhang Huyue`."""
    if len(cast.people) < 2:
        return
    by_end: dict[str, list[Person]] = {}
    for person in cast.people.values():
        words = person.name.split()
        for end in {words[0], words[-1]}:
            by_end.setdefault(end, []).append(person)
    for name, person in list(cast.people.items()):
        words = name.split()
        for other in (*by_end[words[0]][:20], *by_end[words[-1]][:20]):
            if other is not person and other.name in cast.people and _is_short_for(words, other.name.split()):
                other.at = sorted([*other.at, *person.at])
                if person.title and person.organization and not (other.title and other.organization):
                    for what in ("title", "organization", "role", "state", "also", "seated", "described"):
                        setattr(other, what, getattr(person, what))
                cast.aliases[name] = other
                del cast.people[name]
                break


def _is_short_for(short: list[str], long: list[str]) -> bool:
    """Whether all words of the one name stand in the other, in order: a middle name or initial was left out."""
    if len(short) >= len(long):
        return len(short) == len(long) == 2 and short[1] == long[1] and _is_familiar(short[0], long[0])
    rest = iter(long)
    return all(word in rest for word in short)


def _is_familiar(short: str, long: str) -> bool:
    """`Chris` for `Christopher`."""
    return len(short) > 2 and len(long) > len(short) + 1 and long.startswith(short) and long in names("given")


_GENDERED = regex(r"\b(?:Mr|Ms|Mrs|Miss) $")
_INSIDE = regex(r"[\w-]")
_INSIDE_BEFORE = regex(r"[\w'’-]")
_CAPITAL = regex(r"[A-ZÀ-ÖØ-Þ]")


def read_short_names(text: str, cast: Cast) -> None:
    """Note where names stand; a short name can bring a post too: `Li, who is …,` or `As head of X, Li said`."""
    if not cast.people:
        return
    for start, word in sorted((at, form) for form in cast.short for at in _places(form, text)):
        known = cast.short[word]
        if len(known) == 1 and (honorific := _GENDERED.search(text, max(0, start - 5), start)):
            known[0].gender = "he" if honorific.group() == "Mr " else "she"
        person = cast.person(word, start + 1)
        if person is None or any(at <= start < at + len(person.name) for at in person.at[-1:]):
            continue
        cast.seen.append((start, start + len(word), person))
        if (not person.state or person.title == "President") and (
            person.organization is None or person.title is None or is_place(person.organization) or person.seated
        ):
            add_later_post(text, start, start + len(word), person)
    cast.seen += [(at, at + len(person.name), person) for person in cast.people.values() for at in person.at]
    cast.seen.sort(key=PLACE)


def _places(word: str, text: str) -> Iterator[int]:
    """Where that word stands with its capital and whole, though perhaps with a possessive."""
    if " " in word or not _CAPITAL.match(word):
        return
    for at in places_of(word, text):
        if not _INSIDE.match(text, at + len(word)) and not (at and _INSIDE_BEFORE.match(text, at - 1)):
            yield at
