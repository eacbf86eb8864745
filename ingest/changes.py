"""What a reprocess has changed: every change as a line of a file, and counts with a few examples in memory."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from sqlite_utils import Database

from db.changes import Change, Watch
from db.connection import transaction

EXAMPLES = 3
"""Of each kind and field."""
DECIDED = 50
"""Changes under decisions of people that are named; all are counted."""
_LONGEST = 2_000
"""Characters of a value that an example keeps."""

Counted = tuple[str, str, str]
"""Kind, what, and the field, `` where the whole has come or gone."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """How much has changed, by kind and field; memory does not grow with it."""

    counts: Counter[Counted] = field(default_factory=Counter)
    examples: dict[Counted, list[Change]] = field(default_factory=dict)
    """The first few of each."""
    decided: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Changes of what people have decided about, by the decision and what has changed."""
    to_look_at: list[Change] = field(default_factory=list)
    """The first of those."""

    def add(self, changes: Iterable[Change]) -> None:
        """Count some changes."""
        for one in changes:
            counted = (one.kind, one.what, one.field or "")
            self.counts[counted] += 1
            examples = self.examples.setdefault(counted, [])
            if len(examples) < EXAMPLES:
                examples.append(_short(one))
            if one.decided is not None:
                self.decided[one.decided, one.what] += 1
                if len(self.to_look_at) < DECIDED:
                    self.to_look_at.append(_short(one))


def _short(one: Change) -> Change:
    """A change as an example: whole records and long texts are not kept."""
    values = [
        value[:_LONGEST] if isinstance(value, str) else None if isinstance(value, dict) else value
        for value in (one.old, one.new)
    ]
    return Change(
        what=one.what, kind=one.kind, id=one.id, article=one.article, url=one.url, field=one.field, old=values[0],
        new=values[1], decided=one.decided,
    )  # fmt: skip


@dataclass(slots=True)
class Report:
    """A file with a change a line, which has its name when it is whole."""

    path: Path
    go_on: bool
    """Whether what stands in the file is of a run that was cut short and is gone on with."""
    _file: IO[str] = field(init=False)

    def __post_init__(self) -> None:
        unfinished = self._unfinished
        if self.go_on and self.path.exists():
            shutil.copyfile(self.path, unfinished)
        self._file = unfinished.open("a" if self.go_on else "w", encoding="utf-8")

    @property
    def _unfinished(self) -> Path:
        return self.path.with_name(f"{self.path.name}.unfinished")

    def write(self, changes: Sequence[Change]) -> None:
        """A line each, as JSON."""
        self._file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in changes)

    def close(self) -> None:
        """Give the file its name; what stood there before is replaced."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self.path)


@contextmanager
def report_to(path: Path | None, *, go_on: bool) -> Iterator[Report | None]:
    """A report at `path` while the block runs, if one is wanted; whole even where the block is left by an error."""
    if path is None:
        yield None
        return
    report = Report(path, go_on)
    try:
        yield report
    finally:
        report.close()


class Changes:
    """Notes what each transaction changes; `writing` goes to `ingest.rereading.Rereading`."""

    def __init__(self, db: Database, report: Report | None) -> None:
        self.tally = Tally()
        self._watch = Watch(db)
        self._report = report

    @contextmanager
    def writing(self, db: Database) -> Iterator[None]:
        """One transaction; what it has changed is told once it is done, and not at all where it is undone."""
        with transaction(db):
            self._watch.begin()
            yield
            found = self._watch.end()
        self.tally.add(found)
        if self._report is not None:
            self._report.write(found)
