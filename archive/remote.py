"""WARC files on S3 and on web servers: found, and read by ranges that are asked for again when a connection drops.

Through fsspec: S3 by Arrow's client, which brings Amazon's own and with it the usual ways to credentials (environment,
`~/.aws`, the machine's role), the web by aiohttp. Nothing here reads, keeps or logs a credential.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any, Final
from urllib.parse import urlsplit

from archive.records import ArchiveError
from archive.trouble import Passing, is_address, name_of, told

logger = logging.getLogger(__name__)

SCHEMES = ("s3", "https", "http")
AT_ONCE = 8
"""Files that are looked up side by side."""
MOST: Final = 8 << 20
"""Bytes that are asked for at once, and so are in memory."""
BEYOND: Final = 256 << 10
"""Bytes that are asked for behind the stretch that was announced: its last record ends there."""
LEAST: Final = 64 << 10
WAITS = (0.5, 2.0, 8.0, 20.0, 60.0)
"""Seconds before a range is asked for again; as many failures without a byte in between are the end."""
SILENCE = 60.0
"""Seconds without a byte after which a connection counts as dropped."""

_WILD = re.compile(r"[*?\[]")
_Waiting = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that is there."""

    url: str
    size: int


def root_of(url: str) -> str:
    """Host or bucket of an address, with its slash."""
    _checked(url)
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def joined(root: str, line: str, where: str) -> str:
    """The address that a line of a remote list names: a path from the list's root on, or an address."""
    if is_address(line):
        return _checked(line)
    if line.startswith("/") or ".." in line.split("/"):
        raise ArchiveError(f"{where}: {line[:200]!r} is no path below {root}")
    return root + line


def find_remote(pattern: str) -> list[Found]:
    """The files that an address names, or a glob of S3 addresses. Raises ArchiveError."""
    _checked(pattern)
    if not pattern.startswith("s3://"):
        if "*" in pattern:
            raise ArchiveError(
                f"{name_of(pattern)}: web servers do not say what there is; name the files, or a list of them "
                "(`https://…/warc.paths.gz`)"
            )
        return [Found(url=pattern, size=_size_of(pattern))]
    bucket, _, key = pattern.removeprefix("s3://").partition("/")
    if not key:
        raise ArchiveError(f"{pattern}: names no file; give one such as 's3://{bucket}/folder/*.warc.gz'")
    if not _WILD.search(key):
        return [Found(url=pattern, size=_size_of(pattern))]
    found = _expanded(bucket, key.split("/"), pattern)
    return sorted((one for one in found if one.size), key=lambda one: one.url)


def sizes_of(urls: Sequence[str]) -> list[int]:
    """The size of each file, several looked up side by side. Raises ArchiveError for one that is not there."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(_size_of, urls))


def small_file(url: str, most: int) -> bytes:
    """The whole of a file, or one byte more than `most` of it."""
    size = min(_size_of(url), most + 1)
    with RemoteFile(url, size, 0, size) as file:
        return b"".join(iter(lambda: file.read(MOST), b""))


class RemoteFile(RawIOBase):
    """A file elsewhere, to be read from any offset; what was announced comes in few requests.

    A connection that drops, or a server that is too busy, is asked again for what is missing, and for less at a time.
    """

    def __init__(self, url: str, size: int, start: int, end: int, wait: _Waiting | None = None) -> None:
        super().__init__()
        self.url = url
        self.size = size
        self._announced = (start, end)
        self._wait = wait or time.sleep
        self._at = 0
        self._block = b""
        self._block_at = 0
        self._opened: Any = None

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go on at another place; nothing is asked for yet."""
        base = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Bytes from here on, as many as are at hand; 0 at the end."""
        view = memoryview(buffer).cast("B")
        inside = self._at - self._block_at
        if not 0 <= inside < len(self._block):
            self._block, self._block_at, inside = self._fetch(self._at), self._at, 0
        piece = self._block[inside : inside + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Let go of the connection."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _fetch(self, start: int) -> bytes:
        """What stands from `start` on: all that was announced, or a little."""
        first, last = self._announced
        wanted = min(last + BEYOND - start, MOST) if first <= start < last else BEYOND
        wanted = min(wanted, self.size - start)
        if wanted <= 0:
            return b""
        for failures, pause in enumerate((*WAITS, None)):
            try:
                data = self._ask(start, max(LEAST, wanted >> (2 * failures)) if failures else wanted)
            except Passing as error:
                if pause is None:
                    raise ArchiveError(f"cannot read {name_of(self.url)} at {start}: {error}") from error
                logger.warning("asked again after %s file=%s offset=%d", error, name_of(self.url), start)
                self._let_go()
                self._wait(pause)
            else:
                return data
        raise AssertionError("the last failure raises")

    def _ask(self, start: int, wanted: int) -> bytes:
        with told(self.url):
            if self._opened is None:
                system, path = _system(self.url)
                self._opened = system.open(path, "rb", **_opening(self.url, self.size))
            self._opened.seek(start)
            data = bytes(self._opened.read(min(wanted, self.size - start)))
        if not data:
            raise Passing("no bytes where some should be")
        return data


def _checked(url: str) -> str:
    """The address, if it is one that can be read."""
    scheme = url.partition("://")[0]
    if scheme not in SCHEMES:
        raise ArchiveError(f"{name_of(url)[:200]}: cannot read from {scheme}://; give a path, s3:// or https://")
    if "@" in urlsplit(url).netloc:
        raise ArchiveError(f"{scheme}://…@…: an address is noted in the database and must hold no password")
    return url


def _size_of(url: str) -> int:
    _checked(url)
    for pause in (*WAITS[:3], None):
        try:
            with told(url):
                system, path = _system(url)
                try:
                    size = system.info(path)["size"]
                except FileNotFoundError:
                    if url.startswith("s3://"):
                        system.ls(path.rpartition("/")[0])  # which says so where there is no such bucket
                    raise
        except Passing as error:
            if pause is None:
                raise ArchiveError(f"cannot reach {name_of(url)}: {error}") from error
            time.sleep(pause)
        else:
            break
    if size is None:
        raise ArchiveError(f"cannot read {name_of(url)}: the server does not say how large it is; download it first")
    return int(size)


def _expanded(folder: str, parts: Sequence[str], pattern: str) -> Iterator[Found]:
    """The files below a folder that the rest of a glob matches; only folders that may hold some are looked into."""
    at = next((n for n, part in enumerate(parts) if _WILD.search(part)), len(parts) - 1)
    if parts[at] == "**":
        raise ArchiveError(f"{pattern}: `**` would list the whole bucket; name the folders")
    folder = "/".join([folder, *parts[:at]])
    with told(pattern):
        system, _ = _system(pattern)
        entries = system.ls(folder, detail=True)
    for entry in entries:
        name = entry["name"].rpartition("/")[2]
        if not fnmatchcase(name, parts[at]):
            continue
        if at == len(parts) - 1 and entry["type"] == "file":
            yield Found(url=f"s3://{entry['name']}", size=entry["size"])
        elif at < len(parts) - 1 and entry["type"] == "directory":
            yield from _expanded(entry["name"], parts[at + 1 :], pattern)


def _system(url: str) -> tuple[Any, str]:
    """The file system that an address is of, and its path there."""
    scheme, _, rest = url.partition("://")
    try:
        return (_s3(os.getpid()), rest) if scheme == "s3" else (_web(os.getpid()), url)
    except ImportError as error:
        raise ArchiveError(f"to read {scheme}:// addresses: pip install 'policywire[remote]' ({error.name})") from error


def _opening(url: str, size: int) -> dict[str, Any]:
    """What an open call is told: the size is known, and blocks are kept here."""
    return {} if url.startswith("s3://") else {"size": size, "cache_type": "none", "block_size": MOST}


@lru_cache(maxsize=1)
def _web(_process: int) -> Any:
    """Web servers; proxies are those of the environment. Not shared with a process that was forked off."""
    import aiohttp
    import fsspec

    patience = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE)
    return fsspec.filesystem("http", client_kwargs={"timeout": patience, "trust_env": True})


@lru_cache(maxsize=1)
def _s3(_process: int) -> Any:
    """S3, or what speaks its language at AWS_ENDPOINT_URL."""
    from fsspec.implementations.arrow import ArrowFSWrapper
    from pyarrow.fs import S3FileSystem

    options: dict[str, Any] = {}
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "")
    if endpoint.netloc:
        options |= {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme}
    if os.environ.get("AWS_NO_SIGN_REQUEST", "").lower() in ("1", "true", "yes"):
        options["anonymous"] = True
    return ArrowFSWrapper(S3FileSystem(**options))
