#!/usr/bin/env python3
"""Accuracy of extraction, held against floors: always on the demo's truth, on the annotated articles where they are.

    python bench/accuracy.py [--quick] [--json] [--write] [--floors | --allow-regression]

Prints a table, or with --json one object of named figures. Exit status 1 when a figure falls below its floor in
bench/floors.json; `--floors` raises the floors to what is reached now, `--allow-regression` may lower them too (and
wants a line in the changelog). The annotated articles and their scorer lie beside the project, in ../shared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.check import GROUPS, Score, compare, right_ones  # noqa: E402
from pipeline.extract import EXTRACTOR_VERSION, extract, read_article  # noqa: E402

TRUTH = ROOT / "demo" / "truth.jsonl"
FLOORS = ROOT / "bench" / "floors.json"
SHARED = ROOT.parent / "shared"
GOLD = {"cd": "China Daily", "mfen": "MOFCOM, English", "mfzh": "MOFCOM, Chinese"}
SLACK = 0.005
"""How far below its floor a figure may lie: a rounding, no regression."""
SURE = 0.9
"""Records whose confidence is above this are to be right 95 times in a hundred."""


def main() -> int:
    """Measure, print, compare with the floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the same: it takes a few seconds anyway")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    parser.add_argument("--floors", action="store_true", help="raise the floors to today's figures")
    parser.add_argument(
        "--allow-regression", action="store_true", help="set the floors to today's figures, lower ones too"
    )
    arguments = parser.parse_args()
    sure = Counter[tuple[str, str, bool]]()
    figures = demo_figures(sure) | gold_figures(sure) | sure_figures(sure)
    known = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {"figures": {}, "digests": {}}
    digests = {name: digest(path) for name, path in inputs().items()}
    if arguments.floors or arguments.allow_regression:
        write_floors(known, figures, digests, lower=arguments.allow_regression)
        return 0
    changed = [name for name, found in digests.items() if known["digests"].get(name) not in (None, found)]
    below = {
        name: (value, known["figures"][name])
        for name, value in figures.items()
        if value < known["figures"].get(name, 0.0) - SLACK
    }
    if arguments.write:
        write_table(figures, known["figures"])
    print(json.dumps(figures) if arguments.json else "\n".join(table(figures, known["figures"])))
    for name in changed:
        print(f"{name} is not the text the floors were set with: set them anew with --floors", file=sys.stderr)
    for name, (value, floor) in below.items():
        print(f"{name}: {value:.3f} is below its floor {floor:.3f}", file=sys.stderr)
    return 1 if below else 0


def inputs() -> dict[str, Path]:
    """Name and file of every annotated set that is there."""
    gold = {f"gold_{name}": SHARED / "gold" / f"dev_{name}.jsonl" for name in GOLD}
    return {"demo": TRUTH} | {name: path for name, path in gold.items() if path.exists()}


def digest(path: Path) -> str:
    """Of the file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def statements(lines: Iterable[str]) -> Iterable[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Each annotated article with what is extracted from it."""
    for line in lines:
        record = json.loads(line)
        found = extract(read_article(record))
        yield (
            record,
            {
                "id": record["id"],
                "quotes": [quote.as_record() | {"confidence": quote.confidence} for quote in found.quotes],
                "policies": [policy.as_record() | {"confidence": policy.confidence} for policy in found.policies],
            },
        )


def demo_figures(sure: Counter[tuple[str, str, bool]]) -> dict[str, float]:
    """F1 by group on the invented articles; `sure` counts (set, kind, right) of the records above SURE."""
    sums = {name: Counter[str]() for name in GROUPS}
    with TRUTH.open(encoding="utf-8") as lines:
        for record, found in statements(lines):
            for name, (expected, held, right) in compare(record, found["quotes"], found["policies"]).items():
                sums[name].update(expected=expected, found=held, right=right)
            count_sure(sure, "demo", record, found)
    return {f"demo.{name}_f1": round(Score(**counts).f1, 4) for name, counts in sums.items()}


def count_sure(
    sure: Counter[tuple[str, str, bool]], name: str, truth: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    """Count the records that say of themselves that they are sure, and which of them the truth confirms."""
    right = {id(record) for record in right_ones(truth, found["quotes"], found["policies"])}
    for kind in ("quotes", "policies"):
        for record in found[kind]:
            if record["confidence"] > SURE:
                sure[name, kind, id(record) in right] += 1


def sure_figures(sure: Counter[tuple[str, str, bool]]) -> dict[str, float]:
    """Of the records above SURE, the share that is right: by set and kind."""
    sets = sorted({(name, kind) for name, kind, _right in sure})
    return {
        f"{name}.sure_{kind}_right": round(
            sure[name, kind, True] / (sure[name, kind, True] + sure[name, kind, False]), 4
        )
        for name, kind in sets
    }


def gold_figures(sure: Counter[tuple[str, str, bool]]) -> dict[str, float]:
    """What the scorer beside the annotated articles prints, flat; nothing where there is no scorer."""
    scorer = SHARED / "tools" / "score.py"
    figures: dict[str, float] = {}
    for name in GOLD:
        gold = SHARED / "gold" / f"dev_{name}.jsonl"
        if not gold.exists() or not scorer.exists():
            continue
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as out:
            with gold.open(encoding="utf-8") as lines:
                for record, found in statements(lines):
                    out.write(json.dumps(found, ensure_ascii=False) + "\n")
                    count_sure(sure, name, record, found)
            out.flush()
            done = subprocess.run(
                [sys.executable, str(scorer), str(gold), out.name, "--json"], capture_output=True, text=True, check=True
            )
        report = json.loads(done.stdout)
        for what, row in report["rates"].items():
            if row["gold"]:
                figures[f"{name}.{key(what)}_f1"] = row["f1"]
        for what, row in report["fields"].items():
            figures[f"{name}.{key(what)}"] = row["accuracy"]
    return figures


def key(name: str) -> str:
    """`marked quotes, speaker right` -> `marked_quotes_speaker_right`."""
    return "_".join(name.replace(",", "").replace(":", "").replace("(", "").replace(")", "").split())


def write_floors(
    known: Mapping[str, Any], figures: Mapping[str, float], digests: Mapping[str, str], *, lower: bool
) -> None:
    """Keep today's figures as floors; a floor sinks only with `lower`."""
    floors = dict(known["figures"])
    for name, value in figures.items():
        floors[name] = value if lower else max(value, floors.get(name, 0.0))
    kept = {"extractor": EXTRACTOR_VERSION, "digests": {**known["digests"], **digests}, "figures": floors}
    FLOORS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def table(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """The figures as lines of a Markdown table, a column for each annotated set."""
    sets = list(dict.fromkeys(name.partition(".")[0] for name in figures))
    rows = list(dict.fromkeys(name.partition(".")[2] for name in figures))
    lines = [f"| figure | {' | '.join(sets)} |", "| --- |" + " --- |" * len(sets)]
    for row in rows:
        cells = (cell(figures.get(f"{of}.{row}"), floors.get(f"{of}.{row}")) for of in sets)
        lines.append(f"| {row.replace('_', ' ')} | {' | '.join(cells)} |")
    return [*lines, "", "In brackets: the floor, where it differs."]


def cell(value: float | None, floor: float | None) -> str:
    """`0.97 (0.95)`: the figure and its floor."""
    if value is None:
        return ""
    return f"{value:.3f}" if floor is None or floor == value else f"{value:.3f} ({floor:.3f})"


def write_table(figures: Mapping[str, float], floors: Mapping[str, float]) -> None:
    """Put the table between its marks in docs/accuracy.md."""
    page = ROOT / "docs" / "accuracy.md"
    text = page.read_text(encoding="utf-8")
    start = text.index("-->", text.index("<!-- table")) + 3
    end = text.index("<!-- end", start)
    text = text[:start] + "\n" + "\n".join(table(figures, floors)) + "\n" + text[end:]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
