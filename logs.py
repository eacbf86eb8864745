"""Log lines: text for people, or one JSON object a line for machines; fields after the message."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal

_CHATTY = ("scrapy", "twisted", "apscheduler", "asyncio")
"""Libraries that tell of every request: of use when a site is debugged, not in a log that runs for months."""


def log_to_stderr(level: str, form: Literal["text", "json"]) -> None:
    """Send what this process logs to standard error. `level` is a level's name in small letters."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        _JsonLines() if form == "json" else _TextLines("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    if level != "debug":
        # a filter and not a level: Scrapy sets the levels of its own loggers when it starts
        handler.addFilter(lambda record: record.levelno >= logging.WARNING or not record.name.startswith(_CHATTY))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class _JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the fields that were given with it."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class _TextLines(logging.Formatter):
    """Time, level and message, fields after it as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        return super().format(record) + fields


_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _OWN and isinstance(value, str | int | float | bool | None)
    }
