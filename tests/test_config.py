"""Configuration: every fault is named by file, key and what is allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

import config
from config import Config, ConfigError, Secrets, load_config
from pipeline import model

ROOT = Path(__file__).resolve().parents[1]


def _load(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "policywire.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file)


def test_without_a_file_the_defaults_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYWIRE_CONFIG", raising=False)
    assert load_config() == Config()


def test_the_shipped_example_is_valid_and_names_every_key() -> None:
    example = ROOT / "policywire.example.toml"
    load_config(example)
    text = example.read_text(encoding="utf-8")
    missing = [
        f"{table}.{key}"
        for table, field in Config.model_fields.items()
        if hasattr(field.annotation, "model_fields")
        for key in field.annotation.model_fields  # type: ignore[union-attr]
        if f"\n{key} =" not in text and f"\n# {key} =" not in text and f"\n[[{table}.{key}]]" not in text
    ]
    assert missing == []


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    config = _load(tmp_path, '[storage]\ndatabase = "here.db"\n')
    assert config.storage.database == tmp_path / "here.db"


def test_durations_are_read_with_their_unit(tmp_path: Path) -> None:
    config = _load(tmp_path, '[[schedule.jobs]]\nsource = "mofcom"\nevery = "90s"\n')
    assert config.schedule.jobs[0].every == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[storage]\ndatabse = "x"\n', "storage.databse: unknown key (did you mean 'database'?)"),
        ("[network]\ndelay = -1\n", "network.delay: must be greater than or equal to 0, not -1"),
        ('[schedule]\ntimezone = "Mars/Olympus"\n', "schedule.timezone: must be a time zone name"),
        ('[[schedule.jobs]]\nsource = "mofcom"\nevery = "soon"\n', "schedule.jobs[0].every: must be a duration"),
        (
            '[[schedule.jobs]]\nsource = "mofcom"\ncron = "99 * * * *"\n',
            "schedule.jobs[0].cron: must be five cron fields",
        ),
        ('[[schedule.jobs]]\nsource = "mofcom"\ncron = "0 0 31 2 *"\n', "cron fields"),
        ('[[schedule.jobs]]\nsource = "mofcom"\ncron = "0 9 * * 1-5"\n', "with weekdays by name"),
        ('[storage]\ndatabase = "a\\u0000b"\n', "storage.database: must be the path of a file or folder"),
        ('[storage]\narchive = ""\n', "storage.archive: must be the path of a file or folder"),
        ('[[schedule.jobs]]\nsource = "mofcom"\n', "schedule.jobs[0]: must be exactly one of every"),
        ('[[rules]]\nname = "a"\nto = ["nobody"]\n', "rules[0].to[0]: must be an e-mail address"),
        ('[[rules]]\nname = "a"\nto = ["a@b.c"]\n[[rules]]\nname = "a"\nto = ["a@b.c"]\n', "is used twice"),
        ('[site]\nhost = "0.0.0.0"\n', 'site.host: must be "127.0.0.1", "::1" or "localhost" while the site has no'),
        ('[site]\nlogins = true\nhost = "desk"\n', "site.host: must be an IP address of this machine"),
        ('[site]\nlogins = true\nbase_url = "http://desk.example.org"\n', "site.base_url: must be an https address"),
        ('[site]\nlogins = true\nbase_url = "https://desk.example.org/pw"\n', "an address without a path"),
        ('[site]\nbase_url = "https://desk:99999"\n', "site.base_url: must be an address such as"),
        ('[site]\ntrusted_proxies = ["proxy"]\n', "('proxy' is neither)"),
        ('[site]\nsession_idle = "0s"\n', "site.session_idle: must be a duration"),
        ('[network]\nconnect_to = {"a" = "b:1"}\n', 'network.connect_to: must be "host:port" = "address:port"'),
        ('[schedule]\ndeliver_every = "0s"\n', "schedule.deliver_every: must be a duration"),
        ('[mail]\ngive_up_after = "999999999d"\n', "mail.give_up_after: must be a duration"),
        ('[[rules]]\nname = "a"\nto = []\n', "rules[0].to: must have at least one value, not []"),
        (
            '[[rules]]\nname = "a"\nto = ["a@b.c"]\nactions = ["export-control"]\n',
            "rules[0].actions[0]: must be 'opening'",
        ),
        ('[monitoring]\nlisten = "0.0.0.0:9350"\n', "monitoring.listen: must be an address of this machine only"),
        ('[monitoring]\nlisten = "127.0.0.1"\n', "monitoring.listen: must be an address of this machine only"),
        ('[monitoring]\nlisten = "127.0.0.1:99999"\n', "monitoring.listen: must be an address of this machine only"),
        ('[monitoring]\nlisten = "a@127.0.0.1:1"\n', "monitoring.listen: must be an address of this machine only"),
        ('[monitoring]\nping_url = "https://hc-ping.com/1"\n', "monitoring.ping_url: unknown key"),
        ("[storage\n", "is not valid TOML"),
    ],
)
def test_a_fault_is_named_by_file_key_and_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    assert said in str(caught.value)
    assert "policywire.toml" in str(caught.value)


def test_a_rule_takes_exactly_the_words_that_statements_have() -> None:
    ours, theirs = (vars(module) for module in (config, model))
    for name in ("Instrument", "Action", "Status", "Salience", "Role"):
        assert get_args(ours[name]) == get_args(theirs[name]), name


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "missing.toml")


def test_the_password_comes_from_the_environment_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD", "canary-7281")
    secrets = Secrets()
    assert secrets.password() == "canary-7281"
    assert "canary" not in repr(secrets)


def test_the_password_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYWIRE_SMTP_PASSWORD", raising=False)
    (tmp_path / "secret").write_text("canary-11\n", encoding="utf-8")
    monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    assert Secrets().password() == "canary-11"
    monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="cannot read"):
        Secrets().password()
    (tmp_path / "none").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="no UTF-8 text"):
        Secrets().password()
