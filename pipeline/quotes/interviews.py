"""Interviews and roundtables in an English newspaper: labelled answers, several speakers by turns.

A paragraph opens with a name and a colon (`Hollen:`, `Lin Wei:`, `A:`); the answer runs to the next label and is one
direct quote. Who the label stands for, with post and company, the article says elsewhere, as a rule above.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.model import Article, Role
from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.cast_reading import read_cast
from pipeline.quotes.marks import find_marked, masked
from pipeline.quotes.memory import Memory
from pipeline.quotes.phrases import CAPITAL, PARTICLE, has_organization_word, is_place, strong_name
from pipeline.quotes.posts import split_post
from pipeline.quotes.records import Candidate, Speaker
from pipeline.quotes.roles import role_of
from pipeline.quotes.speaker_bodies import of_person
from pipeline.quotes.tables import cue_forms, names, nouns
from pipeline.text import paragraphs, places_of

_LABEL = regex(
    rf"(?P<label>(?:(?:Mr|Ms|Mrs|Dr|Prof|Professor|Sir)\.? )?(?P<name>{CAPITAL}(?: (?:{PARTICLE} )?{CAPITAL}){{0,4}})"
    r"(?P<post>, [^:\n\"“”.?!]{3,120})?)(?P<colon> ?[:：])(?:\s|$|(?=[\"“]))"
)
_QUESTION_LABEL = regex(r"(?:Q ?\d{0,2}|Question(?: \d{1,2})?)[:：.]|Q\d{1,2}(?= [A-Z])")
_ANSWER_LABEL = regex(r"(?P<label>(?:A ?\d{0,2}|Answer(?: \d{1,2})?)[:：])(?:\s|$)")
_ASKS = frozenset(
    ("Reporter", "Journalist", "Interviewer", "Moderator", "Host", "CD", "CGTN", "CCTV", "Editor", "Question")
)
_NO_SPEAKER = frozenset(
    (
        "Note", "Photo", "Photos", "Source", "Sources", "Highlights", "Editors", "Video", "Graphics", "Caption",
        "Time", "Date", "Venue", "Place", "Location", "Address", "Tel", "Phone", "Email", "Contact", "Website", "Price",
        "Background", "Summary", "Conclusion", "Results", "Result", "Methods", "Tip", "Tips", "Warning", "Update",
        "Correction", "Related", "Step", "Part", "Chapter", "Article", "Annex", "Attachment", "Pros", "Cons", "Fact",
        "Facts", "Opinion", "Analysis", "Comment", "Organizer", "Organizers", "Partners", "Sponsor", "Theme", "Topic",
        "Data", "Goal", "Goals", "Target", "Targets", "Challenge", "Solution", "Example", "Reality", "Myth", "Winner",
        "Winners", "Prize", "Award", "Category", "Age", "Occupation", "Hometown", "Born", "Name", "Profile", "Bio",
    )
)  # fmt: skip
"""Words that open a paragraph of facts, not of speech."""
_AFTERWORD = regex(
    r"(?:Contact (?:the|us)|The (?:views?|opinions?|author|writer|interview)\b|\(|This (?:interview|article|text)\b|"
    r"(?:Reported|Edited|Compiled|Interviewed) by|[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3} contributed to)"
)
_CLASSES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("executive", regex(r"\b(?:executives|CEOs|business leaders|entrepreneurs|company leaders)\b")),
    ("expert", regex(r"\b(?:experts|scholars|economists|analysts|academics|researchers|professors)\b")),
    ("official", regex(r"\b(?:officials|ministers|mayors|ambassadors|diplomats)\b")),
)
"""What an editor's note calls all who answer: `We invited executives from three companies`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    label: str
    """As printed, with its colon; empty for a question."""
    name: str
    post: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """The answers of an interview and the stretch of the text that questions and answers fill."""

    answers: tuple[Candidate, ...]
    start: int
    end: int


def find_interview(article: Article) -> Interview | None:
    """The answers of a labelled interview in English; None for a text that is none."""
    text = article.text
    spans = list(paragraphs(text))
    labels = _labels(text, spans)
    if sum(label is not None for label in labels) < 2:
        return None
    if not any(text[end - 1] == "?" for _, end in spans):
        labels = [None if label is None or label.re == _ANSWER_LABEL else label for label in labels]
    stretches = [stretch for start, end in spans for stretch in find_marked(text, start, end)]
    cast = read_cast(masked(text, stretches))
    speaking = _speakers(labels, cast)
    turns = list(_turns(text, spans, labels, speaking))
    asking = _interviewers(turns, text)
    answers = [turn for turn in turns if turn.label and turn.name not in asking and turn.end > turn.start]
    if not answers:
        return None
    memory = Memory(cast=cast, text=text)
    first = min(turn.start for turn in turns)
    known: dict[tuple[str, str], Speaker] = {}
    for turn in answers:
        if (turn.name, turn.post) not in known:
            found = _speaker(turn, article, memory, first)
            if found.role == "executive" and found.title is None and found.organization is None:
                found = replace(found, organization=_own_company(turn.name, answers, memory))
            known[turn.name, turn.post] = found
    made = [_candidate(turn, text, known[turn.name, turn.post]) for turn in answers]
    return Interview(answers=tuple(made), start=first, end=turns[-1].end)


def _own_company(name: str, answers: list[_Turn], memory: Memory) -> str | None:
    """The company of an executive whom nobody introduces: the one that this person's answers alone name."""
    named: Counter[str] = Counter()
    others: set[str] = set()
    for turn in answers:
        for start, body in memory.cast.bodies:
            if turn.start <= start < turn.end:
                if turn.name != name:
                    others.add(body)
                elif role_of(None, body) == "executive" and not body.isupper():
                    named[re.sub(r"['’]$", "", body)] += 1
    own = [(times, body) for body, times in named.items() if body not in others]
    return max(own, key=lambda pair: pair[0])[1] if own else None


def _labels(text: str, spans: list[tuple[int, int]]) -> list[re.Match[str] | None]:
    """The label of each paragraph, or None: it ends with a colon or is a question's."""
    colons = sorted((*places_of(":", text), *places_of("：", text)))
    found: list[re.Match[str] | None] = []
    for start, end in spans:
        stop = min(end, start + 200)
        colon = bisect_left(colons, start)
        labelled = text[start] == "Q" or (colon < len(colons) and colons[colon] < stop)
        found.append(_label_at(text, start, stop) if labelled else None)
    return found


def _label_at(text: str, start: int, stop: int) -> re.Match[str] | None:
    lettered = _ANSWER_LABEL.match(text, start, stop) or _QUESTION_LABEL.match(text, start, stop)
    label = lettered or _LABEL.match(text, start, stop)
    return None if label is None or _reports(label) else label


def _reports(label: re.Match[str]) -> bool:
    """Whether the colon belongs to a verb: `Lin Wei, founder of Lanhai Foods, said: …`."""
    words = label.group("post").split() if label.re == _LABEL and label.group("post") else []
    return any(word.lower() in cue_forms("en") for word in words[-3:])


def _speakers(labels: list[re.Match[str] | None], cast: Cast) -> frozenset[str]:
    """The names among the labels, where at least two labels are names or one is there twice."""
    printed = Counter(label.group("name") for label in labels if label is not None and label.re == _LABEL)
    sure = {name for name in printed if _known(name, cast) or _asks(name)}
    sure |= {name for name, times in printed.items() if times > 1 and _surname_like(name, cast)}
    times = sum(printed[name] for name in sure if not _asks(name))
    lettered = sum(label is not None and label.re == _ANSWER_LABEL for label in labels)
    if times + lettered < 2 or (times < 2 and not lettered):
        return frozenset()
    return frozenset(sure | {name for name in printed if _surname_like(name, cast) and name in names("surname")})


def _asks(name: str) -> bool:
    return name in _ASKS or nouns("organization").get(name) == "media"


def _known(name: str, cast: Cast) -> bool:
    if _barred(name):
        return False
    return name in cast.people or name in cast.short or strong_name(name.split())


def _surname_like(name: str, cast: Cast) -> bool:
    return " " not in name and len(name) > 1 and not _barred(name) and not cast.prints_small(name)


def _barred(name: str) -> bool:
    words = re.sub(r"(?:'s|’s)", "", name).split()
    return any(word in _NO_SPEAKER for word in words) or is_place(name) or has_organization_word(name)


def _turns(
    text: str, spans: list[tuple[int, int]], labels: list[re.Match[str] | None], speaking: frozenset[str]
) -> Iterator[_Turn]:
    """Questions and answers in text order; a question without label ends the answer before it."""
    marks = [_reads_as(label, speaking) for label in labels]
    current: _Turn | None = None
    for index, (start, end) in enumerate(spans):
        label = labels[index]
        if marks[index] and label is not None:
            if current:
                yield current
            current = _opened(label, text, end)
        elif current is None or not current.label or _AFTERWORD.match(text, start, end):
            continue
        elif index + 1 < len(spans) and marks[index + 1] and _between_turns(text, start, end):
            yield current
            current = _Turn(label="", name="", post="", start=start, end=end)
        else:
            current = replace(current, end=end)
    if current:
        yield current


def _reads_as(label: re.Match[str] | None, speaking: frozenset[str]) -> bool:
    if label is None:
        return False
    return bool(speaking or label.re != _LABEL) and (label.re != _LABEL or label.group("name") in speaking)


def _opened(label: re.Match[str], text: str, end: int) -> _Turn:
    if label.re == _QUESTION_LABEL:
        return _Turn(label="", name="", post="", start=label.start(), end=end)
    start = label.end()
    while start < len(text) and text[start].isspace():
        start += 1
    if label.re == _ANSWER_LABEL:
        return _Turn(label=label.group("label"), name="A", post="", start=start, end=max(start, end))
    printed = label.group("label") + label.group("colon").strip()
    post = (label.group("post") or "").strip(" ,")
    return _Turn(label=printed, name=label.group("name"), post=post, start=start, end=max(start, end))


def _between_turns(text: str, start: int, end: int) -> bool:
    """A question or a heading before the next label."""
    last = text[end - 1]
    return last == "?" or (end - start < 90 and last not in '.!”"…')


def _interviewers(turns: list[_Turn], text: str) -> frozenset[str]:
    """Labels that ask: an outlet, a moderator, or a name whose every turn is a question."""
    answered = {turn.name for turn in turns if turn.label and text[turn.end - 1 : turn.end] not in "?"}
    return frozenset(turn.name for turn in turns if turn.label and (_asks(turn.name) or turn.name not in answered))


def _candidate(turn: _Turn, text: str, speaker: Speaker) -> Candidate:
    start, end = turn.start, turn.end
    if text[start] in '“"' and text[end - 1] in '”"' and not re.search(r"[“”\"]", text[start + 1 : end - 1]):
        start, end = start + 1, end - 1
    return Candidate(start=start, end=end, kind="direct", cue=turn.label, rule="turn", speaker=speaker)


def _speaker(turn: _Turn, article: Article, memory: Memory, first: int) -> Speaker:
    if turn.name == "A":
        return _interviewee(article, memory, first)
    person = memory.cast.person(turn.name, turn.start)
    if person is not None and (person.title or person.organization or not turn.post):
        found = of_person(person, memory, article.text).via(turn.name)
    elif turn.post:
        title, body = split_post(turn.post)
        found = Speaker(name=turn.name, type="person", role=role_of(title, body), title=title, organization=body)
    else:
        found = Speaker(name=turn.name, type="person", role="other")
    if found.title is None and found.organization is None:
        return replace(found, role=_class_of_all(article.text[:first]) or found.role)
    return found


def _interviewee(article: Article, memory: Memory, first: int) -> Speaker:
    """Who answers as `A:`: the person of the headline, else the first with a post above the first label."""
    above = [person for person in memory.cast.people.values() if person.at[0] < first]
    headline = article.title or ""
    for person in above:
        if person.name in headline or re.search(rf"\b{re.escape(person.name.split()[-1])}\b", headline):
            return of_person(person, memory, article.text).via("A")
    posted = [person for person in above if person.title] or above
    if posted:
        return of_person(min(posted, key=lambda person: person.at[0]), memory, article.text).via("A")
    return Speaker(name="interviewee", type="unnamed", chain=("A",))


def _class_of_all(introduction: str) -> Role | None:
    found = [role for role, words in _CLASSES if words.search(introduction)]
    return found[0] if len(found) == 1 else None
