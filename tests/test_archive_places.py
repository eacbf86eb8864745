"""WARC files are found and read wherever they lie: here, on S3, on a web server, or named by a list."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import archive.remote
from archive.places import find_places, open_place
from archive.records import ArchiveError
from archive.remote import RemoteFile
from tests.far_places import KEY, SECRET, RangeServer, serving, serving_s3

CONTENT = random.Random(7).randbytes(600_000)


@pytest.fixture
def web() -> Iterator[RangeServer]:
    with serving(**{"news/a.warc.gz": CONTENT, "news/b.warc.gz": b"b" * 10}) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have been waited before something was asked for again."""
    waited: list[float] = []
    monkeypatch.setattr(archive.remote.time, "sleep", waited.append)
    return waited


@pytest.fixture(scope="module")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("buckets")
    for month, name, content in (
        ("10", "n-1", b"1"),
        ("11", "n-2", CONTENT),
        ("11", "n-3", b"333"),
        ("12", "n-4", b"4"),
    ):
        path = folder / "crawl" / "NEWS" / "2026" / month / f"{name}.warc.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "crawl" / "NEWS" / "2026" / "11" / "warc.paths.gz").write_bytes(
        gzip.compress(b"NEWS/2026/11/n-2.warc.gz\nNEWS/2026/11/n-3.warc.gz\n")
    )
    return folder


@pytest.fixture(scope="module")
def s3_address(buckets: Path) -> Iterator[str]:
    with serving_s3(buckets) as address:
        yield address


@pytest.fixture
def s3(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """S3 as the environment of an operator has it."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_address, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    archive.remote._s3.cache_clear()
    yield
    archive.remote._s3.cache_clear()


def read(pattern: str) -> bytes:
    (place,) = find_places([pattern], Path("archive"))
    with open_place(place) as file:
        return b"".join(iter(lambda: file.read(100_000), b""))


# -- web servers ------------------------------------------------------------------------------------------------------


def test_a_file_of_a_web_server_is_read_from_any_offset(web: RangeServer) -> None:
    (place,) = find_places([f"{web.url}/news/a.warc.gz"], Path("archive"))
    assert (place.name, place.size) == (f"{web.url}/news/a.warc.gz", 600_000)
    with open_place(place, 100_000, 110_000) as file:
        file.seek(100_000)
        assert file.read(1000) == CONTENT[100_000:101_000]
        file.seek(599_990)
        assert file.read(100) == CONTENT[-10:]
        assert file.read(100) == b""
    assert web.sent_ranges() == [f"bytes=100000-{110_000 + archive.remote.BEYOND - 1}", "bytes=599990-599999"]


def test_what_is_missing_after_a_connection_dropped_is_asked_for_again(web: RangeServer, waits: list[float]) -> None:
    web.failures = [("cut", 50_000), ("status", 503), ("cut", 0)]
    assert read(f"{web.url}/news/a.warc.gz") == CONTENT
    assert waits == [0.5, 2.0, 8.0]
    assert web.sent_ranges()[:2] == ["bytes=0-599999", "bytes=0-149999"], "less is asked for after a failure"


def test_a_server_that_never_gives_the_bytes_is_named_in_the_end(web: RangeServer, waits: list[float]) -> None:
    web.failures = [("status", 500)] * 99
    with pytest.raises(ArchiveError, match=rf"cannot read {web.url}/news/a.warc.gz at 0: status 500"):
        read(f"{web.url}/news/a.warc.gz")
    assert waits == [0.5, 2.0, 8.0, 20.0, 60.0]


@pytest.mark.parametrize(
    ("failures", "told"),
    [([("status", 403)], r"the server refuses it \(403\)"), ([("status", 404)], r"there is no such file \(404\)")],
)
def test_a_refusal_is_not_asked_about_again(
    web: RangeServer, waits: list[float], failures: list[tuple[str, int]], told: str
) -> None:
    web.failures = failures
    with pytest.raises(ArchiveError, match=rf"{web.url}/news/a.warc.gz: {told}"):
        read(f"{web.url}/news/a.warc.gz")
    assert waits == []


def test_a_file_that_is_not_there_is_told_when_it_is_looked_up(web: RangeServer) -> None:
    with pytest.raises(ArchiveError, match=rf"{web.url}/c.warc.gz: there is no such file \(404\)"):
        find_places([f"{web.url}/c.warc.gz"], Path("archive"))


def test_a_server_that_gives_files_only_whole_is_named(web: RangeServer) -> None:
    web.ranges = False
    (place,) = find_places([f"{web.url}/news/a.warc.gz"], Path("archive"))
    with open_place(place) as file:
        file.seek(400_000)
        with pytest.raises(ArchiveError, match="gives files only whole; download it first"):
            file.read(10)


def test_what_stands_behind_the_question_mark_may_be_a_secret_and_is_not_noted(web: RangeServer) -> None:
    (place,) = find_places([f"{web.url}/news/b.warc.gz?Signature=secret"], Path("archive"))
    assert place.name == f"{web.url}/news/b.warc.gz"
    with pytest.raises(ArchiveError) as refused:
        find_places([f"{web.url}/none.warc.gz?Signature=secret"], Path("archive"))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("https://user:secret@x.example/a.warc.gz", "must hold no password"),
        ("ftp://x.example/a.warc.gz", "cannot read from ftp://; give a path, s3:// or https://"),
        ("https://x.example/*.warc.gz", "name the files, or a list of them"),
        ("s3://crawl", "names no file; give one such as 's3://crawl/folder/"),
        ("s3://crawl/**/n.warc.gz", "would list the whole bucket"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_before_anything_is_asked(pattern: str, told: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        find_places([pattern], Path("archive"))
    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


# -- S3 ---------------------------------------------------------------------------------------------------------------


def test_a_glob_of_a_bucket_names_its_files_in_order(s3: None) -> None:
    found = find_places(["s3://crawl/NEWS/2026/1[01]/*.warc.gz"], Path("archive"))
    assert [(place.name, place.size) for place in found] == [
        ("s3://crawl/NEWS/2026/10/n-1.warc.gz", 1),
        ("s3://crawl/NEWS/2026/11/n-2.warc.gz", 600_000),
        ("s3://crawl/NEWS/2026/11/n-3.warc.gz", 3),
    ]


def test_a_file_of_a_bucket_is_read(s3: None) -> None:
    assert read("s3://crawl/NEWS/2026/11/n-2.warc.gz") == CONTENT


def test_a_bucket_that_is_open_to_all_needs_no_credentials(buckets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "true")
    archive.remote._s3.cache_clear()
    with serving_s3(buckets, public=True) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
        assert read("s3://crawl/NEWS/2026/11/n-3.warc.gz") == b"333"
    archive.remote._s3.cache_clear()


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("s3://other/NEWS/*.warc.gz", "there is no bucket other"),
        ("s3://other/NEWS/a.warc.gz", "there is no bucket other"),
        ("s3://crawl/NEWS/2026/11/none.warc.gz", "there is no such file in the bucket crawl"),
    ],
)
def test_what_is_not_on_s3_is_named(s3: None, pattern: str, told: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        find_places([pattern], Path("archive"))
    assert str(refused.value) == f"cannot read {pattern}: {told}"


@pytest.mark.parametrize("pattern", ["s3://crawl/NEWS/2026/11/*.warc.gz", "s3://crawl/NEWS/2026/11/n-2.warc.gz"])
def test_who_may_not_read_a_bucket_is_told_how_to_give_credentials(
    s3: None, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    with pytest.raises(ArchiveError, match=r"access denied .*403.*AWS_PROFILE") as refused:
        find_places([pattern], Path("archive"))
    assert pattern in str(refused.value)
    assert "not-the-secret" not in str(refused.value)


def test_a_server_that_cannot_be_reached_is_named(
    s3: None, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(ArchiveError, match=r"cannot reach s3://crawl/n\.warc\.gz: network connection"):
        find_places(["s3://crawl/n.warc.gz"], Path("archive"))


# -- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_in_a_bucket_names_files_from_the_bucket_on(s3: None) -> None:
    found = find_places(["s3://crawl/NEWS/2026/11/warc.paths.gz"], Path("archive"))
    assert [place.name for place in found] == [f"s3://crawl/NEWS/2026/11/n-{n}.warc.gz" for n in (2, 3)]


def test_a_list_on_a_web_server_names_files_from_the_host_on(web: RangeServer) -> None:
    web.files["/news/warc.paths.gz"] = gzip.compress(b"news/b.warc.gz\n\nnews/a.warc.gz\n")
    found = find_places([f"{web.url}/news/warc.paths.gz"], Path("archive"))
    assert [(place.name, place.size) for place in found] == [
        (f"{web.url}/news/b.warc.gz", 10),
        (f"{web.url}/news/a.warc.gz", 600_000),
    ]


def test_a_list_here_names_files_here_and_elsewhere(web: RangeServer, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "x.warc.gz").write_bytes(b"x")
    (tmp_path / "files.txt").write_text(f"# two files\nold/*.warc.gz\n{web.url}/news/b.warc.gz\n")
    found = find_places([f"@{tmp_path}/files.txt"], tmp_path / "archive")
    assert [place.name for place in found] == [f"{tmp_path}/old/x.warc.gz", f"{web.url}/news/b.warc.gz"]


@pytest.mark.parametrize("line", ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd"])
def test_a_list_from_elsewhere_names_nothing_on_this_machine(web: RangeServer, line: str) -> None:
    web.files["/warc.paths"] = f"{line}\n".encode()
    with pytest.raises(ArchiveError, match=r"is no path below|cannot read from file"):
        find_places([f"{web.url}/warc.paths"], Path("archive"))


def test_a_list_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "warc.paths.gz").write_bytes(b"\x1f\x8b\x08no gzip")
    (tmp_path / "gone").write_text("gone.warc.gz\n")
    for name, told in (
        ("@none", "cannot read the list"), ("@empty", "names no file"), ("warc.paths.gz", "cannot read the list"),
        ("@gone", "gone:1: no file gone.warc.gz"),
    ):  # fmt: skip
        with pytest.raises(ArchiveError, match=told):
            find_places([f"@{tmp_path}/{name[1:]}" if name.startswith("@") else f"{tmp_path}/{name}"], tmp_path)


# -- without the extra ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "missing"), [("s3://crawl/n.warc.gz", "fsspec"), ("https://x.example/n", "aiohttp")]
)
def test_without_the_extra_it_is_said_how_to_install_it(pattern: str, missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from pathlib import Path\n"
        "from archive.places import find_places\n"
        f"find_places([{pattern!r}], Path('archive'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'policywire[remote]'" in done.stderr.splitlines()[-1]


def test_reading_on_goes_in_few_requests(web: RangeServer) -> None:
    with RemoteFile(f"{web.url}/news/a.warc.gz", 600_000, 0, 600_000) as file:
        assert b"".join(iter(lambda: file.read(16_384), b"")) == CONTENT
    assert web.sent_ranges() == ["bytes=0-599999"]
