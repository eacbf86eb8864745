"""Log lines: text for people, or one JSON object a line for machines; fields after the message.

Every line of this process goes through here, also those of Scrapy, APScheduler, uvicorn and Python's warnings. What
is scraped is hostile: whatever could end a line, move a terminal's cursor or turn the direction of writing is shown as
an escape. Lines go to standard error and nowhere else: to keep, rotate and bound them is the supervisor's business
(journald, the container's engine).
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

_CHATTY = ("scrapy", "twisted", "apscheduler", "asyncio", "httpx", "httpcore", "uvicorn")
"""Libraries that tell of every request: of use when a site is debugged, not in a log that runs for months."""
_LONGEST_MESSAGE = 4_000
_LONGEST_FIELD = 2_000
_LONGEST_TRACEBACK = 40_000
"""Characters: journald cuts a line at 48 KiB, and a page that is quoted in full helps nobody."""
_HIDDEN = "[hidden]"


Form = Literal["text", "json"]
_Fields = Mapping[str, str | int]
_OF_THE_PROCESS: dict[str, str | int] = {}
_OF_THE_TASK: ContextVar[_Fields | None] = ContextVar("fields of the task in hand", default=None)
_SECRETS: list[str] = []


def log_to_stderr(level: str, form: Form) -> None:
    """Send what this process logs to standard error. `level` is a level's name in small letters."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines(form, for_journal=_is_the_journal(handler.stream)))
    if level != "debug":
        # a filter and not a level: Scrapy sets the levels of its own loggers when it starts
        handler.addFilter(lambda record: record.levelno >= logging.WARNING or not record.name.startswith(_CHATTY))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    if sys.excepthook is sys.__excepthook__:  # else somebody has hooked it already
        sys.excepthook = _log_what_ends_the_process
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _log_what_ends_a_thread


def name_process(**fields: str | int | None) -> None:
    """Put these fields on every line that this process logs from now on; None takes one away."""
    kept = _with(_OF_THE_PROCESS, fields)
    _OF_THE_PROCESS.clear()
    _OF_THE_PROCESS.update(kept)


@contextmanager
def named(**fields: str | int | None) -> Iterator[None]:
    """Puts these fields on every line that this thread (or coroutine) logs while the block runs."""
    token = _OF_THE_TASK.set(_with(_OF_THE_TASK.get() or {}, fields))
    try:
        yield
    finally:
        _OF_THE_TASK.reset(token)


def hide(*secrets: str | None) -> None:
    """Show `[hidden]` in place of these words in every line from now on, also in tracebacks of libraries."""
    told = {*_SECRETS, *(secret for secret in secrets if secret)}
    # of two secrets of which one holds the other, the longer goes first
    _SECRETS[:] = sorted(told, key=len, reverse=True)


def _with(fields: _Fields, more: Mapping[str, str | int | None]) -> dict[str, str | int]:
    return {name: value for name, value in {**fields, **more}.items() if value is not None}


class _Lines(logging.Formatter):
    """A record as one line: time, level, logger, message, the fields of process and task, those given with it.

    A traceback follows in text as lines that begin with a bar, so that none of it can pass for a line of its own.
    """

    def __init__(self, form: Form, *, for_journal: bool) -> None:
        super().__init__()
        self._form = self._text if form == "text" else self._json
        self._for_journal = for_journal

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = _short(hidden(record.getMessage()), _LONGEST_MESSAGE)
        fields = {
            name: _short(hidden(value), _LONGEST_FIELD) if isinstance(value, str) else value
            for name, value in _fields(record).items()
        }
        traceback = _short(hidden(self._traceback_of(record)), _LONGEST_TRACEBACK)
        line = self._form(record, at, message, fields, traceback)
        if not self._for_journal:
            return line
        priority = f"<{_priority(record.levelno)}>"
        return "\n".join(priority + part for part in line.split("\n"))

    def _traceback_of(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return "\n".join(parts)

    def _text(self, record: logging.LogRecord, at: str, message: str, fields: Mapping[str, Any], traceback: str) -> str:
        said = "".join(f" {name}={_word(value)}" for name, value in fields.items())
        line = inert(f"{at} {record.levelname:7} {record.name}: {message}{said}")
        return line + "".join(f"\n  | {inert(part)}" for part in traceback.split("\n") if traceback)

    def _json(self, record: logging.LogRecord, at: str, message: str, fields: Mapping[str, Any], traceback: str) -> str:
        own = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": message}
        said = {**fields, **own, **({"exception": traceback} if traceback else {})}
        ordered = {name: said[name] for name in (*own, *(name for name in said if name not in own))}
        return inert_json(json.dumps(ordered, ensure_ascii=False, default=str))


_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Controls (C0, C1), separators of lines and paragraphs, format characters without a shape, halves of a pair."""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def inert(text: str) -> str:
    """`text` as one line that a terminal shows as it is: what is unsafe as an escape."""
    return _UNSAFE.sub(_escaped, text)


def inert_json(text: str) -> str:
    """JSON text that says the same, with all that is unsafe as JSON's own escapes; ends of lines outside stay."""
    return _UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text)


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    return _SHORT.get(match[0]) or (f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}")


def _word(value: object) -> str:
    """A field's value as one word, quoted where it holds white space or quotes: it cannot pass for two fields."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r'[\s"]', text) else text


def hidden(text: str) -> str:
    """`text` with `[hidden]` in place of what must not be told."""
    for secret in _SECRETS:
        text = text.replace(secret, _HIDDEN)
    return text


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest:,} more characters)"


_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}
_OWN |= {"color_message"}  # uvicorn's, for a formatter of its own


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    given = {
        name: value
        for name, value in vars(record).items()
        if name not in _OWN and isinstance(value, str | int | float | bool | None)
    }
    return {**_OF_THE_PROCESS, **(_OF_THE_TASK.get() or {}), **given}


def _is_the_journal(stream: Any) -> bool:
    """Whether `stream` leads to journald, which reads a priority from the front of a line (systemd.exec(5))."""
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"


def _priority(level: int) -> int:
    """syslog's number of a level: 3 error, 4 warning, 6 informational, 7 debug."""
    return next((number for least, number in ((40, 3), (30, 4), (20, 6)) if level >= least), 7)


def _log_what_ends_the_process(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    logging.getLogger("policywire").critical("ended by a mistake of ours", exc_info=(kind, error, traceback))


def _log_what_ends_a_thread(args: Any) -> None:
    if args.exc_type is SystemExit:
        return
    name = args.thread.name if args.thread else None
    logging.getLogger("policywire").critical(
        "a thread ended by a mistake of ours",
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
        extra={"thread_name": name},
    )
