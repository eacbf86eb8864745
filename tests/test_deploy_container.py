"""The container files: only what is packaged goes in, nobody is root, every command in them exists."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import cli
from config import load_config

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    """Word and rest of each instruction, continued lines joined."""
    text = re.sub(r"\\\n", " ", CONTAINERFILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def said(word: str) -> list[str]:
    return [rest for found, rest in instructions() if found == word]


def exists(words: list[str]) -> bool:
    """Whether these are a command of ours with options that it has."""
    command = cli.policywire.commands.get(words[0])
    if command is None:
        return False
    names = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    return all(word in names for word in words[1:])


def test_both_stages_begin_with_the_same_pinned_python() -> None:
    bases = [base.split(" AS ")[0] for base in said("FROM")]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"docker\.io/library/python:3\.1[1-9][.0-9]*-slim-[a-z]+", bases[0]), "no `latest`"


def test_what_is_installed_is_pinned_and_compiled_nowhere() -> None:
    (install,) = [run for run in said("RUN") if "pip install" in run]
    assert "--constraint constraints.txt" in install
    assert "--only-binary=:all:" in install
    text = CONTAINERFILE.read_text(encoding="utf-8")
    assert not re.search(r"apt-get|build-essential|gcc|curl|wget|ADD http", text)


def test_nobody_is_root_and_the_end_is_told_by_sigterm() -> None:
    assert said("USER") == ["10350:10350"]
    order = [word for word, _rest in instructions()]
    assert order.index("USER") > max(place for place, word in enumerate(order) if word == "RUN")
    assert said("STOPSIGNAL") == ["SIGTERM"]


def test_every_command_of_the_container_exists() -> None:
    assert json.loads(said("ENTRYPOINT")[0]) == ["policywire"]
    assert exists(json.loads(said("CMD")[0]))
    program, *health = json.loads(said("HEALTHCHECK")[0].partition("CMD ")[2])
    assert program == "policywire"
    assert exists(health)
    for service in SERVICES.values():
        assert exists(service["command"])
    assert SERVICES["run"]["healthcheck"]["test"] == ["CMD", program, *health]


def test_only_what_is_packaged_gets_into_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaged = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert let_in == packaged | {"pyproject.toml", "constraints.txt", "README.md", "deploy/policywire.toml"}
    copied = [rest.split()[0] for rest in said("COPY") if not rest.startswith("--from") and rest != ". ."]
    assert set(copied) <= let_in


def test_a_service_can_write_its_data_and_nothing_else() -> None:
    for service in SERVICES.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        writable = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
        assert writable == ["data:/var/lib/policywire"]
        assert service["stop_grace_period"] == "40s"
        assert service["restart"] == "unless-stopped"
        assert "privileged" not in service
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_both_services_see_each_others_processes() -> None:
    assert SERVICES["site"]["pid"] == "service:run", "else each takes the other's crawls for lost"


def test_secrets_are_files_and_stand_in_no_environment() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert name.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {"./smtp-password"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/deploy/smtp-password" in ignored


@pytest.mark.parametrize("name", ["policywire.toml"])
def test_the_configuration_of_a_server_is_valid(name: str) -> None:
    config = load_config(ROOT / "deploy" / name)
    folder = Path("/var/lib/policywire")
    assert config.storage.database.is_relative_to(folder)
    assert config.storage.archive.is_relative_to(folder)
    assert config.schedule.backup_to is not None
    assert config.monitoring.listen == "127.0.0.1:9350"
    assert f"127.0.0.1:{config.site.port}:{config.site.port}" in SERVICES["site"]["ports"]
