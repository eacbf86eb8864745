"""The command `policywire`: reads its arguments, wires the parts together, says in one line what went wrong."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from config import Config
    from pipeline.model import Article, Listing

# What is heavy (scrapy, datasette, the site) is imported by the command that needs it: `extract` must start at once.

VERSION = "0.1.0"


class Refused(click.ClickException):
    """Something the user can put right: one line, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"policywire: {self.format_message()}", err=True, file=file)


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_examples("policywire demo", "policywire crawl mofcom --since 2026-09-01", "policywire status"),
)
@click.version_option(VERSION, prog_name="policywire")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file; else $POLICYWIRE_CONFIG, else ./policywire.toml, else the defaults.",
)
@click.pass_context
def policywire(context: click.Context, config_file: Path | None) -> None:
    """A watch desk for Chinese trade and industry policy: announcements and quoted executives, with their evidence."""
    context.obj = config_file


def main() -> None:
    """Entry point of the console script."""
    try:
        policywire.main(standalone_mode=True)
    except BrokenPipeError:
        # the reader has gone (`policywire extract … | head`); nothing is lost and nobody is there to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@contextmanager
def _told() -> Iterator[None]:
    """Turns the errors that users cause into one line and exit status 2."""
    from config import ConfigError

    try:
        yield
    except ConfigError as error:
        raise Refused(str(error)) from error


def _config(context: click.Context) -> Config:
    from config import load_config

    with _told():
        return load_config(context.obj)


# ---------------------------------------------------------------- one page, one article


@policywire.command(
    epilog=_examples(
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
    from datetime import UTC, datetime

    from pipeline.articles import parse as parse_page
    from pipeline.html import PageError
    from pipeline.model import Article, Page

    page = Page(url=url, source="saved", body=file.read(), fetched_at=datetime.now(UTC))
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


@policywire.command(
    epilog=_examples(
        "policywire extract articles.jsonl > statements.jsonl",
        "policywire extract story.txt --published 2026-09-14",
        "zcat archive.jsonl.gz | policywire extract -",
    )
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["auto", "jsonl", "text"]), default="auto", show_default=True)
@click.option("--published", help="Publication date of a text file, e.g. 2026-09-14.")
@click.option("--title", help="Headline of a text file.")
@click.option("--source", help="Source of a text file, e.g. mofcom.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of a text file; found out if not given.")
def extract(files: tuple[Path, ...], form: str, **fields: str | None) -> None:
    """Print the quotes and policy announcements of articles, one JSON object a line, as they come.

    Reads articles as JSON lines, or a plain text file as one article (with NAME.meta.json beside NAME.txt for its
    date and title where there is one). A line that is no article gives an error line and exit status 1 at the end.
    """
    from pipeline.extract import extract as extract_article
    from pipeline.extract import read_article

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
                "quotes": [quote.as_record() for quote in statements.quotes],
                "policies": [policy.as_record() for policy in statements.policies],
            }
        except Exception as error:  # noqa: BLE001 - a command's boundary: one bad article must not end the stream
            failed = True
            expected = isinstance(error, ValueError)
            record = {"id": name, "error": str(error) if expected else f"extractor failed: {error!r}"}
        click.echo(json.dumps(record, ensure_ascii=False))
    if failed:
        sys.exit(1)


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
        head = [line for _, line in zip(range(20), stream, strict=False)]
        form = "jsonl" if any(line.lstrip().startswith(b"{") for line in head) else "text"
    if form == "text":
        yield _text_line(b"".join(head) + stream.read(), path, name, fields)
        return
    for number, raw in enumerate(_chained(head, stream), start=1):
        if raw.strip():
            yield _json_line(raw, f"{name}:{number}")


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


if __name__ == "__main__":
    main()
