#!/usr/bin/env python3
"""Run the benches, keep their figures in bench/results, hold them against their floors, render them into the docs.

    python bench/run.py [NAME…] [--short | --full] [--folder FOLDER] [--list] [--render]

Without names: all of `make bench`, in under 30 minutes on two idle cores; what takes longer is run by its name only.
`--short` is what tests run: the benches that have a short form, nothing kept, nothing rendered. `--full` takes the
long forms (hours). `--render` only renders.

A bench that fails or takes too long is named at the end and keeps its earlier result; the others go on. Exit status
1: one failed, or a figure is beyond its floor in bench/floors_speed.json; in the short form, twice. Floors marked
`quiet` are judged only where other programs left the processors alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine  # noqa: E402
from bench.benches import BENCHES, BY_NAME, GROWN, Bench  # noqa: E402

RESULTS = ROOT / "bench" / "results"
FLOORS = ROOT / "bench" / "floors_speed.json"
MILLION = 1_000_000
LEAST_FREE_GB = 20.0
"""What the database of a million articles needs for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A bench without figures, and why."""

    name: str
    why: str


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--short", action="store_true", help="the short forms; keep nothing")
    parser.add_argument("--full", action="store_true", help="the long forms")
    parser.add_argument("--folder", type=Path, help="where the database of a million articles is made for a while")
    parser.add_argument("--list", action="store_true", help="print the benches and their commands")
    parser.add_argument("--render", action="store_true", help="only render what bench/results holds into the docs")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(BY_NAME)):
        parser.error(f"no bench is called {', '.join(unknown)}; there are: {', '.join(BY_NAME)}")
    if options.list:
        print("\n".join(f"{one.name:12} {one.says}\n{'':12}   {command(one, arguments_of(one))}" for one in BENCHES))
        return 0
    if options.render:
        return rendered()
    chosen = [one for one in BENCHES if (one.name in options.names if options.names else one.usual is not None)]
    if options.short:
        chosen = [one for one in chosen if one.short is not None]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="policywire-bench-", dir=options.folder) as folder:
        wrong = list(all_of(chosen, Path(folder), short=options.short, full=options.full))
    for line in wrong:
        print(f"! {line}", flush=True)
    if not options.short:
        wrong += ["rendering failed"] if rendered() else []
    return 1 if wrong else 0


def all_of(chosen: Sequence[Bench], folder: Path, *, short: bool, full: bool) -> Iterator[str]:
    """Run them one after the other; what was wrong, a line each."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["short" if short else "usual"]
    began = time.monotonic()
    for bench in chosen:
        arguments = (bench.short or ()) if short else arguments_of(bench, full=full)
        print(f"{bench.name:12} {bench.says} … ", end="", flush=True)
        found = result_of(bench, arguments, folder)
        if isinstance(found, Failed):
            print("FAILED", flush=True)
            yield f"{found.name}: {found.why}"
            continue
        print(f"{found['seconds']:.0f} s{''.join(f' ({one})' for one in found['warnings'])}", flush=True)
        if short:
            print(f"{'':12} {brief(found['figures'])}", flush=True)
        else:
            kept(found)
        worse = list(beyond(bench.name, found, floors))
        if worse and short:  # one unlucky moment of a machine is no change of ours
            print(f"{'':12} once more, for {'; '.join(worse)}", flush=True)
            again = result_of(bench, arguments, folder)
            worse = worse if isinstance(again, Failed) else list(beyond(bench.name, again, floors))
        yield from worse
    print(f"all in {(time.monotonic() - began) / 60:.1f} minutes", flush=True)


def arguments_of(bench: Bench, *, full: bool = False) -> tuple[str, ...]:
    """Of the usual form, or of the long one where that is asked for or is the only one."""
    return bench.full if full or bench.usual is None else bench.usual


# -- one bench --------------------------------------------------------------------------------------------------------


def result_of(bench: Bench, arguments: Sequence[str], folder: Path) -> dict[str, Any] | Failed:
    """The figures of one bench with everything that belongs to them, or why there are none."""
    grown = folder / "grown.db"
    if bench.chromium and not shutil.which("chromium"):
        return Failed(name=bench.name, why="needs Chromium (apt-get install chromium)")
    warnings = []
    if GROWN in arguments:
        free = shutil.disk_usage(folder).free / 1e9
        if bench.name == "growth" and free < LEAST_FREE_GB:
            arguments = ("--sizes", "10000,100000", *arguments)
            warnings.append(f"to 100,000 articles only: a million need {LEAST_FREE_GB:.0f} GB free")
        elif bench.name != "growth" and not grown.exists():
            if free < LEAST_FREE_GB:
                return Failed(
                    name=bench.name, why=f"{LEAST_FREE_GB:.0f} GB must be free; choose a --folder that has them"
                )
            make_grown(grown)
    since, load = machine.moment(), os.getloadavg()[0]
    printed = output(bench, [str(grown) if one == GROWN else one for one in arguments])
    if isinstance(printed, Failed):
        if bench.name == "growth":  # half a database is none
            for left in folder.glob("grown.*"):
                left.unlink()
        return printed
    busy = machine.others(since)
    if busy > machine.BUSY:
        warnings.append(f"busy machine: other programs took {busy:.1f} processors")
    return {
        "bench": bench.name,
        "command": command(bench, arguments),
        "full": command(bench, bench.full) if bench.full else None,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": machine.commit(),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "seconds": round(time.monotonic() - since.at, 1),
        "load_at_start": round(load, 2),
        "processors_of_others": round(busy, 2),
        "warnings": warnings,
        "figures": figures_in(printed),
    }


def make_grown(path: Path) -> None:
    """The database of a million articles, where the bench that leaves it was not asked for."""
    from bench.growth import make

    make(path, MILLION)


def command(bench: Bench, arguments: Sequence[str]) -> str:
    """What one types; a file of the run by its bare name."""
    return " ".join(["python", f"bench/{bench.script}", *("grown.db" if one == GROWN else one for one in arguments)])


def output(bench: Bench, arguments: Sequence[str]) -> str | Failed:
    """What it prints. A bench that ends with another status than 0 may still have printed its figures."""
    if not (ROOT / "bench" / bench.script).exists():
        return Failed(name=bench.name, why=f"bench/{bench.script} is missing")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [sys.executable, f"bench/{bench.script}", *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            out, _ = process.communicate(timeout=5 * bench.seconds + 60)
        except subprocess.TimeoutExpired:
            ended(process)
            return Failed(name=bench.name, why=f"took more than {5 * bench.seconds + 60} s")
        except BaseException:  # Ctrl-C, SIGTERM: nothing of it stays behind
            ended(process)
            raise
        said.seek(0)
        last = said.read().strip()[-400:].splitlines()
    try:
        figures_in(out)
    except ValueError:
        return Failed(name=bench.name, why=f"status {process.returncode}, no figures; {' | '.join(last) or 'no word'}")
    return out


def ended(process: subprocess.Popen[str]) -> None:
    """Kill it and what it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def figures_in(printed: str) -> Any:
    """One JSON object, or a list of those that stand a line each; ValueError if there is none."""
    if not printed.strip():
        raise ValueError("nothing printed")
    try:
        return json.loads(printed)
    except ValueError:
        return [json.loads(line) for line in printed.splitlines() if line.strip()]


def kept(found: Mapping[str, Any]) -> None:
    """Write one result."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (RESULTS / f"{found['bench']}.json").write_text(text, encoding="utf-8")


# -- floors -----------------------------------------------------------------------------------------------------------


def beyond(name: str, found: Mapping[str, Any], floors: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The figures of a bench that are worse than their floors, or missing."""
    quiet = found["processors_of_others"] <= machine.BUSY
    for key, floor in floors.items():
        bench, _, figure = key.partition(".")
        if bench != name or (floor.get("quiet") and not quiet) or floor.get("cores", 1) > found["machine"]["cores"]:
            continue
        value = figure_at(found["figures"], figure)
        if value is None:
            yield f"{key} was not printed"
        elif value < floor.get("least", value):
            yield f"{key} is {value:g}, below its floor of {floor['least']:g}"
        elif value > floor.get("most", value):
            yield f"{key} is {value:g}, above its limit of {floor['most']:g}"


def figure_at(figures: Any, path: str) -> float | None:
    """The figure by its name, a dot for each level."""
    for part in path.split("."):
        figures = figures.get(part) if isinstance(figures, Mapping) else None
    return figures if isinstance(figures, int | float) else None


def brief(figures: Any) -> str:
    """The plain figures on a line."""
    if not isinstance(figures, Mapping):
        return ""
    return ", ".join(f"{name} {value:g}" for name, value in figures.items() if isinstance(value, int | float))


def rendered() -> int:
    """Draw the charts and write the tables into the docs."""
    from bench.rendering import render_all

    for path in render_all():
        print(f"rendered {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
