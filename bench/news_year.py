#!/usr/bin/env python3
"""What a year of Common Crawl's news archive would take and cost, calculated from the rates in bench/results.

    python bench/news_year.py [--tib 4.1] [--million-pages 139] [--ours 100000] [--dollars 0.0425] [--gbit 0.5]

A year: 25 TiB from August 2016 to September 2022 (github.com/commoncrawl/news-crawl, issue 48) are 4.1 a year, and 1.35
billion articles over the whole archive (arXiv 2605.18337) 139 million. A core: a vCPU of a compute instance on demand,
USD 0.68 an hour for 16 of them (the example in the EC2 guide's "spot price per unit hour"), with 0.5 Gbit/s of network
each; reading S3 from the same region costs nothing but the requests. `--ours`: pages of our sources among them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MACHINES = (
    ("a desk's two cores, 0.2 Gbit/s", 2, 0.2),
    ("one machine of 16", 16, None),
    ("16 machines of 16", 256, None),
)
"""What it could run on: a name, cores, Gbit/s of all together (None: by the core)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What there is to read, and what a core costs."""

    tib: float = 4.1
    pages: float = 139e6
    ours: float = 100_000
    dollars: float = 0.0425
    """A core, an hour."""
    gbit: float = 0.5
    """A core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Milliseconds of one core, as measured."""

    passed_over: float
    """A page of another site, read and passed over."""
    read: float
    """A page of ours, read, extracted and stored."""
    from_benches: str


def rates_in(results: Mapping[str, Mapping[str, Any]]) -> Rates | None:
    """From the benches that have run; None where one is missing."""
    scale = results.get("scale", {}).get("figures", {}).get("engines", {}).get("workers_1")
    foreign = results.get("foreign", {}).get("figures", {})
    archive = results.get("warc", {}).get("figures", {})
    passed_over = foreign.get("skipped_cpu_ms", archive.get("read_cpu_ms"))
    if scale is None or passed_over is None:
        return None
    used = "`scale` and " + ("`foreign`" if "skipped_cpu_ms" in foreign else "`warc` (read through, nothing skipped)")
    return Rates(passed_over=passed_over, read=scale["cpu_ms_per_page"], from_benches=used)


def table(results: Mapping[str, Mapping[str, Any]], year: Year | None = None) -> str:
    """The calculation as a Markdown table."""
    year = year or Year()
    rates = rates_in(results)
    if rates is None:
        return "*Not measured yet: `python bench/run.py scale warc`.*"
    filtered = (year.pages * rates.passed_over + year.ours * rates.read) / 3.6e6
    everything = year.pages * (rates.passed_over + rates.read) / 3.6e6
    lines = [
        f"Rates from {rates.from_benches}: {rates.passed_over:.3g} ms of a core for a page that is passed over, "
        f"{rates.read:.3g} ms for one that is read, extracted and stored. A year: {year.tib:g} TiB, "
        f"{year.pages / 1e6:,.0f} million pages, of which {year.ours:,.0f} are ours: **{filtered:,.0f} core hours**, "
        f"and {everything:,.0f} were every page of a known layout.",
        "",
        "| on | hours, our sources | bound by | processors cost | hours, every page | processors cost |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, cores, gbit in MACHINES:
        network = year.tib * 2**40 * 8 / (1e9 * (gbit or cores * year.gbit)) / 3600
        cells = []
        for work in (filtered, everything):
            hours = max(work / cores, network)
            bound = "network" if network > work / cores else "processors"
            cells.append((f"{hours:,.1f}", bound, f"USD {hours * cores * year.dollars:,.0f}"))
        ours, whole = cells
        lines.append(f"| {name} | {ours[0]} | {ours[1]} | {ours[2]} | {whole[0]} | {whole[2]} |")
    return "\n".join(lines)


def main() -> int:
    """Print it."""
    from bench.rendering import results_in

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tib", type=float, default=4.1, help="of a year's files, compressed")
    parser.add_argument("--million-pages", type=float, default=139)
    parser.add_argument("--ours", type=float, default=100_000, help="pages of our sources among them")
    parser.add_argument("--dollars", type=float, default=0.0425, help="a core, an hour")
    parser.add_argument("--gbit", type=float, default=0.5, help="network of a core, Gbit/s")
    given = parser.parse_args()
    year = Year(
        tib=given.tib, pages=1e6 * given.million_pages, ours=given.ours, dollars=given.dollars, gbit=given.gbit
    )  # fmt: skip
    print(table(results_in(), year))
    return 0


if __name__ == "__main__":
    sys.exit(main())
