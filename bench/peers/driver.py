"""One peer over the items on standard input: the protocol that all adapters share, ours among them.

    python -P bench/peers/driver.py ADAPTER.py [--rounds 1] [--limit 60]

An adapter is a file with `NAME`, `TASK` (`pages` or `quotes`), `PACKAGES` (distributions whose versions are told),
`SETTINGS` (how it is called, for a reader) and `read(item)`, which gives a dictionary:

* `pages`: the item has `url`, `language` and `body` (bytes); given are `text` and those of `title`, `published` (ISO)
  and `authors` that the peer claims to find: its `FIELDS`.
* `quotes`: the item has `text` and `language` (one of its `LANGUAGES`); given is `quotes`, each with `start`, `end`,
  `kind` and `speaker`.

In, one JSON object a line: an item with its `id`, `body` in base64; one with `warm` is read and not answered. Out, one
JSON object a line: first `{"peer": …, "versions": …, "load_s": …}`; before each item `{"at": id}`; after it `{"id",
"seconds"}` with what was given or, where the peer raised, with `error`; last `{"peak_mb", "network"}`, the second being
how often the network was asked for. `seconds` are the processor's, the least of the rounds; who remembers what was read
gets one round.

An item that takes longer than `--limit` seconds by the clock ends the process by SIGALRM. (A timer of processor
seconds would make their clock coarse.) Whatever looks up a name or connects gets an error.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import sys
import time
from base64 import b64decode
from importlib.metadata import version
from pathlib import Path
from typing import Any

NETWORK = frozenset({
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname",
    "socket.getnameinfo", "socket.sendmsg", "socket.sendto",
})  # fmt: skip
asked: list[str] = []
"""What of the network was asked for, and refused."""


def refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    """An audit hook, which nothing can take away again."""
    if event in NETWORK:
        asked.append(event)
        raise ConnectionRefusedError(f"{event}: a peer gets no network")


def load(path: Path) -> Any:
    """The adapter's module; its folder is not on the path, so that it may bear its package's name."""
    spec = importlib.util.spec_from_file_location("adapter", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(adapter: Any, item: dict[str, Any], rounds: int, limit: float) -> dict[str, Any]:
    """The peer's answer to one item, with the processor seconds of the fastest round."""
    seconds = []
    answer: dict[str, Any] = {}
    for _ in range(rounds):
        signal.setitimer(signal.ITIMER_REAL, limit)
        began = time.process_time()
        try:
            answer = adapter.read(item)
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer to this item
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        seconds.append(time.process_time() - began)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return {"id": item["id"], "seconds": min(seconds), **answer}


def peak_mb() -> float:
    """Of this process alone: what getrusage tells begins with what its parent had."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    """Load, warm up, read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("adapter", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    # what a peer prints must not get between the answers
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(what: dict[str, Any]) -> None:
        out.write(json.dumps(what, ensure_ascii=False) + "\n")

    sys.addaudithook(refuse_network)
    began = time.process_time()
    adapter = load(options.adapter)
    versions = {package: version(package) for package in adapter.PACKAGES}
    tell({"peer": adapter.NAME, "versions": versions, "load_s": time.process_time() - began})
    for line in sys.stdin:
        item = json.loads(line)
        if "body" in item:
            item["body"] = b64decode(item["body"])
        tell({"at": item["id"]})
        answer = read(adapter, item, options.rounds, options.limit)
        tell({"warm": item["id"]} if "warm" in item else answer)
    tell({"peak_mb": peak_mb(), "network": len(asked)})


if __name__ == "__main__":
    main()
