"""Whether a page is another address of a document that is held: by its number or its headline, and then word by word.

A ministry prints one document at several addresses: in the column and in the year's index, on a bureau's site, on the
export-control portal, under the address it had before a migration. Copies whose words are the same are one article
with several addresses. Copies that differ stay apart, and a person is told; two documents may share a headline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows, value
from db.issues import add_issue, close_issues
from db.keeping.duplicates import title_key
from db.linking import number_key
from db.names import digest, folded, is_gateway, moment_of
from pipeline.model import Article, Issue

DIFFER = "copies_differ"
DAYS_APART = 3
"""Copies without a number are of one week: the same headline half a year later is another occasion."""
_MOST_CANDIDATES, _MOST_REVISIONS = 12, 20
DOCUMENTS = ("announcement", "press_conference", "remarks")
"""Kinds of page that a ministry puts up at several addresses; news is grouped by `duplicate_of` instead."""
_MINISTRY = ("商务部", "中华人民共和国商务部", "")
"""Bodies under which the ministry's numbers are printed; its own pages leave it out at times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which article a page is of."""

    id: str
    alias: bool
    """Whether the page is another address of an article that is known already."""


def identity_of(db: Database, article: Article, canonical: str, now: datetime, run_id: int | None) -> Identity | None:
    """The article that a page belongs to, if it is known: by address, else by number or headline and its words."""
    known = row(db, "SELECT article_id, reason FROM article_urls WHERE canonical_url = ?", [canonical])
    if known and known["reason"] != "same_document":
        return Identity(id=known["article_id"], alias=is_gateway(article.url or ""))
    if known:
        if _holds(db, known["article_id"], article):
            return Identity(id=known["article_id"], alias=True)
        # the copy has gone its own way: it becomes an article of its own, and a person is told
        db.conn.execute("DELETE FROM article_urls WHERE canonical_url = ?", [canonical])
        _tell_apart(db, article, known["article_id"], now, run_id)
        return None
    numbered = list(_same_number(db, article))
    for other in (*numbered, *_same_headline(db, article)):
        if _holds(db, other["id"], article):
            return Identity(id=other["id"], alias=True)
    for other in numbered:
        if other["kind"] == article.kind and not other["number_key"].startswith("|"):
            _tell_apart(db, article, other["id"], now, run_id)
    return None


def close_settled(db: Database, article: Article, identity: str, now: datetime) -> None:
    """Close the issue of copies that differed, where an edit has brought the words of one to those of the other."""
    if not value(db, "SELECT 1 FROM issues WHERE kind = ? AND closed_at IS NULL LIMIT 1", [DIFFER]):
        return
    for other in _same_number(db, article):
        if other["id"] != identity and _says_now(db, other["id"], article):
            for url in (article.url or "", value(db, "SELECT url FROM articles WHERE id = ?", [other["id"]])):
                close_issues(db, url=url, kinds=(DIFFER,), reason="the copies say the same now", now=now)


def document_key(article: Article) -> str | None:
    """The key of the document number that a ministry's page carries in its own header block, if it does."""
    return number_key(article.number, None)


def same_words(one: str, other: str, *, headlines: Collection[str | None] = (), files: Collection[str] = ()) -> bool:
    """Whether two texts are one but for white space, paragraphs, furniture and lists of attached files.

    `headlines`: titles and numbers, which a copy may repeat above its text; `files`: names of attached files.
    """
    repeated = [folded(headline) for headline in headlines if headline]
    names = {_FILE_END.sub("", folded(name)) for name in files}
    mine, theirs = ("".join(_said(text, repeated, names)) for text in (one, other))
    return mine == theirs and bool(mine)


def _said(text: str, repeated: Sequence[str], names: Collection[str]) -> Iterator[str]:
    lines = [line for printed in text.split("\n") if (line := folded(printed).translate(_MARKS))]
    for at, line in enumerate(lines):
        if at < _NEAR and len(line) > 2 and any(line in headline for headline in repeated):
            continue
        if (at < _NEAR or at >= len(lines) - _NEAR) and _AROUND.fullmatch(line):
            continue
        if not _ATTACHED.fullmatch(line) and not _FILE_END.search(line) and line not in names:
            yield line


def _holds(db: Database, identity: str, article: Article) -> bool:
    """Whether some revision of an article has the same words."""
    wanted = digest(folded(article.text))
    held = rows(db, _REVISIONS, [identity])
    return any(revision["text_digest"] == wanted or _agree(revision, article) for revision in held)


def _says_now(db: Database, identity: str, article: Article) -> bool:
    """Whether the newest revision of an article has the same words."""
    newest = row(db, _REVISIONS, [identity])
    return newest is not None and _agree(newest, article)


def _agree(held: Mapping[str, Any], article: Article) -> bool:
    headlines = (held["title"], held["number"], article.title, article.number)
    files = [*(file["name"] for file in json.loads(held["attachments"])), *(f.name for f in article.attachments)]
    return same_words(held["text"], article.text, headlines=headlines, files=files)


def _same_number(db: Database, article: Article) -> Iterator[dict[str, Any]]:
    for each in keys_of_copies(document_key(article)):
        yield from rows(db, _BY_NUMBER, [each, article.language, article.source])


def keys_of_copies(key: str | None) -> list[str]:
    """The keys that documents of one number may have; one that prints no body may be the ministry's."""
    if key is None:
        return []
    body, _, rest = key.partition("|")
    numbered = rest.startswith(("announcement|", "order|")) and body in _MINISTRY
    return [f"{one}|{rest}" for one in _MINISTRY] if numbered else [key]


def _same_headline(db: Database, article: Article) -> Iterator[dict[str, Any]]:
    """Documents of one week and headline, of which at most one says its number."""
    headline, day = title_key(article.title), moment_of(article.published)
    if article.kind not in DOCUMENTS or headline is None or day is None:
        return
    yield from rows(
        db,
        _BY_HEADLINE,
        {
            "title": headline,
            "source": article.source,
            "language": article.language,
            "kind": article.kind,
            "number": document_key(article),
            "day": day,
        },
    )


def _tell_apart(db: Database, article: Article, other: str, now: datetime, run_id: int | None) -> None:
    url = value(db, "SELECT url FROM articles WHERE id = ?", [other])
    detail = f"{article.number or article.title}: the copy here differs from {url}; both are kept"
    issue = Issue(kind=DIFFER, source=article.source, url=article.url or "", detail=detail)
    add_issue(db, issue, run_id=run_id, now=now)


_NEAR = 8
"""Lines at either end of a text among which furniture and a repeated headline stand."""
_MARKS = str.maketrans(
    {**dict.fromkeys("“”„‟«»＂", '"'), **dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)
_FILE_END = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z)(?:\([^()]{1,20}\))?$")

# lines are folded: no white space, one width, lower case
_ATTACHED = re.compile(
    r"(?:附件|附表|附录|附|annex|attachments?|appendix)[\d一二三四五六七八九十]{0,2}(?:下载|列表)?(?::.{0,200})?"
)
_AROUND = re.compile(
    r"""[\[【(]?(?:(?:文章|信息|稿件)?来源|责任编辑|责编|编辑|发布单位|发文单位|发文机关|发布文号|发文字号|文号|发文日期|发布日期
      |发布时间|成文日期|浏览次数|点击数|字号|字体|分享到?|相关(?:链接|附件|阅读|新闻|文件)|免责声明
      |source|editor|issuedby|tags?)(?:[】\]]|\)?:).{0,120}
    |(?:[\[【(]?(?:打印(?:本页)?|关闭(?:窗口|本页)?|分享|收藏|大|中|小|返回(?:顶部|列表)?|print|close|share)[\]】)]?[|/]?){1,8}
    |\(?allinformationpublishedonthiswebsiteisauthenticinchinese.{0,120}""",
    re.VERBOSE,
)

_REVISIONS = f"""
SELECT text, text_digest, title, number, attachments FROM revisions WHERE article_id = ?
ORDER BY revision DESC LIMIT {_MOST_REVISIONS}
"""  # noqa: S608
_BY_NUMBER = f"""
SELECT id, kind, number_key FROM articles WHERE number_key = ? AND language = ? AND source = ?
ORDER BY seq LIMIT {_MOST_CANDIDATES}
"""  # noqa: S608
_BY_HEADLINE = f"""
SELECT id, kind, number_key FROM articles
WHERE title_key = :title AND source = :source AND language = :language AND kind = :kind
  AND (number_key IS NULL OR :number IS NULL) AND abs(julianday(sort_at) - julianday(:day)) <= {DAYS_APART}
ORDER BY seq LIMIT {_MOST_CANDIDATES}
"""  # noqa: S608
