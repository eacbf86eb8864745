"""The people and bodies of one English article, and whom a name, a noun or a subject among them stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.beside import openers
from pipeline.quotes.documents import Document, full_name, has_full_name, read_documents
from pipeline.quotes.phrases import CAPITAL, is_place, title_words
from pipeline.quotes.roles import role_of
from pipeline.quotes.tables import nouns
from pipeline.text import places_of, words_of

_MEETING = regex(
    r"\b(?:held|convened|chaired|presided over|at|by) (?:a|an|its|the) (?:[\w-]+ ){0,3}(?:meeting|"
    r"session|conference)\b|\bmeeting of the (?=[A-Z])"
)
PLACE = itemgetter(0)
"""Where a body or a short name stands, by which their lists are sorted."""


@lru_cache(maxsize=2)
def _first_meeting(text: str) -> int | None:
    """Where the article first says that a meeting is held."""
    match = _MEETING.search(text)
    return match.start() if match else None


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a full name in the article, and the best that the article says about the post."""

    name: str
    at: list[int] = field(default_factory=list)
    """Offsets where the full name stands."""
    title: str | None = None
    organization: str | None = None
    role: Role = "other"
    state: bool = False
    """Whether the post is an office of state (`President`), which belongs to no body and outranks any other."""
    also: str | None = None
    """A seat or a fuller post that the article gives beside the title."""
    seated: bool = False
    """Whether the post is a delegate's seat or an award, which any working post replaces."""
    described: str | None = None
    """What the article says the organisation is: `Lanhai, a think tank in Oslo`."""
    gender: str | None = None
    """`he` or `she`, where the article itself says so."""

    def last_before(self, at: int) -> int | None:
        """Where the full name last stands before `at`."""
        index = bisect_left(self.at, at)
        return self.at[index - 1] if index else None


@dataclass(slots=True, kw_only=True)
class Cast:
    """All people and bodies of an article, by full name and by the short forms that may stand for them."""

    people: dict[str, Person] = field(default_factory=dict)
    short: dict[str, list[Person]] = field(default_factory=dict)
    bodies: list[tuple[int, str]] = field(default_factory=list)
    acronyms: dict[str, str] = field(default_factory=dict)
    firms: set[str] = field(default_factory=set)
    """Names that follow a noun for a company (`the battery maker Lanhai`)."""
    documents: tuple[Document, ...] | None = None
    """Reports and instruments with a name of their own, read when the first of them is asked for."""
    seen: list[tuple[int, int, Person]] = field(default_factory=list)
    """Every place where a person's full or short name stands: start, end, who."""
    events: list[tuple[int, str, str]] | None = None
    """Meetings with a name of their own, read when the first of them is asked for."""
    aliases: dict[str, Person] = field(default_factory=dict)
    """Shorter prints of a full name, to the person."""
    text: str = ""
    _first: dict[str, int] = field(default_factory=dict)

    def prints_small(self, word: str) -> bool:
        """Whether the article prints the word in small letters too."""
        words, small = words_of(self.text), word.lower()
        return small in words or any(small + ending in words for ending in _POSSESSIVE)

    def _common(self, name: str) -> bool:
        """A noun that only opens its sentence: `Electronics and cars led the growth.`"""
        return " " not in name and self.prints_small(name)

    def _first_place(self, name: str) -> int:
        if name not in self._first:
            self._first[name] = self.text.find(name)
        return self._first[name]

    def person(self, name: str, at: int) -> Person | None:
        """The person called that, in full or by surname, as somebody reading at offset `at` would understand it."""
        if name in self.people:
            return self.people[name]
        if name in self.aliases:
            return self.aliases[name]
        known = self.short.get(name, [])
        if len(known) < 2:
            return known[0] if known else None
        if (house := _OF_HOUSE.match(self.text, at + len(name))) and self.text.startswith(name, at):
            of_it = [person for person in known if person.organization and house.group(1) in person.organization]
            if len(of_it) == 1:
                return of_it[0]
        before = [(last, person) for person in known if (last := person.last_before(at)) is not None]
        return max(before, key=lambda pair: pair[0])[1] if before else known[0]

    def knows(self, name: str) -> bool:
        """Whether that is the full name of somebody, or a shorter print of it."""
        return name in self.people or name in self.aliases

    def body(self, words: str, at: int, besides: str | None = None) -> str | None:
        """The last body before `at` whose name holds that word (`ministry`, `commission`)."""
        for start, name in reversed(self.bodies):
            if start < at and name != besides and words.lower() in name.lower().split():
                return name
        return None

    def document(self, mention: str, at: int, text: str) -> str | None:
        """The name of the document that the mention at `at` stands for; `text` has the quoted words in place."""
        if not has_full_name(mention):
            return None
        if self.documents is None:
            self.documents = read_documents(text)
        return full_name(mention, at, self.documents, text)

    def document_before(self, at: int, text: str) -> str | None:
        """The name of the document that `… by the body at` is made by."""
        if self.documents is None:
            self.documents = read_documents(text)
        near = [document.name for document in self.documents if document.name and 0 <= at - document.end < 40]
        return near[-1] if near else None

    def data_owner(self, start: int, end: int) -> str | None:
        """The body whose figures a sentence gives: `Data from the Pear Council show …`."""
        sentence = self.text[start:end]
        match = _DATA_BY.search(self.text, start, end) if any(word in sentence for word in _DATA) else None
        if match is None:
            return None
        index = bisect_left(self.bodies, match.end(), key=PLACE)
        if index < len(self.bodies) and self.bodies[index][0] == match.end():
            return self.fullest(self.bodies[index][1])
        word = _PLAIN_WORD.match(self.text, match.end(), end)
        return self.body(word.group(), match.start()) if word else None

    def last_named(self, start: int, end: int) -> Person | None:
        """The only person that a stretch of the text names, or None where it names nobody or several."""
        index = bisect_left(self.seen, start, key=PLACE)
        found: Person | None = None
        while index < len(self.seen) and self.seen[index][0] < end:
            if found is not None and self.seen[index][2] is not found:
                return None
            found = self.seen[index][2]
            index += 1
        return found

    def fullest(self, name: str) -> str:
        """The longest form of a body's name in the article: its prefix or its initials are a short form."""
        if name in self.acronyms:
            return self.acronyms[name]
        if name in nouns("country"):
            return name
        joined = name.replace(" ", "").casefold()
        for _, body in self.bodies:
            if len(body) == len(name) + 1 and body.replace(" ", "").casefold() == joined:
                return body
            if body.startswith((f"{name} of ", f"{name} (")):
                return body
            if (
                body.startswith(f"{name} ")
                and " " not in name
                and self.text.startswith(body, self._first_place(name))
                and not (name.isupper() and _has_other_words(body[len(name) :]))
            ):
                return body
        if name.isupper() and len(name) > 2:
            for _, body in self.bodies:
                owner = POSSESSED.split(body, maxsplit=1)[0]
                if owner != body and initials(owner) == name:
                    return owner
            known = (body for _, body in self.bodies if body != name and initials(body).startswith(name))
            return next(known, None) or self._by_all_letters(name)
        return name

    def _by_all_letters(self, name: str) -> str:
        """`PBOC` for the People's Bank of China, where small words count too."""
        for _, body in self.bodies:
            if body != name and "".join(word[0] for word in body.split() if word != "the").upper() == name:
                return body
        return name

    def host(self, at: int) -> str | None:
        """The body that holds the meeting which `the meeting` at `at` speaks of."""
        held = _first_meeting(self.text)
        if held is None or held > at:
            return None
        around = [(abs(start - held), name) for start, name in self.bodies if -300 < start - held < 90]
        return min(around)[1] if around else None

    def subject(self, text: str, start: int, end: int) -> Person | None:
        """The person who is the subject of a sentence, if its first name stands where a subject does."""
        index = bisect_left(self.seen, start, key=PLACE)
        if index == len(self.seen) or self.seen[index][0] >= end:
            return None
        at, stop, person = self.seen[index]
        before = text[start:at]
        fronted = before == "" or before.rstrip().endswith(",") or title_words().search(before[-40:]) is not None
        return person if fronted and len(before) < 200 and text[stop : stop + 1] in " ,'’" else None

    def opening_body(self, text: str, start: int, end: int) -> str | None:
        """The body that is the subject of a sentence: it stands first, or behind plain words that describe it."""
        index = bisect_left(self.bodies, start, key=PLACE)
        if index == len(self.bodies) or self.bodies[index][0] >= min(end, start + 100):
            return None
        at, name = self.bodies[index]
        if self._common(name):
            return None
        return name if _DESCRIBES.fullmatch(text, start, at) and _VERB_NEXT.match(text, at + len(name)) else None

    def company(self, at: int) -> str | None:
        """The last company named before `at`."""
        for start, name in reversed(self.bodies):
            if start < at and self._is_firm(name):
                return name
        return None

    def main_company(self, at: int) -> str | None:
        """The company that the article has named most before `at`, counted from its lead; of two the later one."""
        counts: dict[str, int] = {}
        names: dict[str, str] = {}
        for start, name in self.bodies:
            if start < at and not _is_press(name) and (name in names or self._is_firm(name)):
                first = name.partition(" ")[0]
                names.setdefault(first, name)
                counts[first] = counts.pop(first, 0) + (2 if start < _LEAD else 1)
        return names[max(reversed(counts), key=lambda first: counts[first])] if counts else None

    def _is_firm(self, name: str) -> bool:
        return name in self.firms or (role_of(None, name) == "executive" and not self._common(name))

    def firm_nearby(self, at: int) -> str | None:
        """The first company that the paragraph names before `at`: its subject, as a rule."""
        paragraph = self.text.rfind("\n", max(0, at - _PARAGRAPH), at)
        index = bisect_left(self.bodies, paragraph, key=PLACE)
        while index < len(self.bodies) and self.bodies[index][0] < at:
            start, name = self.bodies[index]
            if self._is_firm(name) and start - paragraph < 90:
                return name
            index += 1
        return None

    def firm_in_subject(self, at: int) -> str | None:
        """The unknown name that is the subject of the sentence around `at` or of the one before it:
        `Lanhai will open, the firm said`."""
        own = self._sentence_start(at)
        before = self._sentence_start(max(0, own - 3))
        return self._subject_name(own, at) or (self._subject_name(before, own) if before < own else None)

    def _sentence_start(self, at: int) -> int:
        far = max(0, at - _PARAGRAPH)
        line, stop = self.text.rfind("\n", far, at), self.text.rfind(". ", far, at)
        return max(far, line + 1, stop + 2 if stop >= 0 else 0)

    def _subject_name(self, start: int, end: int) -> str | None:
        match = _SUBJECT_NAME.match(self.text, start, end)
        if match is None:
            return None
        name = match.group(1)
        if name.split()[0] in openers() or is_place(name) or self.knows(name) or name in self.short:
            return None
        plain = self._common(name) or name.endswith("ly") or name in nouns("country") or name in nouns("time")
        return (
            None if plain or nouns("organization").get(name) is not None else name if self._one(name, match) else None
        )

    def _one(self, name: str, match: re.Match[str]) -> bool:
        """Whether the word is a name: its verb is singular, or it has its capital inside a sentence, too."""
        return self.text.startswith((" has ", " is ", " was "), match.end()) or self._inside(name)

    def _inside(self, name: str) -> bool:
        """Whether the article prints the word with its capital inside a sentence, too."""
        return any(
            self.text[at - 2 : at - 1].islower() or self.text[at - 2] == ","
            for at in islice(places_of(name, self.text), 50)
        )

    def country_subject(self, start: int, end: int) -> str | None:
        """The country that is the subject of a sentence: `China does not see it so.`"""
        match = _COUNTRY_SUBJECT.match(self.text, start, end)
        return match.group(1) if match and match.group(1) in nouns("country") else None

    def event(self, word: str, at: int) -> str | None:
        """The last meeting with a name of its own before `at`: `according to the forum`."""
        if self.events is None:
            named = any(word in self.text for word in _EVENTS)
            found = islice(_EVENT.finditer(self.text) if named else (), MOST_BODIES)
            self.events = [(match.end(), match.group("head").lower(), match.group("name")) for match in found]
        names = [name for end, head, name in self.events if end <= at and head == word]
        return names[-1] if names else None

    def body_like(self, words: frozenset[str], at: int) -> str | None:
        """The last body before `at` whose name holds one of the words."""
        for start, name in reversed(self.bodies):
            if start < at and not words.isdisjoint(name.lower().split()):
                return name
        return None

    def named(self, name: str) -> bool:
        """Whether the article prints a body with exactly that name."""
        return any(body == name for _, body in self.bodies)

    def authority(self, at: int) -> str | None:
        """The last public authority named before `at`."""
        for start, name in reversed(self.bodies):
            if start < at and role_of(None, name) == "official":
                return name
        return None


_DESCRIBES = regex(
    r"(?:(?:At|In|On|Last|During|By|Since|After|Meanwhile)\b[^,.]{0,80}, )?"
    r"(?:[Tt]he )?(?:[A-Z][\w-]+ (?:[a-z-]+ ){1,3})?"
)
_VERB_NEXT = regex(r" (?:is|was|has|had|also|will|[a-z]{2,}(?:ed|[^s]s)|gave|made|took|won|sold|built|began)\b")

_DATA_BY = regex(
    r"\b(?:[Dd]ata|[Ff]igures|[Ss]tatistics|[Ee]stimates)(?: (?:recently |newly |just )?(?:released|issued|"
    r"published|provided|compiled|collected))?(?: (?:on|last|this|in) \w+)? (?:by|from|of) (?:the )?"
)
_DATA = ("ata", "igures", "tatistics", "stimates")
_PLAIN_WORD = regex(r"[a-z]+")
_EVENTS = (
    "Forum", "Conference", "Summit", "Expo", "Congress", "Meeting", "Session", "Dialogue", "Symposium", "Exhibition",
    "Fair",
)  # fmt: skip
_EVENT = regex(
    r"(?:The |In |At |On |During |This )?(?P<name>(?:\d{4} |\d\d?\w\w )?"
    rf"(?:{CAPITAL} (?:(?:of|on|for|and|in|to)(?: the)? )?){{1,10}}"
    rf"(?P<head>{'|'.join(_EVENTS)}))(?!\w)"
)
_PARAGRAPH = 3000
"""How far back a paragraph is looked for; none of an article is longer."""
_LEAD = 300
"""Letters in which an article says what it is about."""
_SUBJECT_NAME = regex(
    rf"(?:(?:After|When|As|In|On|For|To|With|During|At|Following) [^,.\n]{{3,90}}, )?({CAPITAL}(?: {CAPITAL}){{0,3}}?)"
    r"(?:(?:'s|’s) [a-z][\w-]*)?(?= (?:is|was|has|had|will|also|[a-z]{3,}ed)\b)"
)
_OF_HOUSE = regex(r" (?:of|from|at|with) (?:the )?([A-Z][\w&-]*(?: (?:of )?[A-Z][\w&-]*)*)")
"""Which of two: `Wang of Lanhai University`."""
_COUNTRY_SUBJECT = regex(
    r"(?:[A-Z][a-z]+, |For (?:example|instance), |At the same time, )?([A-Z]\w+(?: [A-Z]\w+)?)"
    r"(?= (?:is|was|has|had|does|did|will|also|[a-z]{3,}s|[a-z]{3,}ed)\b)"
)
MOST_BODIES = 2000
"""More than any article has; beyond it bodies are left unread, so that hostile text costs linear time."""


def _is_press(name: str) -> bool:
    return any(nouns("organization").get(word) == "media" for word in name.split())


def _has_other_words(rest: str) -> bool:
    """Whether more than a firm's legal form and trade follow its initials: `UNX Ministers' Meeting` is not UNX."""
    return any(nouns("organization").get(word) != "executive" for word in rest.split())


def initials(body: str) -> str:
    return "".join(word[:1] for word in body.split() if word[:1].isupper())


_POSSESSIVE = ("'s", "’s", "'", "’")
POSSESSED = regex(r"(?:'s|’s) ")
