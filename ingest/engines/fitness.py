"""Whether a machine may read for another one: the same code, the same archive, the same folder for what is written."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.places import Place, open_place
from archive.records import ArchiveError
from pipeline.articles import PARSER_VERSION
from pipeline.extract import EXTRACTOR_VERSION

_ROOT = Path(__file__).resolve().parents[2]
_READS = ("pipeline", "archive", "ingest", "readers", "db")
"""What has a part in what is read from a page and made ready to be stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What whoever reads must have."""

    parser: str
    extractor: str
    python: str
    code: str
    """Digest of the modules and tables that read, so that a change without a new version is seen."""
    place: Place | None = None
    """A file that must be readable."""
    probe: str | None = None
    """A file that must be there in the folder that shards are written to."""


def own_need(place: Place | None = None, probe: Path | None = None) -> Need:
    """What this process has, and what besides whoever reads for it must reach."""
    return Need(
        parser=PARSER_VERSION,
        extractor=EXTRACTOR_VERSION,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        code=code_digest(),
        place=place,
        probe=None if probe is None else str(probe.absolute()),
    )


def shortcoming(need: Mapping[str, Any]) -> str | None:
    """Why this process cannot read for one that has that need, and what to do about it; None: it can.

    `need` is a Need as a dictionary, for it may come from another version.
    """
    own = asdict(own_need())
    if any(own[name] != need.get(name) for name in ("parser", "extractor")):
        return (
            f"has parser {own['parser']} and extractor {own['extractor']}, not {need.get('parser')} and "
            f"{need.get('extractor')}; install the same policywire there"
        )
    if own["code"] != need.get("code"):
        return "has other code or tables of the same version; install the same policywire there"
    if own["python"] != need.get("python"):
        return f"runs Python {own['python']}, not {need.get('python')}; take the same one there"
    if need["place"] is not None:
        place = Place(**need["place"])
        try:
            with open_place(place, 0, 1) as file:
                file.read(1)
        except (ArchiveError, OSError) as error:
            hint = "" if place.is_remote else "; mount the archive there under the same path, or read it from s3://"
            return f"{error}{hint}"
    if need["probe"] is not None and not Path(need["probe"]).exists():
        return f"does not see {Path(need['probe']).parent}; --to must name a folder that all workers share"
    return None


@cache
def code_digest() -> str:
    """Of all that reads: the same on all machines that have the same policywire."""
    digest = hashlib.sha256()
    for part in _READS:
        path = _ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(_ROOT).as_posix()}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
