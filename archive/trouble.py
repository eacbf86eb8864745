"""What the errors of a network mean: which pass, which do not, and what to do about these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from archive.records import ArchiveError

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_AWS = re.compile(r"AWS Error (\w+)(?: \(HTTP status (\d+)\))? during \w+ operation: (.*)", re.DOTALL)
_DENIED = frozenset({"ACCESS_DENIED", "SIGNATURE_DOES_NOT_MATCH", "INVALID_ACCESS_KEY_ID", "INVALID_CLIENT_TOKEN_ID"})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which one asks again."""
_HOW_S3 = (
    "give credentials that may read it in the usual ways (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE), "
    "or AWS_NO_SIGN_REQUEST=true for a public bucket"
)


def is_address(text: str) -> bool:
    """Whether a pattern or line names something elsewhere, by an address of any scheme."""
    return _ADDRESS.match(text) is not None


def name_of(url: str) -> str:
    """An address as it may be noted and told: what stands behind `?` may be a signature."""
    return url.partition("?")[0] if is_address(url) else url


class Passing(Exception):
    """What may be gone when one asks again."""


class told:
    """Makes of what the libraries raise an ArchiveError that names the place, or Passing."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OSError, ValueError, TimeoutError)) or _is_clients(error):
            assert error is not None
            raise _meant(self.url, error) from error


def _is_clients(error: BaseException | None) -> bool:
    """Whether an error is one of aiohttp's, which are not all of one kind."""
    return type(error).__module__.partition(".")[0] in ("aiohttp", "fsspec", "pyarrow")


def _meant(url: str, error: BaseException) -> Exception:
    """What an error of a library means."""
    name = name_of(url)
    if url.startswith("s3://"):
        return _meant_of_s3(url, error)
    chain = list(_chain(error))
    status = next((code for one in chain if isinstance(code := getattr(one, "status", None), int)), None)
    if status in (401, 403):
        return ArchiveError(f"cannot read {name}: the server refuses it ({status})")
    if status in (404, 410):
        return ArchiveError(f"cannot read {name}: there is no such file ({status})")
    if status in _BUSY:
        return Passing(f"status {status}")
    if status:
        return ArchiveError(f"cannot read {name}: status {status}")
    if any("range" in str(one).lower() for one in chain if isinstance(one, ValueError)):
        return ArchiveError(f"cannot read {name}: the server gives files only whole; download it first")
    if any("ertificate" in type(one).__name__ or "CERTIFICATE" in str(one) for one in chain):
        return ArchiveError(f"cannot read {name}: its certificate cannot be verified; SSL_CERT_FILE may name its root")
    return Passing(_said(chain[-1]))


def _meant_of_s3(url: str, error: BaseException) -> Exception:
    bucket = urlsplit(url).netloc
    match = _AWS.search(str(error))
    if match is None:
        if isinstance(error, FileNotFoundError):
            return ArchiveError(f"cannot read {name_of(url)}: there is no such file in the bucket {bucket}")
        return Passing(_said(error))
    code, status, detail = match[1], int(match[2] or 0), " ".join(match[3].split())[:200]
    if code == "NO_SUCH_BUCKET":
        return ArchiveError(f"cannot read {name_of(url)}: there is no bucket {bucket}")
    if code in _DENIED or status == 403:
        return ArchiveError(f"cannot read {name_of(url)}: access denied ({code.lower()}, 403); {_HOW_S3}")
    if code in ("NETWORK_CONNECTION", "SLOW_DOWN", "SERVICE_UNAVAILABLE", "INTERNAL_FAILURE") or status in _BUSY:
        return Passing(f"{code.lower().replace('_', ' ')}: {detail}")
    return ArchiveError(f"cannot read {name_of(url)}: {code.lower()} {status or ''}: {detail}; {_HOW_S3}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__ or at.__context__


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}" if str(error) else type(error).__name__
