"""Announcements that Chinese prose reports: news releases, answers to the press, reports on foreign measures.

Grammar: an authority, a verb of issuing or deciding, and what it issued (a number, a name in 《》, a noun of
instruments.csv) or what it does (将…列入…, 对…实施…, 暂停…措施).
"""

from __future__ import annotations

import re

from pipeline.model import Article, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.acting_zh import acting, entry_day, salience_of
from pipeline.policies.actions import action_of, usual_action
from pipeline.policies.books_zh import named_in_marks
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.context_zh import dated_by_paragraph, in_passing, of_the_page, one_agreement, short_names
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import When, dates_in
from pipeline.policies.deeds_zh import DO, deed
from pipeline.policies.entities import entities_of
from pipeline.policies.folding_zh import fold_into_topic, fold_same_deeds
from pipeline.policies.instruments import instrument_of_title
from pipeline.policies.issuers import Mention, bodies_in, chinese_name
from pipeline.policies.nouns_zh import bare_nouns
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.reports_zh import ISSUE
from pipeline.policies.sectors import regions_zh, sectors_zh

_TOUCHED = regex(r"(?:暂停|停止|中止|延长|废止|取消)[^，。；]{0,30}$")
_BOOK = regex(r"《(?P<name>[^《》]{2,80})》(?P<after>(?:草案|修正案|修订草案|征求意见稿)?)")


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page that reports, in text order; several of one instrument are still apart."""
    text = article.text
    found: list[Candidate] = []
    for start, end in evidence_sentences(text):
        if len(found) >= LIMIT:
            break
        sentence = text[start:end]
        found.extend(in_passing(article, start, end))
        if ISSUE.search(sentence) is None and DO.search(sentence) is None and "《" not in sentence:
            continue
        found.extend(_sentence(article, start, end))
    short_names(found)
    one_agreement(found)
    dated_by_paragraph(article, found)
    for candidate in found:
        if candidate.action == "other":
            candidate.action = usual_action(candidate.instrument, named=candidate.strength == 3)
    found = fold_into_topic(article, found)
    fold_same_deeds(article, found)
    of_the_page(found)
    return found


def _sentence(article: Article, start: int, end: int) -> list[Candidate]:
    text = article.text
    sentence = text[start:end]
    found: list[Candidate] = []
    numbers = find_numbers(text, start, end)
    bodies = bodies_in(text, start, end)
    dates = dates_in(text, start, end, article.published)
    edge, touched = start, None
    for number in numbers:
        verb = _TOUCHED.search(text[start : number.start])
        # `暂停第1号……，第2号……`: the verb goes on to the next number of the list
        touched = verb[0] if verb else touched if not ISSUE.search(text, edge, number.start) else None
        found.append(_numbered(article, start, end, number, bodies, dates, touched))
        edge = number.end
    for match in _BOOK.finditer(text, start, end):
        if any(n.name_span and n.name_span[0] <= match.start("name") < n.name_span[1] for n in numbers):
            continue
        candidate = named_in_marks(article, start, end, match, bodies, dates)
        if candidate is not None:
            found.append(candidate)
    question = sentence.rstrip().endswith(("？", "?"))
    if not any(c.kept and c.salience == "news" for c in found):
        found.extend(bare_nouns(article, start, end, bodies, dates))
    if not found or not any(c.kept and c.rule in {"number issued", "noun issued"} for c in found):
        done = deed(article, start, end, bodies, dates, question=question)
        if done is not None:
            found.append(done)
    return found


def _numbered(
    article: Article,
    start: int,
    end: int,
    number: Number,
    bodies: tuple[Mention, ...],
    dates: list[When],
    touched: str | None,
) -> Candidate:
    """`touched`: the verb that suspends or ends what the number names, with the words up to the number."""
    text = article.text
    sentence = text[start:end]
    issuers = number.issuers or acting(text, start, number.start, bodies)
    printed = number.printed or tuple(chinese_name(name) for name in issuers)
    if not printed and "商务部" in f"{article.title or ''}{article.source}":
        issuers, printed = ("Ministry of Commerce",), ("商务部",)
    before = [w for w in dates if w.end <= number.start and not text.startswith(("起", "公告起"), w.end)]
    issued = next((w.value for w in reversed(before) if w.value[:4] == number.year), number.year)
    noun = instrument_of_title(number.name) if number.name else None
    instrument: Instrument = number.kind if number.kind != "letter" else "notice"
    if noun and instrument in {"order", "notice"}:
        instrument = noun.instrument
    name_start, name_end = number.start, number.end
    day = re.search(r"\d{1,2}月\d{1,2}日公告[（(]$", text[max(start, number.start - 14) : number.start])
    if day:
        name_start, name_end = number.start - len(day[0]), min(end, number.end + 1)
    status: Status = "issued"
    if touched and touched.startswith(("停止", "废止", "取消")):
        status = "repealed"
    what = re.search(r"公布(?P<what>对[^，。；]{6,60}?(?:裁定|决定|调查|措施))", sentence)
    candidate = Candidate(
        rule="number issued",
        trigger=text[number.start : number.end],
        title=number.name or (what["what"] if what else text[name_start:name_end]),
        instrument=instrument,
        head="公告" if number.kind == "announcement" else "令",
        number=number.normal(printed=printed, year=issued[:4] if issued else None),
        issuers=issuers,
        issued_on=issued,
        effective_on=entry_day(text, number.end, end, article.published) if not touched else None,
        status=status,
        salience="background" if touched else salience_of(issued, article.published),
        action=action_of(sentence),
        regions=regions_zh(sentence),
        sectors=sectors_zh(what["what"] if what else "", sentence, sentence),
        entities=entities_of(sentence),
        evidence=[(start, end)],
        strength=3,
        reason="has a document number",
    )
    if touched:
        candidate.rule = "number touched"
    if re.search(r"详见[^，。；]{0,20}$", text[start : number.start]):
        candidate.salience = "background"
    return candidate
