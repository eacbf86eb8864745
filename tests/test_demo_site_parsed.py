"""The demo's pages and the parsers agree: what is parsed from a served page is what its story says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from demo.render import header_block, page_paths
from demo.routes import Routes
from demo.world import Story, load_world
from pipeline.articles import merge, parse
from pipeline.html import PageGone
from pipeline.model import Article, Page

ROUTES = Routes(load_world(), fill=False)
_NUMBER = re.compile(r"No\. \d+ of \d{4}")
WRITTEN = {story.id: story for story in ROUTES.written}
EDITED = {story.id: story.edited for story in ROUTES.written if story.edited}


def page(routes: Routes, story: Story, url: str) -> Page:
    parts = urlsplit(url)
    answer = routes.answer(parts.hostname or "", parts.path)
    return Page(
        url=url,
        source=story.site,
        body=answer.body,
        status=answer.status,
        headers=(("Content-Type", answer.kind),),
        fetched_at=datetime(2026, 9, 18, 4, tzinfo=UTC),
    )


def parsed(routes: Routes, story: Story, url: str | None = None) -> Article:
    first = parse(page(routes, story, url or story.url))
    assert isinstance(first, Article)
    rest = [parse(page(routes, story, next_page)) for next_page in first.next_pages]
    return merge(first, [each for each in rest if isinstance(each, Article)])


def same_number(story: Story, number: str | None) -> str | None:
    """The page's own number in the form of the truth, if `number` is a way in which the page prints it."""
    header = dict(header_block(story)).get("发布文号")
    if number is None or story.number is None or number == story.number:
        return number
    if header is not None:
        return story.number if number == header else number
    short = _NUMBER.search(story.number)
    return story.number if short and short[0] in number and number in story.title else number


def expected(story: Story) -> dict[str, object]:
    """What the story's page says, by field of Article."""
    press_page = story.template == "zh_press_2026"  # prints no time at all: the day stands in its address
    return {
        "title": story.title,
        "text": story.text,
        "language": story.language,
        "published": story.published.isoformat()[: 10 if press_page or story.template == "no_info" else 16],
        "captions": story.captions,
        "section": story.section,
        "number": story.number,
        "header": header_block(story),
        "attachments": tuple(file.name for file in story.attachments),
        "authors": () if story.template == "no_info" else story.authors,
        "credit": None if story.template == "no_info" or press_page else story.credit,
    }


def found(story: Story, article: Article) -> dict[str, object]:
    printed = str(expected(story)["published"])
    return {
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "published": (article.published or "")[: len(printed)],
        "captions": article.captions,
        "section": article.section,
        "number": same_number(story, article.number),
        "header": article.header,
        "attachments": tuple(file.name for file in article.attachments),
        "authors": article.authors,
        "credit": article.credit,
    }


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if story.is_article])
def test_a_served_page_parses_to_its_story(key: str) -> None:
    story = WRITTEN[key]
    assert found(story, parsed(ROUTES, story)) == expected(story)


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if story.aliases])
def test_an_alias_gives_the_same_text(key: str) -> None:
    story = WRITTEN[key]
    for alias in story.aliases:
        assert parsed(ROUTES, story, alias).text == story.text


@pytest.mark.parametrize("key", list(EDITED))
def test_an_edited_story_parses_to_its_new_state(key: str) -> None:
    story = EDITED[key]
    assert story is not None
    article = parsed(ROUTES.changed(), story)
    assert found(story, article) == expected(story)
    if story.site == "china_daily" and story.updated is not None:
        assert (article.updated or "")[:16] == story.updated.isoformat()[:16]


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if not story.is_article])
def test_a_page_that_is_gone_says_so(key: str) -> None:
    with pytest.raises(PageGone):
        parse(page(ROUTES, WRITTEN[key], WRITTEN[key].url))


def test_pages_of_a_story_are_linked_from_its_first() -> None:
    stories = [story for story in WRITTEN.values() if len(story.pages) > 1 and story.is_article]
    for story in stories:
        first = parse(page(ROUTES, story, story.url))
        assert isinstance(first, Article)
        assert [urlsplit(url).path for url in first.next_pages] == list(page_paths(story)[1:])


KINDS = {
    "gallery": "gallery",
    "video": "video",
    "opinion": "opinion",
    "announcement": "announcement",
    "uel": "announcement",
    "zh_press": "press_conference",
    "zh_press_2026": "press_conference",
    "english_press": "press_conference",
    "remarks": "remarks",
}


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if story.template in KINDS])
def test_a_page_of_another_kind_than_news_is_known_as_such(key: str) -> None:
    assert parsed(ROUTES, WRITTEN[key]).kind == KINDS[WRITTEN[key].template]


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if story.links or story.translations])
def test_links_to_instruments_and_translations_are_found(key: str) -> None:
    article = parsed(ROUTES, WRITTEN[key])
    assert set(WRITTEN[key].links) <= set(article.links)
    assert set(WRITTEN[key].translations) <= set(article.translations)


@pytest.mark.parametrize("key", [key for key, story in WRITTEN.items() if story.template == "chinese"])
def test_editors_are_no_authors(key: str) -> None:
    article = parsed(ROUTES, WRITTEN[key])
    assert article.editors
    assert not set(article.editors) & set(article.authors)
