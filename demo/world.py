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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast, get_args
from urllib.parse import urlsplit

from pipeline.model import (
    Action,
    Attachment,
    Instrument,
    Language,
    PolicyAnnouncement,
    Quote,
    QuoteKind,
    Role,
    Salience,
    Span,
    SpeakerType,
    Status,
)

_Record = TypeVar("_Record")
Site = Literal["china_daily", "mofcom"]
Template = Literal[
    "today", "content_2013", "print", "no_info", "gallery", "video", "opinion", "chinese", "multipage",
    "announcement", "order", "uel", "english", "english_press", "zh_press", "zh_press_2026", "remarks", "news",
    "shtml_zh", "shtml_en", "aarticle", "gone",
]  # fmt: skip

FOLDER: Final = Path(__file__).parent / "world"
TRUTH: Final = Path(__file__).parent / "truth.jsonl"
TODAY: Final = date(2026, 9, 18)
"""The day on which the demo world stands still."""
BEIJING: Final = timezone(timedelta(hours=8))

DOMAINS: Final[Mapping[Site, str]] = {"china_daily": "chinadaily.com.cn", "mofcom": "mofcom.gov.cn"}
_WS = r"/a/(?P<year>\d{4})(?P<month>\d{2})/(?P<day>\d{2})/WS(?P<id>[0-9a-f]{24})\.html"
_ART = r"(?:/[A-Za-z0-9]+)+/art/(?P<year>\d{4})/art_[0-9a-f]{32}\.html"
_OLD_ID = r"(?P<year>\d{4})(?P<month>\d{2})/(?P=year)(?P=month)\d{8}"
_SHTML = rf"/article(?:/[a-z]+)+/{_OLD_ID}\.shtml"
_XWFBZT = r"/xwfbzt/(?P<year>\d{4})/swbzklxxwfbh(?P=year)n(?P<month>[1-9]\d?)y(?P<day>[1-9]\d?)r/index\.html"
_CONTENT = r"(?:/[a-z0-9]+){1,2}/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d{7,8}\.htm"
_AARTICLE = rf"/aarticle(?:/[a-z]+)+/{_OLD_ID}\.html"
PATHS: Final[Mapping[Template, tuple[str, ...]]] = {
    "today": (_WS,),
    "content_2013": (_CONTENT,),
    "print": (_WS,),
    "no_info": (_WS,),
    "gallery": (_WS,),
    "video": (_WS,),
    "opinion": (_WS,),
    "chinese": (_WS,),
    "multipage": (_WS,),
    "announcement": (_ART,),
    "order": (_ART,),
    "uel": (_ART,),
    "english": (_ART,),
    "english_press": (_ART,),
    "zh_press": (_ART,),
    "zh_press_2026": (_XWFBZT,),
    "remarks": (_ART,),
    "news": (_ART,),
    "shtml_zh": (_SHTML,),
    "shtml_en": (_SHTML,),
    "aarticle": (_AARTICLE,),
    "gone": (_ART, _SHTML, _AARTICLE),
}
"""The shapes of an address, by template: the eras of the two sites."""
_CHINA_DAILY: Final = frozenset(get_args(Template)[:9])
_ID_LAG: Final = timedelta(minutes=3)
_QUOTATION_MARKS: Final = "\"'“”‘’「」『』"
_MARK: Final = re.compile(r"\{(/?)([qp]\d+[b-z]?)\}")
_STRAY: Final = re.compile(r"  | \n|\n |^ | $")
_EMAIL: Final = re.compile(r"[\w.]+@[\w.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One page of the demo world and the truth about it."""

    id: str
    site: Site
    template: Template
    host: str
    path: str
    title: str
    language: Language
    published: datetime
    text: str
    """All pages' paragraphs, as `Article.text` must be."""
    pages: tuple[tuple[str, ...], ...]
    """Paragraphs, page by page; one page but for stories over several."""
    file: str
    """Where it was read from, for messages."""
    aliases: tuple[str, ...] = ()
    byline: str | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None
    section: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    """Paths on the site's front host (China Daily) or the story's own (MOFCOM), or absolute addresses."""
    updated: datetime | None = None
    number: str | None = None
    header: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    captions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    """Addresses of the same document in the other language."""
    editors: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    policies: tuple[PolicyAnnouncement, ...] = ()
    edited: Story | None = None
    """What the site makes of it later, if it changes."""

    @property
    def url(self) -> str:
        """The story's own address."""
        return f"https://{self.host}{self.path}"

    @property
    def is_article(self) -> bool:
        """Whether a parser must find an article there."""
        return self.template != "gone"

    def truth(self) -> dict[str, Any]:
        """What must be extracted from it: one line of truth.jsonl."""
        return {
            "id": self.id,
            "url": self.url,
            "source": self.site,
            "title": self.title,
            "byline": self.byline,
            "published": self.published.isoformat(),
            "language": self.language,
            "text": self.text,
            "quotes": [quote.as_record() for quote in self.quotes],
            "policies": [policy.as_record() for policy in self.policies],
        }


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
        read = _Reading(file=f"{file.parent.name}/{file.name}")
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


@dataclass(slots=True)
class _Reading:
    """The mistakes of one file so far. Not frozen: reading goes on after a mistake, to name them all at once."""

    file: str
    prefix: str = ""
    problems: list[str] = field(default_factory=list)

    def problem(self, name: str, what: str) -> None:
        self.problems.append(f"{self.file}: {self.prefix}{name}: {what}")

    def take(self, table: dict[str, Any], name: str, kind: type, *, needed: bool = False) -> Any:
        """Take a field out of its table, or None; what is left in the end is unknown."""
        value = table.pop(name, None)
        if value is None:
            if needed:
                self.problem(name, "is missing")
            return None
        if type(value) is not kind or value in ("", {}):
            self.problem(name, f"must be a {kind.__name__} that is not empty, not {value!r}")
            return None
        return value

    def text(self, table: dict[str, Any], name: str, *, needed: bool = False) -> str | None:
        value = self.take(table, name, str, needed=needed)
        if value is not None and value != _folded(value):
            self.problem(name, f"has white space at its ends or double: {value!r}")
        return cast("str | None", value)

    def texts(self, table: dict[str, Any], name: str) -> tuple[str, ...]:
        values = self.take(table, name, list) or []
        if bad := [value for value in values if not isinstance(value, str) or not value or value != _folded(value)]:
            self.problem(name, f"must be a list of strings without stray white space, not {bad!r}")
            return ()
        return tuple(values)

    def word(self, table: dict[str, Any], name: str, allowed: Any, *, needed: bool = True) -> Any:
        value = self.take(table, name, str, needed=needed)
        if value is not None and value not in get_args(allowed):
            self.problem(name, f"{value!r} is none of {', '.join(get_args(allowed))}")
            return None
        return value

    def time(self, table: dict[str, Any], name: str, *, needed: bool = False) -> datetime | None:
        value = table.pop(name, None)
        if value is None:
            if needed:
                self.problem(name, "is missing")
            return None
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else value
            if not isinstance(found, datetime) or found.utcoffset() != timedelta(hours=8):
                raise ValueError
        except ValueError:
            self.problem(name, f"must be a time with +08:00, such as 2026-09-14T10:21:00+08:00, not {value!r}")
            return None
        return found

    def day(self, table: dict[str, Any], name: str) -> str | None:
        value = self.text(table, name)
        if value is not None and not _is_iso_prefix(value):
            self.problem(name, f"must be YYYY, YYYY-MM or YYYY-MM-DD, not {value!r}")
        return value

    def nothing_left(self, table: Mapping[str, Any]) -> None:
        for name in table:
            self.problem(name, "is no field of the format")


def _story(raw: dict[str, Any], read: _Reading) -> Story | None:
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


def _read_story(raw: dict[str, Any], read: _Reading) -> Story | None:
    before = len(read.problems)
    raw = dict(raw)
    template = cast("Template | None", read.word(raw, "template", Template))
    published = read.time(raw, "published", needed=True)
    pages = _bodies(raw, read, textless=template in ("video", "gallery", "gone"))
    text, spans = _unmarked(pages, read)
    quotes = _records(raw, "quote", read, lambda table: _quote(table, text, spans, read))
    policies = _records(raw, "policy", read, lambda table: _policy(table, text, spans, read))
    for mark in spans:
        read.problem("body", f"{{{mark}}} has no record")
    values: dict[str, Any] = {
        "id": read.text(raw, "id", needed=True),
        "site": read.word(raw, "site", Site),
        "template": template,
        "host": read.text(raw, "host", needed=True),
        "path": read.text(raw, "path", needed=True),
        "title": read.text(raw, "title", needed=True),
        "language": read.word(raw, "language", Language),
        "published": published,
        "updated": read.time(raw, "updated"),
        "header": _pairs(raw, read),
        "attachments": _attachments(raw, read),
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
    split = tuple(tuple(_MARK.sub("", paragraph) for paragraph in page) for page in pages)
    story = Story(text=text, pages=split, file=read.file, **values)
    _check_address(story, read)
    _check_fields(story, read)
    return story if len(read.problems) == before else None


def _bodies(raw: dict[str, Any], read: _Reading, *, textless: bool) -> list[list[str]]:
    """The pages of the story as folded paragraphs, marks still in them."""
    body = raw.pop("body", "")
    more = raw.pop("pages", [])
    if not isinstance(body, str) or not isinstance(more, list) or not all(isinstance(page, str) for page in more):
        read.problem("body", "must be a string, and pages a list of strings")
        return [[]]
    pages = [[_folded(paragraph) for paragraph in re.split(r"\n\s*\n", page.strip())] for page in (body, *more)]
    pages = [[paragraph for paragraph in page if paragraph] for page in pages]
    if not all(pages) and not textless:
        read.problem("body", "is empty (or a page of it is)")
    if more and raw.get("template") not in (None, "multipage", "gallery", "content_2013"):
        read.problem("pages", "belong to the templates multipage, gallery and content_2013")
    return pages


def _unmarked(pages: Sequence[Sequence[str]], read: _Reading) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text without marks, and where each mark began and ended in it."""
    marked = "\n\n".join(paragraph for page in pages for paragraph in page)
    kept: list[str] = []
    length = at = 0
    opened: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for match in _MARK.finditer(marked):
        kept.append(marked[at : match.start()])
        length += match.start() - at
        at = match.end()
        closing, mark = match.groups()
        if not closing:
            if mark in opened or mark in spans:
                read.problem("body", f"{{{mark}}} stands twice")
            opened[mark] = length
        elif mark not in opened:
            read.problem("body", f"{{/{mark}}} closes nothing")
        else:
            spans[mark] = (opened.pop(mark), length)
    text = "".join((*kept, marked[at:]))
    for mark in opened:
        read.problem("body", f"{{{mark}}} is never closed")
    if "{" in text or "}" in text:
        read.problem("body", f"has a brace that is no mark near {text[max(0, text.find('{') - 20) :][:50]!r}")
    if stray := _STRAY.search(text):
        near = text[max(0, stray.start() - 20) :][:45]
        read.problem("body", f"has double white space near {near!r} (a mark beside a space?)")
    for mark, (start, end) in spans.items():
        piece = text[start:end]
        if not piece or piece != piece.strip():
            read.problem("body", f"{{{mark}}} is empty or begins or ends with white space: {piece[:40]!r}")
    return text, dict(sorted(spans.items(), key=lambda item: item[1]))


def _records(
    raw: dict[str, Any], name: str, read: _Reading, build: Callable[[dict[str, Any]], _Record | None]
) -> list[_Record]:
    """The records of `[[name]]`, each built from a copy of its table."""
    tables = raw.pop(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        read.problem(name, f"must be written as [[{name}]]")
        return []
    found = []
    outer = read.prefix
    for nth, table in enumerate(tables, 1):
        read.prefix = f"{outer}{name} {table.get('mark', nth)}: "
        record = build(dict(table))
        if record is not None:
            found.append(record)
    read.prefix = outer
    return found


def _quote(table: dict[str, Any], text: str, spans: dict[str, tuple[int, int]], read: _Reading) -> Quote | None:
    before = len(read.problems)
    mark = read.text(table, "mark", needed=True)
    place = spans.pop(mark, None) if mark else None
    if mark and place is None:
        read.problem("mark", f"{{{mark}}} stands nowhere in the body, or has two records")
    kind = read.word(table, "kind", QuoteKind)
    cue = table.pop("cue", None)
    speaker = read.text(table, "speaker", needed=True)
    speaker_type = read.word(table, "speaker_type", SpeakerType)
    role = read.word(table, "role", Role, needed=speaker_type == "person")
    title, organization = read.text(table, "title"), read.text(table, "organization")
    read.nothing_left(table)
    if not isinstance(cue, str):
        read.problem("cue", 'must be a string; "" only where the words carry no cue of their own')
    elif cue not in text:
        read.problem("cue", f"{cue!r} is not printed in the body")
    if role and speaker_type != "person":
        read.problem("role", "belongs to persons only")
    if place and kind in ("direct", "partial") and cue is not None:
        _check_marks(text, place, str(cue), read)
    if len(read.problems) > before or place is None or speaker is None:
        return None
    return Quote(
        span=Span.cut(text, *place), kind=kind, cue=str(cue), speaker=speaker, speaker_type=speaker_type, role=role,
        title=title, organization=organization,
    )  # fmt: skip


def _check_marks(text: str, place: tuple[int, int], cue: str, read: _Reading) -> None:
    start, end = place
    inner = text[start + 1 : end - 1]
    if text[start] in _QUOTATION_MARKS and text[end - 1] in _QUOTATION_MARKS and text[start] not in inner:
        read.problem("mark", "the quotation marks stay outside the braces")
    turn = cue.rstrip().endswith((":", "：", "】"))
    if not turn and (start == 0 or text[start - 1] not in _QUOTATION_MARKS):
        read.problem("mark", f"a quote in marks follows a quotation mark, not {text[max(0, start - 15) : start]!r}")


def _policy(
    table: dict[str, Any], text: str, spans: dict[str, tuple[int, int]], read: _Reading
) -> PolicyAnnouncement | None:
    before = len(read.problems)
    mark = read.text(table, "mark", needed=True)
    evidence: tuple[Span, ...] = ()
    if mark is not None:
        names = [name for name in (mark, *(f"{mark}{letter}" for letter in "bcdefghij")) if name in spans]
        if names[:1] != [mark]:
            read.problem("mark", f"{{{mark}}} stands nowhere in the body, or has two records")
        evidence = tuple(Span.cut(text, *spans.pop(name)) for name in names)
    values: dict[str, Any] = {
        "title": read.text(table, "title", needed=True),
        "instrument": read.word(table, "instrument", Instrument),
        "number": read.text(table, "number"),
        "issued_on": read.day(table, "issued_on"),
        "effective_on": read.day(table, "effective_on"),
        "status": read.word(table, "status", Status),
        "salience": read.word(table, "salience", Salience),
        "action": read.word(table, "action", Action),
        "issuers": read.texts(table, "issuers"),
        "regions": read.texts(table, "regions"),
        "sectors": read.texts(table, "sectors"),
        "entities": read.texts(table, "entities"),
    }
    read.nothing_left(table)
    if any("\n" in span.text for span in evidence):
        read.problem("mark", "evidence is a sentence; it does not cross paragraphs")
    for name in ("regions", "sectors", "entities"):
        for value in values[name]:
            if value not in text:
                read.problem(name, f"{value!r} is not printed in the body")
    if len(read.problems) > before or not evidence:
        return None
    return PolicyAnnouncement(evidence=evidence, **values)


def _pairs(raw: dict[str, Any], read: _Reading) -> tuple[tuple[str, str], ...]:
    found = []
    for pair in read.take(raw, "header", list) or []:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) and part for part in pair):
            read.problem("header", f"must be pairs of strings, not {pair!r}")
        else:
            found.append((pair[0], pair[1]))
    return tuple(found)


def _attachments(raw: dict[str, Any], read: _Reading) -> tuple[Attachment, ...]:
    found = []
    for item in read.take(raw, "attachments", list) or []:
        if not isinstance(item, dict) or item.keys() != {"name", "path"}:
            read.problem("attachments", f"must be tables of name and path, not {item!r}")
        elif not str(item["path"]).startswith(("/", "https://")):
            read.problem("attachments", f"the path must begin with / or https://, not {item['path']!r}")
        else:
            found.append(Attachment(name=str(item["name"]), url=str(item["path"])))
    return tuple(found)


# --- what must hold


def _check_address(story: Story, read: _Reading) -> None:
    template, site = story.template, story.site
    if template != "gone" and (template in _CHINA_DAILY) != (site == "china_daily"):
        read.problem("template", f"{template} is no template of {site}")
        return
    domain = DOMAINS[site]
    if not re.fullmatch(rf"(?:[a-z0-9-]+\.)+{re.escape(domain)}", story.host):
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


def _check_fields(story: Story, read: _Reading) -> None:
    if story.updated and story.updated < story.published:
        read.problem("updated", "is before published")
    if story.published.date() > TODAY:
        read.problem("published", f"is after the demo's today, {TODAY}")
    if story.site == "mofcom" and (story.byline or story.authors):
        read.problem("byline", "MOFCOM pages have none; use credit")
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


def _folded(text: str) -> str:
    return " ".join(text.split())


def _is_iso_prefix(value: str) -> bool:
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :]) if len(value) < 10 else date.fromisoformat(value)
    except ValueError:
        return False
    return True


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
    for site in get_args(Site):
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
