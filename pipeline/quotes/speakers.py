"""Who a mention stands for: surnames, pronouns, posts and short forms resolved over the whole English article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.bodies import BODY_WORD, COMPANY_WORDS, described_body, full_body
from pipeline.quotes.cast import Cast, Person
from pipeline.quotes.marks import BLANK
from pipeline.quotes.phrases import bare, last_match, title_words
from pipeline.quotes.records import Mention, Refused, Speaker
from pipeline.quotes.roles import role_of
from pipeline.quotes.tables import nouns

_SAME_POST = {"ceo": "chief executive", "chief executive officer": "chief executive", "exec": "executive"}
_OWNED = regex(r"(?:the|its|his|her|their|this) ", re.I)


@dataclass(slots=True, kw_only=True)
class Memory:
    """What the reader of the article knows so far."""

    cast: Cast
    text: str = ""
    """The article with the quoted words in place; everything else reads it with them blanked."""
    person: Speaker | None = None
    group: Speaker | None = None
    thing: Speaker | None = None
    last: Speaker | None = None
    doing: tuple[int, Speaker | None] = (0, None)
    """Where the last sentence ended that tells what somebody does, and who: the words after it are theirs."""
    groups: dict[str, Speaker] = field(default_factory=dict)
    """Unnamed groups by their noun: `the executives` are the `executives of four chip firms` named before."""
    people: dict[str, Speaker] = field(default_factory=dict)
    """The records of people with a full name, made when first asked for."""
    posts: dict[str, Speaker] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    """What was considered and became no quote."""

    def keep(self, speaker: Speaker) -> Speaker:
        """Remember the speaker for later pronouns and continued quotations."""
        plain = speaker.plain()
        if speaker.type == "person":
            self.person = plain
        elif speaker.type == "unnamed":
            self.group = plain
        else:
            self.thing = plain
        self.last = plain
        return speaker


def opens_with_document(memory: Memory, text: str, start: int, end: int) -> None:
    """The document that is the subject of a sentence is what the next `it` means: `The plan has three parts.`"""
    opening = _OPENING_DOCUMENT.match(text, start, min(end, start + 160))
    if opening is None and (new := _NEW_DOCUMENT.match(text, start, min(end, start + 220))) is not None:
        memory.thing = Speaker(name=new.group(1), type="document")
    if opening is not None:
        mention = Mention(kind="document", text=opening.group(1), start=start, end=opening.end())
        memory.thing = Speaker(name=_full_document(mention, memory, text), type="document")


_NEW_DOCUMENT = regex(
    r"(?:(?:On|In|Last|This|Earlier) [^,.]{2,40}, )?([Aa]n? (?:[\w'’-]+ ){0,5}?(?:report|plan|guideline|document|"
    r"notice|regulation|circular|survey|study|white paper|blueprint|roadmap|statement|strategy|editorial)"
    r"(?: (?:on|to|for|about) [^,.;:]{3,90}?)?)(?=,? (?:jointly |recently |newly )?(?:issued|released|published|"
    r"unveiled|adopted|took|came|will|was|is|has|by|from)\b)"
)
"""A document that a sentence brings in: `On Friday, a regulation to save water took effect.`"""
_OPENING_DOCUMENT = regex(
    r"((?:The|This|Its) (?:[\w'’-]+ ){0,8}?(?:[Rr]eport|[Pp]lan|[Gg]uidelines?|document|[Nn]otice|[Mm]easures|"
    r"[Rr]egulations?|[Rr]ules|[Ss]urvey|study|[Ww]hite [Pp]aper|[Oo]utlook|draft|circular|blueprint|roadmap|statement|"
    r"[Ii]nitiative|strategy|[Oo]pinions|[Pp]rovisions|editorial)(?: \d{4}(?!\w)| \(\d{4}[^)]{0,6}\))?)"
    r"(?=(?:, [^.;:]{3,90},)? (?:is|was|are|were|has|have|also|will|aims?|outlines?|focus(?:es|ed)?|sets?|lays?|lists?|"
    r"covers?|details?|includes?|contains?|offers?|gives?|makes?|comes?|came|took|takes?|places?|introduc(?:es|ed?)|"
    r"requires?|prohibits?|bans?|supports?|encourages?|specif(?:ies|ied|y)|define[sd]?|[a-z]{3,}ed)\b)"
)


def resolve(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    """The speaker that the mention stands for, read at its place in the article; None where nobody fits."""
    if mention.kind == "pronoun":
        return _pronoun(mention, memory, text)
    if mention.kind in ("name", "surname"):
        return _named(mention, memory, text)
    if mention.kind == "post":
        return _post(mention, memory, text)
    if mention.kind == "organization":
        return Speaker(name=full_body(mention, memory.cast, memory.thing), type="organization").via(mention.text)
    if mention.kind == "document":
        document = Speaker(name=_full_document(mention, memory, text), type="document")
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
    if len(words) > 2 and not _OWNED.match(mention.text):
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


def of_person(person: Person, memory: Memory, text: str) -> Speaker:
    """The speaker record of somebody with a full name, the organisation's short form filled in."""
    if person.name not in memory.people:
        memory.people[person.name] = _introduced(person, memory, text)
    return memory.people[person.name]


def _introduced(person: Person, memory: Memory, text: str) -> Speaker:
    if person.state:
        return Speaker(name=person.name, type="person", role="official", title=person.title, organization=None)
    body = person.organization
    if body and (_OWNED.match(body) or body[:1].islower() or _SHORT_NAMES.fullmatch(body)):
        body = _antecedent(body, person, memory, text)
    if body is None and person.title and role_of(person.title, None) == "executive":
        body = memory.cast.company(person.at[0])
    body = re.sub(r"(?:'s|['’])$", "", body) if body else None
    role = role_of(person.title, _written_out(body, memory), person.described)
    return Speaker(name=person.name, type="person", role=role, title=person.title, organization=body)


def _written_out(body: str | None, memory: Memory) -> str | None:
    """The full name of which the body's is an abbreviation, where the article has it."""
    if body is None:
        return None
    if body in memory.cast.acronyms:
        return memory.cast.acronyms[body]
    return memory.cast.fullest(body) if body.isupper() and body not in nouns("organization") else body


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
        return _through(memory.last, mention)
    if word in ("they", "them"):
        return _through(memory.group or memory.thing or memory.last, mention)
    if word == "it":
        if mention.start == mention.end and (held := _AT_THE_MEETING.match(text, mention.start)):
            host = memory.cast.host(mention.start)
            return Speaker(name=host or held.group(1), type="organization").via(mention.text)
        return _through(memory.thing, mention) or _last_body(mention, memory)
    if mention.text == "He" and memory.person is None and "He" in memory.cast.short:
        return _named(mention, memory, text)
    recent = _subject_since(mention, memory)
    if recent is not None:
        return of_person(recent, memory, text).via(mention.text)
    person = _of_gender(word, mention, memory, text)
    return _through(person, mention)


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


def _through(speaker: Speaker | None, mention: Mention) -> Speaker | None:
    return speaker.via(mention.text) if speaker else None


def _post(mention: Mention, memory: Memory, text: str) -> Speaker | None:
    if not bare(mention.text):
        return _through(_last_nickname(memory) or memory.person, mention)
    head = _head(mention.text)
    key = _SAME_POST.get(head, head).removeprefix("senior ")
    if _OWNED.match(mention.text):
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


def _same_house(mention: Mention, person: Person, cast: Cast) -> bool:
    """Whether the body in `an official with the Ministry of Pears` is the person's, where both are told."""
    named = _WITH_BODY.search(mention.text)
    if named is None or not person.organization:
        return True
    words = set(re.findall(r"[A-Z]\w+", named.group(1)))
    initials = "".join(re.findall(r"[A-Z]", named.group(1)))
    own = person.organization
    return own == initials or bool(words & set(re.findall(r"[A-Z]\w+", f"{own} {cast.fullest(own)}")))


_WITH_BODY = regex(r" (?:of|at|with|from|for) (?:the )?([A-Z].*)$")
_FAMILY = frozenset(("mother", "father", "son", "daughter", "wife", "husband", "brother", "sister", "parent"))
_LAWMAKERS = frozenset(("legislator", "lawmaker", "political adviser", "political advisor", "deputy", "delegate"))
"""Seats that are held beside any other post."""


def _holds(title: str, key: str) -> bool:
    plain = title.lower()
    for short, long in _SAME_POST.items():
        plain = re.sub(rf"\b{short}\b", long, plain)
    return re.search(rf"\b{re.escape(key)}\b", plain) is not None


_OF_A_MAKER = regex(r" (?:(?:recently|jointly|newly) )?(?:released |issued |published |compiled )?(?:by|from) ")
"""`the 2025 report released by the union` is not the report that another body wrote."""


def _full_document(mention: Mention, memory: Memory, text: str) -> str:
    if BLANK in mention.text:
        return memory.text[mention.start : mention.end].strip('"“” ,')
    if _OF_A_MAKER.match(text, mention.start + len(mention.text)):
        return mention.text
    return memory.cast.document(mention.text, mention.start, memory.text) or mention.text
