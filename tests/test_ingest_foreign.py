"""Stories from files that Common Crawl wrote become the articles that our own crawl made of the same pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.warc import Archive
from db.connection import rows
from demo.commoncrawl import Capture, other_people, strewn, write_file
from pipeline.model import Page
from tests.demo_desk import DemoDesk, Done, column, set_up
from tests.far_places import KEY, SECRET, serving, serving_s3

Policywire = Callable[..., Done]

LASTING = {
    "articles": "SELECT id, source, canonical_url, language, published_at FROM articles",
    "texts": "SELECT r.article_id, r.text, r.title FROM revisions AS r JOIN articles AS a ON a.revision_id = r.id",
    "quotes": "SELECT id, article_id, text, speaker, title, organization FROM quotes WHERE retired_at IS NULL",
    "policies": "SELECT id, article_id, title, number, issued_on, instrument_id FROM policies WHERE retired_at IS NULL",
}


def facts(desk: DemoDesk, ids: set[str] | None = None) -> dict[str, set[tuple[object, ...]]]:
    """What is known of the articles with these ids, or of all."""
    with desk.database() as db:
        found = {name: {tuple(row.values()) for row in rows(db, sql)} for name, sql in LASTING.items()}
    at = {"articles": 0, "texts": 0, "quotes": 1, "policies": 1}
    return {name: {row for row in told if ids is None or row[at[name]] in ids} for name, told in found.items()}


def as_others_have_it(pages: list[Page]) -> Iterator[Capture]:
    """Pages as somebody else's crawler would have written them, each in another way."""
    ways = (
        {}, {"encoding": "gzip"}, {"encoding": "br", "chunked": True}, {"digests": False},
        {"headers": {"Content-Encoding": "gzip"}},
    )  # fmt: skip
    for at, page in enumerate(pages):
        url = page.final_url or page.url
        url = url.replace("https://", "http://", 1) if at % 2 else url
        yield Capture(url=url, body=page.body, at=page.fetched_at, **ways[at % len(ways)])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def news(undisturbed: DemoDesk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of a foreign crawl with all stories of the demo in them; a story of several pages stands in both."""
    folder = tmp_path_factory.mktemp("buckets") / "commoncrawl" / "crawl-data" / "CC-NEWS" / "2026" / "11"
    kept = [page for _, page in Archive(undisturbed.archive).pages() if page.kind == "article" and page.status == 200]
    first = [page for page in kept if "_2.html" not in page.url]
    further = [page for page in kept if "_2.html" in page.url]
    assert further
    write_file(folder / "CC-NEWS-1.warc.gz", strewn(list(as_others_have_it(first)), other_people(60, size=3000), 1))
    write_file(folder / "CC-NEWS-2.warc.gz", strewn(list(as_others_have_it(further)), other_people(9, 2, 3000), 3))
    return folder


@pytest.fixture
def desk(tmp_path: Path) -> DemoDesk:
    return set_up(tmp_path / "desk", None)


def test_the_articles_are_those_of_our_own_crawl(
    policywire: Policywire, undisturbed: DemoDesk, desk: DemoDesk, news: Path
) -> None:
    done = policywire("--config", desk.config, "reprocess", "--warc", f"{news}/*.warc.gz")
    assert done.status == 0, done.err
    assert "69 of other hosts" in done.out
    with undisturbed.database() as db:  # a file that is attached to a story no news crawl has
        bare = set(column(db, "SELECT id FROM articles EXCEPT SELECT article_id FROM attachments"))
    got, expected = facts(desk), facts(undisturbed, bare)
    assert len(expected["articles"]) > 50
    for name in expected:
        assert expected[name] <= got[name], name
    assert {row[0] for row in got["articles"]} == {row[0] for row in facts(undisturbed)["articles"]}


def test_who_writes_them_as_shards_is_told_what_was_passed_over(
    policywire: Policywire, desk: DemoDesk, news: Path, tmp_path: Path
) -> None:
    shards = tmp_path / "shards"
    done = policywire("--config", desk.config, "reprocess", "--warc", f"{news}/*.warc.gz", "--to", "parquet", shards)
    assert (done.status, done.err) == (0, "")
    assert "69 of other hosts" in done.out
    again = policywire("--config", desk.config, "reprocess", "--warc", f"{news}/*.warc.gz", "--to", "parquet", shards)
    assert "passed over" not in again.out  # nothing was read


def test_reading_them_into_the_database_of_our_crawl_changes_nothing(
    policywire: Policywire, crawled: DemoDesk, news: Path
) -> None:
    before = facts(crawled)
    done = policywire("--config", crawled.config, "reprocess", "--warc", f"{news}/*.warc.gz")
    assert done.status == 0, done.err
    assert facts(crawled) == before


def test_an_older_copy_of_a_story_does_not_become_its_newest_text(
    policywire: Policywire, crawled: DemoDesk, tmp_path: Path
) -> None:
    with crawled.database() as db:
        (row,) = rows(db, "SELECT * FROM pages WHERE outcome = 'new' AND source = 'china_daily' ORDER BY id LIMIT 1")
    _, page = next(one for one in Archive(crawled.archive).pages() if one[1].url == row["url"])
    before = facts(crawled, {row["article_id"]})
    older = Capture(url=page.url, body=page.body.replace(b"</p>", b" It was said earlier.</p>", 3))
    write_file(
        tmp_path / "news.warc.gz", [Capture(url=older.url, body=older.body, at=page.fetched_at.replace(year=2025))]
    )
    done = policywire("--config", crawled.config, "reprocess", "--warc", f"{tmp_path}/news.warc.gz")
    assert done.status == 0, done.err
    assert facts(crawled, {row["article_id"]})["texts"] == before["texts"]


def test_a_story_of_which_a_page_is_missing_is_stored_with_what_is_there(
    policywire: Policywire, desk: DemoDesk, news: Path
) -> None:
    done = policywire("--config", desk.config, "reprocess", "--warc", f"{news}/CC-NEWS-1.warc.gz")
    assert done.status == 0, done.err
    alone = facts(desk)
    done = policywire("--config", desk.config, "reprocess", "--warc", f"{news}/*.warc.gz")
    assert done.status == 0, done.err
    whole = facts(desk)
    assert {row[0] for row in alone["articles"]} == {row[0] for row in whole["articles"]}
    longer = [
        new for a, old, _ in alone["texts"] for b, new, _ in whole["texts"] if a == b and len(str(new)) > len(str(old))
    ]
    assert longer


def test_a_month_of_a_bucket_is_read_by_its_address(
    policywire: Policywire, desk: DemoDesk, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_s3(news.parents[4]) as address:
        for name, value in (
            ("AWS_ENDPOINT_URL", address),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ):
            monkeypatch.setenv(name, value)
        pattern = "s3://commoncrawl/crawl-data/CC-NEWS/2026/11/*.warc.gz"
        done = policywire("--config", desk.config, "reprocess", "--warc", pattern, "--workers", "2")
    assert done.status == 0, done.err
    assert "69 of other hosts" in done.out
    with desk.database() as db:
        files = set(column(db, "SELECT DISTINCT warc_file FROM pages"))
    assert files == {f"s3://commoncrawl/crawl-data/CC-NEWS/2026/11/CC-NEWS-{n}.warc.gz" for n in (1, 2)}
    for said in (done.out, done.err):
        assert SECRET not in said


def test_a_file_of_a_web_server_that_drops_connections_is_read_to_its_end(
    policywire: Policywire, desk: DemoDesk, news: Path
) -> None:
    content = (news / "CC-NEWS-1.warc.gz").read_bytes()
    with serving(**{"CC-NEWS-1.warc.gz": content}) as server:
        server.failures = [("cut", 30_000)]
        done = policywire("--config", desk.config, "reprocess", "--warc", f"{server.url}/CC-NEWS-1.warc.gz")
    assert done.status == 0, done.err
    assert "60 of other hosts" in done.out


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("s3://commoncrawl", "names no file; give one such as"),
        ("gs://commoncrawl/x.warc.gz", "cannot read from gs://; give a path, s3:// or https://"),
        ("@no-such-list", "cannot read the list no-such-list"),
    ],
)
def test_what_cannot_be_found_is_refused_in_one_line(
    policywire: Policywire, desk: DemoDesk, pattern: str, told: str
) -> None:
    done = policywire("--config", desk.config, "reprocess", "--warc", pattern)
    assert done.status != 0
    assert len(done.lines) == 1
    assert told in done.err


def test_the_archive_is_verified_without_the_files_of_others(
    policywire: Policywire, crawled: DemoDesk, news: Path, tmp_path: Path
) -> None:
    with crawled.database() as db:
        (row,) = rows(db, "SELECT * FROM pages WHERE outcome = 'new' AND source = 'mofcom' ORDER BY id LIMIT 1")
    _, page = next(one for one in Archive(crawled.archive).pages() if one[1].url == row["url"])
    write_file(tmp_path / "news.warc.gz", [Capture(url=page.url, body=page.body, at=page.fetched_at)])
    assert policywire("--config", crawled.config, "reprocess", "--warc", f"{tmp_path}/news.warc.gz").status == 0
    (tmp_path / "news.warc.gz").unlink()
    done = policywire("--config", crawled.config, "archive", "verify")
    assert done.status == 0, done.out
    assert "pages of the database in files outside the archive, which are not checked: 1" in done.out


def test_a_file_of_others_inside_the_archive_is_refused(policywire: Policywire, crawled: DemoDesk, news: Path) -> None:
    (crawled.archive / "others").mkdir()
    (crawled.archive / "others" / "2026-11-01.warc.gz").symlink_to(news / "CC-NEWS-2.warc.gz")
    told = "our crawl did not write this record; keep the files of others outside the archive"
    verified = policywire("--config", crawled.config, "archive", "verify")
    assert (verified.status, verified.out.count(told)) == (1, 1)
    listed = policywire("--config", crawled.config, "archive", "ls", "--source", "others")
    assert (listed.status, len(listed.lines)) == (2, 1)
    assert told in listed.err
