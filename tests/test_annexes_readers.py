"""Attached files to text, a kind at a time: what stands in them comes out in order, and what is wrong is said."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from docx import Document

from demo.files import docx, pdf, xlsx
from pipeline.annexes import read_annex
from tests.annex_files import FIXTURES, drawn_pdf, locked_pdf, ofd, sheet, word, zipped

PARAGRAPHS = [
    "附件2",
    "管控名单",
    "1. 贝尔港光学公司（Bellport Optics Inc.）",
    "2. 银溪计量有限公司（Silver Creek Metrology LLC）",
]
ROWS = [["序号", "商品名称", "海关商品编号"], ["1", "氮化镓外延片", "3818001900"], ["2", "高纯石墨", "3801100030"]]
TABLE = "序号\t商品名称\t海关商品编号\n1\t氮化镓外延片\t3818001900\n2\t高纯石墨\t3801100030"


@pytest.mark.parametrize(("kind", "make"), [("pdf", pdf), ("docx", docx)])
def test_paragraphs_and_a_table_come_out_in_order(kind: str, make: object) -> None:
    found = read_annex(make(PARAGRAPHS, ROWS))  # type: ignore[operator]
    assert (found.kind, found.state, found.why) == (kind, "read", None)
    assert found.text == "\n\n".join([*PARAGRAPHS, TABLE])


def test_a_workbook_is_rows_and_its_codes_stay_digits() -> None:
    found = read_annex(xlsx(["管控清单"], ROWS))
    assert (found.kind, found.state) == ("xlsx", "read")
    assert found.text == f"管控清单\n{TABLE}"
    number = read_annex(sheet('<row r="1"><c r="A1"><v>3818001900</v></c><c r="B1"><v>0.5</v></c></row>'))
    assert number.text == "3818001900\t0.5"


def test_a_word_97_file_of_another_program_is_read_with_its_table() -> None:
    found = read_annex((FIXTURES / "list.doc").read_bytes())
    assert (found.kind, found.state) == ("doc", "read")
    assert found.text == "\n\n".join(
        [*PARAGRAPHS, TABLE.replace("高纯石墨", "高纯石墨（纯度大于99.9%）"), "本清单自公布之日起施行。"]
    )


def test_empty_cells_of_a_word_97_table_keep_their_place_and_a_cell_its_paragraphs() -> None:
    assert read_annex((FIXTURES / "cells.doc").read_bytes()).text.split("\n\n") == [
        "附件3",
        "见链接文字。",
        "序号\t名称\t型号\t编号\t备注\n1\t石墨 制品\t\t38011000\n2\t钨粉 （高纯）\tW-1\t\t新增\n\t钼粉\tM\t81021000",
        "中间一段。",
        "甲公司\tA Co",
        "末项",
    ]


@pytest.mark.parametrize("name", ["list.doc", "cells.doc"])
def test_a_damaged_word_97_file_is_read_or_refused_and_never_raises(name: str) -> None:
    whole = (FIXTURES / name).read_bytes()
    chance = Random(97)
    for _ in range(300):
        body = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            body[chance.randrange(512, len(body))] = chance.randrange(256)
        found = read_annex(bytes(body[: chance.randint(1024, len(body))]))
        assert found.state in ("read", "no_text", "unreadable")
        assert found.state == "read" or found.why


def test_an_excel_97_file_of_another_program_is_read() -> None:
    found = read_annex((FIXTURES / "codes.xls").read_bytes())
    assert (found.kind, found.state) == ("xls", "read")
    assert found.text == "序号\t商品名称\t海关商品编号\n1\t氮化镓外延片\t3818001900\n2\t石墨, 高纯\t3801100030"


def test_an_ofd_file_is_read_line_by_line_and_cells_are_told_apart() -> None:
    found = read_annex(
        ofd([(20, 20, "管控名单"), (20, 30, "1. 贝尔港光学公司"), (20, 40, "石墨"), (80, 40, "38011000")])
    )
    assert (found.kind, found.state) == ("ofd", "read")
    assert found.text == "管控名单\n\n1. 贝尔港光学公司\n\n石墨\t38011000"


def printed(html: str) -> bytes:
    """A page as Chromium prints it; skips the test where that, or a Chinese font, is missing."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        pytest.skip("Debian's Chromium is not at /usr/bin/chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(f"<meta charset=utf-8><body><p>附件</p>{html}")
        body: bytes = page.pdf(format="A4")
        browser.close()
    if "附件" not in read_annex(body).text:
        pytest.skip("no Chinese font is installed for Chromium")
    return body


def test_a_browser_s_pdf_with_embedded_chinese_fonts_is_read() -> None:
    body = printed(
        "<p>本公告所称物项，是指列入清单的货物、技术和服务，包括与物项相关的技术资料等数据，"
        "出口经营者应当按照规定申请许可，未经许可不得出口，并应当妥善保存有关合同和单证备查。</p>"
        "<ol><li>贝尔港光学公司（Bellport Optics Inc.）</li><li>银溪计量有限公司</li></ol>"
        "<table cellpadding=14><tr><td>1<td>氮化镓外延片<td>3818001900<tr><td>2<td>高纯石墨<td>3801100030</table>"
    )
    found = read_annex(body)
    assert found.text.split("\n\n") == [
        "附件",
        "本公告所称物项，是指列入清单的货物、技术和服务，包括与物项相关的技术资料等数据，出口经营者应当按照规定申请许可，"
        "未经许可不得出口，并应当妥善保存有关合同和单证备查。",
        "1. 贝尔港光学公司（Bellport Optics Inc.）",
        "2. 银溪计量有限公司",
        "1\t氮化镓外延片\t3818001900\n2\t高纯石墨\t3801100030",
    ]


def test_a_ruled_table_keeps_its_rows_where_cells_wrap_and_pages_end() -> None:
    rows = [
        (str(number), f"第{number}种高纯度石墨及其制品（纯度大于99.9%，强度大于30兆帕）",
         "用于制造反应堆慢化剂的材料，其技术参数符合下列所有条件：密度大于每立方厘米1.73克", f"38{number:08}")
        for number in range(1, 41)
    ]  # fmt: skip
    head = ("序号", "商品名称", "描述", "海关商品编号")
    cells = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in rows)
    heads = "".join(f"<th>{cell}" for cell in head)
    found = read_annex(printed(f"<table border=1 cellspacing=0><thead><tr>{heads}</thead>{cells}</table><p>完毕</p>"))
    assert found.text == "附件\n\n" + "\n".join("\t".join(row) for row in [head, *rows]) + "\n\n完毕"


@pytest.mark.parametrize(
    ("turned", "matrices"),
    [
        (b"90", [b"0 1 -1 0 100 50", b"0 1 -1 0 140 50", b"0 1 -1 0 140 350"]),
        (b"180", [b"-1 0 0 -1 500 100", b"-1 0 0 -1 500 140", b"-1 0 0 -1 200 140"]),
        (b"270", [b"0 -1 1 0 500 700", b"0 -1 1 0 460 700", b"0 -1 1 0 460 400"]),
    ],
)
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(turned: bytes, matrices: list[bytes]) -> None:
    words = (b"Control list", b"Graphite", b"38011000")
    drawn = b"".join(b"BT /F1 12 Tf %s Tm (%s) Tj ET\n" % pair for pair in zip(matrices, words, strict=True))
    body = drawn_pdf(drawn).replace(b"/MediaBox", b"/Rotate " + turned + b" /MediaBox")
    assert read_annex(body).text == "Control list\n\nGraphite\t38011000"


def test_word_s_own_list_numbers_are_printed_and_deleted_words_are_not() -> None:
    document = Document()
    for name in ("贝尔港光学公司", "银溪计量有限公司"):
        document.add_paragraph(name, style="List Number")
    out = BytesIO()
    document.save(out)
    body = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:del><w:r><w:delText>已删</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>新增的实体</w:t></w:r></w:ins></w:p></w:sdtContent></w:sdt>"
    )
    assert read_annex(out.getvalue()).text == "1. 贝尔港光学公司\n\n2. 银溪计量有限公司"
    assert read_annex(word(body)).text == "正文\n\n新增的实体"


def test_a_zip_gives_each_file_under_its_name_and_opens_no_archive_in_it() -> None:
    found = read_annex(
        zipped(
            [
                ("附件/名单.pdf", pdf(["1. 贝尔港光学公司"])),
                ("../../etc/codes.xlsx", xlsx([], [["1", "高纯石墨"]])),
                ("__MACOSX/._x", "x"),
                ("inner.zip", zipped([("a.txt", "a")])),
            ]
        )
    )
    assert (found.kind, found.state) == ("zip", "read")
    assert found.text == "名单.pdf\n\n1. 贝尔港光学公司\n\ncodes.xlsx\n\n1\t高纯石墨"
    assert found.why == "inner.zip: an archive in an archive, which is not opened"


def test_a_zip_of_an_old_chinese_packer_shows_its_names() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("NAME.txt", "石墨")
    body = out.getvalue().replace(b"NAME.txt", "附件名单".encode("gb18030"))
    assert read_annex(body).text == "附件名单\n\n石墨"


def test_plain_text_in_gb18030_is_read() -> None:
    assert read_annex("序号\t名称\n1\t石墨\n完毕".encode("gb18030")).text == "序号\t名称\n1\t石墨\n\n完毕"


@pytest.mark.parametrize(
    ("body", "kind", "state", "why"),
    [
        (b"", "empty", "unreadable", "an empty file"),
        (b"<html><body>404 Not Found", "html", "unreadable", "a web page stands where the file should be"),
        (b"\xff\xd8\xff\xe0 a picture", "picture", "unreadable", "a picture, no text"),
        (b"Rar!\x1a\x07\x00", "rar", "unreadable", "a RAR archive, which no reader here opens"),
        (b"{\\rtf1 words}", "rtf", "unreadable", "rich text (RTF), which no reader here reads"),
        (b"\x00\x01\x02\x03" * 40, "unknown", "unreadable", "no kind of file that is known here"),
        (locked_pdf(), "pdf", "unreadable", "encrypted: it opens with a password only"),
        (drawn_pdf(b"q 500 0 0 700 40 40 cm /I Do Q"), "pdf", "no_text", "scanned: 1 page is a picture without text"),
        (xlsx([]), "xlsx", "no_text", "holds no text"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(body: bytes, kind: str, state: str, why: str) -> None:
    found = read_annex(body)
    assert (found.kind, found.state, found.why, found.text) == (kind, state, why, "")


def test_a_radical_that_stands_for_its_character_is_that_character() -> None:
    assert read_annex("\u2f46\u2f08机".encode()).text == "无人机"


def test_the_name_and_the_content_type_decide_nothing() -> None:
    assert [read_annex(make(["词"])).kind for make in (pdf, docx, xlsx)] == ["pdf", "docx", "xlsx"]
