#!/usr/bin/env python3
"""`policywire reprocess` of one archive in every engine, each into an empty database; and its memory.

    python bench/scale.py [--pages 5000] [--rounds 2] [--memory-pages 10000] [--short] [--no-memory] [--json]

Pages: the generated site's, of both sources, 30 to 50 kB, archived in four files a source. Each run is the real
command, a process from its start to its end; engines take turns, the fastest round counts. `--short`: 600 pages,
without Dask, memory over 600 and 200.

Keys: `scaling_2`, seconds of `--workers 1` over those of `--workers 2`; `dask_vs_local`, seconds of `--dask local`
over those of `--workers 2`; `memory_growth`, the peak of all processes together over `memory.pages[1]` pages over
that over a tenth of them, less one (proportional set size: what processes share counts once); `engines`, what each
took.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from bench.archived import write_archive_on_all_cores  # noqa: E402
from bench.crawl import children  # noqa: E402

ENGINES: Final = {
    "workers_1": (("--workers", "1"), "all in one process"),
    "workers_2": (("--workers", "2"), "two readers beside the writer"),
    "dask": (("--dask", "local"), "a Dask cluster on this machine"),
}
SAMPLE_SECONDS = 0.25
KEPT_SAMPLES = 60
DAYS = 4
"""Files of a source."""
TENTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One reprocessing."""

    seconds: float
    cpu: float
    """Processor seconds of all processes together."""
    samples: tuple[float, ...]
    """MiB of all processes together, again and again."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--memory-pages", type=int, default=10_000)
    parser.add_argument("--short", action="store_true", help="600 pages, without Dask")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--no-dask", action="store_true")
    parser.add_argument("--only-memory", action="store_true")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--folder", type=Path, help="where archives and databases are made for a while")
    options = parser.parse_args()
    if options.short:
        options.pages, options.rounds, options.memory_pages, options.no_dask = 600, 2, 0, True
    figures: dict[str, Any] = {"pages": options.pages}
    with TemporaryDirectory(prefix="policywire-scale-", dir=options.folder) as folder:
        archive = Path(folder) / "archive"
        if not options.only_memory:
            write_archive_on_all_cores(archive, options.pages, days=DAYS)
            chosen = [name for name in ENGINES if name != "dask" or not options.no_dask]
            figures |= engines(archive, options.pages, options.rounds, chosen)
        if not options.no_memory and options.memory_pages:
            figures |= memory(Path(folder), options.memory_pages)
        elif options.short:
            figures |= memory(Path(folder), options.pages, part=3)
    print(json.dumps(figures) if options.json else json.dumps(figures, indent=1))
    return 0


def engines(archive: Path, pages: int, rounds: int, chosen: Sequence[str]) -> dict[str, Any]:
    """The engines, in turns."""
    runs: dict[str, list[Run]] = {name: [] for name in chosen}
    for _ in range(rounds):
        for name in chosen:
            runs[name].append(reprocess(archive, pages, *ENGINES[name][0]))
    best = {name: min(found, key=lambda one: one.seconds) for name, found in runs.items()}
    told = {
        name: {
            "options": " ".join(options), "says": says, "seconds": round(best[name].seconds, 2),
            "cpu_seconds": round(min(one.cpu for one in runs[name]), 2),
            "pages_per_second": round(pages / best[name].seconds, 1),
            "cpu_ms_per_page": round(1000 * min(one.cpu for one in runs[name]) / pages, 3),
            "peak_mib": round(max(max(one.samples, default=0.0) for one in runs[name]), 1),
        }
        for name, (options, says) in ENGINES.items()
        if name in best
    }  # fmt: skip
    found = {"scaling_2": round(best["workers_1"].seconds / best["workers_2"].seconds, 3), "engines": told}
    if "dask" in best:
        found["dask_vs_local"] = round(best["dask"].seconds / best["workers_2"].seconds, 3)
    return found


def memory(folder: Path, pages: int, part: int = TENTH) -> dict[str, Any]:
    """Two readers over so many pages, and over a part of them."""
    counts, peaks, kept = (pages // part, pages), [], []
    for count in counts:
        archive = folder / f"memory-{count}"
        write_archive_on_all_cores(archive, count, seed=2, days=DAYS)
        run = reprocess(archive, count, "--workers", "2")
        peaks.append(round(max(run.samples), 1))
        step = max(1, len(run.samples) // KEPT_SAMPLES)
        kept.append([round(max(run.samples[at : at + step]), 1) for at in range(0, len(run.samples), step)])
    return {
        "memory_growth": round(peaks[1] / peaks[0] - 1, 4),
        "memory": {"pages": counts, "peak_mib": peaks, "samples": kept},
    }


def reprocess(archive: Path, pages: int, *options: str) -> Run:
    """The real command over an empty database."""
    with TemporaryDirectory(prefix="run-", dir=archive.parent) as temporary:
        folder = Path(temporary)
        config = folder / "policywire.toml"
        config.write_text(
            f'[storage]\ndatabase = "{folder / "policywire.db"}"\narchive = "{archive}"\n'
            '[logging]\nlevel = "warning"\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "cli", "--config", str(config), "reprocess", *options]
        samples, cpu = [], dict[int, float]()
        with (folder / "said.txt").open("w+", encoding="utf-8") as said:
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            while process.poll() is None:
                members = family(process.pid)
                samples.append(sum(resident(one) for one in members))
                cpu |= {one: max(used(one), cpu.get(one, 0.0)) for one in members}
                time.sleep(SAMPLE_SECONDS)
            run = Run(seconds=time.perf_counter() - began, cpu=sum(cpu.values()), samples=tuple(samples))
            said.seek(0)
            text = said.read()
    if process.returncode or f"{pages} pages" not in text.replace(",", ""):
        raise SystemExit(f"reprocess {' '.join(options)}: status {process.returncode}: {text[-800:]}")
    return run


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        found += children(one)
    return found


def resident(pid: int) -> float:
    """MiB of a process; what several share is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def used(pid: int) -> float:
    """Processor seconds of a process so far."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
