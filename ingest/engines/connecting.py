"""Connects to a Dask scheduler, or starts one with workers on this machine, and finds out who there may read."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import dask
from distributed import Client, LocalCluster, Security

from ingest.engines import EngineError
from ingest.engines.crew import Crew
from ingest.engines.fitness import Need

LOCAL = "local"
"""The address that stands for a cluster of this machine's cores."""
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:[0-9]{1,5}$")
_CONNECT = 10.0
"""Seconds that a scheduler may take to answer."""
_PATIENCE = 60.0
"""Seconds to wait for a worker when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """By which a scheduler at a tls:// address and we know each other; PEM files."""

    ca: Path
    certificate: Path
    key: Path


@contextmanager
def crew_at(
    address: str,
    need: Need,
    *,
    workers: int | None = None,
    certificates: Certificates | None = None,
    patience: float = _PATIENCE,
) -> Iterator[Crew]:
    """The workers at a scheduler's address, or `workers` new ones (one a core) at `local`, that meet the need.

    Raises EngineError when there is no such scheduler, or none of its workers may read.
    """
    _quieten()
    with _local(workers) if address == LOCAL else _remote(address, certificates) as client:
        crew = Crew(client=client, address=address, need=need, patience=patience)
        crew.wait()
        yield crew


@contextmanager
def _local(workers: int | None) -> Iterator[Client]:
    # encrypted with keys that only these processes have: else whoever has an account on the machine could send work
    security = Security.temporary()
    settings = {"distributed.worker.profile.enabled": False, "distributed.worker.daemon": True}
    with (
        dask.config.set(settings),
        TemporaryDirectory(prefix="policywire-dask-") as scratch,
        LocalCluster(
            n_workers=workers or len(os.sched_getaffinity(0)), threads_per_worker=1, memory_limit=0, security=security,
            silence_logs=logging.CRITICAL, local_directory=scratch, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # it answers there all the same: at a free port
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield client


@contextmanager
def _remote(address: str, certificates: Certificates | None) -> Iterator[Client]:
    if not _ADDRESS.match(address):
        raise EngineError(f"--dask {address}: give `local`, or a scheduler's address such as tcp://host:8786")
    if address.startswith("tls://") and certificates is None:
        raise EngineError(f"--dask {address}: set cluster.ca_file, cluster.cert_file and cluster.key_file first")
    security = None
    if certificates is not None:
        security = Security(
            tls_ca_file=str(certificates.ca), tls_client_cert=str(certificates.certificate),
            tls_client_key=str(certificates.key), require_encryption=True,
        )  # fmt: skip
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False, security=security)
    except (OSError, ValueError, TimeoutError) as error:
        why = _why(error)
        raise EngineError(
            f"no scheduler answers at {address} ({why}): start one with `dask scheduler`, or name another by --dask"
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def _why(error: BaseException) -> str:
    """What lies at the bottom of an error of connecting, in a few words."""
    while error.__cause__ is not None:
        error = error.__cause__
    found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return found.strip().partition("\n")[0] or type(error).__name__


def _quieten() -> None:
    """Dask's own lines tell what we tell in fewer words, or try again; what counts is raised."""
    for name in ("distributed", *(name for name in logging.root.manager.loggerDict if name.startswith("distributed."))):
        logging.getLogger(name).setLevel(logging.CRITICAL)
