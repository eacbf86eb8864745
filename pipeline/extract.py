"""Article -> statements: the one call that everything downstream makes, and the reader of article lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from pipeline.model import Article, Dropped, Language, Statements
from pipeline.policies import find_dropped as find_dropped_policies
from pipeline.policies import find_policies
from pipeline.policies.relations import find_relations
from pipeline.quotes import explain_quotes, find_quotes
from pipeline.text import is_chinese

EXTRACTOR_VERSION = "2026.11.4"
"""Goes up with every change that can change a statement; stored beside each one."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_TIME = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ](\d\d:\d\d)(?::(\d\d))?\s*(Z|[+-]\d\d:?\d\d)?)?$")


class NotAnArticle(ValueError):
    """A line or file that is no article; the message names the field and what it must be."""


def extract(article: Article, annexes: Sequence[str] = ()) -> Statements:
    """All quotes and policy announcements of `article`, in text order.

    `annexes` are the texts of its attached files: what they list goes to the announcement that the page is. Pure and
    deterministic. Offsets are code points into `article.text`.
    """
    policies = find_policies(article, annexes)
    return Statements(
        quotes=find_quotes(article),
        policies=policies,
        version=EXTRACTOR_VERSION,
        relations=find_relations(article, policies),
    )


def find_dropped(article: Article) -> tuple[Dropped, ...]:
    """What looked like a statement of `article` and was dropped, with the reason, in text order."""
    dropped = (*explain_quotes(article)[1], *find_dropped_policies(article))
    return tuple(sorted(dropped, key=lambda candidate: (candidate.span.start, candidate.span.end, candidate.kind)))


def read_article(line: Mapping[str, Any]) -> Article:
    """The article in one JSON object: `id` and `text`, and as known `url`, `source`, `title`, `byline`,
    `published` (ISO prefix, or `YYYY-MM-DD HH:MM` in Beijing time) and `language`.

    Raises NotAnArticle that names the field.
    """
    values = {name: _text_field(line, name) for name in _FIELDS}
    if values["id"] is None:
        raise NotAnArticle("id: missing; every article needs one")
    if values["text"] is None:
        raise NotAnArticle("text: missing; an article needs its body as a string")
    language = values["language"]
    if language is not None and language not in get_args(Language):
        raise NotAnArticle(f"language: must be one of {', '.join(get_args(Language))}, not {language!r}")
    text = values["text"]
    return Article(
        id=values["id"],
        url=values["url"],
        source=values["source"] or "unknown",
        title=values["title"],
        authors=(values["byline"],) if values["byline"] else (),
        published=_published(values["published"]),
        language=("zh" if is_chinese(text) else "en") if language is None else language,  # type: ignore[arg-type]
        text=text,
    )


def paragraphs_joined(text: str) -> str:
    """Plain text as an article's body: paragraphs end at blank lines, white space inside one is folded."""
    paragraphs = (" ".join(part.split()) for part in _BLANK_LINES.split(text.replace("\r\n", "\n")))
    return "\n\n".join(part for part in paragraphs if part)


_FIELDS = ("id", "url", "source", "title", "byline", "published", "language", "text")


def _text_field(line: Mapping[str, Any], name: str) -> str | None:
    value = line.get(name)
    if value is not None and not isinstance(value, str):
        raise NotAnArticle(f"{name}: must be a string, not {type(value).__name__}")
    return value


def _published(value: str | None) -> str | None:
    """An ISO prefix; a time without a zone is Beijing's, as on both sites."""
    if value is None or not value.strip():
        return None
    match = _TIME.match(value.strip())
    wrong = f'published: must be like "2026-03-01 09:30", "2026-03-01" or "2026-03", not {value!r}'
    if not match:
        raise NotAnArticle(wrong)
    day, minute, second, zone = match.groups()
    printed = f"{day}T{minute}:{second or '00'}{zone or '+08:00'}" if minute else day
    try:
        datetime.fromisoformat(printed if minute else (day + "-01-01")[:10])
    except ValueError as error:
        raise NotAnArticle(wrong) from error
    return printed
