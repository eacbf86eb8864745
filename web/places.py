"""Where a reviewer is in the queue: what is asked for and what was skipped, as it stands in an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from db.deciding.queue import Filter

STATEMENT = re.compile(r"[qp][0-9a-f]{15}")
"""What the id of a statement looks like."""

_MOST_SKIPPED = 100
_MOST_AHEAD = 6
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the queue."""

    kind: str = ""
    source: str = ""
    sector: str = ""
    rule: str = ""
    skip: tuple[str, ...] = ()
    """Statements that the reviewer has put off."""
    ahead: tuple[str, ...] = ()
    """Statements that are on the reviewer's screen or on their way to the database; only the script says so."""

    @property
    def wanted(self) -> Filter:
        """The filter of the queue."""
        return Filter(
            kind=self.kind if self.kind in ("policy", "quote") else None,  # type: ignore[arg-type]
            source=self.source or None,
            sector=self.sector or None,
            rule=self.rule or None,
        )

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name."""
        held = {name: getattr(self, name) for name in ("kind", "source", "sector", "rule")}
        return {name: value for name, value in held.items() if value}

    @property
    def query(self) -> str:
        """As the query of an address, what is ahead left out: a form carries it."""
        return urlencode({**self.filters, **({"skip": ",".join(self.skip)} if self.skip else {})}, safe=",")

    def address(self, path: str = "/review", **more: str) -> str:
        """`path` with this place as its query."""
        given = "&".join(part for part in (self.query, urlencode(more, safe=",")) if part)
        return f"{path}?{given}" if given else path

    def but(self, **changes: Any) -> Place:
        """This place with other filters."""
        return replace(self, **changes)

    def without(self, statement_id: str) -> Place:
        """This place once a statement was skipped."""
        return replace(self, skip=(*self.skip, statement_id)[-_MOST_SKIPPED:])

    def behind(self, statement_id: str) -> str:
        """The address of what comes after a statement that is on the screen."""
        return self.address(ahead=",".join((*self.ahead, statement_id)[-_MOST_AHEAD:]))


def place_of(given: Mapping[str, str]) -> Place:
    """The place that the query of an address names; what is none of ours is left out."""
    return Place(
        **{name: " ".join(given.get(name, "").split())[:_LONGEST] for name in ("kind", "source", "sector", "rule")},
        skip=_ids(given.get("skip", ""), _MOST_SKIPPED),
        ahead=_ids(given.get("ahead", ""), _MOST_AHEAD),
    )


def place_in(query: str) -> Place:
    """The place that a form carries."""
    try:
        return place_of(dict(parse_qsl(query, max_num_fields=20)))
    except ValueError:
        return Place()


def _ids(printed: str, most: int) -> tuple[str, ...]:
    return tuple(one for one in printed.split(",") if STATEMENT.fullmatch(one))[-most:]
