"""The metrics: named as Prometheus wants them, read back by the library's own parser, silent on secrets and people."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_open
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read_text

from config import Config
from jobs.faults import FAULTS
from jobs.metrics import Archived, Build, DeskCollector, archive_size, registry_of
from jobs.report import read_report
from tests.db_samples import NOON, Desk
from tests.watched_desk import watched_desk

ROOT = Path(__file__).resolve().parents[1]
BUILD = Build(version="0.1.0", extractor_version="77")


def exposed(config: Config) -> str:
    collector = DeskCollector(lambda: read_report(config, NOON), lambda: archive_size(config.storage.archive), BUILD)
    return generate_latest(registry_of(collector)).decode()


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Config, Desk]:
    return watched_desk(tmp_path)


@pytest.fixture
def value(watched: tuple[Config, Desk]) -> Callable[..., float | None]:
    """The value of a sample by its name and labels; None where there is none."""
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in read_text(exposed(watched[0]))
        for sample in family.samples
    }
    return lambda name, **labels: samples.get((f"policywire_{name}", tuple(sorted(labels.items()))))


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in read_text(text)}


def test_names_and_units_are_those_of_prometheus(watched: tuple[Config, Desk]) -> None:
    ours = {name: family for name, family in families(exposed(watched[0])).items() if name.startswith("policywire_")}
    assert len(ours) > 35
    for name, family in ours.items():
        assert re.fullmatch(r"policywire(_[a-z0-9]+)+", name)
        assert family.documentation.endswith("."), name
        assert family.type in ("gauge", "counter"), name
        for sample in family.samples:
            assert (family.type == "counter") == sample.name.endswith("_total"), sample.name
            assert sample.value == sample.value, f"{name} is no number"
        assert not re.search(r"_(ms|milliseconds|minutes|hours|days|kb|mib|kilobytes|percent)$", name)
        if "timestamp" in name:
            assert name.endswith("_timestamp_seconds")
            assert all(1.7e9 < sample.value < 1.9e9 for sample in family.samples), name
        if "size" in name or "free" in name:
            assert name.endswith("_bytes")


def test_both_formats_are_read_by_the_librarys_own_parsers(watched: tuple[Config, Desk]) -> None:
    config, _desk = watched
    collector = DeskCollector(lambda: read_report(config, NOON), lambda: Archived(files=1, size=2), BUILD)
    open_text = generate_open(registry_of(collector)).decode()
    text = exposed(config)
    named = {sample.name for family in read_open(open_text) for sample in family.samples}
    assert named >= {sample.name for family in read_text(text) for sample in family.samples}


def test_the_desk_is_told_in_numbers(value: Callable[..., float | None]) -> None:
    assert value("build_info", version="0.1.0", extractor_version="77", python_version=python_version()) == 1
    assert value("scheduler_state", state="alive") == 1
    assert value("scheduler_state", state="died") == 0
    assert value("scheduler_heartbeat_timestamp_seconds") == NOON.timestamp()
    assert value("database_readable") == 1
    assert value("archive_files") == 1
    assert value("archive_size_bytes") == 1000
    assert value("needs_a_person") == 2
    assert value("job_state", job="crawl mofcom", state="running") == 1
    assert value("job_state", job="crawl mofcom", state="stuck") == 0
    assert value("job_last_success_timestamp_seconds", job="backup") == NOON.timestamp() - 8.9 * 3600
    assert value("job_last_success_timestamp_seconds", job="deliver") is None
    assert value("job_failures", job="deliver") == 1
    assert value("source_state", source="mofcom", state="ok") == 1
    assert value("source_state", source="mofcom", state="failing") == 0
    assert value("outbox_mails", state="due") == 2
    assert value("outbox_mails", state="dead") == 1
    assert value("outbox_oldest_due_timestamp_seconds") == NOON.timestamp()
    assert value("mails_queued_total") == 3
    assert value("open_issues", source="mofcom", kind="crashed") == 1
    assert value("runs_24h", job="crawl", source="mofcom", state="failed") == 1
    assert value("fault", fault="disk_full") == 0


def python_version() -> str:
    import platform

    return platform.python_version()


def test_what_was_stored_only_grows(watched: tuple[Config, Desk], value: Callable[..., float | None]) -> None:
    _config, desk = watched
    for metric, table in (("articles", "articles"), ("quotes", "quotes"), ("announcements", "policies")):
        (rows,) = desk.db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert value(f"{metric}_stored_total") == rows > 0


def test_without_a_database_the_rest_is_told(watched: tuple[Config, Desk]) -> None:
    config, desk = watched
    desk.db.close()
    config.storage.database.unlink()
    found = families(exposed(config))
    assert [sample.value for sample in found["policywire_database_readable"].samples] == [0]
    assert {"policywire_scheduler_state", "policywire_disk_free_bytes", "process_start_time_seconds"} <= found.keys()
    assert "policywire_job_state" not in found


def test_nothing_that_was_scraped_and_nobodys_address_is_a_label(watched: tuple[Config, Desk]) -> None:
    text = exposed(watched[0])
    for hidden in ("example.org", "https://", "Mail 0", "Lin Qiao", "nobody of that name"):
        assert hidden not in text


def test_each_fault_has_its_series_from_the_beginning(watched: tuple[Config, Desk]) -> None:
    told = {sample.labels["fault"] for sample in families(exposed(watched[0]))["policywire_fault"].samples}
    assert told == set(FAULTS)


# -- the alerting rules ----------------------------------------------------------------------------------------------

RULES = ROOT / "deploy" / "prometheus-rules.yml"


def rules() -> list[dict[str, object]]:
    held = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in held["groups"] for rule in group["rules"]]


def test_every_alerting_rule_is_complete_and_asks_for_metrics_that_exist(watched: tuple[Config, Desk]) -> None:
    known = {sample.name for family in read_text(exposed(watched[0])) for sample in family.samples}
    seen = set()
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, rule
        assert re.fullmatch(r"Policywire[A-Z][A-Za-z]+", str(rule["alert"]))
        assert re.fullmatch(r"[0-9]+[smhd]", str(rule["for"]))
        assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})
        notes = rule["annotations"]
        assert isinstance(notes, dict)
        assert set(notes) == {"summary", "description"}
        expression = str(rule["expr"])
        assert expression.count("(") == expression.count(")")
        named = set(re.findall(r"\b(?:policywire|process)_[a-z0-9_]+\b", expression))
        assert named <= known, rule["alert"]
        assert named or expression.startswith("up{"), rule["alert"]
        seen.add(rule["alert"])
    assert len(seen) == len(rules()) >= 10


def test_labels_that_a_rule_compares_are_ones_that_exist(watched: tuple[Config, Desk]) -> None:
    text = exposed(watched[0])
    for rule in rules():
        for name, label, wanted in re.findall(r'(policywire_\w+)\{(\w+)=~?"([^"]+)"', str(rule["expr"])):
            for one in wanted.split("|"):
                assert re.search(rf'^{name}\{{[^}}]*{label}="{one}"', text, re.MULTILINE), (rule["alert"], one)
