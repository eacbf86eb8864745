"""The protocol of the peers' adapters: an invented peer in a process of its own, which may do all but reach out."""

from __future__ import annotations

import ast
import re
import socket
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from bench.peer_runs import Run, run_adapter, run_peer, without_network

PEERS = Path(__file__).resolve().parents[1] / "bench" / "peers"
HEAD = """
import os, signal, socket, subprocess, sys
SEEN = []
NAME, TASK, PACKAGES, FIELDS, SETTINGS = "counter", "pages", ("lxml",), ("text",), "none"
"""


def run(tmp_path: Path, code: str, *items: str, **options: Any) -> Run:
    """An adapter whose `read(item)` is `code`, over pages that have these words."""
    adapter = tmp_path / "counter.py"
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    adapter.write_text(f"{HEAD}\ndef read(item):\n{body}", encoding="utf-8")
    pages = [{"id": item, "language": "en", "body": b64encode(item.encode()).decode()} for item in items]
    return run_adapter(Path(sys.executable), adapter, pages, **options)


def texts(found: Run) -> dict[str, Any]:
    return {name: answer.get("text") for name, answer in found.answers.items()}


def test_every_page_gets_its_answer_with_its_seconds(tmp_path: Path) -> None:
    found = run(tmp_path, 'return {"text": item["body"].decode().upper()}', "pears", "梨", rounds=2)
    assert texts(found) == {"pears": "PEARS", "梨": "梨"}
    assert all(answer["seconds"] >= 0 for answer in found.answers.values())
    assert set(found.versions) == {"lxml"}
    assert found.peak_mb > 1
    assert found.failed == {}


def test_the_memory_of_a_peer_is_its_own_and_not_that_of_who_started_it(tmp_path: Path) -> None:
    ballast = bytearray(200_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    found = run(tmp_path, 'return {"text": str(len(b"x" * 60_000_000))}', "a")
    assert 60 < found.peak_mb < 150


def test_what_warms_a_peer_up_is_read_before_and_not_counted(tmp_path: Path) -> None:
    code = """
SEEN.append(item["id"])
if item["id"] == "kills":
    os.kill(os.getpid(), signal.SIGKILL)
return {"text": list(SEEN)}
"""
    warm = [{"id": one, "language": "en", "body": ""} for one in ("kills", "warm")]
    assert texts(run(tmp_path, code, "a", "b", warm=warm)) == {"a": ["warm", "a"], "b": ["warm", "a", "b"]}
    assert texts(run(tmp_path, code, "a", "b")) == {"a": ["a", "a"], "b": ["a", "a", "b"]}


def test_what_a_peer_prints_does_not_get_between_the_answers(tmp_path: Path) -> None:
    found = run(tmp_path, 'print("{}"); os.write(1, b"{}\\n")\nreturn {"text": "read"}', "a", "b")
    assert texts(found) == {"a": "read", "b": "read"}


def test_a_page_at_which_the_peer_raises_is_counted_and_the_next_is_read(tmp_path: Path) -> None:
    found = run(tmp_path, 'return {"text": 1 / len(item["body"].strip())}', "a", "  ", "b")
    assert found.failed == {"  ": "ZeroDivisionError: division by zero"}
    assert texts(found) == {"a": 1, "  ": None, "b": 1}


def test_a_page_at_which_the_peer_dies_is_counted_and_another_process_goes_on(tmp_path: Path) -> None:
    code = """
if item["id"] == "kills":
    os.kill(os.getpid(), signal.SIGKILL)
if item["id"] == "exits":
    os._exit(3)
return {"text": "read"}
"""
    found = run(tmp_path, code, "kills", "a", "exits", "b")
    assert found.failed == {"kills": "crashed, exit status -9", "exits": "crashed, exit status 3"}
    assert texts(found) == {"kills": None, "a": "read", "exits": None, "b": "read"}


def test_a_page_at_which_the_peer_hangs_is_counted_and_another_process_goes_on(tmp_path: Path) -> None:
    code = 'while item["id"] == "hangs": pass\nreturn {"text": "read"}'
    found = run(tmp_path, code, "a", "hangs", "b", limit=0.3)
    assert found.failed == {"hangs": "timeout"}
    assert texts(found) == {"a": "read", "hangs": None, "b": "read"}


def test_a_peer_that_leaves_in_good_order_is_not_taken_for_one_that_has_finished(tmp_path: Path) -> None:
    found = run(tmp_path, 'if item["id"] == "b": os._exit(0)\nreturn {"text": "read"}', "a", "b", "c")
    assert found.failed == {"b": "crashed, exit status 0"}
    assert texts(found) == {"a": "read", "b": None, "c": "read"}


def test_an_adapter_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="IndentationError"):
        run(tmp_path, "  nothing\n of the kind", "a")


def test_the_network_is_refused_and_the_asking_counted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        code = f"""
said = []
for ask in (lambda: socket.create_connection(("127.0.0.1", {port})), lambda: socket.getaddrinfo("localhost", 80)):
    try:
        ask()
    except OSError as error:
        said.append(type(error).__name__)
return {{"text": said}}
"""
        found = run(tmp_path, code, "a")
        assert texts(found) == {"a": ["ConnectionRefusedError", "ConnectionRefusedError"]}
        assert found.network == 4, "twice on the page, which is the first and read twice"
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.skipif(not without_network(), reason="this machine gives no network of one's own (unshare -n)")
def test_what_goes_past_python_finds_no_network_either(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        child = f'import socket; socket.create_connection(("127.0.0.1", {server.getsockname()[1]}))'
        code = f"""
done = subprocess.run([sys.executable, "-c", {child!r}], capture_output=True, text=True)
return {{"text": done.stderr.splitlines()[-1]}}
"""
        found = run(tmp_path, code, "a")
        assert "Network is unreachable" in found.answers["a"]["text"]
        with pytest.raises(BlockingIOError):
            server.accept()


def test_our_own_adapters_speak_the_protocol() -> None:
    article = {"id": "a", "language": "en", "text": 'Pears are late. "They will come," said Wu Jing of Huli Pears.'}
    found = run_peer("policywire/quotes", [article])
    assert [(quote["text"], quote["speaker"]) for quote in found.answers["a"]["quotes"]] == [
        ("They will come,", "Wu Jing")
    ]
    page = {"id": "p", "url": "https://example.org/pears", "language": "en", "body": ""}
    assert "example.org" in run_peer("policywire/page", [page]).failed["p"], "a site that we have no parser for"


@pytest.mark.parametrize("adapter", sorted(PEERS.glob("*/*.py")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_adapter_says_what_it_is_and_what_it_claims(adapter: Path) -> None:
    tree = ast.parse(adapter.read_text(encoding="utf-8"))
    said = {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert said["TASK"] in ("pages", "quotes")
    assert {"NAME", "PACKAGES", "SETTINGS"} <= set(said)
    if said["TASK"] == "pages":
        assert "text" in said["FIELDS"]
        assert set(said["FIELDS"]) <= {"text", "title", "published", "authors"}
    else:
        assert set(said["LANGUAGES"]) <= {"en", "zh"}
        assert set(said["KINDS"]) <= {"direct", "partial", "indirect"}


@pytest.mark.parametrize("path", sorted(PEERS.glob("*/requirements.txt")), ids=lambda path: path.parent.name)
def test_an_environment_is_pinned_to_the_last_package(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)] == []
    assert len(lines) > 1, "with all that comes with it"
