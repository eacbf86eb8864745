"""One page, one article: `parse` and `extract`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from cli.boundary import Refused, examples

if TYPE_CHECKING:
    from pipeline.model import Article, Dropped, Listing, PolicyAnnouncement, Quote


@click.command(
    epilog=examples(
        "policywire parse story.html --url https://www.chinadaily.com.cn/a/202609/14/WS….html",
        "curl -s URL | policywire parse - --url URL",
    )
)
@click.argument("file", type=click.File("rb"))
@click.option("--url", required=True, help="The address the page was saved from; it decides the layout.")
def parse(file: IO[bytes], url: str) -> None:
    """Parse one saved page (article or listing) and print it as JSON.

    A page of no known layout gives exit status 1 and says which selector failed.
    """
    from pipeline.articles import parse as parse_page
    from pipeline.html import PageError
    from pipeline.model import Article, Page
    from spiders.source import SOURCES

    try:
        host = urlsplit(url).hostname
    except ValueError as error:
        raise Refused(f"--url {url!r} is no web address ({error}); give the address the page was saved from") from error
    source = next((source.name for source in SOURCES.values() if source.owns(host or "")), "unknown")
    page = Page(url=url, source=source, body=file.read(), fetched_at=datetime.now(UTC))
    try:
        parsed = parse_page(page)
    except PageError as error:
        click.echo(f"policywire: {error}", err=True)
        sys.exit(1)
    record = _article_record(parsed) if isinstance(parsed, Article) else _listing_record(parsed)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def _article_record(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "authors": list(article.authors),
        "credit": article.credit,
        "section": list(article.section),
        "published": article.published,
        "updated": article.updated,
        "language": article.language,
        "text": article.text,
        "captions": list(article.captions),
        "attachments": [{"url": a.url, "name": a.name} for a in article.attachments],
        "number": article.number,
        "layout": article.layout,
        "kind": article.kind,
        "header": dict(article.header),
        "editors": list(article.editors),
        "next_pages": list(article.next_pages),
        "links": list(article.links),
        "translations": list(article.translations),
    }


def _listing_record(listing: Listing) -> dict[str, Any]:
    return {
        "url": listing.url,
        "title": listing.title,
        "layout": listing.layout,
        "rows": [{"url": row.url, "title": row.title, "published": row.published} for row in listing.rows],
        "next_page": listing.next_page,
        "pages": listing.pages,
    }


@click.command(
    epilog=examples(
        "policywire extract articles.jsonl > statements.jsonl",
        "policywire extract story.txt --published 2026-09-14",
        "zcat archive.jsonl.gz | policywire extract -",
        "policywire extract --explain story.txt | jq '.quotes[].why, .dropped'",
    )
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["auto", "jsonl", "text"]), default="auto", show_default=True)
@click.option("--published", help="Publication date of a text file, e.g. 2026-09-14.")
@click.option("--title", help="Headline of a text file.")
@click.option("--source", help="Source of a text file, e.g. mofcom.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of a text file; found out if not given.")
@click.option("--explain", is_flag=True, help="Say of every record why it was made, and of the rest why it was not.")
def extract(files: tuple[Path, ...], form: str, explain: bool, **fields: str | None) -> None:
    """Print the quotes and policy announcements of articles, one JSON object a line, as they come.

    Reads articles as JSON lines, or a plain text file as one article (with NAME.meta.json beside NAME.txt for its
    date and title where there is one). A line that is no article gives an error line and exit status 1 at the end.
    """
    from pipeline.extract import extract as extract_article
    from pipeline.extract import find_dropped, read_article

    failed = False
    for line in _article_lines(files or (Path("-"),), form, {k: v for k, v in fields.items() if v is not None}):
        name = line.get("id") if isinstance(line, dict) else None
        try:
            if error := line.get("error"):
                raise ValueError(error)
            article = read_article(line)
            statements = extract_article(article)
            record: dict[str, Any] = {
                "id": article.id,
                "quotes": [_statement_record(quote, explain) for quote in statements.quotes],
                "policies": [_statement_record(policy, explain) for policy in statements.policies],
            }
            if explain:
                record["dropped"] = [_dropped_record(dropped) for dropped in find_dropped(article)]
        except Exception as error:  # noqa: BLE001 - a command's boundary: one bad article must not end the stream
            failed = True
            expected = isinstance(error, ValueError)
            record = {"id": name, "error": str(error) if expected else f"extractor failed: {error!r}"}
        click.echo(_as_json(record))
    if failed:
        sys.exit(1)


def _statement_record(statement: Quote | PolicyAnnouncement, explain: bool) -> dict[str, Any]:
    record = {**statement.as_record(), "confidence": statement.confidence}
    if explain and statement.why is not None:
        record["why"] = statement.why.as_record()
    return record


def _dropped_record(dropped: Dropped) -> dict[str, Any]:
    span = dropped.span
    place = {"text": span.text, "start": span.start, "end": span.end}
    return {"kind": dropped.kind, **place, "reason": dropped.reason, "why": dropped.why.as_record()}


def _as_json(record: dict[str, Any]) -> str:
    """The record as one line of JSON; what no UTF-8 can hold (half a surrogate pair) is written as its escape."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def _article_lines(files: Iterable[Path], form: str, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every article of the files as its JSON object; a line that is none as `{"error": …}`."""
    for path in files:
        name = "standard input" if str(path) == "-" else str(path)
        try:
            with click.open_file(str(path), "rb") as stream:
                yield from _lines_of(stream, path, name, form, fields)
        except OSError as error:
            raise Refused(f"{name}: cannot be read ({error.strerror}); give a JSON lines or text file") from error


def _lines_of(stream: IO[bytes], path: Path, name: str, form: str, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    head: list[bytes] = []
    if form == "auto":
        form = {".jsonl": "jsonl", ".json": "jsonl", ".ndjson": "jsonl", ".txt": "text"}.get(path.suffix, "auto")
    if form == "auto":
        head, form = _told_apart(stream)
    if form == "text":
        yield _text_line(b"".join(head) + stream.read(), path, name, fields)
        return
    for number, raw in enumerate(_chained(head, stream), start=1):
        if raw.strip():
            yield _json_line(raw, f"{name}:{number}")


def _told_apart(stream: IO[bytes]) -> tuple[list[bytes], str]:
    """The first lines of `stream`, and whether they are JSON lines or text; an empty stream is no lines.

    Reads no further than the first line that tells, for whoever writes may wait for the answer to it.
    """
    head: list[bytes] = []
    for line in islice(stream, 20):
        head.append(line)
        if line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
            return head, "jsonl"
    return head, "text" if any(line.strip() for line in head) else "jsonl"


def _chained(head: list[bytes], stream: IO[bytes]) -> Iterator[bytes]:
    yield from head
    yield from stream


def _json_line(raw: bytes, place: str) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"{place}: is no JSON object: {error}"}
    if not isinstance(line, dict):
        return {"id": None, "error": f"{place}: is no JSON object but {type(line).__name__}"}
    line.pop("error", None)
    return line


def _text_line(raw: bytes, path: Path, name: str, fields: dict[str, str]) -> dict[str, Any]:
    from pipeline.extract import paragraphs_joined

    meta: dict[str, Any] = {}
    beside = path.with_suffix(".meta.json")
    if beside.is_file():
        try:
            meta = json.loads(beside.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Refused(f"{beside}: is not valid JSON: {error}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name}: is no UTF-8 text ({error.reason} at byte {error.start}); convert it first") from error
    known = ("id", "url", "source", "title", "byline", "published", "language")
    line = {key: value for key, value in meta.items() if key in known} if isinstance(meta, dict) else {}
    return {"id": path.stem if str(path) != "-" else "-", **line, **fields, "text": paragraphs_joined(text)}
