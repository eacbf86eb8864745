"""The demo's invented news world: stories in TOML files with the truth about them, read strictly.

One file of `demo/world/<site>/*.toml` is one story. Its body carries marks, `{q1}…{/q1}` around the words of a quote,
`{p1}…{/p1}` and `{p1b}…{/p1b}` around the evidence of a policy announcement; each has a `[[quote]]` or `[[policy]]`
record. Marks are cut out with their offsets kept, so that what remains is exactly the text a correct parser gives.

    python -m demo.world            write demo/truth.jsonl
    python -m demo.world --check    only compare it with the stories; exit status 1 if it is out of step
    python -m demo.world FILE…      only validate these files or folders
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from demo import records
from demo.files import MAKERS
from demo.plain import PLAIN
from demo.reading import Reading
from demo.story import BEIJING, DOMAINS, PATHS, TEMPLATES, TODAY, Story
from pipeline.model import Language

__all__ = ["FOLDER", "TODAY", "TRUTH", "Story", "WorldError", "load_stories", "load_world", "main", "truth_lines",
           "truth_records"]  # fmt: skip

FOLDER: Final = Path(__file__).parent / "world"
TRUTH: Final = Path(__file__).parent / "truth.jsonl"
_ID_LAG: Final = timedelta(minutes=3)
_EMAIL: Final = re.compile(r"[\w.]+@[\w.]+")


class WorldError(ValueError):
    """Stories that break the rules of the world; one line of `problems` a mistake, each naming file and field."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_world(folder: Path = FOLDER) -> tuple[Story, ...]:
    """All stories below `folder`, in the order of their ids; raises `WorldError` with every mistake found."""
    return load_stories(sorted(folder.rglob("*.toml")))


def load_stories(files: Iterable[Path]) -> tuple[Story, ...]:
    """The stories of these files, checked one by one and against each other."""
    stories: list[Story] = []
    problems: list[str] = []
    for file in files:
        read = Reading(file=f"{file.parent.name}/{file.name}")
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            read.problem("(file)", f"is not TOML in UTF-8: {error}")
        else:
            if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*\.toml", file.name):
                read.problem("(file)", "its name must be ASCII kebab-case")
            story = _story(raw, read)
            if story is not None:
                stories.append(story)
        problems.extend(read.problems)
    problems.extend(_clashes(stories))
    if problems:
        raise WorldError(problems)
    return tuple(sorted(stories, key=lambda story: story.id))


def truth_records(stories: Iterable[Story], *, changed: bool = False) -> Iterator[dict[str, Any]]:
    """The truth about every article, in the order of their ids; `changed` = after the site edited its stories."""
    for story in sorted(stories, key=lambda story: story.id):
        if story.is_article:
            yield (story.edited if changed and story.edited else story).truth()


def truth_lines(stories: Iterable[Story]) -> str:
    """The content of truth.jsonl."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in truth_records(stories))


# --- reading one file


def _story(raw: dict[str, Any], read: Reading) -> Story | None:
    edit = raw.pop("edited", None)
    story = _read_story(raw, read)
    if edit is None or story is None:
        return story
    if not isinstance(edit, dict):
        read.problem("edited", "must be a table")
        return None
    if fixed := {"id", "site", "template", "host", "path", "aliases", "published"} & edit.keys():
        read.problem("edited", f"cannot change {', '.join(sorted(fixed))}")
        return None
    read.prefix = "edited."
    later = _read_story(raw | edit, read)
    if later is not None and later.updated is None:
        read.problem("updated", "is missing: a story that changes prints when")
    if later is not None and later.text == story.text and later.title == story.title:
        read.problem("body", "is the same as before")
    return replace(story, edited=later)


def _read_story(raw: dict[str, Any], read: Reading) -> Story | None:
    before = len(read.problems)
    raw = dict(raw)
    template = cast("str | None", read.word(raw, "template", tuple(PATHS)))
    published = read.time(raw, "published", needed=True)
    pages = records.bodies(raw, read, textless=template in ("video", "gallery", "gone"))
    text, spans = records.unmarked(pages, read)
    quotes = records.each(raw, "quote", read, lambda table: records.quote(table, text, spans, read))
    annexes = tuple(records.each(raw, "annex", read, lambda table: records.annex(table, read)))
    policies = records.each(raw, "policy", read, lambda table: records.policy(table, text, spans, annexes, read))
    for mark in spans:
        read.problem("body", f"{{{mark}}} has no record")
    values: dict[str, Any] = {
        "id": read.text(raw, "id", needed=True),
        "site": read.word(raw, "site", tuple(DOMAINS)),
        "template": template,
        "host": read.text(raw, "host", needed=True),
        "path": read.text(raw, "path", needed=True),
        "title": read.text(raw, "title", needed=True),
        "language": read.word(raw, "language", Language),
        "published": published,
        "updated": read.time(raw, "updated"),
        "header": records.pairs(raw, read),
        "attachments": records.attachments(raw, read),
        "annexes": annexes,
        "quotes": tuple(sorted(quotes, key=lambda quote: quote.span.start)),
        "policies": tuple(policies),
    }
    for name in ("byline", "credit", "number"):
        values[name] = read.text(raw, name)
    for name in (
        "aliases", "authors", "section", "listings", "captions", "links", "translations", "editors",
    ):  # fmt: skip
        values[name] = read.texts(raw, name)
    read.nothing_left(raw)
    if len(read.problems) > before:
        return None
    split = tuple(tuple(records.MARK.sub("", paragraph) for paragraph in page) for page in pages)
    story = Story(text=text, pages=split, file=read.file, **values)
    _check_address(story, read)
    _check_fields(story, read)
    return story if len(read.problems) == before else None


# --- what must hold


def _check_address(story: Story, read: Reading) -> None:
    template, site = story.template, story.site
    if template != "gone" and template not in TEMPLATES[site]:
        read.problem("template", f"{template} is no template of {site}")
        return
    domain = DOMAINS[site]
    own = domain in (site.domain for site in PLAIN.values())
    if not re.fullmatch(rf"(?:[a-z0-9-]+\.){'*' if own else '+'}{re.escape(domain)}", story.host):
        read.problem("host", f"must lie under {domain}, not {story.host!r}")
    match = next((found for shape in PATHS[template] if (found := re.fullmatch(shape, story.path))), None)
    if match is None:
        read.problem("path", f"is no address of the template {template}: {' or '.join(PATHS[template])}")
        return
    for part in ("year", "month", "day"):
        if (value := match.groupdict().get(part)) and int(value) != getattr(story.published, part):
            read.problem("path", f"its {part} {value} is not that of published {story.published:%Y-%m-%d}")
    if "id" in match.groupdict():
        made = datetime.fromtimestamp(int(match["id"][:8], 16), BEIJING)
        if not timedelta() <= made - story.published <= _ID_LAG:
            right = f"{int(story.published.timestamp()) + 27:08x}"
            read.problem("path", f"its id says {made:%Y-%m-%d %H:%M:%S}; for this time begin it with WS{right}")
    for alias in story.aliases:
        if urlsplit(alias).scheme != "https" or not (urlsplit(alias).hostname or "").endswith(f".{domain}"):
            read.problem("aliases", f"must be https addresses under {domain}, not {alias!r}")
    for listing in story.listings:
        if not listing.startswith(("/", "https://")):
            read.problem("listings", f"must be paths or https addresses, not {listing!r}")


def _check_fields(story: Story, read: Reading) -> None:
    if story.updated and story.updated < story.published:
        read.problem("updated", "is before published")
    if story.published.date() > TODAY:
        read.problem("published", f"is after the demo's today, {TODAY}")
    if story.site == "mofcom" and (story.byline or story.authors):
        read.problem("byline", "MOFCOM pages have none; use credit")
    for annex in story.annexes:
        if annex.path not in {file.url for file in story.attachments}:
            read.problem("annex", f"{annex.path} is none of the attachments")
        elif annex.path.rpartition(".")[2] not in MAKERS:
            read.problem("annex", f"{annex.path} ends in none of {', '.join(MAKERS)}")
    known = f"{story.text}\n{story.title}"
    for name in story.authors:
        if name.split()[-1].lower() not in (story.byline or "").lower():
            read.problem("authors", f"{name!r} does not stand in the byline")
    if found := _EMAIL.search(story.text):
        read.problem("body", f"an address such as {found[0]!r} is furniture; the templates print it")
    for quote in story.quotes:
        where = f"quote {quote.span.text[:30]!r}"
        for speaker in quote.speaker.split(" and "):
            if speaker.lower() not in known.lower():
                read.problem(where, f"the speaker {speaker!r} is not printed in body or title")
        for name in ("title", "organization"):
            value = getattr(quote, name)
            if value is not None and value.lower() not in known.lower():
                read.problem(where, f"the {name} {value!r} is not printed in body or title")
    for one, two in pairwise(story.quotes):
        if two.span.start < one.span.end:
            read.problem(f"quote {two.span.text[:30]!r}", "overlaps the one before it")
    own = [policy for policy in story.policies if policy.number == story.number]
    if story.number and story.template in ("announcement", "order", "uel") and not own:
        read.problem("policy", f"none has the page's own number {story.number!r}")


def _clashes(stories: Sequence[Story]) -> Iterator[str]:
    """Ids and addresses that two stories claim."""
    owners: dict[str, str] = {}
    for story in stories:
        for name, value in (("id", story.id), ("path", story.url), *(("aliases", alias) for alias in story.aliases)):
            if value in owners:
                yield f"{story.file}: {name}: {value} is taken by {owners[value]}"
            owners.setdefault(value, story.file)


# --- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate the stories and write or compare truth.jsonl; 0 if all is well."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.world", description="Validate the demo world, write its truth"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if truth.jsonl is out of step")
    parser.add_argument("paths", nargs="*", type=Path, help="only validate these files or folders")
    options = parser.parse_args(arguments)
    paths = options.paths or [FOLDER]
    files = [file for path in paths for file in (sorted(path.rglob("*.toml")) if path.is_dir() else [path])]
    try:
        stories = load_stories(files)
    except WorldError as error:
        print(error, file=sys.stderr)
        return 1
    for site in DOMAINS:
        own = [story for story in stories if story.site == site]
        templates = Counter(story.template for story in own)
        print(
            f"{site}: {sum(len(story.pages) + len(story.aliases) for story in own)} pages of {len(own)} stories, "
            f"{sum(len(story.quotes) for story in own)} quotes, {sum(len(story.policies) for story in own)} policies; "
            + ", ".join(f"{name} {count}" for name, count in sorted(templates.items()))
        )
    if options.paths:
        return 0
    lines = truth_lines(stories)
    if options.check:
        if not TRUTH.exists() or TRUTH.read_text(encoding="utf-8") != lines:
            print(f"{TRUTH.name} is out of step with the stories: run python -m demo.world", file=sys.stderr)
            return 1
        return 0
    TRUTH.write_text(lines, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
