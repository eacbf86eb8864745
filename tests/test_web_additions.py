"""Adding what the machine has missed, by the form and by selecting words in the article."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from db.connection import value
from db.review import added_by, statement
from tests.db_samples import Desk
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import WORDS, filled, site
from tests.web_logins import site_of

MISSED = "the company would hire two hundred deckhands before the spring"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def story(desk: Desk) -> str:
    return str(value(desk.db, "SELECT article_id FROM quotes WHERE text = ?", [WORDS]))


def test_a_quote_is_added_by_a_plain_form(desk: Desk, story: str) -> None:
    reader = site(desk)
    assert f'href="/review/add?article={story}"' in reader.get(f"/articles/{story}").text
    assert MISSED in reader.get(f"/review/add?article={story}&words={MISSED}").text
    fields = {"article": story, "statement": "quote", "text": MISSED, "speaker": "Lin Qiao", "cue": "added"}
    answer = reader.post("/review/add", fields)
    assert answer.status_code == 303
    identity = answer.headers["location"].rpartition("/")[2]
    assert added_by(desk.db, identity) is not None
    assert "the extractor has missed it" in reader.get(answer.headers["location"]).text
    assert f'id="{identity}"' in reader.get(f"/articles/{story}").text


def test_what_cannot_be_added_is_explained_beside_what_was_entered(desk: Desk, story: str) -> None:
    reader = site(desk)
    fields = {"article": story, "statement": "policy", "evidence": "words of nobody", "title": "A plan"}
    answer = reader.post("/review/add", fields)
    assert answer.status_code == 422
    assert "does not stand in the article" in answer.text
    assert 'value="A plan"' in answer.text
    assert reader.post("/review/add", {**fields, "article": "a0"}).status_code == 404
    assert reader.get("/review/add?article=a0").status_code == 404


@NEEDS_CHROMIUM
def test_selected_words_go_along_to_the_form(desk: Desk, story: str) -> None:
    with chromium() as browser, served(site_of(desk, "Ana")) as home:
        context, wrong = opened(browser, viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.goto(f"{home}/articles/{story}")
        page.get_by_text("Lin added that").evaluate(
            """(paragraph, words) => {
              const text = [...paragraph.childNodes].find(node => node.textContent.includes(words));
              const range = document.createRange();
              const start = text.textContent.indexOf(words);
              range.setStart(text, start);
              range.setEnd(text, start + words.length);
              getSelection().addRange(range);
            }""",
            MISSED,
        )
        page.keyboard.press("n")
        expect(page.get_by_label("words quoted")).to_have_value(MISSED)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_label("speaker", exact=True).fill("Lin Qiao")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text("Added by Ana: the extractor has missed it.")).to_be_visible()
        identity = page.url.rpartition("/")[2]
        assert statement(desk.db, identity).record["text"] == MISSED
        assert wrong == []
        context.close()
