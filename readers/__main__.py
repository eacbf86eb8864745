"""The process that reads: one request after the other from a socket, each answered in its turn.

`python -m readers SOCKET BYTES_OF_MEMORY`; a request is the name of a call and its arguments.
"""

from __future__ import annotations

import resource
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from pipeline.articles import parse
from pipeline.extract import extract
from pipeline.html import PageError
from pipeline.model import Article, Listing, Page, Statements
from readers.wire import LENGTH, frame, unframed


def read(page: Page) -> tuple[Article | Listing, Statements | None]:
    """Parse a page and, where it is a whole story, extract from it too: one answer in place of two.

    An extractor that fails here is asked once more when the story is stored, and then says so.
    """
    found = parse(page)
    if not isinstance(found, Article) or found.next_pages:
        return found, None
    try:
        return found, extract(found)
    except Exception:  # noqa: BLE001 - see above
        return found, None


CALLS: Mapping[str, Callable[..., Any]] = {"parse": parse, "read": read, "extract": extract}


def main(number: int, memory: int) -> None:
    """Answer until the socket is closed."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory if hard == resource.RLIM_INFINITY else min(memory, hard)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asking_side_gone = suppress(BrokenPipeError, ConnectionResetError)  # a killed crawl; there is nobody to tell
    with asking_side_gone, socket.socket(fileno=number) as connection, connection.makefile("rwb") as stream:
        while (request := _request(stream)) is not None:
            stream.write(frame(_answer(*request)))
            stream.flush()


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _request(stream: _Readable) -> tuple[str, tuple[Any, ...]] | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    found: tuple[str, tuple[Any, ...]] = unframed(stream.read(LENGTH.unpack(head)[0]))
    return found


def _answer(name: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    """`gave` and the value, `refused` and the PageError, or `failed` and a line about what nobody expected."""
    try:
        return "gave", CALLS[name](*arguments)
    except PageError as error:
        return "refused", error
    except Exception as error:  # noqa: BLE001 - the boundary of the process: the asking side makes an issue of it
        return "failed", repr(error)[:500]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
