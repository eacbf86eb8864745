"""Which engine reads for `reprocess`: this process, others beside it, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.boundary import Refused
from readers.forks import Forks

if TYPE_CHECKING:
    from archive.places import Place
    from config import Config
    from ingest.engines import Engine
    from ingest.shards.folder import Plan


def reads_here(dask: str | None, workers: int | None) -> bool:
    """Whether the options ask for no process beside this one."""
    return dask is None and workers in (None, 1)


@contextmanager
def forks_for(dask: str | None, workers: int | None) -> Iterator[Forks | None]:
    """What the processes come from that read beside this one, begun so early that it loads its modules beside us."""
    if dask is not None or reads_here(dask, workers):
        yield None
        return
    with closing(Forks("ingest.engines.worker")) as forks:
        forks.begin()
        yield forks


@contextmanager
def engine_for(
    config: Config, place: Place, dask: str | None, workers: int | None, into: Path | None = None,
    forks: Forks | None = None,
) -> Iterator[Engine]:  # fmt: skip
    """The engine that the options ask for, ready to read; whoever reads must be able to read `place`.

    `into`: what is read is written there as shards, where a cluster reads by its workers.
    """
    if dask is not None:
        with _cluster(config, place, dask, workers, into) as engine:
            yield engine
    else:
        with _beside(workers, forks) as engine:
            yield engine if into is None else _writing(into, engine)


def careful(engine: Engine) -> Engine:
    """The engine after a run that may have died of a page: none is read in this process."""
    from ingest.engines.here import read_here
    from ingest.engines.processes import read_beside

    return read_beside(1) if engine is read_here else engine


@contextmanager
def _beside(workers: int | None, forks: Forks | None) -> Iterator[Engine]:
    if reads_here(None, workers):
        from ingest.engines.here import read_here

        yield read_here
    else:
        from ingest.engines.processes import readers

        with readers(workers or 1, forks=forks) as engine:
            yield engine


def _writing(folder: Path, engine: Engine) -> Engine:
    from ingest.shards.folder import writing

    return writing(folder, careful(engine))


@contextmanager
def shards_of(folder: Path, plan: Plan) -> Iterator[Engine]:
    """What was written as shards, in place of reading."""
    from ingest.shards.folder import read_shards

    yield read_shards(folder, plan)


@contextmanager
def _cluster(config: Config, place: Place, address: str, workers: int | None, into: Path | None) -> Iterator[Engine]:
    if workers is not None and address != "local":
        raise Refused(f"--workers is for --dask local: at {address} those read who are connected to it")
    try:
        from ingest.engines.at_worker import read_at_worker, write_at_worker
        from ingest.engines.cluster import OnCluster
        from ingest.engines.connecting import Certificates, crew_at
    except ImportError as error:
        raise Refused(f"--dask needs the extra [cluster] ({error}): pip install 'policywire[cluster]'") from error
    from ingest.engines.fitness import own_need
    from ingest.shards.folder import probe_in

    files = config.cluster
    certificates = None
    if files.ca_file and files.cert_file and files.key_file:
        certificates = Certificates(ca=files.ca_file, certificate=files.cert_file, key=files.key_file)
    with (
        nullcontext() if into is None else probe_in(into) as probe,
        crew_at(address, own_need(place, probe), workers=workers, certificates=certificates) as crew,
    ):
        work = read_at_worker if into is None else partial(write_at_worker, str(into.absolute()))
        yield OnCluster(client=crew.client, crew=crew, work=work)
