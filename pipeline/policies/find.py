"""From an article to its policy announcements: choose the reader for the page, merge its finds, make the records."""

from __future__ import annotations

from functools import lru_cache

from pipeline.model import Article, PolicyAnnouncement, Span
from pipeline.policies import documents, documents_en, news_en, news_zh
from pipeline.policies.candidates import Candidate, Explained
from pipeline.policies.merge import merged
from pipeline.policies.pages import own_page
from pipeline.text import is_chinese


def find_policies(article: Article) -> tuple[PolicyAnnouncement, ...]:
    """The policy announcements that an article reports, each once, its evidence best first.

    A ministry's own page gives the document itself first, then what it repeals, amends, executes or cites by number;
    other pages give what they report in the order of the text. Pure and deterministic; takes time linear in the text.
    """
    return tuple(item.record for item in explain_policies(article) if item.record is not None)


def explain_policies(article: Article) -> tuple[Explained, ...]:
    """Every candidate with the rule that made it, what set it off, and the record it became or why it became none."""
    return _explained(article)


@lru_cache(maxsize=4)
def _explained(article: Article) -> tuple[Explained, ...]:
    candidates = _candidates(article)
    merged(candidates)
    for candidate in candidates:
        if candidate.kept and not candidate.evidence:
            candidate.drop("no sentence says so")
    return tuple(
        Explained(
            rule=c.rule,
            trigger=c.trigger,
            title=c.title,
            reason=c.reason,
            record=_record(article.text, c) if c.kept else None,
        )
        for c in candidates
    )


def _candidates(article: Article) -> list[Candidate]:
    if not article.text.strip():
        return []
    if is_chinese(article.text):
        page = own_page(article)
        if page is not None:
            own = documents.own_record(article, page)
            return [own, *documents.cited_records(article, page, own)]
        return news_zh.reported_records(article)
    page = own_page(article) if _ministry_page(article) else None
    if page is not None:
        own = documents_en.own_record(article, page)
        return [own, *documents_en.cited_records(article, page, own)]
    return news_en.reported_records(article)


def _ministry_page(article: Article) -> bool:
    return (
        article.source == "mofcom"
        or bool(article.number or article.header)
        or (article.title or "").startswith("MOFCOM")
    )


def _record(text: str, candidate: Candidate) -> PolicyAnnouncement:
    return PolicyAnnouncement(
        title=candidate.title.strip() or text[slice(*candidate.evidence[0])][:60].strip(),
        instrument=candidate.instrument,
        number=candidate.number,
        issuers=tuple(dict.fromkeys(candidate.issuers)),
        issued_on=candidate.issued_on,
        effective_on=candidate.effective_on,
        status=candidate.status,
        salience=candidate.salience,
        action=candidate.action,
        regions=candidate.regions,
        sectors=candidate.sectors,
        entities=candidate.entities,
        evidence=tuple(Span.cut(text, start, end) for start, end in candidate.evidence),
    )
