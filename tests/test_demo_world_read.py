"""The demo world is read strictly: marks become offsets, and every mistake is named with its file and field."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from demo.world import FOLDER, TRUTH, WorldError, load_stories, load_world, main, truth_lines, truth_records

FIXTURES = Path(__file__).parent / "fixtures" / "world"
LABELS = FIXTURES / "china_daily" / "battery-labels.toml"


def broken(tmp_path: Path, old: str, new: str, *, source: Path = LABELS) -> tuple[str, ...]:
    """The mistakes found in a story in which `old` was replaced by `new`."""
    text = source.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / source.name
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        load_stories([file])
    return caught.value.problems


def test_marks_are_cut_out_and_their_offsets_kept() -> None:
    story = next(story for story in load_world(FIXTURES) if story.id == "t-battery-labels")
    assert "{" not in story.text
    assert [quote.span.text for quote in story.quotes] == [
        "The label saves us two weeks a shipment",
        "We can ship on Monday what was packed on Friday.",
        "labels must stay readable for 15 years",
    ]
    for quote in story.quotes:
        assert story.text[quote.span.start : quote.span.end] == quote.span.text


def test_evidence_comes_in_the_order_of_its_letters() -> None:
    story = next(story for story in load_world(FIXTURES) if story.id == "t-battery-labels")
    (policy,) = story.policies
    assert [span.text[:13] for span in policy.evidence] == ["The Ministry ", "The guideline"]


def test_white_space_is_folded_as_in_an_article() -> None:
    story = next(story for story in load_world(FIXTURES) if story.id == "t-battery-labels")
    assert "a step that exporters had asked for." in story.text
    assert story.text == "\n\n".join(paragraph for page in story.pages for paragraph in page)


def test_a_quote_may_run_over_paragraphs() -> None:
    story = next(story for story in load_world(FIXTURES) if story.id == "t-graphite-answer")
    assert story.quotes[0].span.text == "这是国际通行做法。\n\n我们愿与各方保持沟通。"


def test_an_edited_story_keeps_its_address_and_gets_new_words() -> None:
    story = next(story for story in load_world(FIXTURES) if story.id == "t-harbor-cranes")
    assert story.edited is not None
    assert story.edited.url == story.url
    assert "two hours" in story.edited.text
    assert "an hour" in story.text
    assert story.edited.pages[1] == story.pages[1]
    assert story.edited.quotes[0].span.text.endswith("11 percent")


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ('kind = "direct"', 'kind = "literal"', "kind", "none of direct, partial, indirect"),
        ("{q3}", "", "body", "{/q3} closes nothing"),
        ("{/q3}", "", "body", "{q3} is never closed"),
        ('mark = "q3"', 'mark = "q4"', "mark", "{q4} stands nowhere"),
        ("{q3}", "{q3} ", "body", "white space"),
        ('cue = "According to"', 'cue = "said to"', "cue", "not printed"),
        ("asked for.", "asked for {twice}.", "body", "no mark"),
        ('"{q1}The', '{q1}"The', "mark", "quotation mark"),
        ('speaker = "the guideline"', 'speaker = "the circular"', "quote", "not printed"),
        ('speaker_type = "document"', 'speaker_type = "document"\nrole = "other"', "role", "persons only"),
        ("WS6aa75a27", "WS6aa75b47", "path", "its id says"),
        ("/a/202609/14/", "/a/202609/15/", "path", "day 15"),
        ("/a/202609/14/WS", "/news/", "path", "no address of the template today"),
        ('host = "www.chinadaily.com.cn"', 'host = "www.example.org"', "host", "chinadaily.com.cn"),
        ("+08:00", "", "published", "+08:00"),
        ('language = "en"', 'language = "en"\nmood = "dark"', "mood", "no field"),
        ('site = "china_daily"\n', "", "site", "is missing"),
        ('issued_on = "2026-09-12"', 'issued_on = "2026-13"', "issued_on", "YYYY"),
        ('sectors = ["traction batteries"]', 'sectors = ["pianos"]', "sectors", "not printed"),
        ('template = "today"', 'template = "news"', "template", "no template of china_daily"),
        ("15 years{/q3}.", "15 years{/q3}. desk@chinadaily.com.cn", "body", "furniture"),
        ('title = "Battery labels', 'title = "  Battery labels', "title", "white space"),
    ],
)
def test_a_mistake_is_named_with_file_and_field(tmp_path: Path, old: str, new: str, field: str, message: str) -> None:
    problems = broken(tmp_path, old, new)
    assert any("battery-labels.toml: " in line and field in line and message in line for line in problems), problems


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    problems = broken(tmp_path, 'status = "issued"\nsalience = "news"', 'status = "done"\nsalience = "big"')
    assert len([line for line in problems if "status" in line or "salience" in line]) == 2


def test_overlapping_quotes_are_refused(tmp_path: Path) -> None:
    problems = broken(
        tmp_path,
        '{q2}We can ship on Monday what was packed on Friday.{/q2}"\n\nAccording to the guideline, {q3}labels must',
        '{q2}We can ship on Monday {q3}what was packed on Friday.{/q2}"\n\nAccording to the guideline, labels must',
    )
    assert any("overlaps" in line for line in problems)


def test_two_stories_cannot_share_an_address(tmp_path: Path) -> None:
    text = LABELS.read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    (tmp_path / "two.toml").write_text(text.replace("t-battery-labels", "t-other"), encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        load_world(tmp_path)
    assert len(caught.value.problems) == 1
    assert "two.toml: path: " in caught.value.problems[0]


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "half.toml").write_text('title = "', encoding="utf-8")
    with pytest.raises(WorldError, match=r"half\.toml: \(file\): is not TOML"):
        load_world(tmp_path)


def test_truth_has_the_fields_of_the_spec_and_no_page_that_is_gone() -> None:
    records = list(truth_records(load_world(FIXTURES)))
    assert [record["id"] for record in records] == [
        "t-battery-labels",
        "t-graphite-answer",
        "t-graphite-list",
        "t-harbor-cranes",
    ]
    assert list(records[0]) == [
        "id", "url", "source", "title", "byline", "published", "language", "text", "quotes", "policies",
    ]  # fmt: skip
    edited = list(truth_records(load_world(FIXTURES), changed=True))
    assert [one["id"] for one, two in zip(records, edited, strict=True) if one != two] == ["t-harbor-cranes"]


def test_the_command_validates_single_files_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(LABELS)]) == 0
    assert "china_daily: 1 pages of 1 stories, 3 quotes, 1 policies; today 1" in capsys.readouterr().out
    bad = tmp_path / "bad.toml"
    bad.write_text(LABELS.read_text(encoding="utf-8").replace('id = "', 'di = "'), encoding="utf-8")
    assert main([str(bad)]) == 1
    assert "di: is no field of the format" in capsys.readouterr().err


# --- the world that is shipped


def test_the_shipped_world_is_valid_and_its_truth_in_step() -> None:
    assert TRUTH.read_text(encoding="utf-8") == truth_lines(load_world()), "run python -m demo.world"


def test_the_shipped_truth_points_at_its_own_text() -> None:
    for line in TRUTH.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        spans = [*record["quotes"], *(span for policy in record["policies"] for span in policy["evidence"])]
        assert all(record["text"][span["start"] : span["end"]] == span["text"] for span in spans)


def test_the_shipped_world_is_as_large_as_promised() -> None:
    stories = load_world(FOLDER)
    pages = Counter[str]()
    for story in stories:
        pages[story.site] += len(story.pages) + len(story.aliases)
    assert pages["china_daily"] >= 40
    assert pages["mofcom"] >= 30
    assert sum(len(story.quotes) for story in stories) >= 150
    assert sum(len(story.policies) for story in stories) >= 60


def test_the_shipped_world_has_every_kind_of_page() -> None:
    stories = load_world(FOLDER)
    templates = {story.template for story in stories}
    assert {
        "today", "content_2013", "print", "no_info", "gallery", "video", "opinion", "chinese", "multipage",
    } <= templates  # fmt: skip
    assert {
        "announcement", "order", "uel", "english", "english_press", "zh_press", "zh_press_2026", "remarks", "news",
        "shtml_zh", "shtml_en", "aarticle", "gone",
    } <= templates  # fmt: skip
    assert any(story.edited for story in stories)
    assert any(story.aliases for story in stories)
    assert any(story.byline is None and story.credit for story in stories if story.template == "today")
