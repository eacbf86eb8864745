"""From a story's table: the marked body to text and offsets, and the records to the values of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from demo.reading import Reading, folded
from demo.story import Annex
from pipeline.model import (
    Action,
    Attachment,
    Instrument,
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
_QUOTATION_MARKS: Final = "\"'“”‘’「」『』"
MARK: Final = re.compile(r"\{(/?)([qp]\d+[b-z]?)\}")
"""An opening or closing mark of a body."""
_STRAY: Final = re.compile(r"  | \n|\n |^ | $")


def bodies(raw: dict[str, Any], read: Reading, *, textless: bool) -> list[list[str]]:
    """The pages of the story as folded paragraphs, marks still in them."""
    body = raw.pop("body", "")
    more = raw.pop("pages", [])
    if not isinstance(body, str) or not isinstance(more, list) or not all(isinstance(page, str) for page in more):
        read.problem("body", "must be a string, and pages a list of strings")
        return [[]]
    pages = [[folded(paragraph) for paragraph in re.split(r"\n\s*\n", page.strip())] for page in (body, *more)]
    pages = [[paragraph for paragraph in page if paragraph] for page in pages]
    if not all(pages) and not textless:
        read.problem("body", "is empty (or a page of it is)")
    if more and raw.get("template") not in (None, "multipage", "gallery", "content_2013"):
        read.problem("pages", "belong to the templates multipage, gallery and content_2013")
    return pages


def unmarked(pages: Sequence[Sequence[str]], read: Reading) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text without marks, and where each mark began and ended in it."""
    marked = "\n\n".join(paragraph for page in pages for paragraph in page)
    kept: list[str] = []
    length = at = 0
    opened: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for match in MARK.finditer(marked):
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


def each(
    raw: dict[str, Any], name: str, read: Reading, build: Callable[[dict[str, Any]], _Record | None]
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


def quote(table: dict[str, Any], text: str, spans: dict[str, tuple[int, int]], read: Reading) -> Quote | None:
    """A `[[quote]]` record; its mark is taken out of `spans`."""
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


def _check_marks(text: str, place: tuple[int, int], cue: str, read: Reading) -> None:
    start, end = place
    inner = text[start + 1 : end - 1]
    if text[start] in _QUOTATION_MARKS and text[end - 1] in _QUOTATION_MARKS and text[start] not in inner:
        read.problem("mark", "the quotation marks stay outside the braces")
    turn = cue.rstrip().endswith((":", "：", "】"))
    if not turn and (start == 0 or text[start - 1] not in _QUOTATION_MARKS):
        read.problem("mark", f"a quote in marks follows a quotation mark, not {text[max(0, start - 15) : start]!r}")


def policy(
    table: dict[str, Any], text: str, spans: dict[str, tuple[int, int]], annexes: Sequence[Annex], read: Reading
) -> PolicyAnnouncement | None:
    """A `[[policy]]` record; its marks are taken out of `spans`, best evidence first."""
    annexed = "\n".join(word for one in annexes for words in (one.paragraphs, *one.rows) for word in words)
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
            if value not in text and value not in annexed:
                read.problem(name, f"{value!r} is not printed in the body or an annex")
    if len(read.problems) > before or not evidence:
        return None
    return PolicyAnnouncement(evidence=evidence, **values)


def pairs(raw: dict[str, Any], read: Reading) -> tuple[tuple[str, str], ...]:
    """The header block."""
    found = []
    for pair in read.take(raw, "header", list) or []:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) and part for part in pair):
            read.problem("header", f"must be pairs of strings, not {pair!r}")
        else:
            found.append((pair[0], pair[1]))
    return tuple(found)


def annex(raw: dict[str, Any], read: Reading) -> Annex | None:
    """The words of an attached file."""
    path = read.text(raw, "path", needed=True)
    paragraphs = read.texts(raw, "paragraphs")
    rows = []
    for row in read.take(raw, "rows", list) or []:
        if not isinstance(row, list) or not row or not all(isinstance(cell, str) for cell in row):
            read.problem("rows", f"must be lists of strings, not {row!r}")
        else:
            rows.append(tuple(row))
    read.nothing_left(raw)
    return Annex(path=path, paragraphs=paragraphs, rows=tuple(rows)) if path else None


def attachments(raw: dict[str, Any], read: Reading) -> tuple[Attachment, ...]:
    """The files that the page links to."""
    found = []
    for item in read.take(raw, "attachments", list) or []:
        if not isinstance(item, dict) or item.keys() != {"name", "path"}:
            read.problem("attachments", f"must be tables of name and path, not {item!r}")
        elif not str(item["path"]).startswith(("/", "https://")):
            read.problem("attachments", f"the path must begin with / or https://, not {item['path']!r}")
        else:
            found.append(Attachment(name=str(item["name"]), url=str(item["path"])))
    return tuple(found)
