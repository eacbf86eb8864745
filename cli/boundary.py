"""What all commands share: configuration, database, and errors that a user can put right in one line."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from sqlite_utils import Database

    from alerts.rules import Rule
    from config import Config


class Refused(click.ClickException):
    """Something the user can put right: one line, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"policywire: {self.format_message()}", err=True, file=file)


def examples(*lines: str) -> str:
    """The end of a help text: a command line each."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@contextmanager
def told() -> Iterator[None]:
    """Turns the errors that users cause, and can put right, into one line and exit status 2."""
    try:
        yield
    except Exception as error:  # a command's boundary: whatever is not known to be the user's goes on as it is
        line = _refusal(error)
        if line is None:
            raise
        raise Refused(line) from error


def _refusal(error: Exception) -> str | None:
    """What to tell the user of an error, or None if it is none of his."""
    from alerts.rules import RuleError
    from archive.warc import ArchiveError
    from config import ConfigError
    from db import DatabaseError
    from db.accounts.passwords import PasswordError
    from db.accounts.users import UserError
    from db.connection import explain
    from db.export import ExportError
    from ingest.engines import EngineError
    from jobs.locks import AlreadyRunning

    if isinstance(error, ConfigError | DatabaseError | RuleError | AlreadyRunning | ArchiveError | ExportError):
        return str(error)
    if isinstance(error, UserError | PasswordError | EngineError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return str(explain(error, "the database"))
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; give another path or change its permissions"
    return None


def config_of(context: click.Context) -> Config:
    """The configuration that the user named, checked."""
    from config import load_config

    with told():
        return load_config(context.obj)


@contextmanager
def database(config: Config, mode: Literal["ro", "rw", "create"]) -> Iterator[Database]:
    """The configured database, open while the block runs."""
    from db import open_database

    with closing(open_database(config.storage.database, mode=mode)) as db:
        yield db


def own_command(*arguments: str, config: Path | None) -> list[str]:
    """The command line of another policywire process with the same configuration."""
    named = ["--config", str(config)] if config else []
    # -P: a config.py or web/ in the current folder must not be taken for ours
    return [sys.executable, "-P", "-m", "cli", *named, *arguments]


def lock_beside(config: Config, name: str) -> Path:
    """A lock file next to the database, the same one by whatever path the database is named."""
    from jobs.locks import lock_file

    return lock_file(config.storage.database, name)


def configured_rules(config: Config) -> tuple[Rule, ...]:
    """The watch rules of the configuration, as they stand there."""
    from alerts.rules import Rule

    return tuple(Rule(**rule.model_dump()) for rule in config.rules)


def rules_of(config: Config) -> tuple[Rule, ...]:
    """The watch rules of the configuration. Raises RuleError for one that can never work."""
    from alerts.rules import check_rules

    rules = configured_rules(config)
    check_rules(rules)
    return rules


def keep_rules(config: Config, db: Database) -> None:
    """Bring the configuration's watch rules into the database, where they are read from. Raises RuleError."""
    from alerts.rules import settings_of
    from db.rules import keep_configured

    keep_configured(db, [settings_of(rule) for rule in rules_of(config)], now=datetime.now(UTC))


def one_line(text: str) -> str:
    """White space folded, the full stop at the end left out."""
    return " ".join(text.split()).rstrip(".")
