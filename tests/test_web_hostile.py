"""Hostile content is shown inert: no script, no link of another kind, no character that reorders its surroundings."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connection import rows
from db.issues import add_issue
from pipeline.model import Attachment
from tests.db_samples import NOON, Desk, article, policy, quote, statements
from tests.web_desk import form_of, issue, site
from web.inert import highlighted, inert, web_address
from web.marks import Marked, mark_up

SCRIPT = "<script>alert(1)</script>"
OVERRIDE = "\u202egnp.exe\u202c\u2066"
HOSTILE = (
    f'{SCRIPT} said "<img src=x onerror=alert(1)>" & {OVERRIDE} {{{{ 7*7 }}}} {{% raw %}} \x00\x1b[31m.\n\n'
    "</p></article><iframe src=javascript:alert(1)> \" ' onload=x."
)
_VOID = {"meta", "link", "input", "br"}


class Outline(HTMLParser):
    """What a browser would find in a page: elements, attributes, links; and whether they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "script":
            self.scripts.append(dict(attrs))
        for name, found in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action"):
                self.links.add(found or "")
            if name == "id":
                self.ids.append(found or "")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.sqlite")
    first = HOSTILE.split("\n\n")[0]
    desk.store(
        article(
            HOSTILE,
            url='javascript:alert("1")//x.html',
            title=SCRIPT + OVERRIDE + "x" * 100_000,
            authors=(SCRIPT,),
            credit=OVERRIDE,
            section=(SCRIPT, OVERRIDE),
            captions=(SCRIPT,),
            editors=(SCRIPT,),
            number=SCRIPT,
            header=((SCRIPT, OVERRIDE),),
            published='2026-11-19"><script>',
            attachments=(
                Attachment(url="javascript:alert(1)", name=SCRIPT),
                Attachment(url="https://ok.example/a.pdf", name=OVERRIDE),
                Attachment(url="data:text/html,x", name=""),
            ),
            translations=("javascript:alert(2)", "https://evil.example/\u202egnp"),
        ),
        statements(
            [quote(HOSTILE, HOSTILE[3:60], speaker=SCRIPT, title=OVERRIDE, organization=SCRIPT, cue=SCRIPT)],
            [
                policy(
                    HOSTILE, first, title=SCRIPT + OVERRIDE, number=SCRIPT, issuers=(SCRIPT, OVERRIDE),
                    entities=(SCRIPT,), sectors=(SCRIPT,), regions=(OVERRIDE,), issued_on=None,
                )
            ],
        ),
    )  # fmt: skip
    add_issue(
        desk.db, issue(url="javascript:alert(1)", detail=SCRIPT + OVERRIDE, selector=SCRIPT), run_id=None, now=NOON
    )
    return desk


def addresses(desk: Desk) -> list[str]:
    found = [
        "/",
        "/sources",
        "/review",
        "/search?q=script",
        "/search?in=quotes&q=script",
        "/search?in=articles&q=script",
    ]
    found += ["/search?q=%3Cscript%3E%22%E2%80%AE", "/search?in=%3Cscript%3E&action=%3Cscript%3E&since=%3Cscript%3E"]
    for table, place in (("articles", "articles"), ("instruments", "instruments"), ("persons", "people")):
        found += [f"/{place}/{one['id']}" for one in rows(desk.db, f"SELECT id FROM {table}")]  # noqa: S608
    found += [f"/review/{one['id']}" for one in rows(desk.db, "SELECT id FROM review_queue")]
    return found


def test_every_page_of_a_hostile_article_is_inert(desk: Desk) -> None:
    reader = site(desk)
    assert len(addresses(desk)) >= 12
    for path in addresses(desk):
        page = reader.get(path).text
        found = outline(page)
        assert not found.tags & {"img", "iframe", "style", "object"}, path
        assert [set(one) for one in found.scripts] == [{"src", "defer"}], path
        assert str(found.scripts[0]["src"]).startswith("/static/site.js?"), path
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}, path
        assert all(link.startswith(("/", "#", "http://", "https://")) for link in found.links), path
        assert not set(page) & set(
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x1b\x02\x03"
        ), path
        assert len(found.ids) == len(set(found.ids)), path
        assert len(page) < 60_000, path


def test_an_override_is_spelt_out(desk: Desk) -> None:
    assert "[U+202E]gnp.exe" in site(desk).get("/").text


def test_a_hostile_statement_can_be_reviewed_without_being_changed(desk: Desk) -> None:
    reader = site(desk)
    for found in list(rows(desk.db, "SELECT id FROM review_queue")):
        form = form_of(reader.get(f"/review/{found['id']}").text)
        answer = reader.post(f"/review/{found['id']}", {**form, "reviewer": SCRIPT, "decision": "accept"})
        assert answer.status_code == 303, answer.text
    outline(reader.get("/review?done=" + found["id"]).text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "data:text/html,x", "//evil.example/x", "/x",
        "http:///x", "https://", "https://a\u202e.example/", 'https://a.example/"onclick', "vbscript:x", "https://[x",
        "ftp://a.example/", "https://a.example/ b", "", None,
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) == ""


def test_a_plain_web_address_is_kept() -> None:
    assert web_address("https://www.mofcom.gov.cn/a?b=1&c=商务#d") == "https://www.mofcom.gov.cn/a?b=1&c=商务#d"


@given(st.text())
def test_inert_text_stays_inert_when_it_is_made_so_again(text: str) -> None:
    assert inert(inert(text)) == inert(text)


@given(st.text(alphabet="ab<>&\"'\x02\x03\u202e"))
def test_a_snippet_is_escaped_whatever_it_holds(text: str) -> None:
    outline(str(highlighted(text)))
    assert set(outline(str(highlighted(text))).tags) <= {"mark"}


@given(
    st.text(alphabet="ab <&\n", max_size=40),
    st.lists(st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), min_size=1, max_size=3), max_size=6),
)
def test_marks_nest_and_lose_no_text_however_they_lie(text: str, places: list[list[tuple[int, int]]]) -> None:
    marks = [
        Marked(id=f"q{n}", kind="quote", number=n, spans=tuple((min(a, b), max(a, b)) for a, b in spans))
        for n, spans in enumerate(places)
    ]
    plain = [p.markup.striptags() for p in mark_up(text, [], numbered=False)]
    marked = mark_up(text, marks, numbered=False)
    assert [p.markup.striptags() for p in marked] == plain
    ids = outline("".join(p.markup for p in marked)).ids
    assert len(ids) == len(set(ids))
