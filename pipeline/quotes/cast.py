"""The people and bodies of one English article: who is introduced where, with which post and organisation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.beside import (
    FIRST_SEGMENT,
    TITLE_START,
    is_professor,
    openers,
    post_at,
    post_before,
    word_before,
)
from pipeline.quotes.documents import Document, full_name, read_documents
from pipeline.quotes.phrases import (
    CAPITAL,
    NAME_RUN,
    has_body_noun,
    has_organization_word,
    is_chinese_name,
    is_honorific,
    is_pinyin,
    is_place,
    possible_name,
    split_run,
    strong_name,
    title_words,
)
from pipeline.quotes.posts import holds_a_seat_only, split_post
from pipeline.quotes.roles import role_of
from pipeline.quotes.tables import cue_forms, names, nouns
from pipeline.text import places_of, places_of_word, words_of

_BODY_RUN = regex(
    rf"{CAPITAL}(?:(?: (?:of|for|and|on|&)(?: the)?|"
    rf" \({CAPITAL}\)(?= (?:Co|Inc|Ltd|Corp|Group|Holdings?|(?:Central|National|Standing) Committee)\b))?"
    rf" {CAPITAL}){{0,12}}"
)
_TWO_BODIES = regex(r" and the (?=[A-Z])")
_ENDS_WITH_DAY = regex(r" (?:on|in|for)(?: the)? [A-Z]\w+$")
_MEETING = regex(
    r"\b(?:held|convened|chaired|presided over|at|by) (?:a|an|its|the) (?:[\w-]+ ){0,3}(?:meeting|"
    r"session|conference)\b|\bmeeting of the (?=[A-Z])"
)


_AGE_AFTER = regex(r",? \d{2},| \(\d{2}\)")
_PLACE = itemgetter(0)
_ACRONYM = regex(r" \(([A-Z][A-Za-z&-]{1,9})\)|, or (?:the )?([A-Z][A-Za-z&-]{1,9})[,.]")


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
        index = bisect_left(self.bodies, match.end(), key=_PLACE)
        if index < len(self.bodies) and self.bodies[index][0] == match.end():
            return self.fullest(self.bodies[index][1])
        word = _PLAIN_WORD.match(self.text, match.end(), end)
        return self.body(word.group(), match.start()) if word else None

    def last_named(self, start: int, end: int) -> Person | None:
        """The only person that a stretch of the text names, or None where it names nobody or several."""
        index = bisect_left(self.seen, start, key=_PLACE)
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
                owner = _POSSESSED.split(body, maxsplit=1)[0]
                if owner != body and _initials(owner) == name:
                    return owner
            known = (body for _, body in self.bodies if body != name and _initials(body).startswith(name))
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
        index = bisect_left(self.seen, start, key=_PLACE)
        if index == len(self.seen) or self.seen[index][0] >= end:
            return None
        at, stop, person = self.seen[index]
        before = text[start:at]
        fronted = before == "" or before.rstrip().endswith(",") or title_words().search(before[-40:]) is not None
        return person if fronted and len(before) < 200 and text[stop : stop + 1] in " ,'’" else None

    def opening_body(self, text: str, start: int, end: int) -> str | None:
        """The body that is the subject of a sentence: it stands first, or behind plain words that describe it."""
        index = bisect_left(self.bodies, start, key=_PLACE)
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
        index = bisect_left(self.bodies, paragraph, key=_PLACE)
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
            found = islice(_EVENT.finditer(self.text), _MOST_BODIES)
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
_EVENT = regex(
    r"(?:The |In |At |On |During |This )?(?P<name>(?:\d{4} |\d\d?\w\w )?"
    rf"(?:{CAPITAL} (?:(?:of|on|for|and|in|to)(?: the)? )?){{1,10}}"
    r"(?P<head>Forum|Conference|Summit|Expo|Congress|Meeting|Session|Dialogue|Symposium|Exhibition|Fair))(?!\w)"
)
_LOCAL_FIELD = (
    r"(?:commerce|trade|finance|education|science|technology|industry|information|human|resources|social|security|health|"
    r"culture|tourism|agriculture|rural|affairs|transport|transportation|housing|construction|urban-rural|development|"
    r"ecology|environment|water|statistics|taxation|justice|emergency|management|public|civil|market|supervision|"
    r"regulation|economy|economic|planning|natural|forestry|sports|reform|energy|justice|the|digital|foreign|investment)"
)
_LOCAL_BODY = regex(
    r"(?<![\w'’-])[A-Z][\w'’]*(?: [A-Z][\w'’]*)?(?:'s|’s)? (?:(?:provincial|municipal|city|district|county|regional) )?"
    rf"(?:department|bureau|commission|committee|administration|government|authority)"
    rf"(?: (?:of|for) {_LOCAL_FIELD}(?:(?:,| and|, and)? {_LOCAL_FIELD}(?![\w-])){{0,5}})?(?![\w-])"
)
"""A local body in small letters: `the Huli department of roads, canals and public parks`."""
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

_MOST_PEOPLE, _MOST_BODIES = 500, 2000
"""More than any article has; beyond it names are left unread, so that hostile text costs linear time."""


def read_cast(text: str) -> Cast:
    """Read who and what is named in the article; `text` has its quoted words blanked out."""
    cast = Cast(text=text)
    _read_bodies(text, cast)
    cast.bodies = cast.bodies[:_MOST_BODIES]
    _read_local_bodies(text, cast)
    speaking = _speaking(text)
    for start, end, front, name in _people_in(text, speaking):
        _add(text, cast, start, end, front, name)
    _same_people(cast)
    for person in cast.people.values():
        for word in _short_forms(person.name):
            cast.short.setdefault(word, []).append(person)
    _middle_surnames(cast, speaking)
    _read_short_names(text, cast)
    for person in cast.people.values():
        person.gender = person.gender or _gender_by_post(person)
        if person.title in _DESCRIBED_OFFICE and (office := _DESCRIBED_OFFICE[person.title].search(text)):
            person.title, person.also, person.state = office.group(1), person.title, True
    return cast


def _is_press(name: str) -> bool:
    return any(nouns("organization").get(word) == "media" for word in name.split())


def _has_other_words(rest: str) -> bool:
    """Whether more than a firm's legal form and trade follow its initials: `UNX Ministers' Meeting` is not UNX."""
    return any(nouns("organization").get(word) != "executive" for word in rest.split())


def _initials(body: str) -> str:
    return "".join(word[:1] for word in body.split() if word[:1].isupper())


def _read_short_names(text: str, cast: Cast) -> None:
    """Note where names stand; a short name can bring a post too: `Li, who is …,` or `As head of X, Li said`."""
    if not cast.people:
        return
    for match in _WORD.finditer(text):
        known = cast.short.get(match.group())
        if known is None:
            continue
        if len(known) == 1 and (honorific := _GENDERED.search(text, max(0, match.start() - 5), match.start())):
            known[0].gender = "he" if honorific.group() == "Mr " else "she"
        person = cast.person(match.group(), match.start() + 1)
        if person is None or any(at <= match.start() < at + len(person.name) for at in person.at[-1:]):
            continue
        cast.seen.append((match.start(), match.end(), person))
        if (not person.state or person.title == "President") and (
            person.organization is None or person.title is None or is_place(person.organization) or person.seated
        ):
            _add_later_post(text, match.start(), match.end(), person)
    cast.seen += [(at, at + len(person.name), person) for person in cast.people.values() for at in person.at]
    cast.seen.sort(key=_PLACE)


_GENDERED = regex(r"\b(?:Mr|Ms|Mrs|Miss) $")
_MAN = regex(r"\b(?:chairman|spokesman|businessman|salesman|fisherman|craftsman|father|actor|son|king|prince)\b", re.I)
_WOMAN = regex(
    r"\b(?:chairwoman|spokeswoman|businesswoman|saleswoman|mother|actress|daughter|queen|princess|woman)\b", re.I
)


def _gender_by_post(person: Person) -> str | None:
    if person.title is None:
        return None
    return "she" if _WOMAN.search(person.title) else "he" if _MAN.search(person.title) else None


_POSSESSIVE = ("'s", "’s", "'", "’")
_WORD = regex(r"[A-ZÀ-ÖØ-Þ](?<![\w'’-].)[\w-]*(?![\w-])")
_LATER_POST = regex(r", (who is (?:also )?|also |(?=an? ))([^,.;:\"“”]{3,200})(?=[,.;:\"“”]|$)")
_AS_POST = regex(
    r"(?:^|[.\"”] |\n)As (?:an?|the) ?([^,.;:\"“”]{3,140}), $|(?:^|[.\"”] |\n)As ([a-z][^,.;:\"“”]{3,140}), $"
)


def _add_later_post(text: str, start: int, end: int, person: Person) -> None:
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


@lru_cache(maxsize=8192)
def _name_in_run(run: str) -> tuple[int, str]:
    """(letters to skip, body's name) of a run of capitalised words; the name is empty where it is only a place."""
    skipped, name = 0, run
    first, _, rest = name.partition(" ")
    if first in openers() and rest:
        skipped, name = len(first) + 1, rest
    name = name.removesuffix("'s").removesuffix("’s")
    if (day := _ENDS_WITH_DAY.search(name)) and is_place(day.group().rpartition(" ")[2]):
        name = name[: day.start()]
    if (post := title_words().match(name)) and " of " in name[post.end() : post.end() + 4]:
        skipped, name = skipped + post.end() + 4, name[post.end() + 4 :]
    return skipped, "" if is_place(name) else name


def _read_bodies(text: str, cast: Cast) -> None:
    for match in _BODY_RUN.finditer(text):
        skipped, name = _name_in_run(match.group())
        if not name:
            continue
        start = match.start() + skipped
        firm = _company_noun_before(text, start)
        if firm:
            name = _POSSESSED.split(name, maxsplit=1)[0]
            cast.firms.add(name)
        known_body = (firm or has_organization_word(name)) and nouns("organization").get(name) not in _FIRM_WORDS
        if known_body:
            two = _TWO_BODIES.search(name)
            if two and has_organization_word(name[: two.start()]) and has_organization_word(name[two.end() :]):
                cast.bodies.append((start, name[: two.start()]))
                start, name = start + two.end(), name[two.end() :]
            cast.bodies.append((start, name))
        if acronym := _ACRONYM.match(text, match.end()):
            short = acronym.group(1) or acronym.group(2)
            owner = _POSSESSED.split(name, maxsplit=1)[0]
            name = owner if owner != name and _initials(owner) == short else name
            if known_body or _initials(name) == short:
                cast.acronyms[short] = name


_LOCAL_HEADS = frozenset(
    ("department", "bureau", "commission", "committee", "administration", "government", "authority")
)
_LOCAL_BEFORE = ("provincial ", "municipal ", "city ", "district ", "county ", "regional ")


def _read_local_bodies(text: str, cast: Cast) -> None:
    found: list[tuple[int, str]] = []
    for head in _LOCAL_HEADS & words_of(text):
        for at in islice(places_of_word(head, text), _MOST_BODIES):
            if not (text.startswith((" of ", " for "), at + len(head)) or text.endswith(_LOCAL_BEFORE, 0, at)):
                continue
            match = _LOCAL_BODY.search(text, max(0, at - 45), at + 150)
            if match is None or not match.start() < at < match.end():
                continue
            name = match.group()
            if name.split()[0] not in openers() and (" of " in name or len(name.split()) > 2):
                found.append((match.start(), name))
    if found:
        cast.bodies = sorted([*cast.bodies, *found], key=_PLACE)


_FIRM_WORDS = ("executive", "media")
_POSSESSED = regex(r"(?:'s|’s) ")


_OF_A_PERSON = regex(r"(?<!\w)(?:[Vv]eteran|[Rr]etired|[Ss]easoned|[Rr]enowned|[Yy]oung|[Ff]ormer|[Pp]rominent) $")
"""What only a person is: `veteran trader Marcus Hollen`, where a trader may be a firm too."""


def _company_noun_before(text: str, start: int) -> bool:
    if start < 2 or not text[start - 2].islower():
        return False
    word = word_before(text, max(0, start - 30), start)
    if word is None or not word.group()[:1].islower():
        return False
    if word.group() in nouns("title") and _OF_A_PERSON.search(text, max(0, word.start() - 16), word.start()):
        return False
    return nouns("organization").get(word.group()) == "executive"


_SPEAKING = ("said", "says", "added", "noted", "explained", "recalled")
_SPEAKING_BEFORE = ("adds", "notes", "told", "stressed", "wrote", "argued", "believes", "warned")
_NAME_THEN_VERB = regex(r"(?<![\w'’-] )(?<![\w'’-])([A-ZÀ-ÖØ-Þ][\w'’-]+) (?:also |has |had |then |further )?$")
_VERB_THEN_NAME = regex(r" ([A-ZÀ-ÖØ-Þ][\w'’-]+)(?=[.,])")


def _speaking(text: str) -> frozenset[str]:
    """The capitalised words that stand alone beside a verb of saying: surnames, as a rule."""
    found = set()
    words = words_of(text)
    for verb in (*_SPEAKING, *_SPEAKING_BEFORE):
        if verb not in words:
            continue
        for at in places_of(verb, text):
            end = at + len(verb)
            if text[end : end + 1].isalnum():
                continue
            if name := _NAME_THEN_VERB.search(text[max(0, at - 50) : at]):
                found.add(name.group(1))
            if verb in _SPEAKING and (name := _VERB_THEN_NAME.match(text, end)):
                found.add(name.group(1))
    return frozenset(found)


def _people_in(text: str, speaking: frozenset[str]) -> Iterator[tuple[int, int, str, str]]:
    """(start of name, end of name, capitalised words before it, name) of everybody with a full name."""
    for match in NAME_RUN.finditer(text):
        run, end = match.group(), match.end()
        if run.endswith(("'s", "’s")):
            run, end = run[:-2], end - 2
        front, name = split_run(_without_opener(run))
        office = False
        if (
            (not name or len(name.split()) > 2)
            and text.endswith(_OFFICE_LINKS, 0, match.start())
            and _OFFICE_OF.search(text, max(0, match.start() - 60), match.start())
        ):
            front, name = _past_office(run)
            office = bool(name)
        if not name or (not front and _company_noun_before(text, end - len(name))):
            continue
        start = end - len(name)
        words = name.split()
        strong = strong_name(words) and not has_body_noun(name)
        surname_first = len(words) == 2 and words[0] in speaking and is_pinyin(words[1])
        introduced = office or surname_first or words[-1] in speaking or _has_evidence(text, start, end, front)
        if strong or (possible_name(words) and introduced):
            yield start, end, front, name


_OFFICE_LINKS = (" of ", " for ", " to ", " the ", ", ", " and ")
_OFFICE_OF = regex(
    r"\b(?:[Mm]inister|[Ss]ecretary|[Ss]ecretary-[Gg]eneral|[Gg]overnor|[Mm]ayor|[Aa]mbassador|[Cc]ommissioner)"
    r" (?:of|for|to)(?: the)? (?:State for(?: the)? )?(?:[A-Z]\w+(?:,| and| of) )*$"
)
"""An office of state with its field; what a company's `president of` leads is no personal name."""


_STATE_FIELDS = frozenset(
    ("State", "Transport", "Trade", "Commerce", "Finance", "Foreign", "Affairs", "Defense", "Defence", "Justice",
     "Health", "Education", "Energy", "Environment", "Agriculture", "Industry", "Tourism", "Culture", "Labor", "Labour",
     "Interior", "Economy", "Planning", "Science", "Technology", "Innovation", "Investment", "Infrastructure", "Water",
     "Mining", "Climate", "Communications", "Information", "Security", "Treasury", "Development", "Housing", "Sports",
     "Youth", "Women", "Home")
)  # fmt: skip
"""The fields of ministers, which end where the name begins: `Minister of Transport Makena Obiro Wanje`."""


def _past_office(run: str) -> tuple[str, str]:
    """Cut `State Marco Rubio`, which follows `Secretary of`, before the personal name."""
    words = run.split()
    for size in (2, 3):
        tail = words[-size:]
        if len(words) > size and (tail[0].split("-")[0] in names("given") or is_chinese_name(tail)):
            return " ".join(words[:-size]), " ".join(tail)
    field = next((index for index, word in enumerate(words) if word not in _STATE_FIELDS), len(words))
    if field and 2 <= len(words) - field <= 4:
        return " ".join(words[:field]), " ".join(words[field:])
    return (" ".join(words[:-2]), " ".join(words[-2:])) if len(words) > 2 else (run, "")


def _without_opener(run: str) -> str:
    first, _, rest = run.partition(" ")
    if first in openers() and rest and not is_chinese_name(run.split()[:2]):
        return rest
    return run


def _has_evidence(text: str, start: int, end: int, front: str) -> bool:
    if _AGE_AFTER.match(text, end) or is_honorific(front):
        return True
    if front and (match := list(title_words().finditer(front))) and match[-1].end() >= len(front) - 1:
        return True
    if post_before(text, start):
        return True
    segment = FIRST_SEGMENT.match(text, end)
    if segment and segment.group(1).split()[0] in cue_forms("en"):
        return False
    return bool(segment and TITLE_START.match(segment.group(1)) and title_words().search(segment.group(1)[:90]))


def _add(text: str, cast: Cast, start: int, end: int, front: str, name: str) -> None:
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


_PRESIDENT = regex(r"(?:[\w-]+ )?(?:[Vv]ice-)?[Pp]resident")
"""A president without a country, whose body the article may still name: a university's, a firm's."""
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


_DESCRIBED_OFFICE = {"top diplomat": regex(r"\b[Tt]he (?:[A-Z]\w+ )?(foreign minister)\b")}
"""What news prose calls an office of state at first, with the office that a later sentence names."""


def _same_people(cast: Cast) -> None:
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
                    other.state, other.seated, other.described = person.state, person.seated, person.described
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


def _middle_surnames(cast: Cast, speaking: frozenset[str]) -> None:
    """A surname between two given names: `Lo` of `Dennis Lo Yuk-ming`, `Sanchez` of `Pedro Sanchez Perez`."""
    for person in cast.people.values():
        words = [word for word in person.name.split() if word not in ("Jr", "Sr")]
        for word in words[1:-1]:
            chinese = word in names("surname") and words[0] in names("given")
            if word not in cast.short and len(word) > 1 and not is_place(word) and (chinese or word in speaking):
                cast.short[word] = [person]


def _short_forms(name: str) -> set[str]:
    words = [word for word in name.split() if word not in ("Jr", "Sr")]
    forms = {words[0], words[-1]} if len(words) > 1 else set()
    if len(words) > 2:
        forms.add(" ".join(words[1:]))
        forms.add(" ".join(words[-2:]))
    return {form for form in forms if len(form) > 1 and not is_place(form)}
