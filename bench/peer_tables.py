"""The figures of bench/peers.py as Markdown tables, for the terminal and the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor
from typing import Any

Figures = Mapping[str, Any]
Reader = Mapping[str, Any]
Column = tuple[str, Callable[[Reader], str]]

_BOTH = ("en", "zh")


def page_table(figures: Figures) -> str:
    """Readers of pages: accuracy on the demo's pages, English / Chinese; cost on generated ones, which are longer."""
    columns: tuple[Column, ...] = (
        ("body exact", lambda one: cell(one, "demo", "exact")),
        ("body, ROUGE-L", lambda one: cell(one, "demo", "body", digits=3)),
        ("title", lambda one: cell(one, "demo", "title")),
        ("date", lambda one: cell(one, "demo", "date")),
        ("authors", lambda one: cell(one, "demo", "authors", ("en",))),
        ("ms a page", lambda one: cell(one, "generated", "ms", digits=1)),
        ("pages a second", speed),
        ("memory", memory),
        ("no body, crashed", unread),
    )
    return table("page → article", readers(figures, "pages"), columns)


def quote_table(figures: Figures) -> str:
    """Readers of quotes on the demo's articles and on annotated real ones (gold), English / Chinese."""
    sets = [name for name in ("demo", "gold") if name in figures["articles"]]
    columns: list[Column] = [
        (f"{says}, {name}", _cells(name, figure, languages))
        for says, figure, languages in (
            ("direct quotes found (F1)", "direct", _BOTH),
            ("speaker in full", "speaker", _BOTH),
            ("or in part", "speaker_part", _BOTH),
        )
        for name in sets
    ]
    columns += [
        ("ms an article", lambda one: cell(one, sets[-1], "ms", digits=1)),
        ("memory", memory),
        ("crashed", unread),
    ]
    return table("article → quotes", readers(figures, "quotes"), columns)


def _cells(name: str, figure: str, languages: Sequence[str]) -> Callable[[Reader], str]:
    return lambda one: cell(one, name, figure, languages)


def settings_table(figures: Figures) -> str:
    """How each reader was called, and in which version."""
    columns: tuple[Column, ...] = (
        ("called as", lambda one: f"`{one['settings']}`"),
        ("versions", lambda one: ", ".join(f"{name} {number}" for name, number in one["versions"].items())),
        ("loads in", lambda one: f"{one['load_s']} s"),
        ("asked for the network", lambda one: str(one["network"]) if one["network"] else "never"),
    )
    return table("", readers(figures, "pages") + readers(figures, "quotes"), columns)


def body_table(figures: Figures) -> str:
    """Bodies of every set of pages, English / Chinese: exact, and ROUGE-L; after a redesign ours refuse to guess."""
    columns = [
        (f"{says}, {name}", _cells(name, figure, _BOTH))
        for name in ("demo", "generated", "real", "redesigned") if name in figures["pages"]
        for says, figure in (("exact", "exact"), ("ROUGE-L", "body"))
    ]  # fmt: skip
    return table("body", readers(figures, "pages"), columns)


def readers(figures: Figures, task: str) -> list[Reader]:
    """Those of a task, ours first."""
    found = sorted(figures["readers"].items(), key=lambda one: (not one[0].startswith("policywire/"), one[0]))
    return [reader for _, reader in found if reader["task"] == task]


def table(first: str, rows: Sequence[Reader], columns: Sequence[Column]) -> str:
    """One line a reader."""

    def lines() -> Iterator[str]:
        yield f"| {first} | {' | '.join(says for says, _ in columns)} |"
        yield "| --- |" + " --- |" * len(columns)
        for one in rows:
            yield f"| {one['title']} | {' | '.join(said(one) for _, said in columns)} |"

    return "\n".join(lines())


def cell(one: Reader, name: str, figure: str, languages: Sequence[str] = _BOTH, digits: int = 2) -> str:
    """`0.12 / 0.33`: the figure of each language, rounded down; a dash where the reader does not claim it.

    Only what is never wrong is 1.00.
    """
    found = [one["sets"].get(name, {}).get(language, {}).get(figure) for language in languages]
    said = ["–" if value is None else rounded_down(value, digits) for value in found]
    return "–" if set(said) == {"–"} else " / ".join(said)


def rounded_down(value: float, digits: int) -> str:
    """0.998 is 0.99."""
    return f"{floor(round(value * 10**digits, 6)) / 10**digits:.{digits}f}"


def speed(one: Reader) -> str:
    """Pages a second of one processor, all languages together by their mean."""
    found = [part["ms"] for part in one["sets"].get("generated", {}).values()]
    return f"{1000 * len(found) / sum(found):,.0f}" if sum(found) else "–"


def memory(one: Reader) -> str:
    """The highest of its process."""
    return f"{one['peak_mb']} MB"


def unread(one: Reader) -> str:
    """`3, 0`: pages in which no body was found, and items at which it raised, hung or died, and why; of all sets but
    the redesigned pages, where that is what is asked."""
    parts = [part for name, found in one["sets"].items() if name != "redesigned" for part in found.values()]
    failed = sum(part["failed"] for part in parts)
    why = f" ({', '.join(sorted({error for part in parts for error in part['errors']}))})" if failed else ""
    if one["task"] == "quotes":
        return f"{failed}{why}"
    return f"{sum(part['empty'] for part in parts)}, {failed}{why}"
