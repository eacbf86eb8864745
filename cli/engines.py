"""Which engine reads for `reprocess`: this process, others beside it, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.boundary import Refused

if TYPE_CHECKING:
    from archive.places import Place
    from config import Config
    from ingest.engines import Engine


@contextmanager
def engine_for(config: Config, place: Place, dask: str | None, workers: int | None) -> Iterator[Engine]:
    """The engine that the options ask for, ready to read; whoever reads must be able to read `place`."""
    if dask is not None:
        with _cluster(config, place, dask, workers) as engine:
            yield engine
    elif workers in (None, 1):
        from ingest.engines.here import read_here

        yield read_here
    else:
        from ingest.engines.processes import readers

        with readers(workers or 1) as engine:
            yield engine


def careful(engine: Engine) -> Engine:
    """The engine after a run that may have died of a page: none is read in this process."""
    from ingest.engines.here import read_here
    from ingest.engines.processes import read_beside

    return read_beside(1) if engine is read_here else engine


@contextmanager
def _cluster(config: Config, place: Place, address: str, workers: int | None) -> Iterator[Engine]:
    if workers is not None and address != "local":
        raise Refused(f"--workers is for --dask local: at {address} those read who are connected to it")
    try:
        from ingest.engines.cluster import OnCluster
        from ingest.engines.connecting import Certificates, crew_at
    except ImportError as error:
        raise Refused(f"--dask needs the extra [cluster] ({error}): pip install 'policywire[cluster]'") from error
    from ingest.engines.fitness import own_need

    files = config.cluster
    certificates = None
    if files.ca_file and files.cert_file and files.key_file:
        certificates = Certificates(ca=files.ca_file, certificate=files.cert_file, key=files.key_file)
    with crew_at(address, own_need(place), workers=workers, certificates=certificates) as crew:
        yield OnCluster(client=crew.client, crew=crew)
