"""The figures of peers as tables: what is claimed, what is not, and nothing rounded up."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.peer_inputs import demo_pages, generated_pages, redesigned_pages
from bench.peer_tables import body_table, page_table, quote_table, settings_table

ROOT = Path(__file__).resolve().parents[1]


def reader(title: str, task: str, **sets: Any) -> dict[str, Any]:
    return {
        "title": title, "task": task, "settings": "read()", "versions": {"pears": "1.2"}, "load_s": 0.5, "peak_mb": 61,
        "network": 2, "sets": sets,
    }  # fmt: skip


SAID = {"exact": 0.998, "body": 0.98765, "title": 1.0, "ms": 2.0, "failed": 1, "empty": 2, "errors": ["timeout"]}
QUOTES = {"direct": 0.845, "speaker": 0.5, "speaker_part": 1.0, "ms": 100.0, "failed": 0, "errors": []}
FIGURES = {
    "pages": {"demo": {"en": 3, "zh": 2}, "generated": {"en": 3, "zh": 0}},
    "articles": {"demo": {"en": 3, "zh": 0}},
    "readers": {
        "figs/page": reader("figs", "pages", demo={"en": SAID, "zh": SAID | {"exact": 0.25}}, generated={"en": SAID}),
        "figs/quotes": reader("figs", "quotes", demo={"en": QUOTES}),
        "policywire/page": reader("ours", "pages", demo={"en": SAID | {"failed": 0}}, redesigned={"en": SAID}),
    },
}


def lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()]


def test_ours_comes_first_and_what_is_not_claimed_is_a_dash() -> None:
    head, _, ours, figs = lines(page_table(FIGURES))
    assert dict(zip(head, figs, strict=True)) == {
        "page → article": "figs", "body exact": "0.99 / 0.25", "body, ROUGE-L": "0.987 / 0.987",
        "title": "1.00 / 1.00", "date": "–", "authors": "–", "ms a page": "2.0 / –", "pages a second": "500",
        "memory": "61 MB", "no body, crashed": "6, 3 (timeout)",
    }  # fmt: skip
    assert ours[:2] == ["ours", "0.99 / –"]
    assert ours[-3:] == ["–", "61 MB", "2, 0"]


def test_quotes_have_a_column_for_each_set_that_was_measured() -> None:
    head, _, figs = lines(quote_table(FIGURES))
    assert dict(zip(head, figs, strict=True)) == {
        "article → quotes": "figs", "direct quotes found (F1), demo": "0.84 / –", "speaker in full, demo": "0.50 / –",
        "or in part, demo": "1.00 / –", "ms an article": "100.0 / –", "memory": "61 MB", "crashed": "0",
    }  # fmt: skip


def test_bodies_of_all_sets_and_how_each_reader_was_called() -> None:
    head, _, _, figs = lines(body_table(FIGURES))
    assert head == ["body", "exact, demo", "ROUGE-L, demo", "exact, generated", "ROUGE-L, generated"]
    assert figs[3:] == ["0.99 / –", "0.98 / –"]
    assert lines(settings_table(FIGURES))[-1] == ["figs", "`read()`", "pears 1.2", "0.5 s", "2"]


def test_pages_come_with_what_stands_on_them() -> None:
    pages = [*demo_pages(), *generated_pages(30)]
    assert len({page.item["id"] for page in pages}) == len(pages) > 150
    assert all(page.text and page.title and page.days for page in pages)
    assert {page.item["language"] for page in pages} == {"en", "zh"}
    first = next(page for page in pages if page.item["url"].endswith("/2012-08/31/content_15711082.htm"))
    assert (first.title, first.authors) == ("Molybdenum miners seek higher quota", ("Qiao Lihua",))
    assert first.days == {"2012-08-31"}


def test_a_redesign_renames_what_selectors_hold_on_to_and_nothing_that_is_read() -> None:
    before, after = demo_pages()[0], redesigned_pages()[0]
    pages = [b64decode(page.item["body"]).decode() for page in (before, after)]
    assert replace(after, item=before.item) == before
    assert "Content" in re.findall(r'id="([^"]+)"', pages[0])
    assert {len(name) for name in re.findall(r'id="([^"]+)"', pages[1])} == {9}
    words = [re.sub(r'(class|id)="[^"]*"', "", page) for page in pages]
    assert words[0] == words[1]


def test_the_command_prints_both_tables_and_names_the_adapters_that_there_are() -> None:
    def peers(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "bench/peers.py", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = peers("--quick", "--only", "policywire")
    assert done.returncode == 0, done.stderr
    ours = [line for line in done.stdout.splitlines() if line.startswith("| policywire ")]
    assert [line.split(" | ")[1] for line in ours] == ["1.00 / 1.00", "1.00 / 1.00"]
    done = peers("--only", "figs")
    assert done.returncode == 2
    assert "goose3/page" in done.stderr.splitlines()[-1]
