"""Runs a peer's adapter over items in a process without network; what ends that process is counted against its item."""

from __future__ import annotations

import ast
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import PEERS, one_core, peer_python

DRIVER = PEERS / "driver.py"
OURS = "policywire"

Item = Mapping[str, Any]
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """What an adapter's file says of itself; see bench/peers/driver.py."""

    name: str
    """Folder and file below bench/peers: `trafilatura/fast`."""
    title: str
    task: str
    settings: str
    fields: tuple[str, ...]
    languages: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def environment(self) -> str:
        """Its folder."""
        return self.name.partition("/")[0]


def adapters() -> list[Adapter]:
    """All of bench/peers, ours first. They are read, not imported: what they import is not there."""
    found = [_adapter(path) for path in sorted(PEERS.glob("*/*.py"))]
    return sorted(found, key=lambda one: one.environment != OURS)


def _adapter(path: Path) -> Adapter:
    said: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Tuple):
            said |= {one.id: ast.literal_eval(node.value) for one in node.targets if isinstance(one, ast.Name)}
    return Adapter(
        name=f"{path.parent.name}/{path.stem}", title=said["NAME"], task=said["TASK"], settings=said["SETTINGS"],
        fields=said.get("FIELDS", ()), languages=said.get("LANGUAGES", ()), kinds=said.get("KINDS", ()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a peer answered, and what it took."""

    answers: Mapping[str, Answer]
    """By the item's id; one with `error` has nothing else but its seconds."""
    versions: Mapping[str, str]
    load_s: float
    peak_mb: float
    network: int
    """How often it asked for the network, and was refused."""

    @property
    def seconds(self) -> float:
        """Of the processor, over all items that did not end their process."""
        return sum(answer.get("seconds", 0.0) for answer in self.answers.values())

    @property
    def failed(self) -> dict[str, str]:
        """Ids of the items that it could not read, and why."""
        return {name: answer["error"] for name, answer in self.answers.items() if "error" in answer}


@dataclass(slots=True, kw_only=True)
class _Told:
    """What the processes of a run have told so far."""

    answers: dict[str, Answer] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    peak_mb: float = 0.0
    network: int = 0
    in_hand: str | None = None

    def take(self, line: dict[str, Any]) -> None:
        if "peer" in line:
            self.first = line
        elif "at" in line:
            self.in_hand = line["at"]
        elif "warm" in line:
            self.in_hand = None
        elif "peak_mb" in line:
            self.peak_mb = max(self.peak_mb, line["peak_mb"])
            self.network += line["network"]
        else:
            self.answers[line["id"]] = line
            self.in_hand = None


def run_peer(name: str, items: Sequence[Item], *, warm: Sequence[Item] = (), rounds: int = 1) -> Run:
    """`name` is folder and file below bench/peers, `trafilatura/fast`; its environment is made if it is not there."""
    return run_adapter(peer_python(name.partition("/")[0]), PEERS / f"{name}.py", items, warm=warm, rounds=rounds)


def run_adapter(
    python: Path,
    adapter: Path,
    items: Sequence[Item],
    *,
    warm: Sequence[Item] = (),
    rounds: int = 1,
    limit: float = 60,
) -> Run:
    """Answers to all items. An item whose process dies gets an error, and another process goes on behind it.

    Those of `warm` are read before, so that no item pays for dictionaries that are loaded late; where there are none it
    is the first item of each language.

    Raises RuntimeError where the adapter does not come to its first item.
    """
    options = ["--rounds", str(rounds), "--limit", str(limit)]
    command = [*without_network(), str(python), "-P", str(DRIVER), str(adapter), *options]
    told = _Told()
    left = list(items)
    before = warm or list({item["language"]: item for item in reversed(items)}.values())
    while left or not told.first:
        told.in_hand = None
        fit = [{**item, "warm": True} for item in before if item["id"] not in told.answers]
        status, complaint = _feed(command, [*fit, *left], told)
        if status == 0 and told.in_hand is None:
            break
        if told.in_hand is None:
            raise RuntimeError(f"{adapter}: exit status {status}\n{complaint}")
        why = "timeout" if status == -signal.SIGALRM else f"crashed, exit status {status}"
        told.answers[told.in_hand] = {"id": told.in_hand, "error": why}
        left = [item for item in left if item["id"] not in told.answers]
    answers = {item["id"]: told.answers[item["id"]] for item in items}
    return Run(
        answers=answers, versions=told.first["versions"], load_s=told.first["load_s"], peak_mb=told.peak_mb,
        network=told.network,
    )  # fmt: skip


def _feed(command: Sequence[str], items: Sequence[Item], told: _Told) -> tuple[int, str]:
    """One process over the items; its exit status, and the last of what it said on standard error."""
    with (
        TemporaryFile("w+", encoding="utf-8") as given,
        TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
    ):
        given.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        given.seek(0)
        with subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8", env=one_core()
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                told.take(json.loads(line))
        said.seek(0)
        return process.returncode, said.read()[-2000:]


@cache
def without_network() -> tuple[str, ...]:
    """What stands before a command so that it gets a network of its own with nothing in it; () where that is forbidden.

    The driver refuses whatever Python code asks of the network in any case.
    """
    if shutil.which("unshare"):
        for way in (("unshare", "-n"), ("unshare", "-rn")):
            if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
                return way
    return ()
