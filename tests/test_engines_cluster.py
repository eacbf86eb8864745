"""A Dask cluster reads what this process would, whoever of it dies, joins, or does not fit."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import trustme
from distributed import get_worker

from archive.batch import Stretch, stretches_of
from archive.places import find_places
from db import open_database
from ingest.engines import EngineError, connecting
from ingest.engines.at_worker import read_at_worker
from ingest.engines.cluster import OnCluster, Work
from ingest.engines.connecting import Certificates, crew_at
from ingest.engines.crew import Crew
from ingest.engines.fitness import own_need, shortcoming
from ingest.engines.here import read_here
from ingest.reading import Batch
from ingest.rereading import Rereading
from tests.dask_cluster import Machines, machines, stretches
from tests.reread_desk import archive_of, facts, generated_pages, opened

SMALL = 20_000
"""Bytes of a stretch: two pages."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    archive_of(folder, generated_pages(20))
    return folder


@pytest.fixture(scope="module")
def expected(archive: Path) -> list[Batch]:
    found = list(read_here(stretches(archive, SMALL), threading.Event()))
    assert sum(len(batch.found) for batch in found) >= 40
    assert len(found) > 12
    return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and two workers, for tests that kill nobody."""
    with machines(tmp_path_factory.mktemp("cluster")) as started:
        started.start_worker()
        started.start_worker()
        yield started


@contextmanager
def crew(at: Machines, archive: Path) -> Iterator[Crew]:
    with crew_at(at.address, own_need(find_places((), archive)[0])) as found:
        yield found


def on(crew: Crew, work: Work = read_at_worker) -> OnCluster:
    return OnCluster(client=crew.client, crew=crew, work=work)


def pids(crew: Crew) -> dict[str, int]:
    return dict(crew.client.run(os.getpid))


def keep_all(rereading: Rereading, batches: Iterable[Batch]) -> None:
    for batch in batches:
        rereading.keep(batch)


# -- what is read ------------------------------------------------------------------------------------------------------


def test_workers_over_tcp_read_what_this_process_reads_in_the_same_order(
    cluster: Machines, archive: Path, expected: list[Batch]
) -> None:
    with crew(cluster, archive) as found:
        assert found.threads == 2
        assert opened(on(found)(stretches(archive, SMALL), threading.Event())) == expected


def test_only_so_many_stretches_are_under_way_as_the_threads_can_use(cluster: Machines, archive: Path) -> None:
    given = 0

    def counted() -> Iterator[Stretch]:
        nonlocal given
        for stretch in stretches(archive, SMALL):
            given += 1
            yield stretch

    with crew(cluster, archive) as found:
        batches = on(found)(counted(), threading.Event())
        next(batches)
        assert given <= 6
        batches.close()  # type: ignore[attr-defined]


def test_whoever_wants_to_stop_gets_the_batch_in_hand_and_no_more(cluster: Machines, archive: Path) -> None:
    stop = threading.Event()
    with crew(cluster, archive) as found:
        batches = on(found)(stretches(archive, SMALL), stop)
        assert next(batches).stretch.start == 0
        stop.set()
        assert list(batches) == []


def test_what_one_worker_cannot_read_is_read_by_another(
    cluster: Machines, archive: Path, expected: list[Batch]
) -> None:
    with crew(cluster, archive) as found:
        blind = min(found.fit)

        def work(stretch: Stretch) -> tuple[str, bytes]:
            from ingest.engines.at_worker import read_at_worker
            from ingest.engines.processes import unread

            if get_worker().address == blind:
                return blind, unread("the disk is not mounted")
            return read_at_worker(stretch)

        assert opened(on(found, work)(stretches(archive, SMALL), threading.Event())) == expected


def test_what_nobody_can_read_is_told_and_the_rest_is_read(
    cluster: Machines, archive: Path, expected: list[Batch]
) -> None:
    def work(stretch: Stretch) -> tuple[str, bytes]:
        from ingest.engines.at_worker import read_at_worker

        if stretch.start == 0:
            raise MemoryError("too much")
        return read_at_worker(stretch)

    with crew(cluster, archive) as found:
        batches = opened(on(found, work)(stretches(archive, SMALL), threading.Event()))
    told = [batch.unread for batch in batches if batch.unread]
    assert told == [
        "china_daily/2026-09-18.warc.gz at 0: MemoryError: too much",
        "mofcom/2026-09-18.warc.gz at 0: MemoryError: too much",
    ]
    assert [one for one in batches if not one.unread] == [one for one in expected if one.stretch.start]


# -- who dies and who joins --------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path, archive: Path, expected: list[Batch]) -> None:
    with machines(tmp_path / "cluster") as mine:
        mine.start_worker()
        mine.start_worker()
        with crew(mine, archive) as found:
            batches = on(found)(stretches(archive, SMALL), threading.Event())
            read = [next(batches)]
            os.kill(min(pids(found).values()), signal.SIGKILL)
            read += batches
    assert opened(read) == expected


def test_a_worker_that_comes_when_all_others_have_died_goes_on(
    tmp_path: Path, archive: Path, expected: list[Batch]
) -> None:
    with machines(tmp_path / "cluster") as mine:
        first = mine.start_worker()
        with crew(mine, archive) as found:
            batches = on(found)(stretches(archive, SMALL), threading.Event())
            read = [next(batches), next(batches)]
            first.kill()
            first.wait()
            mine.start_worker()
            read += batches
    assert opened(read) == expected


def test_without_any_worker_left_it_ends_and_says_how_to_go_on(tmp_path: Path, archive: Path) -> None:
    with machines(tmp_path / "cluster") as mine:
        only = mine.start_worker()
        with crew(mine, archive) as found:
            found.patience = 0.1
            batches = on(found)(stretches(archive, SMALL), threading.Event())
            next(batches)
            only.kill()
            with pytest.raises(EngineError, match=r"start one with `dask worker tcp://127\.0\.0\.1:"):
                list(batches)


def test_a_scheduler_that_goes_away_ends_it_with_a_line_that_says_so(tmp_path: Path, archive: Path) -> None:
    with machines(tmp_path / "cluster") as mine:
        mine.start_worker()
        with crew(mine, archive) as found:
            batches = on(found)(stretches(archive, SMALL), threading.Event())
            next(batches)
            mine.processes[0].kill()
            with pytest.raises(EngineError, match=rf"the scheduler at {mine.address} has gone; what was stored stands"):
                list(batches)


def test_what_was_stored_stands_when_the_scheduler_goes_away_and_the_next_run_goes_on(
    tmp_path: Path, archive: Path, expected: list[Batch]
) -> None:
    places = find_places((), archive)
    with machines(tmp_path / "cluster") as mine, closing(open_database(tmp_path / "a.db", mode="create")) as db:
        mine.start_worker()
        rereading = Rereading(db=db)
        with crew(mine, archive) as found:
            batches = on(found)(stretches(archive, SMALL), threading.Event())
            for _ in range(3):
                rereading.keep(next(batches))
            mine.processes[0].kill()
            with pytest.raises(EngineError, match="has gone"):
                keep_all(rereading, batches)
        begins = [Rereading(db=db).begin_of(place) for place in places]
        assert begins[0] > 2 * SMALL
        rest = Rereading(db=db)
        for place, begin in zip(places, begins, strict=True):
            keep_all(rest, read_here(stretches_of(place, begin), threading.Event()))
        assert rest.finish(places)
        with closing(open_database(tmp_path / "b.db", mode="create")) as other:
            whole = Rereading(db=other)
            keep_all(whole, expected)
            assert whole.finish(places)
            assert facts(db) == facts(other)


# -- who fits ----------------------------------------------------------------------------------------------------------


def test_workers_without_policywire_or_with_another_one_are_left_aside_and_named(
    tmp_path: Path, archive: Path, expected: list[Batch]
) -> None:
    stub = tmp_path / "stub" / "ingest"
    stub.mkdir(parents=True)
    (stub / "__init__.py").touch()
    older = tmp_path / "older.py"
    older.write_text("import pipeline.extract\npipeline.extract.EXTRACTOR_VERSION = '0.1'\n", encoding="utf-8")
    with machines(tmp_path / "cluster") as mine:
        mine.start_worker(PYTHONPATH=str(stub.parent))
        mine.start_worker("--preload", str(older))
        with (
            pytest.raises(EngineError, match=f"no worker of {mine.address} can read for us") as refused,
            crew(mine, archive),
        ):
            pass
        assert "has no policywire, or an older one" in str(refused.value)
        assert "extractor 0.1, not" in str(refused.value)
        assert "install the same" in str(refused.value)
        mine.start_worker()
        with crew(mine, archive) as found:
            assert found.threads == 1
            assert opened(on(found)(stretches(archive, SMALL), threading.Event())) == expected


def test_a_cluster_and_we_know_each_other_by_certificates(
    tmp_path: Path, archive: Path, expected: list[Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    ours, another = certificates(tmp_path / "ours", authority), certificates(tmp_path / "another", stranger)
    known = ("--tls-ca-file", str(ours.ca), "--tls-cert", str(ours.certificate), "--tls-key", str(ours.key))
    need = own_need(find_places((), archive)[0])
    with machines(tmp_path / "cluster", "--protocol", "tls", *known) as mine:
        assert mine.address.startswith("tls://127.0.0.1:")
        mine.start_worker(*known)
        with crew_at(mine.address, need, certificates=ours) as found:
            assert opened(on(found)(stretches(archive, SMALL), threading.Event())) == expected
        monkeypatch.setattr(connecting, "_CONNECT", 0.5)
        with (
            pytest.raises(EngineError, match="no scheduler answers at tls://"),
            crew_at(mine.address, need, certificates=another),
        ):
            pass


def certificates(folder: Path, authority: trustme.CA) -> Certificates:
    folder.mkdir()
    files = Certificates(ca=folder / "ca.pem", certificate=folder / "cert.pem", key=folder / "key.pem")
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(files.ca))
    issued.cert_chain_pems[0].write_to_path(str(files.certificate))
    issued.private_key_pem.write_to_path(str(files.key))
    return files


def test_what_a_machine_lacks_is_told_with_what_to_do(tmp_path: Path, archive: Path) -> None:
    place = find_places((), archive)[0]
    need = own_need(place, tmp_path)
    assert shortcoming(asdict(need)) is None
    for wrong, said in (
        (replace(need, code="0"), "has other code or tables of the same version; install the same policywire there"),
        (replace(need, python="3.9"), "not 3.9; take the same one there"),
        (replace(need, place=replace(place, url="/nowhere/x.warc.gz")), "mount the archive there under the same path"),
        (
            replace(need, probe="/nowhere/probe"),
            "does not see /nowhere; --to must name a folder",
        ),
    ):
        assert said in (shortcoming(asdict(wrong)) or "")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "no scheduler answers at tcp://127.0.0.1:1 ("),
        ("somewhere", "--dask somewhere: give `local`, or a scheduler's address such as tcp://host:8786"),
        ("tls://127.0.0.1:1", "set cluster.ca_file, cluster.cert_file and cluster.key_file first"),
    ],
)
def test_an_address_without_a_scheduler_is_refused_in_one_line(
    address: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_CONNECT", 0.3)
    with pytest.raises(EngineError) as refused, crew_at(address, own_need()):
        pass
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
