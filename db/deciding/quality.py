"""How good the machine's records are, by what people decided about them: precision by version, confidence and source.

Counted over the newest readings; what was accepted in a batch was not read and does not count. People read what is
least sure first, so these are figures of what was read, not of all that was extracted.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from sqlite_utils import Database

from db.connection import value
from db.deciding.verdicts import Kind

NEWEST = 10_000
"""How many of the newest readings are counted."""

Z95 = 1.959963984540054
"""The quantile of the normal distribution for 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval after Wilson."""

    count: int
    of: int

    @property
    def point(self) -> float | None:
        """The share itself; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval; None of nothing."""
        return wilson(self.count, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one group of readings."""

    kind: Kind
    group: str
    exact: Share
    """Records that were right in every field, of all that the machine found."""
    real: Share
    """Records that are statements, right or corrected, of all that the machine found."""
    found: Share
    """Statements that the machine found, of all that people know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the readings say."""

    readings: int
    by_version: tuple[Line, ...]
    by_confidence: tuple[Line, ...]
    by_source: tuple[Line, ...]
    corrections: tuple[tuple[Kind, str, Share], ...]
    """How often each field was corrected, of the records that are statements; the most frequent first."""


def quality(db: Database) -> Quality:
    """The figures over the newest `NEWEST` readings."""
    read = Counter(db.conn.execute(_READ, {"newest": NEWEST}))
    counted: dict[str, dict[tuple[Kind, str], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    real: Counter[Kind] = Counter()
    corrected: Counter[tuple[Kind, str]] = Counter()
    for (kind, version, source, band, outcome, fields), times in read.items():
        for group, name in (("version", version), ("band", band), ("source", source)):
            counted[group][kind, name][outcome] += times
        if outcome in ("right", "wrong"):
            real[kind] += times
        for field in json.loads(fields):
            corrected[kind, field] += times
    corrections = [(kind, field, Share(count=times, of=real[kind])) for (kind, field), times in corrected.items()]
    return Quality(
        readings=read.total(),
        by_version=_lines(counted["version"]),
        by_confidence=_lines(counted["band"]),
        by_source=_lines(counted["source"]),
        corrections=tuple(sorted(corrections, key=lambda one: (one[0], -one[2].count, one[1]))),
    )


def accepted_in_batches(db: Database, *, cap: int) -> int:
    """How many statements were accepted in batches, unread; `cap` + 1 stands for more."""
    return int(value(db, "SELECT count(*) FROM (SELECT 1 FROM judgements WHERE batch = 1 LIMIT ?)", [cap + 1]))


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float] | None:
    """The score interval of a share (E. B. Wilson, JASA 22, 1927); None of nothing."""
    if not of:
        return None
    share = count / of
    middle = share + z * z / (2 * of)
    wide = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (middle - wide) / scale), min(1.0, (middle + wide) / scale)


def _lines(groups: Mapping[tuple[Kind, str], Counter[str]]) -> tuple[Line, ...]:
    return tuple(_line(kind, group, outcomes) for (kind, group), outcomes in _in_order(groups.items()))


def _in_order(
    groups: Iterable[tuple[tuple[Kind, str], Counter[str]]],
) -> list[tuple[tuple[Kind, str], Counter[str]]]:
    """Announcements first; the surest first, other groups backwards: the newest version first."""
    by_group = sorted(groups, key=lambda item: (item[0][1] not in _BANDS, item[0][1]), reverse=True)
    by_band = sorted(by_group, key=lambda item: _BANDS.index(item[0][1]) if item[0][1] in _BANDS else 0)
    return sorted(by_band, key=lambda item: item[0][0])


_BANDS = ("90 % and more", "80 to 90 %", "70 to 80 %", "50 to 70 %", "below 50 %", "not given")


def _line(kind: Kind, group: str, outcomes: Mapping[str, int]) -> Line:
    right, wrong = outcomes.get("right", 0), outcomes.get("wrong", 0)
    shown = right + wrong + outcomes.get("rejected", 0)
    return Line(
        kind=kind,
        group=group,
        exact=Share(count=right, of=shown),
        real=Share(count=right + wrong, of=shown),
        found=Share(count=right + wrong, of=right + wrong + outcomes.get("missed", 0)),
    )


_READ = """
SELECT kind, extractor_version, coalesce(source, ''),
  CASE WHEN confidence IS NULL THEN 'not given' WHEN confidence < 0.5 THEN 'below 50 %'
    WHEN confidence < 0.7 THEN '50 to 70 %' WHEN confidence < 0.8 THEN '70 to 80 %'
    WHEN confidence < 0.9 THEN '80 to 90 %' ELSE '90 % and more' END,
  outcome, fields
FROM judgements INDEXED BY judgements_read WHERE batch = 0 ORDER BY decision_id DESC LIMIT :newest
"""
