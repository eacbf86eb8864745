"""The process that reads one file: its bytes on standard input, kind and text as JSON lines on standard output.

`python -m annexes BYTES_OF_MEMORY SECONDS BYTES_OF_ANSWER`; the limits are set before any reader is loaded.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict

_FORBIDDEN = ("socket.connect", "socket.bind", "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main(arguments: list[str]) -> None:
    """Limit this process, read, answer."""
    memory, seconds, answer = (int(one) for one in arguments)
    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, answer),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit, limit if hard == resource.RLIM_INFINITY else min(limit, hard)))
    sys.addaudithook(_refuse)
    body = sys.stdin.buffer.read()
    from pipeline.annexes import read_annex
    from pipeline.annexes.kinds import kind_of

    print(json.dumps({"kind": kind_of(body)}), flush=True)
    print(json.dumps(asdict(read_annex(body)), ensure_ascii=False))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """No reader has any business with the network, other programs, or files to write."""
    writes = event == "open" and isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wax+")
    if writes or event in _FORBIDDEN:
        raise PermissionError(f"reading a file may not {event}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main(sys.argv[1:])
