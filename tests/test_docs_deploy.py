"""docs/deploy.md: what it tells to type exists, and what it lists is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from jobs.metrics import Archived, Build, DeskCollector, registry_of
from jobs.report import read_report
from tests.db_samples import NOON
from tests.test_deploy_container import exists
from tests.watched_desk import watched_desk

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
# `desk` stands for the program, its user and its configuration
_COMMANDS = re.findall(r"(?:(?<!a )\bdesk|`policywire|run --rm run|exec run policywire) ([a-z][^`\n]*)", TEXT)


def words(command: str) -> list[str]:
    return [word for word in command.split() if re.fullmatch(r"[a-z]+|--[a-z-]+", word)]


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_that_is_told_exists(command: str) -> None:
    import cli

    first, *rest = words(command)
    group = cli.policywire.commands[first]
    if hasattr(group, "commands"):
        inner = group.commands[rest[0]]
        known = {name for option in inner.params for name in option.opts}
        assert {word for word in rest if word.startswith("--")} <= known
    else:
        assert exists([first, *(word for word in rest if word.startswith("--"))])


def test_commands_were_found() -> None:
    assert len(_COMMANDS) > 12


def test_every_metric_is_listed_and_no_other(tmp_path: Path) -> None:
    config, _desk = watched_desk(tmp_path)
    collector = DeskCollector(
        lambda: read_report(config, NOON), lambda: Archived(files=1, size=1), Build(version="1", extractor_version="1")
    )
    exposed = generate_latest(registry_of(collector)).decode()
    told = {
        sample.name.removeprefix("policywire_")
        for family in text_string_to_metric_families(exposed)
        for sample in family.samples
        if sample.name.startswith("policywire_")
    }
    table = TEXT[TEXT.index("| metric |") : TEXT.index("Metrics of the process")]
    rows = [row.split("|")[1] for row in table.splitlines()[2:] if row]
    listed = {name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row)}
    assert listed == told


def test_every_alert_has_its_line() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus-rules.yml").read_text(encoding="utf-8"))
    named = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    table = TEXT[TEXT.index("## When an alarm comes") :]
    assert named - set(re.findall(r"Policywire[A-Za-z]+", table)) <= {"PolicywireNeedsAPerson"}


def test_links_lead_somewhere() -> None:
    for file, anchor in re.findall(r"\]\(([a-z.]*)(?:#([a-z-]+))?\)", TEXT):
        text = (ROOT / "docs" / file).read_text(encoding="utf-8") if file else TEXT
        headings = [re.sub(r"[^a-z -]", "", line.strip("# ").lower()).replace(" ", "-") for line in text.splitlines()]
        assert not anchor or anchor in headings, (file, anchor)
