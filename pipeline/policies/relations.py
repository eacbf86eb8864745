"""What an article says that one instrument does to another: amends, repeals, suspends, extends, implements, reviews.

Read from sentences that name a document by number or title beside a verb of the table (`relation_verbs.csv`), after the
announcements have been found: the records stay as they are. Legal bases (`根据《…》`), wishes and studies say nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from pipeline.model import Article, InstrumentRelation, PolicyAnnouncement, Relation, Span
from pipeline.patterns import regex
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.tables import rows, several
from pipeline.text import has_chinese, is_chinese, places_of, sentences

_MOST_SENTENCES, _MOST_RECORDS, _MOST_NUMBERS, _MOST_VERBS = 500, 40, 300, 40
_SHORTEST = {"zh": 5, "en": 14}
_FAR_ACTIVE = {"zh": 14, "en": 90}
"""Signs between a verb and the document that it acts on."""
_FAR_AFTER = {"zh": 60, "en": 60}
_BASIS = regex(
    r"(?:根据|依据|按照|依照|遵照)[^，。；]{0,40}$"
    r"|\b(?:in accordance with|pursuant to|under|according to|based on)[^,.;]{0,60}$"
)
_WISHED = regex(
    r"(?:研究|拟|将要|建议|呼吁|要求|敦促|希望|不会|未|不)$"
    r"|\b(?:not|never|may|might|could|would|to consider|considering|study|studying|plans? to"
    r"|(?:call(?:s|ed)?|urge[sd]?|ask(?:s|ed)?|demand(?:s|ed)?)(?: for| on)?(?: it| them| the \w+)?)(?: to)?(?: be)? ?$"
)
_OWN = regex(
    r"本(?:公告|通知|办法|规定|决定|令|条例|细则|意见)"
    r"|\b(?:[Tt]his|[Tt]hese|[Tt]he present) (?:[Aa]nnouncement|[Oo]rder|[Nn]otice|[Mm]easures|[Dd]ecision)"
)
_NUMBERED = regex(r"No(?<!\wNo)(?:s|\.|umber)?\.?\s?\d")  # letters first: found fast, where a boundary is not
_DAY_ZH = regex(r"自?(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:起|之日起|正式)")
_LISTED = {"zh": regex(r"[《》、和及与（）()\s]{0,6}"), "en": regex(r"(?:,? and |, |; )(?:the )?(?:MOFCOM )?")}
_DAY_EN = regex(
    r"\b(?:from|on|since|starting|effective|until) (?P<m>January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.? (?P<d>\d{1,2}),? (?P<y>\d{4})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class _Named:
    """A document named at `start:end`: a record of the article, or a number only."""

    start: int
    end: int
    record: int | None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class _Verbs:
    before: re.Pattern[str]
    after: re.Pattern[str]
    of_verb: dict[str, Relation]


def find_relations(article: Article, policies: Sequence[PolicyAnnouncement]) -> tuple[InstrumentRelation, ...]:
    """What the announcements of an article do to each other and to documents that it numbers; in text order."""
    text = article.text
    if not policies or len(policies) > _MOST_RECORDS:
        return ()
    own = 0 if policies[0].salience == "news" and (article.number or article.kind == "announcement") else None
    found: dict[tuple[int, int | str, str], InstrumentRelation] = {}
    for start, end, named in _sentences_that_name(text, _named(text, policies)):
        for relation in _of_sentence(text, start, end, named, policies, own):
            key = (relation.subject, relation.number if relation.object is None else relation.object, relation.relation)
            found.setdefault(key, relation)  # type: ignore[arg-type]
    if own is not None:
        for relation in _told_by_records(policies, own):
            if not any(one.object == relation.object for one in found.values()):
                found[own, relation.object or 0, relation.relation] = relation
    return tuple(sorted(found.values(), key=lambda one: (one.evidence.start, one.evidence.end, str(one.object))))


def _sentences_that_name(text: str, named: Sequence[_Named]) -> Iterator[tuple[int, int, list[_Named]]]:
    """The sentences in which documents are named, with those; most articles have none or one."""
    if not named:
        return
    spans = sentences(text)
    starts = [start for start, _end in spans]
    by_sentence: dict[int, list[_Named]] = {}
    for one in named:
        at = bisect_right(starts, one.start) - 1
        if at >= 0 and one.end <= spans[at][1]:
            by_sentence.setdefault(at, []).append(one)
    for at in sorted(by_sentence)[:_MOST_SENTENCES]:
        yield *spans[at], by_sentence[at]


@cache
def _verbs(language: str) -> _Verbs:
    of_verb: dict[str, Relation] = {}
    sides: dict[str, list[str]] = {"before": [], "after": []}
    for row in rows("relation_verbs"):
        if row["language"] == language:
            for side, words in sides.items():
                words.extend(several(row[side]))
                for word in several(row[side]):
                    of_verb[word] = row["relation"]  # type: ignore[assignment]
    bound = r"\b" if language == "en" else ""

    def either(words: list[str]) -> re.Pattern[str]:
        return re.compile(bound + "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")" + bound)

    return _Verbs(either(sides["before"]), either(sides["after"]), of_verb)


def _of_sentence(
    text: str, start: int, end: int, named: Sequence[_Named], policies: Sequence[PolicyAnnouncement], own: int | None
) -> Iterator[InstrumentRelation]:
    language = "zh" if has_chinese(text) and is_chinese(text[start:end]) else "en"
    verbs = _verbs(language)
    if verbs.before.search(text, start, end) is None and verbs.after.search(text, start, end) is None:
        return
    for match in islice(verbs.before.finditer(text, start, end), _MOST_VERBS):
        if language == "en" and _PASSIVE.search(text, max(start, match.start() - 30), match.start()):
            continue
        if _WISHED.search(text, max(start, match.start() - 24), match.start()):
            continue
        for one in _acted_on(text, match.end(), named, language):
            subject = _subject(text, start, match.start(), end, named, policies, own, one)
            yield from _relation(text, start, end, subject, one, verbs.of_verb[match[0]], policies)
    for match in islice(verbs.after.finditer(text, start, end), _MOST_VERBS):
        if language == "en" and not _PASSIVE.search(text, max(start, match.start() - 30), match.start()):
            continue
        if _WISHED.search(text, max(start, match.start() - 24), match.start()):
            continue
        before = [one for one in named if one.end <= match.start() and match.start() - one.end <= _FAR_AFTER[language]]
        for one in before[-1:]:
            if _between_verbs(text, one.end, match.start(), verbs) or _is_basis(text, start, one):
                continue
            by = [
                other for other in named if other.start >= match.end() and _BY.fullmatch(text, match.end(), other.start)
            ]
            subject = _subject(text, start, one.start, end, named, policies, own, one)
            if by and by[0].record is not None:
                subject = by[0].record
            yield from _relation(text, start, end, subject, one, verbs.of_verb[match[0]], policies)


_PASSIVE = regex(
    r"\b(?:is|are|was|were|be|been|being|becomes?|became)"
    r"(?: (?:simultaneously|therefore|hereby|also|thereby|temporarily|null and)){0,2} $"
)
_BY = regex(r" by (?:the )?(?:[A-Z]+ )?$")


def _between_verbs(text: str, start: int, end: int, verbs: _Verbs) -> bool:
    """Whether another verb takes what stands before: `发布第47号公告，决定…进行期终复审` does not review it."""
    return verbs.after.search(text, start, end) is not None or text.find("决定", start, end) >= 0


def _is_basis(text: str, start: int, one: _Named) -> bool:
    return _BASIS.search(text, max(start, one.start - 80), one.start) is not None


def _acted_on(text: str, at: int, named: Sequence[_Named], language: str) -> list[_Named]:
    """The document that stands right behind a verb, and those that are listed after it."""
    found: list[_Named] = []
    for one in named:
        if one.start < at:
            continue
        gap = text[at : one.start]
        if not found:
            if len(gap) > _FAR_ACTIVE[language] or re.search(r"[，。；,;.]", gap.replace("No.", "No")):
                break
        elif _LISTED[language].fullmatch(text, at, one.start) is None:
            break
        found.append(one)
        at = one.end
    return found


def _named(text: str, policies: Sequence[PolicyAnnouncement]) -> list[_Named]:
    """The documents that a text names, in order; of two at one place the record, then the longer."""
    found: list[_Named] = []
    by_number = {_number_of(policy.number): at for at, policy in enumerate(policies) if policy.number}
    numbers = find_numbers(text) if "号" in text or _NUMBERED.search(text) else []
    for number in numbers[:_MOST_NUMBERS]:
        record = by_number.get((number.no, number.year)) if number.year else _only_no(by_number, number.no)
        if record is not None or (number.year and number.kind != "letter"):
            first = number.name_span[0] if number.name_span and number.name_span[0] < number.start else number.start
            found.append(_Named(first, number.end, record, number))
    for at, policy in enumerate(policies):
        title = policy.title.removeprefix("the ").removeprefix("a ").removeprefix("an ")
        if len(title) >= _SHORTEST["en" if title.isascii() else "zh"]:
            places = islice(places_of(title, text), _MOST_NUMBERS)
            found.extend(_Named(place, place + len(title), at) for place in places)
    found.sort(key=lambda one: (one.start, one.record is None, -one.end))
    kept: list[_Named] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _number_of(number: str | None) -> tuple[int, str] | None:
    """Number and year of a number in normal form."""
    digits = re.findall(r"\d+", number or "")
    year = next((one for one in digits if len(one) == 4), None)
    rest = [one for one in digits if one != year]
    return (int(rest[-1]), year) if year and rest else None


def _only_no(by_number: dict[tuple[int, str] | None, int], no: int) -> int | None:
    found = [at for key, at in by_number.items() if key and key[0] == no]
    return found[0] if len(found) == 1 else None


def _subject(
    text: str,
    start: int,
    before: int,
    end: int,
    named: Sequence[_Named],
    policies: Sequence[PolicyAnnouncement],
    own: int | None,
    acted_on: _Named,
) -> int | None:
    """Which announcement acts: the one named before the verb, else the page's own, else the news of the sentence."""
    if policies[0].salience == "news" and _OWN.search(text, start, before):
        return 0
    for one in reversed(named):
        if (
            one.end <= before
            and one.record is not None
            and one.record != acted_on.record
            and not _is_basis(text, start, one)
        ):
            return one.record
    if own is not None:
        return own
    told = [
        at
        for at, policy in enumerate(policies)
        if policy.salience == "news"
        and at != acted_on.record
        and any(e.start < end and start < e.end for e in policy.evidence)
    ]
    return told[0] if len(told) == 1 else None


def _relation(
    text: str,
    start: int,
    end: int,
    subject: int | None,
    acted_on: _Named,
    relation: Relation,
    policies: Sequence[PolicyAnnouncement],
) -> Iterator[InstrumentRelation]:
    if subject is None or subject == acted_on.record or _is_basis(text, start, acted_on):
        return
    number = None if acted_on.number is None else acted_on.number.normal()
    if acted_on.record is None and (number is None or _number_of(number) == _number_of(policies[subject].number)):
        return
    issuers = acted_on.number.issuers if acted_on.number else ()
    yield InstrumentRelation(
        relation=relation, subject=subject, object=acted_on.record, number=number,
        issuers=issuers or policies[subject].issuers, on_date=_date_in(text, start, end),
        evidence=Span.cut(text, start, end),
    )  # fmt: skip


def _date_in(text: str, start: int, end: int) -> str | None:
    found = _DAY_ZH.search(text, start, end) or _DAY_EN.search(text, start, end)
    if found is None:
        return None
    month = int(found["m"]) if found["m"].isdigit() else _MONTHS.index(found["m"][:3].lower()) + 1
    if not 1 <= month <= 12 or not 1 <= int(found["d"]) <= 31:
        return None
    return f"{found['y']}-{month:02d}-{int(found['d']):02d}"


_TITLED = regex(
    r"(?P<reviews>期终复审|期中复审|[Ee]xpiry [Rr]eview)"
    r"|(?P<extends>延长[^，。]{0,60}期限|[Ee]xtend(?:ing|s)? the [Pp]eriod)"
)


def _told_by_records(policies: Sequence[PolicyAnnouncement], own: int) -> Iterator[InstrumentRelation]:
    """What the page's own title does to the one document that it cites by number; what the records call repealed."""
    for at, policy in enumerate(policies):
        if at != own and policy.status == "repealed":
            yield InstrumentRelation(relation="repeals", subject=own, object=at, evidence=policy.evidence[0])
    cited = [
        at for at, policy in enumerate(policies) if at != own and policy.salience == "background" and policy.number
    ]
    titled = _TITLED.search(policies[own].title)
    if titled and len(cited) == 1 and policies[cited[0]].status != "repealed":
        relation: Relation = "reviews" if titled["reviews"] else "extends"
        yield InstrumentRelation(
            relation=relation, subject=own, object=cited[0], evidence=policies[cited[0]].evidence[0]
        )
