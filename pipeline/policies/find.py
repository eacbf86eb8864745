"""From an article to its policy announcements: choose the reader for the page, merge its finds, make the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.model import Article, Dropped, PolicyAnnouncement, Span, Why
from pipeline.patterns import regex
from pipeline.policies import documents, documents_en, ministry_en, news_en, news_zh
from pipeline.policies.annexed import with_annexes
from pipeline.policies.candidates import Candidate
from pipeline.policies.confidence import confidence
from pipeline.policies.merge import merged
from pipeline.policies.pages import own_page
from pipeline.text import is_chinese


def find_policies(article: Article, annexes: Sequence[str] = ()) -> tuple[PolicyAnnouncement, ...]:
    """The policy announcements that an article reports, each once, its evidence best first.

    A ministry's own page gives the document itself first, then what it repeals, amends, executes or cites by number;
    other pages give what they report in the order of the text. What the page's `annexes` (their texts) list goes to
    the document itself. Pure and deterministic; takes time linear in the text.
    """
    found = [_record(article.text, candidate) for candidate in find_candidates(article)]
    return with_annexes(found, annexes)


def find_candidates(article: Article) -> tuple[Candidate, ...]:
    """The same as the finder passes them on, with rule and what its confidence rests on."""
    return tuple(candidate for candidate in _decided(article) if candidate.kept)


def find_dropped(article: Article) -> tuple[Dropped, ...]:
    """What was considered and became no record of its own, each with its rule and the reason; for `--explain`."""
    return tuple(
        Dropped(
            span=Span.cut(article.text, *candidate.evidence[0]),
            kind="policy",
            why=_why(candidate),
            reason=candidate.reason,
        )
        for candidate in _decided(article)
        if not candidate.kept and candidate.evidence
    )


@lru_cache(maxsize=4)
def _decided(article: Article) -> tuple[Candidate, ...]:
    candidates = _candidates(article)
    merged(candidates)
    for candidate in candidates:
        if candidate.kept and not candidate.evidence:
            candidate.drop("no sentence says so")
    return tuple(candidates)


def _candidates(article: Article) -> list[Candidate]:
    if not article.text.strip():
        return []
    if is_chinese(article.text):
        page = own_page(article)
        if page is not None:
            own = documents.own_record(article, page)
            return [own, *documents.cited_records(article, page, own)]
        return news_zh.reported_records(article)
    document = _full_text(article) or (article if _ministry_page(article) else None)
    page = own_page(document) if document is not None else None
    if document is not None and page is not None:
        own = documents_en.own_record(document, page)
        return [own, *documents_en.cited_records(document, page, own)]
    if article.source == "mofcom":
        return ministry_en.reported_records(article)
    return news_en.reported_records(article)


_FULL_TEXT = regex(r"\s*[Ff]ull [Tt]ext(?: of)?\s*[:：-]\s*(?P<title>\S.*)")


def _full_text(article: Article) -> Article | None:
    """A document that somebody else prints in full, under its own title: `Full text: Circular of …`."""
    match = _FULL_TEXT.fullmatch(article.title or "")
    return replace(article, title=match["title"]) if match else None


def _ministry_page(article: Article) -> bool:
    return (
        article.source == "mofcom"
        or bool(article.number or article.header)
        or (article.title or "").startswith("MOFCOM")
    )


def _record(text: str, candidate: Candidate) -> PolicyAnnouncement:
    return PolicyAnnouncement(
        title=candidate.title.strip(" ,;:，；：").strip() or text[slice(*candidate.evidence[0])][:60].strip(),
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
        confidence=confidence(candidate),
        why=_why(candidate),
        evidence=tuple(Span.cut(text, start, end) for start, end in candidate.evidence),
    )


def _why(candidate: Candidate) -> Why:
    actor = (candidate.actor,) if candidate.actor and candidate.actor not in candidate.issuers else ()
    return Why(
        rule=candidate.rule, cue=candidate.trigger, chain=(*actor, *candidate.issuers), notes=(candidate.reason,)
    )
