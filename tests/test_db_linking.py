"""The same instrument, person and organization over articles: linked with a reason, and never on a guess."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from db.connection import row, rows, value
from db.linking import number_key, organization_key, person_key, title_likeness
from db.links.identities import resolve
from tests.db_samples import CHINESE, Desk, article, ministry, policy, quote, statements

MOFCOM = "Ministry of Commerce"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MOFCOM Announcement No. 46 of 2024", "商务部公告2024年第46号"),
        ("商务部 海关总署公告2025年第55号", "商务部公告2025年第55号"),
        ("商务部2014年第34号公告", "商务部公告2014年第34号"),
        ("商务部令2020年第4号", "MOFCOM Order No. 4 of 2020"),
        ("商办贸函〔2024〕12号", "商办贸函[2024]12号"),
    ],
)
def test_a_number_has_one_key_in_every_form(one: str, other: str) -> None:
    assert number_key(one, MOFCOM) == number_key(other, MOFCOM)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("商务部公告2024年第46号", "商务部公告2024年第4号"),
        ("商务部公告2024年第46号", "商务部公告2025年第46号"),
        ("商务部公告2024年第46号", "商务部令2024年第46号"),
    ],
)
def test_other_numbers_have_other_keys(one: str, other: str) -> None:
    assert number_key(one, MOFCOM) != number_key(other, MOFCOM)


def test_the_same_number_of_two_bodies_is_two_instruments() -> None:
    assert number_key("公告2024年第46号", MOFCOM) != number_key("公告2024年第46号", "General Administration of Customs")


def reported(desk: Desk, at: int, published: str = "2026-11-19", **changes: Any) -> str:
    """The instrument of an announcement in an article of its own."""
    text = f"Report number {at} says that a ministry did something about {at} things."
    stored = desk.store(
        article(text, url=f"https://x.cn/{at}.html", title=None, published=published),
        statements(policies=[policy(text, text, **changes)]),
    )
    return str(value(desk.db, "SELECT instrument_id FROM policies WHERE id = ?", [stored.new[0]]))


def test_a_report_in_english_and_the_ministrys_own_page_are_one_instrument(desk: Desk) -> None:
    english = reported(
        desk, 1, title="export licence for ginkgo extract", instrument="announcement",
        number="MOFCOM Announcement No. 9 of 2026",
    )  # fmt: skip
    own = policy(
        CHINESE, CHINESE[:12], title="公布对银杏叶提取物实施出口管制", instrument="announcement",
        number="商务部公告2026年第9号",
    )  # fmt: skip
    desk.store(ministry(), statements(policies=[own]))

    found = row(desk.db, "SELECT * FROM instruments")
    assert found is not None
    assert (found["id"], found["articles"], found["official_url"]) == (english, 2, ministry().url)
    assert (found["title"], found["number"]) == ("公布对银杏叶提取物实施出口管制", "商务部公告2026年第9号")
    assert (
        value(desk.db, "SELECT instrument_reason FROM policies WHERE seq = 2") == "same number: 商务部公告2026年第9号"
    )


def test_one_day_one_issuer_and_like_titles_are_one_instrument(desk: Desk) -> None:
    first = reported(desk, 1, title="a guideline to support river freight along the Yangtze")
    second = reported(desk, 2, title="guideline to support river freight along the Yangtze and its branches")
    assert resolve(desk.db, first) == resolve(desk.db, second)
    assert "titles alike" in value(desk.db, "SELECT instrument_reason FROM policies WHERE seq = 2")


def test_a_measure_told_without_its_document_is_that_document_whatever_comes_first(desk: Desk) -> None:
    document = {"title": "decision to control exports of ginkgo extract", "instrument": "announcement"}
    measure = {"title": "control exports of ginkgo extract", "instrument": "other"}
    told = [
        reported(desk, 1, **document), reported(desk, 2, **measure),
        reported(desk, 3, **measure, issuers=("State Council",)),
        reported(desk, 4, **document, issuers=("State Council",)),
    ]  # fmt: skip
    one, two, three, four = (resolve(desk.db, found) for found in told)
    assert one == two != three == four


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_reports_page_and_translation_are_one_instrument_in_whatever_order_they_are_stored(
    desk: Desk, order: tuple[int, ...]
) -> None:
    reports: list[dict[str, Any]] = [
        {"title": "公布对银杏叶提取物实施出口管制的决定", "number": "商务部公告2026年第9号"},
        {"title": "decision to control exports of ginkgo", "number": "MOFCOM Announcement No. 9 of 2026"},
        {"title": "对银杏叶提取物实施出口管制"},
        {"title": "对银杏叶提取物实施出口管制", "instrument": "other"},
    ]
    for at in order:
        reported(desk, at, **{"instrument": "announcement", **reports[at]})
    assert value(desk.db, "SELECT count(*) FROM instruments") == 1
    assert value(desk.db, "SELECT count(DISTINCT instrument_id) FROM policies") == 1


def test_a_number_that_is_told_later_joins_the_instrument_and_finds_it_from_then_on(desk: Desk) -> None:
    title = "measures on the licensing of river pilots"
    first = reported(desk, 1, title=title, instrument="measures")
    second = reported(desk, 2, title=title, instrument="measures", number="MOFCOM Order No. 3 of 2026")
    third = reported(desk, 3, title="pilot rules", instrument="order", issued_on=None, number="商务部令2026年第3号")
    assert {resolve(desk.db, found) for found in (first, second, third)} == {third}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "guideline on tidal mills in the north"},
        {"issuers": ("State Council",)},
        {"issuers": ()},
        {"issued_on": "2026-11-17"},
        {"number": "MOFCOM Announcement No. 7 of 2026"},
    ],
)
def test_what_differs_in_title_issuer_day_or_number_stays_apart(desk: Desk, changes: dict[str, Any]) -> None:
    first = reported(desk, 1, number="MOFCOM Announcement No. 6 of 2026" if "number" in changes else None)
    assert resolve(desk.db, reported(desk, 2, **changes)) != resolve(desk.db, first)


def test_two_notices_of_one_day_that_share_half_their_words_stay_apart(desk: Desk) -> None:
    first = reported(desk, 1, title="anti-dumping ruling on optical fibre", instrument="decision")
    assert reported(desk, 2, title="anti-dumping ruling on vinyl flooring", instrument="decision") != first


def test_two_rulings_of_one_day_that_differ_only_in_the_goods_stay_apart(desk: Desk) -> None:
    title = "preliminary anti-dumping ruling on imports of {} from the United States, Japan and Korea"
    first = reported(desk, 1, title=title.format("optical fibre"), instrument="decision")
    assert reported(desk, 2, title=title.format("vinyl flooring"), instrument="decision") != first


def test_an_instrument_that_nothing_reports_any_more_is_not_listed(desk: Desk) -> None:
    reported(desk, 1)
    text = "Report number 1 says that a ministry did something about 1 things."
    desk.store(article(text, url="https://x.cn/1.html", title=None), statements(version="2"))
    assert value(desk.db, "SELECT count(*) FROM instruments") == 0


def test_a_number_that_was_misread_links_nothing_once_it_is_read_right(desk: Desk) -> None:
    title = "decision to control exports of ginkgo extract"
    reported(desk, 1, title=title, number="MOFCOM Announcement No. 7 of 2026")
    reported(desk, 2, title=title)
    reported(desk, 3, title=title, number="MOFCOM Announcement No. 9 of 2026")
    assert len(set(standing(desk))) == 3
    text = "Report number 1 says that a ministry did something about 1 things."
    desk.store(
        article(text, url="https://x.cn/1.html", title=None, published="2026-11-19"),
        statements(policies=[policy(text, text, title=title, number="MOFCOM Announcement No. 9 of 2026")], version="2"),
    )
    assert len(set(standing(desk))) == 1


def standing(desk: Desk) -> list[str]:
    """The instruments of all announcements that stand, in the order in which they were first stored."""
    return [
        one["instrument_id"]
        for one in rows(desk.db, "SELECT instrument_id FROM policies WHERE retired_at IS NULL ORDER BY seq")
    ]


def test_what_two_numbers_claim_alike_goes_with_neither(desk: Desk) -> None:
    title = "decision to control exports of ginkgo extract"
    told = reported(desk, 1, title=title)
    first = reported(desk, 2, title=title, number="MOFCOM Announcement No. 7 of 2026")
    assert resolve(desk.db, told) == first
    second = reported(desk, 3, title=title, number="MOFCOM Announcement No. 9 of 2026")
    assert len({resolve(desk.db, one) for one in (told, first, second)}) == 3


def test_a_draft_and_what_became_of_it_stay_apart(desk: Desk) -> None:
    title = "Measures for the Administration of River Pilots"
    draft = reported(desk, 1, title=title, status="draft", instrument="measures")
    assert reported(desk, 2, title=title, instrument="measures") != draft
    assert resolve(desk.db, reported(desk, 3, title=f"{title} (Draft for Comment)", instrument="measures")) == resolve(
        desk.db, draft
    )


@pytest.mark.parametrize(
    ("chinese", "english", "one"),
    [
        ("关于促进冷链物流绿色发展的通知", "notice on the green development of cold-chain logistics", True),
        ("关于促进冷链物流绿色发展的通知", "notice on consumption at convenience stores", False),
        ("对原产于美国的进口正丁醇反倾销调查初步裁定", "preliminary anti-dumping ruling on imports from the US", False),
        ("第337号调查", "Section 301 investigation", False),
    ],
)
def test_titles_of_one_day_are_compared_across_languages(desk: Desk, chinese: str, english: str, one: bool) -> None:
    first = reported(desk, 1, title=chinese, instrument="notice")
    second = reported(desk, 2, title=english, instrument="notice")
    assert (resolve(desk.db, first) == resolve(desk.db, second)) is one


def test_a_standing_list_is_one_in_both_languages_without_issuer_or_date(desk: Desk) -> None:
    named = {"issuers": (), "issued_on": None, "instrument": "list"}
    first = reported(desk, 1, title="Export Control List of Dual-Use Items of the People’s Republic of China", **named)
    second = reported(desk, 2, title="《中华人民共和国两用物项出口管制清单》", **named)
    assert resolve(desk.db, first) == resolve(desk.db, second)


def test_an_exact_day_replaces_a_month(desk: Desk) -> None:
    title = "guideline to support river freight along the Yangtze"
    first = reported(desk, 1, title=title, issued_on="2026-11")
    assert resolve(desk.db, reported(desk, 2, title=title)) == resolve(desk.db, first)
    assert value(desk.db, "SELECT issued_on FROM instruments") == "2026-11-18"


def test_chinese_titles_are_compared_by_pairs_of_characters() -> None:
    assert title_likeness("关于促进内河航运发展的通知", "促进内河航运发展通知") > 0.7
    assert title_likeness("关于促进内河航运发展的通知", "关于加强航天发射管理的通知") < 0.3


# -- people and organizations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("Weir & Quay Shipping Co Ltd", "weir quay shipping"),
        ("Weir & Quay Shipping Co., Ltd.", "weir quay shipping"),
        ("Hangzhou-based Weir & Quay Shipping", "weir quay shipping"),
        ("Shanghai-based cell therapy company Neolith Biotherapeutics", "neolith biotherapeutics"),
        ("the Tea Board", "tea board"),
        ("江南航运股份有限公司", "江 南 航 运"),
        ("Company", "company"),
    ],
)
def test_an_organization_is_known_without_place_description_and_form(printed: str, key: str) -> None:
    assert organization_key(printed) == key


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("Mr. Lin Qiao", "lin qiao"),
        ("Ouyang Xiao-ming", "ouyang xiaoming"),
        ("何 亚东", "何亚东"),
        ("Lin", None),
        ("Lin Qiao and Wen Jiao", None),
        ("industry, experts", None),
    ],
)
def test_a_person_is_known_by_a_full_name_only(printed: str, key: str | None) -> None:
    assert person_key(printed) == key


def said(desk: Desk, at: int, **changes: Any) -> dict[str, Any]:
    text = f"Report {at}: freight will double."
    stored = desk.store(
        article(text, url=f"https://x.cn/q{at}.html", title=None),
        statements([quote(text, "freight will double", **changes)]),
    )
    found = row(desk.db, "SELECT * FROM quotes WHERE id = ?", [stored.new[0]])
    assert found is not None
    return found


def test_one_name_in_one_organization_is_one_person(desk: Desk) -> None:
    first = said(desk, 1)
    second = said(desk, 2, speaker="Lin Qiao", organization="Weir & Quay Shipping")
    assert first["person_id"] == second["person_id"]
    assert first["organization_id"] == second["organization_id"]
    assert second["person_reason"] == "same name and organization"


def test_one_name_in_two_organizations_or_in_none_is_not_one_person(desk: Desk) -> None:
    people = [
        said(desk, 1), said(desk, 2, organization="Tea Board"), said(desk, 3, organization=None),
        said(desk, 4, organization=None),
    ]  # fmt: skip
    assert len({found["person_id"] for found in people}) == 4


def test_a_chinese_name_and_its_spelling_are_one_person_in_one_organization(desk: Desk) -> None:
    chinese = said(desk, 1, speaker="林樵", organization="商务部", role="official")
    english = said(desk, 2, speaker="Lin Qiao", organization="Ministry of Commerce", role="official")
    hyphen = said(desk, 3, speaker="Qiao, Lin", organization="MOFCOM", role="official")
    assert resolve(desk.db, chinese["person_id"]) == resolve(desk.db, english["person_id"])
    assert hyphen["person_id"] is None


def test_two_chinese_names_of_one_spelling_stay_apart_and_the_spelling_goes_with_neither(desk: Desk) -> None:
    people = [
        said(desk, 1, speaker="李静", organization="商务部"), said(desk, 2, speaker="Li Jing", organization="商务部"),
        said(desk, 3, speaker="李晶", organization="商务部"),
    ]  # fmt: skip
    assert len({resolve(desk.db, found["person_id"]) for found in people}) == 3


def test_a_company_is_one_where_its_names_sound_alike_and_one_person_speaks_for_both(desk: Desk) -> None:
    chinese = said(desk, 1, speaker="林樵", organization="合肥蓝桥电子有限公司")
    english = said(desk, 2, speaker="Lin Qiao", organization="Hefei Lanqiao Electronics Co Ltd")
    other = said(desk, 3, speaker="Lin Qiao", organization="Hefei Beidou Electronics Co Ltd")
    assert resolve(desk.db, chinese["person_id"]) == resolve(desk.db, english["person_id"])
    assert resolve(desk.db, chinese["organization_id"]) == resolve(desk.db, english["organization_id"])
    assert resolve(desk.db, other["person_id"]) != resolve(desk.db, english["person_id"])


def test_a_post_that_was_held_before_joins_both_organizations(desk: Desk) -> None:
    before = said(desk, 1, speaker="Lin Qiao", organization="Weir & Quay Shipping")
    text = "Lin Qiao, formerly chief executive of Weir & Quay Shipping, said freight will double."
    stored = desk.store(
        article(text, url="https://x.cn/former.html", title=None),
        statements([quote(text, "freight will double", organization="Tea Board", title="chair")]),
    )
    after = value(desk.db, "SELECT person_id FROM quotes WHERE id = ?", [stored.new[0]])
    assert resolve(desk.db, before["person_id"]) == resolve(desk.db, after)


@pytest.mark.parametrize("speaker", ["商务部新闻发言人", "MOFCOM spokesperson"])
def test_whoever_is_called_by_the_post_is_no_person(desk: Desk, speaker: str) -> None:
    found = said(desk, 1, speaker=speaker, organization="商务部", role="official")
    assert (found["person_id"], found["organization_id"] is not None) == (None, True)


def test_an_organization_that_speaks_is_linked_and_unnamed_sources_are_nobody(desk: Desk) -> None:
    ministry_said = said(desk, 1, speaker="the Tea Board", speaker_type="organization", organization=None, role=None)
    unnamed = said(desk, 2, speaker="industry experts", speaker_type="unnamed", organization=None, role=None)
    assert ministry_said["organization_id"] == next(rows(desk.db, "SELECT id FROM organizations"))["id"]
    assert (unnamed["person_id"], unnamed["organization_id"]) == (None, None)
