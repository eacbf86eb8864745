"""Processes are copies of one that is ready; how each ends is told, and none outlives who asked for it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from readers.forks import Forked, Forks
from tests.demo_desk import wait_until
from tests.forked import WORK
from tests.reread_desk import lives

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def forks() -> Iterator[Forks]:
    with closing(Forks("tests.forked")) as found:
        yield found


def begun(forks: Forks, way: str) -> tuple[Forked, list[int]]:
    """A process, and what it says: who made it ready, its number, its session's."""
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as said:
        forked = forks.fork((writes,), way)
        os.close(writes)
        return forked, [int(word) for word in said.readline().split()]


def test_all_are_copies_of_one_that_was_made_ready_once_each_in_a_session_of_its_own(forks: Forks) -> None:
    (first, said), (second, also_said) = begun(forks, "wait"), begun(forks, "wait")
    assert said[0] == also_said[0]
    assert said[1] == said[2] != also_said[1] == also_said[2]
    assert said[0] not in (said[1], os.getpid())
    assert (first.end(), second.end()) == (-signal.SIGKILL, -signal.SIGKILL)


@pytest.mark.parametrize(
    ("way", "status"), [("done", 0), ("raise", 1), ("SIGPROF", -signal.SIGPROF), ("SIGALRM", -signal.SIGALRM)]
)
def test_how_one_ends_is_told(forks: Forks, way: str, status: int) -> None:
    forked, _said = begun(forks, way)
    assert forked.wait() == status
    assert forked.end() == status


def test_one_that_lives_has_no_status_and_the_others_are_told_meanwhile(forks: Forks) -> None:
    waits, _said = begun(forks, "wait")
    ends, _said = begun(forks, "done")
    assert ends.wait() == 0
    ends.end()
    assert waits.wait(0.01) is None
    assert waits.end() == -signal.SIGKILL


def test_the_process_that_forks_is_replaced_and_takes_its_copies_with_it(forks: Forks) -> None:
    lost, said = begun(forks, "wait")
    os.kill(said[0], signal.SIGKILL)
    assert lost.end() == -signal.SIGKILL
    wait_until(lambda: not lives(said[1]))
    again, also_said = begun(forks, "wait")
    assert also_said[0] != said[0]
    assert again.end() == -signal.SIGKILL


def test_a_module_that_cannot_be_loaded_is_told_as_a_status(capfd: pytest.CaptureFixture[str]) -> None:
    with closing(Forks("tests.no_such_module")) as forks:
        forked = forks.fork(())
        assert forked.wait(30) == 1
        assert forked.end() == 1
    assert "No module named 'tests.no_such_module'" in capfd.readouterr().err


def test_a_request_that_does_not_fit_is_refused(forks: Forks) -> None:
    with pytest.raises(ValueError, match="more than a request may have"):
        forks.fork((), "x" * 300)


def test_closing_ends_all(forks: Forks) -> None:
    forked, said = begun(forks, "wait")
    forks.close()
    assert not lives(*said[:2])
    assert forked.end() == -signal.SIGKILL


def test_what_all_used_counts_for_who_asked(forks: Forks) -> None:
    def used() -> float:
        told = resource.getrusage(resource.RUSAGE_CHILDREN)
        return told.ru_utime + told.ru_stime

    before = used()
    forked, _said = begun(forks, "work")
    forks.close()
    forked.end()
    assert used() - before >= WORK


def test_one_that_still_loads_is_ended_at_once(forks: Forks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = tmp_path / "loads"
    monkeypatch.setenv("FORKED_LOADS_AND_LOADS", str(loads))
    forked = forks.fork((), "wait")
    wait_until(loads.exists)
    forks.close()
    assert forked.end() == -signal.SIGTERM


def test_whoever_asked_and_is_killed_leaves_nothing() -> None:
    code = (
        "from tests.test_readers_forks import *; print(*begun(Forks('tests.forked'), 'wait')[1], flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline().split()
        process.kill()
    wait_until(lambda: not lives(*map(int, said[:2])))
