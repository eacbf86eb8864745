"""The figures that decide when a source is not well: one table, `limits.toml`, with a reason for each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A value for each table of limits.toml, which says what it is for."""

    baseline_days: int
    reach_days: int
    fresh_days: int
    least_working_days: int
    day_begins: int
    day_ends: int
    weekday_weight: float
    most_dispersion: float
    silent_after_thin: float
    silent_near: float
    silent_most_dispersion: float
    silent_years: float
    silent_least_days: float
    thin_windows: tuple[int, ...]
    thin_least_days: float
    thin_below: float
    thin_until: float
    thin_chance: float
    yield_articles: int
    yield_below: float
    yield_until: float
    yield_least: float
    yield_chance: float
    yield_most_dispersion: float
    layout_pages: int
    layout_newest: int
    layout_days: int
    layout_least: int
    layout_share: float
    layout_until: float
    failed_runs: int
    failed_hours: float
    route_runs: int
    uncrawled_gaps: float
    uncrawled_hours: float
    uncrawled_first_hours: float
    looks: int
    hold_hours_thin: float
    hold_hours: float
    recovered_looks: int
    recovered_hours: float
    relapse_days: int
    tell_within_days: int


def read_limits() -> Limits:
    """The table as it is shipped; a missing or unknown name is an error."""
    table = tomllib.loads(resources.files("db.health").joinpath("limits.toml").read_text(encoding="utf-8"))
    unknown = set(table) ^ {field.name for field in fields(Limits)}
    if unknown:
        raise ValueError(f"limits.toml and Limits differ in {sorted(unknown)}")
    values: dict[str, Any] = {name: held["value"] for name, held in table.items()}
    return Limits(**{**values, "thin_windows": tuple(values["thin_windows"])})


LIMITS = read_limits()
