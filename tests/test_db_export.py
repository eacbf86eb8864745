"""Exports: every public view in four formats, nothing that a spreadsheet runs, never the whole in memory."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from python_calamine import CalamineWorkbook

from db import formats
from db.connection import rows
from db.export import ExportError, Selection, columns_of, manifest, rows_of
from db.formats import FORMATS, Format, pieces_of
from db.views import PUBLIC_VIEWS
from pipeline.model import Attachment
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "＝1", "\u200b=1", "\x01=1", "\u202e=1", "\n=1"]
READ = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "' =1", "'＝1", "'=1", "\ufffd=1", "[U+202E]=1", "'\n=1"]
"""What stands in a spreadsheet's cell in their place."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.store(article(), usual())
    document = policy(CHINESE, "商务部今日发布公告", title="ginkgo rules", number="商务部公告2026年第9号")
    annex = Attachment(url="https://www.mofcom.gov.cn/dl/a.pdf", name="附件.pdf")
    desk.store(ministry(attachments=(annex,)), statements(policies=[document]))
    other = article(url="https://www.chinadaily.com.cn/a/202611/20/WS2.html", title="Barges, again", authors=("A", "B"))
    desk.store(other, statements([quote(TEXT, "the company would hire", role="expert")]))
    return desk


def exported(desk: Desk, selection: Selection | str, form: Format, **options: bool) -> bytes:
    chosen = Selection(view=selection) if isinstance(selection, str) else selection
    about = manifest(desk.db, chosen, at=NOON)
    return b"".join(pieces_of(rows_of(desk.db, chosen), columns_of(desk.db, chosen.view), form, about, **options))


def table(made: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.decode("utf-8"), newline="")))


def objects(made: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in made.decode("utf-8").split("\n") if line]


def sheet(made: bytes, name: str) -> list[list[Any]]:
    found: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name(name).to_python()
    return found


def arrow(made: bytes) -> Any:
    return pyarrow.parquet.ParquetFile(io.BytesIO(made))


def titles(desk: Desk, **selected: Any) -> list[str]:
    return [one["title"] for one in rows_of(desk.db, Selection(view="articles_latest", **selected))]


# -- what -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", PUBLIC_VIEWS)
def test_an_export_has_the_rows_of_its_view_and_no_others(filled: Desk, view: str) -> None:
    def comparable(found: Iterator[dict[str, Any]]) -> Counter[str]:
        return Counter(json.dumps(one) for one in found)

    whole = comparable(rows(filled.db, f"SELECT * FROM {view}"))  # noqa: S608
    assert comparable(rows_of(filled.db, Selection(view=view))) == whole


@pytest.mark.parametrize("view", PUBLIC_VIEWS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_same_rows_and_columns(filled: Desk, view: str, form: Format) -> None:
    made = exported(filled, view, form)
    count = sum(1 for _ in rows_of(filled.db, Selection(view=view)))
    names = [column.name for column in columns_of(filled.db, view)]
    if form == "csv":
        assert made.decode().split("\r\n")[0].split(",") == names
        assert len(table(made)) == count
    elif form == "jsonl":
        assert [list(one) for one in objects(made)] == [names] * count
    elif form == "parquet":
        assert (arrow(made).schema_arrow.names, arrow(made).metadata.num_rows) == (names, count)
    else:
        assert sheet(made, view)[0] == names
        assert len(sheet(made, view)) == count + 1


def test_a_search_is_exported_with_its_words_dates_and_filters(filled: Desk) -> None:
    assert titles(filled, query="barges") == ["Barges to get easier permits", "Barges, again"]
    assert titles(filled, query="barges", filters={"author": "B"}) == ["Barges, again"]
    assert titles(filled, query="银杏叶", since="2026-11-17", until="2026-11") == [
        "商务部公告2026年第9号 公布对银杏叶提取物实施出口管制"
    ]
    assert titles(filled, until="2026-10") == []
    assert titles(filled, filters={"source": ["mofcom", "china_daily"]}) == titles(filled)


def test_executive_quotes_are_searched_as_quotes_of_executives(filled: Desk) -> None:
    selection = Selection(view="executive_quotes", query="barges")
    assert [one["text"] for one in rows_of(filled.db, selection)] == ["Barges will carry twice the grain next year,"]
    with pytest.raises(ExportError, match="one role only: take quotes_attributed"):
        rows_of(filled.db, Selection(view="executive_quotes", filters={"role": "expert"}))


@pytest.mark.parametrize(
    ("view", "filters", "count"),
    [
        ("instruments", {"issuers": "Ministry of Commerce"}, 2),
        ("instruments", {"articles": ["1", "2"], "instrument": "guideline"}, 2),
        ("policy_reactions", {"role": "executive"}, 1),
        ("review_queue", {"kind": "policy"}, 2),
        ("review_queue", {"kind": "nothing"}, 0),
        ("source_health", {"source": "mofcom"}, 0),
    ],
)
def test_views_that_are_not_searched_are_filtered_by_any_column(
    filled: Desk, view: str, filters: dict[str, str | Sequence[str]], count: int
) -> None:
    assert sum(1 for _ in rows_of(filled.db, Selection(view=view, filters=filters))) == count


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(view="outbox"), "no table 'outbox': there are articles_latest"),
        (
            Selection(view="instruments", query="barges"),
            "instruments takes no query and no dates: only articles_latest",
        ),
        (Selection(view="instruments", filters={"x": "y"}), "instruments has no column 'x': there are id, number"),
        (Selection(view="articles_latest", filters={"x": "y"}), "articles_latest has no filter 'x': there are author"),
        (Selection(view="articles_latest", query='"a'), "the query cannot be understood: .*never closed"),
    ],
)
def test_what_cannot_be_selected_is_told_before_the_first_row(desk: Desk, selection: Selection, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        rows_of(desk.db, selection)


@pytest.mark.parametrize("view", ["instruments", "policy_reactions", "review_queue", "executive_quotes"])
def test_a_piece_of_a_long_view_neither_sorts_nor_scans(filled: Desk, view: str) -> None:
    asked: list[str] = []
    filled.db.conn.set_trace_callback(asked.append)
    list(rows_of(filled.db, Selection(view=view)))
    filled.db.conn.set_trace_callback(None)
    question = next(sql for sql in asked if "SELECT v.*" in sql)
    plan = [str(step["detail"]) for step in rows(filled.db, f"EXPLAIN QUERY PLAN {question}")]
    wrong = re.compile("USE TEMP B-TREE FOR ORDER|SCAN (?!reported|f VIRTUAL)")
    assert not [step for step in plan if wrong.match(step)], plan


# -- how --------------------------------------------------------------------------------------------------------------


def hostile(desk: Desk) -> Desk:
    for at, title in enumerate(HOSTILE):
        desk.store(article(f"Story {at}", url=f"https://x.cn/{at}.html", title=title))
    return desk


def test_csv_cells_that_would_run_as_formulas_are_guarded(desk: Desk) -> None:
    found = table(exported(hostile(desk), "articles_latest", "csv"))
    assert [one["title"] for one in found] == READ
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for one in found for cell in one.values())


def test_cells_of_a_workbook_are_text_and_never_formulas_or_links(desk: Desk) -> None:
    made = exported(hostile(desk), "articles_latest", "xlsx")
    at = sheet(made, "articles_latest")[0].index("title")
    # the apostrophe is the cell's own mark there, not a part of its text; readers fold \r
    shown = [row[at].replace("\n", "\r") for row in sheet(made, "articles_latest")[1:]]
    assert shown == [text.removeprefix("'").replace("\n", "\r") for text in READ]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
        assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()
    assert not re.search(r"<f>|<hyperlink|[\x00-\x08\u202a-\u202e]", xml)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_programs_get_every_value_as_it_is(desk: Desk, form: Format) -> None:
    made = exported(hostile(desk), "articles_latest", form)
    found = objects(made) if form == "jsonl" else arrow(made).read().to_pylist()
    assert [one["title"] for one in found] == HOSTILE


def test_a_csv_for_a_spreadsheet_begins_with_a_mark(desk: Desk) -> None:
    assert exported(desk, "instruments", "csv", bom=True).startswith(b"\xef\xbb\xbfid,number,")


def test_json_lines_and_parquet_hold_lists(filled: Desk) -> None:
    expected = [{"start": 0, "end": 98, "text": TEXT.partition("\n\n")[0]}]
    as_json = objects(exported(filled, "policy_announcements", "jsonl"))[1]
    as_arrow = arrow(exported(filled, "policy_announcements", "parquet")).read().to_pylist()[1]
    for found in (as_json, as_arrow):
        assert found["issuers"] == ["Ministry of Commerce"]
        assert found["evidence"] == expected
        assert found["regions"] == []
    linked = arrow(exported(filled, "articles_latest", "parquet")).read().column("attachments").to_pylist()
    assert linked == [[{"url": "https://www.mofcom.gov.cn/dl/a.pdf", "name": "附件.pdf"}], [], []]


def test_a_workbook_joins_names_and_gives_a_sentence_a_line(filled: Desk) -> None:
    heading, _first, _second, third = sheet(exported(filled, "articles_latest", "xlsx"), "articles_latest")
    assert third[heading.index("authors")] == "A; B"
    heading, _first, second = sheet(exported(filled, "policy_announcements", "xlsx"), "policy_announcements")
    assert second[heading.index("evidence")] == TEXT.partition("\n\n")[0]


def test_an_empty_export_has_its_heading_in_every_format(desk: Desk) -> None:
    assert table(exported(desk, "articles_latest", "csv")) == []
    assert exported(desk, "articles_latest", "jsonl") == b""
    assert arrow(exported(desk, "articles_latest", "parquet")).metadata.num_rows == 0
    assert len(sheet(exported(desk, "articles_latest", "xlsx"), "articles_latest")) == 1


def test_what_a_sheet_cannot_hold_stands_on_further_sheets(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "SHEET_ROWS", 2)
    made = exported(filled, "articles_latest", "xlsx")
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names == [
        "articles_latest", "articles_latest (2)", "About",
    ]  # fmt: skip
    assert [len(sheet(made, name)) for name in ("articles_latest", "articles_latest (2)")] == [3, 2]


def test_a_full_last_sheet_is_followed_by_no_empty_one(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "SHEET_ROWS", 3)
    made = exported(filled, "articles_latest", "xlsx")
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names == ["articles_latest", "About"]


def test_a_text_that_a_cell_cannot_hold_is_cut_and_counted(desk: Desk) -> None:
    desk.store(article("字" * 40_000, title="Long"))
    made = exported(desk, "articles_latest", "xlsx")
    heading, row = sheet(made, "articles_latest")
    assert row[heading.index("text")] == "字" * 32_767
    assert dict(sheet(made, "About"))["cells_cut"] == "1"


def test_long_rows_make_small_groups(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_GROUP_CHARACTERS", 200)
    assert arrow(exported(filled, "articles_latest", "parquet")).num_row_groups == 3


# -- about ------------------------------------------------------------------------------------------------------------


def test_a_file_says_what_it_is_of(filled: Desk) -> None:
    selection = Selection(view="articles_latest", query="barges", since="2026", filters={"source": "china_daily"})
    in_arrow = json.loads(arrow(exported(filled, selection, "parquet")).metadata.metadata[b"policywire"])
    with zipfile.ZipFile(io.BytesIO(exported(filled, selection, "csv", packed=True))) as packed:
        assert packed.testzip() is None
        beside = json.loads(packed.read("manifest.json"))
        assert packed.read("articles_latest.csv") == exported(filled, selection, "csv")
    on_sheet = dict(sheet(exported(filled, selection, "xlsx"), "About"))
    wanted = {
        "table": "articles_latest", "query": "barges", "since": "2026", "exported_at": "2026-11-20T04:00:00Z",
    }  # fmt: skip
    for found in (in_arrow, beside, on_sheet):
        assert {name: found[name] for name in wanted} == wanted
    assert in_arrow["filters"] == beside["filters"] == {"source": ["china_daily"]}
    assert (in_arrow["rows"], beside["rows"], on_sheet["rows"]) == (2, 2, "2")
    assert beside["columns"][0] == {"name": "id", "holds": "text"}


# -- in pieces --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_text_is_given_before_all_is_read(desk: Desk, form: Format) -> None:
    read = 0

    def endless() -> Iterator[dict[str, Any]]:
        nonlocal read
        while True:
            read += 1
            yield {column.name: "[]" if column.holds == "names" else None for column in columns}

    columns = columns_of(desk.db, "instruments")
    first = next(pieces_of(endless(), columns, form, {"table": "instruments"}))
    assert 64_000 < len(first) < 80_000
    assert read < 10_000


def test_a_temporary_folder_without_room_is_told(filled: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(formats, "write_xlsx", full)
    with pytest.raises(ExportError, match=r"cannot hold the export \(No space left on device\).*TMPDIR"):
        exported(filled, "articles_latest", "xlsx")
