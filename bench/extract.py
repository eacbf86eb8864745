#!/usr/bin/env python3
"""Speed of extraction beside textacy's quotations (spaCy), in one run on the same articles, one core each.

    python bench/extract.py [--quick] [--json] [--no-peers]

Articles: the demo's English ones, and with ../shared there a sample of real ones. textacy runs in an environment of
its own, bench/.peers/textacy, made on first use. Seconds are the processor's, but for `startup_s`. Keys:
`speedup_vs_textacy`, `speedup_vs_spacy_parse`, `ms_per_article`, `rss_mb` (of `policywire extract` as a process),
`startup_s` (the same, on one short article, best of five).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

from environment import ROOT

from bench.peer_inputs import warming_articles
from bench.peer_runs import run_peer

SHARED = ROOT.parent / "shared"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer articles; under 50 s once bench/.peers stands")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--no-peers", action="store_true", help="our own figures only")
    arguments = parser.parse_args()
    lines = articles(60 if arguments.quick else 300)
    read = [json.loads(line) for line in lines]
    warm = [article for article in warming_articles() if article["language"] == "en"]
    seconds = run_peer("policywire/quotes", read, warm=warm).seconds
    figures = {"articles": len(lines), "seconds": seconds, "ms_per_article": 1000 * seconds / len(lines)}
    if not arguments.no_peers:
        textacy, parse = (run_peer(name, read, warm=warm) for name in ("textacy/quotes", "textacy/spacy_parse"))
        figures["speedup_vs_textacy"] = textacy.seconds / seconds
        figures["speedup_vs_spacy_parse"] = parse.seconds / seconds
        figures["textacy_ms_per_article"] = 1000 * textacy.seconds / len(lines)
        figures["textacy_rss_mb"] = textacy.peak_mb
    figures |= process(lines)
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps(rounded) if arguments.json else "\n".join(f"{name:26} {value}" for name, value in rounded.items()))
    return 0


def articles(most: int) -> list[str]:
    """English articles as JSON lines, the demo's first."""
    found: list[str] = []
    for path in (ROOT / "demo" / "truth.jsonl", SHARED / "corpus" / "china_daily.jsonl"):
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                found += [line for line in lines if json.loads(line)["language"] == "en"]
    return found[:most]


def process(lines: list[str]) -> dict[str, float]:
    """Memory and start-up of the command itself."""
    command = [sys.executable, "-m", "cli", "extract", "-"]
    run = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "text": True, "check": True}
    starts = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, input='{"id": "a", "text": "Prices rose, said Wu Jing."}', **run)  # type: ignore[call-overload]
        starts.append(time.perf_counter() - began)
    return {"startup_s": min(starts), "rss_mb": peak_memory(command, lines)}


def peak_memory(command: list[str], lines: list[str]) -> float:
    """Peak memory of `policywire extract` in MiB, asked of a process that has no other child."""
    code = (
        "import resource, subprocess, sys\n"
        f"subprocess.run({command!r}, stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="".join(lines), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
