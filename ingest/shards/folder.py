"""A folder of shards: what it is to hold, what it holds, and reading it as if it were the archive.

`_policywire.json` says of which files, at which size of stretches and by which version; beside it lies one file for
each stretch, named after its file and the offset of its start. So a stretch that is read twice is one file in the end,
and whoever was stopped goes on with what is missing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event
from urllib.parse import quote

from archive.batch import Hosts, Stretch, stretches_of
from archive.places import Place
from ingest.engines import Engine, EngineError
from ingest.reading import VERSION, Batch
from ingest.shards.files import about, read_batch, write_batch

PLAN = "_policywire.json"
"""Tools that read a folder of Parquet files pass over names that begin with `_` or `.`."""
SIZE = 16 << 20
"""Bytes of an archive that become one shard: some 1,600 pages, in 3 MB."""
_NAME = re.compile(r"[0-9]{15}\.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a folder is to hold."""

    places: tuple[Place, ...]
    size: int
    """Bytes of a stretch."""
    hosts: Hosts = ()
    """Of records that others wrote, those of these hosts are read."""

    def stretches(self) -> Iterator[Stretch]:
        """All of them, in order."""
        for place in self.places:
            yield from stretches_of(place, size=self.size, hosts=self.hosts)

    def stretches_from(self, place: Place, begin: int) -> Iterator[Stretch]:
        """Those of a place from an offset on; the first begins there, wherever its shard does."""
        for stretch in stretches_of(place, begin // self.size * self.size, self.size, self.hosts):
            yield replace(stretch, start=max(begin, stretch.start))


def plan_for(folder: Path, places: Iterable[Place], hosts: Hosts = (), *, size: int = SIZE, anew: bool = False) -> Plan:
    """Note in the folder that it is to hold these files too; what another run has begun there is gone on with.

    `anew`: what it holds is written again. Raises EngineError for a folder that holds something else.
    """
    former = None
    if (folder / PLAN).exists():
        former = _read(folder, anew=anew)
    elif folder.exists() and any(folder.iterdir()):
        raise EngineError(f"{folder} is no folder of shards: give one that is empty, or not there yet")
    if former is not None and (former.size, former.hosts) != (size, hosts) and not anew:
        raise EngineError(f"{folder} holds shards of other hosts or of another length: --anew writes them anew")
    known = {place.name: place for place in former.places} if former is not None else {}
    plan = Plan(places=tuple({**known, **{place.name: place for place in places}}.values()), size=size, hosts=hosts)
    folder.mkdir(parents=True, exist_ok=True)
    _forget(folder, plan, all_of_them=anew)
    half = folder / f".{PLAN}.{os.getpid()}"
    told = {"version": VERSION, "size": size, "hosts": hosts, "places": [asdict(place) for place in plan.places]}
    half.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    half.replace(folder / PLAN)
    return plan


def read_plan(folder: Path, archive: Path) -> Plan:
    """What a folder holds, its files where they lie in this archive. Raises EngineError unless all of it is there."""
    if not (folder / PLAN).exists():
        raise EngineError(f"{folder} is no folder of shards: `policywire reprocess --to parquet {folder}` makes one")
    plan = _read(folder)
    if missing := len(missing_in(folder, plan)):
        raise EngineError(
            f"{folder} lacks {missing} of {sum(1 for _ in plan.stretches())} shards: "
            f"`policywire reprocess --to parquet {folder}` writes those that are missing"
        )
    here = (replace(one, url=str(archive / one.name)) if _is_ours(one) else one for one in plan.places)
    return replace(plan, places=tuple(here))


def missing_in(folder: Path, plan: Plan) -> Sequence[Stretch]:
    """The stretches of which the folder has no shard."""
    return [stretch for stretch in plan.stretches() if not _is_there(folder, stretch)]


def shard_of(folder: Path, place: Place, start: int) -> Path:
    """Where the shard of a stretch lies."""
    return _folder_of(folder, place) / f"{start:015}.parquet"


def write_shard(folder: Path, batch: Batch) -> Batch:
    """Write a batch, unless it could not be read; gives it without what was found."""
    if batch.unread is None:
        write_batch(batch, shard_of(folder, batch.stretch.place, batch.stretch.start))
    return replace(batch, found=())


def writing(folder: Path, engine: Engine) -> Engine:
    """An engine that writes what another one reads."""

    def written(stretches: Iterable[Stretch], stop: Event) -> Generator[Batch, None, None]:
        with closing(engine(stretches, stop)) as batches:
            for batch in batches:
                yield write_shard(folder, batch)

    return written


def read_shards(folder: Path, plan: Plan) -> Engine:
    """An engine that takes the shards of a folder for what reading gave."""

    def engine(stretches: Iterable[Stretch], stop: Event) -> Generator[Batch, None, None]:
        for stretch in stretches:
            if stop.is_set():
                return
            batch = read_batch(shard_of(folder, stretch.place, stretch.start // plan.size * plan.size))
            yield replace(batch, stretch=stretch)

    return engine


@contextmanager
def probe_in(folder: Path) -> Iterator[Path]:
    """A file by which workers see that the folder is the same one for them."""
    probe = folder / f".probe-{os.urandom(8).hex()}"
    probe.touch()
    try:
        yield probe
    finally:
        probe.unlink(missing_ok=True)


def _read(folder: Path, *, anew: bool = False) -> Plan:
    try:
        told = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        version = told["version"]
        places = tuple(Place(**one) for one in told["places"])
        hosts = tuple((host, source) for host, source in told["hosts"])
        plan = Plan(places=places, size=int(told["size"]), hosts=hosts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{folder / PLAN} cannot be read ({error}): give another folder") from error
    if version != VERSION and not anew:
        raise EngineError(
            f"{folder} holds shards of another version of policywire ({version}, not {VERSION}): "
            f"`policywire reprocess --to parquet {folder} --anew` writes them anew"
        )
    return plan


def _forget(folder: Path, plan: Plan, *, all_of_them: bool) -> None:
    """Take away shards that no stretch has, as of a file that has become shorter, or all."""
    for place in plan.places:
        for path in _folder_of(folder, place).glob("*.parquet"):
            if _NAME.fullmatch(path.name) and (all_of_them or int(path.stem) >= place.size):
                path.unlink()


def _is_there(folder: Path, stretch: Stretch) -> bool:
    path = shard_of(folder, stretch.place, stretch.start)
    if not path.exists():
        return False
    found = about(path)
    return found is not None and (found.name, found.start, found.end) == (
        stretch.place.name,
        stretch.start,
        stretch.end,
    )


def _folder_of(folder: Path, place: Place) -> Path:
    """A folder for each file: its name, with what could be taken for something else in it escaped."""
    parts = place.name.replace("://", "/").split("/")
    return folder.joinpath(*(_part(part) for part in parts if part))


def _part(name: str) -> str:
    escaped = quote(name, safe=" !$&'()+,;=@~")
    return f"%{ord(escaped[0]):02X}{escaped[1:]}" if escaped[0] in "._" else escaped


def _is_ours(place: Place) -> bool:
    """Whether it is named after where it lies in the archive's folder."""
    return not place.is_remote and not Path(place.name).is_absolute()
