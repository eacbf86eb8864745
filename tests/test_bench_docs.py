"""What the docs say of speed is what the benches printed: figures stand between marks, as bench/results holds them."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path

import pytest

from bench.benches import BENCHES, BY_NAME
from bench.charts import charts_of, digest, draw
from bench.rendering import BLOCKS, CHARTS, RESULTS, one_figure, pages, rendered, results_in
from bench.run import FLOORS, beyond, figures_in

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = {"pipeline": {"figures": {"parse_ms": 1.23456, "pages": 4711, "deep": {"list": [1, 2.5]}}}}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_figure_between_marks_is_the_one_that_was_printed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert rendered(text, results_in()) == text, "run: python bench/run.py --render"


def test_every_chart_is_of_the_figures_that_are_kept() -> None:
    for name, figures, _pen in charts_of(results_in()):
        assert digest(name, figures) in (CHARTS / f"{name}.svg").read_text(encoding="utf-8")


def test_every_chart_that_a_page_shows_is_there() -> None:
    shown = [one for page in pages() for one in re.findall(r"\(((?:docs/)?img/bench/[^)]+)\)", page.read_text("utf-8"))]
    assert [one for one in shown if not (ROOT / "docs" / one.removeprefix("docs/")).exists()] == []


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_result_names_machine_versions_date_and_commit_and_no_host_or_path(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert {"machine", "versions", "date", "commit", "seconds", "figures", "load_at_start", "warnings"} <= set(found)
    text = path.read_text(encoding="utf-8")
    assert socket.gethostname() not in text
    assert not re.search(r'["= ]/(home|root|tmp|work|usr|var|opt|srv|mnt)\b', text)
    assert os.environ.get("USER", "no user") + "@" not in text


def test_a_result_belongs_to_a_bench_that_there_is() -> None:
    assert set(results_in()) <= set(BY_NAME)


def test_every_bench_has_a_script_and_the_long_form_is_named_where_make_bench_runs_a_shorter_one() -> None:
    assert [one.script for one in BENCHES if not (ROOT / "bench" / one.script).exists()] == []
    assert sum(one.seconds for one in BENCHES if one.usual is not None) < 30 * 60
    assert [one.name for one in BENCHES if one.usual is None and not one.full] == []


def test_every_floor_is_of_a_bench_that_there_is() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    for form, known in floors.items():
        for key, floor in known.items():
            bench = BY_NAME[key.partition(".")[0]]
            assert ("least" in floor) != ("most" in floor), key
            assert form == "usual" or bench.short is not None, key


def test_only_what_stands_between_marks_is_replaced() -> None:
    page = "kept 1.0 <!-- bench:pipeline.parse_ms -->old<!-- /bench --> kept too\n"
    assert rendered(page, SAMPLE) == "kept 1.0 <!-- bench:pipeline.parse_ms -->1.23<!-- /bench --> kept too\n"
    assert rendered("no marks at all", SAMPLE) == "no marks at all"


def test_a_mark_that_asks_for_what_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no block is called nonsense; there are: machine, aims"):
        rendered("<!-- bench:nonsense --><!-- /bench -->", SAMPLE)


def test_a_figure_has_three_digits_that_count_and_whole_numbers_are_whole() -> None:
    assert [one_figure(f"pipeline.{name}", SAMPLE) for name in ("parse_ms", "pages", "deep.list.1", "nothing")] == [
        "1.23", "4,711", "2.5", "?",
    ]  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_without_results_says_how_to_get_them(name: str) -> None:
    assert re.search(r"bench|\|", BLOCKS[name]({}))


def test_a_figure_beyond_its_floor_is_named_with_both() -> None:
    found = {"processors_of_others": 0.0, "machine": {"cores": 2}, "figures": {"ratio": 0.4, "deep": {"growth": 0.5}}}
    floors = {
        "x.ratio": {"least": 0.5},
        "x.deep.growth": {"most": 0.4},
        "x.gone": {"least": 1},
        "y.ratio": {"least": 9},
    }
    assert list(beyond("x", found, floors)) == [
        "x.ratio is 0.4, below its floor of 0.5",
        "x.deep.growth is 0.5, above its limit of 0.4",
        "x.gone was not printed",
    ]


def test_a_floor_of_waiting_time_is_not_judged_on_a_busy_machine_or_one_with_too_few_cores() -> None:
    figures = {"ratio": 1.0}
    floor = {"x.ratio": {"least": 1.8, "quiet": True, "cores": 2}}
    busy = {"processors_of_others": 1.2, "machine": {"cores": 2}, "figures": figures}
    small = {"processors_of_others": 0.0, "machine": {"cores": 1}, "figures": figures}
    idle = {"processors_of_others": 0.0, "machine": {"cores": 2}, "figures": figures}
    assert [len(list(beyond("x", one, floor))) for one in (busy, small, idle)] == [0, 0, 1]


def test_what_a_bench_prints_is_one_object_or_one_a_line() -> None:
    assert figures_in('{\n "a": 1\n}\n') == {"a": 1}
    assert figures_in('{"a": 1}\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]
    with pytest.raises(ValueError, match="nothing printed"):
        figures_in(" \n")


def test_a_chart_of_the_same_figures_is_the_same_file_and_says_what_it_shows(tmp_path: Path) -> None:
    cost = {"says": "Storing a barge", "unit": "ms of processor time", "values": [2.0, 2.1, 2.2], "exponent": 0.021}
    results = {"growth": {"figures": {"sizes": [100, 1000, 10000], "costs": {"barge": cost}}}}
    ((name, figures, pen),) = charts_of(results)
    for copy in ("one.svg", "two.svg"):
        draw(tmp_path / copy, name, figures, pen)
    first = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert first == (tmp_path / "two.svg").read_text(encoding="utf-8")
    assert digest(name, figures) in first
    assert len(first) < 80_000
