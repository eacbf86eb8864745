"""A mail's subject says what happened: a sentence from fields and tables, or the title where they do not make one."""

from __future__ import annotations

import json
import unicodedata
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.envelope import Letterhead, compose_mail
from alerts.subjects import Act, announcement_subject, quote_subject, with_more
from db.outbox import OutboxRow
from tests.db_samples import NOON

LISTS = ("issuers", "sectors", "entities", "regions")


def said(title: str, *, act: Act | None = None, **fields: Any) -> str:
    record: dict[str, Any] = {
        "title": title, "issuers": ["Ministry of Commerce"], "instrument": "announcement", "status": "issued",
        "salience": "news", "action": "other", "sectors": [], "entities": [], "regions": [], "number": None,
    }  # fmt: skip
    record |= fields
    return announcement_subject({name: json.dumps(v) if name in LISTS else v for name, v in record.items()}, act)


@pytest.mark.parametrize(
    ("title", "fields", "sentence"),
    [
        ("Announcement No 41 of 2026", {"action": "export_control", "sectors": ["gallium"]},
         "MOFCOM announces export controls on gallium (Announcement No 41 of 2026)"),
        ("Ministry of Commerce's Announcement No 41", {"action": "export_control"},
         "MOFCOM announces export controls (Announcement No 41)"),
        ("Announcement No 6 of 2026", {"action": "sanction", "entities": ["Tallgrass Inc", "Pemberton Corp"]},
         "MOFCOM announces sanctions on Tallgrass Inc and Pemberton Corp (Announcement No 6 of 2026)"),
        ("Announcing the Decision to Implement Export Control on Ginkgo", {},
         "MOFCOM announces the Decision to Implement Export Control on Ginkgo"),
        ("added three kite makers to its list", {}, "MOFCOM adds three kite makers to its list"),
        ("a guideline on river freight", {"instrument": "guideline"}, "MOFCOM issues a guideline on river freight"),
        ("Plan for Kites", {"instrument": "plan"}, "MOFCOM releases Plan for Kites"),
        ("draft rules for used kites", {"status": "draft"}, "MOFCOM seeks comments on draft rules for used kites"),
        ("a catalog of kites", {"status": "planned"}, "MOFCOM prepares a catalog of kites"),
        ("to raise the duty on kites", {"status": "planned"}, "MOFCOM plans to raise the duty on kites"),
        ("Rules on Kites", {"status": "repealed"}, "MOFCOM repeals Rules on Kites"),
        ("Circular of the State Council on Kites", {"issuers": ["State Council"], "instrument": "notice"},
         "State Council issues Circular on Kites"),
        ("a notice on kites", {"issuers": ["Ministry of Finance", "Ministry of Commerce"], "instrument": "notice"},
         "Ministry of Finance with MOFCOM issues a notice on kites"),
        ("a notice on kites", {"issuers": ["Ministry of Commerce", "Ministry of Finance", "State Council"],
                               "instrument": "notice"}, "MOFCOM with 2 others issues a notice on kites"),
        ("lower limits for residues in kites", {}, "MOFCOM: lower limits for residues in kites"),
        ("raised the duty", {"status": "planned"}, "MOFCOM: raised the duty"),
        ("Announcement No 3 of 2026", {"salience": "background"}, "MOFCOM: Announcement No 3 of 2026 (background)"),
        ("duties on kites were lifted", {"issuers": []}, "Duties on kites were lifted"),
        ("{issuer} {0} {title}", {"issuers": ["{0}"]}, "{0}: {issuer} {0} {title}"),
    ],
)  # fmt: skip
def test_an_english_title_makes_an_english_sentence(title: str, fields: dict[str, Any], sentence: str) -> None:
    assert said(title, **fields) == sentence


@pytest.mark.parametrize(
    ("title", "fields", "sentence"),
    [
        ("公布对银杏叶提取物实施出口管制的决定", {}, "商务部公布对银杏叶提取物实施出口管制的决定"),
        ("商务部公告2026年第41号", {"action": "export_control", "sectors": ["银杏叶", "风筝"]},
         "商务部公布对银杏叶、风筝实施出口管制（公告2026年第41号）"),
        ("商务部公告2026年第41号", {"action": "export_control"}, "商务部公布出口管制措施（公告2026年第41号）"),
        ("商务部关于规范风筝贸易的通知", {"instrument": "notice"}, "商务部发布关于规范风筝贸易的通知"),
        ("商务部办公厅关于做好风筝保供的通知", {"instrument": "notice"}, "商务部办公厅发布关于做好风筝保供的通知"),
        ("二手风筝出口管理办法（征求意见稿）", {"status": "draft"}, "商务部就二手风筝出口管理办法公开征求意见"),
        ("风筝管理办法", {"status": "repealed"}, "商务部废止风筝管理办法"),
        ("风筝管理办法", {"status": "planned"}, "商务部拟出台风筝管理办法"),
        ("修订风筝标准体系", {"status": "planned"}, "商务部计划修订风筝标准体系"),
        ("将6家企业列入清单", {"issuers": ["Ministry of Commerce", "General Administration of Customs"]},
         "商务部、海关总署将6家企业列入清单"),
        ("关于风筝的意见", {"issuers": ["Ministry of Public Security", "Ministry of Commerce", "Ministry of Finance"]},
         "公安部等3部门发布关于风筝的意见"),
        ("风筝的春天", {}, "商务部：风筝的春天"),
        ("风筝管理办法", {"salience": "background"}, "商务部：风筝管理办法（背景）"),
    ],
)  # fmt: skip
def test_a_chinese_title_makes_a_chinese_sentence(title: str, fields: dict[str, Any], sentence: str) -> None:
    assert said(title, **fields) == sentence


def test_what_a_bare_number_does_to_another_instrument_is_said() -> None:
    other = Act(
        relation="suspends", title="Kite Rules", title_zh="风筝办法", number="MOFCOM Announcement No. 3 of 2026"
    )
    assert said("Announcement No. 9 of 2026", act=other) == "MOFCOM suspends Announcement No. 3 of 2026"
    assert said("商务部公告2026年第9号", act=other) == "商务部暂停实施风筝办法"
    amends = Act(relation="amends", title="Kite Rules")
    assert said("Announcement No. 9 of 2026", act=amends) == "MOFCOM amends Kite Rules"


def test_what_is_repealed_at_the_same_time_is_not_the_news() -> None:
    other = Act(relation="repeals", title="Kite Rules")
    controls = {"action": "export_control", "sectors": ["gallium"]}
    assert said("Announcement No. 9 of 2026", act=other, **controls).startswith("MOFCOM announces export controls")
    assert said("Measures for Kites", act=other) == "MOFCOM issues Measures for Kites"
    assert said("Announcement No. 9 of 2026", act=other) == "MOFCOM repeals Kite Rules"


def test_a_quote_says_who_in_which_post_says_what() -> None:
    assert quote_subject("Lin Qiao", "chief executive, Weir & Quay", "Barges will carry twice the grain,") == (
        'Lin Qiao (chief executive, Weir & Quay): "Barges will carry twice the grain"'
    )
    assert (
        quote_subject("何咏", "新闻发言人，商务部", "这一做法符合国际惯例")
        == "何咏（新闻发言人，商务部）：“这一做法符合国际惯例”"
    )
    assert quote_subject("Lin Qiao", "", "No.") == 'Lin Qiao: "No."'


@pytest.mark.parametrize(
    ("subject", "more", "made"),
    [
        ("MOFCOM issues a notice", 2, "MOFCOM issues a notice (+2 more)"),
        ("商务部发布通知", 2, "商务部发布通知（另有2条）"),
        ("word " * 40, 3, "word " * 21 + "word… (+3 more)"),
        ('Lin: "' + "word " * 40 + '"', 0, 'Lin: "' + "word " * 21 + 'word…"'),
    ],
)
def test_a_long_subject_is_cut_between_words(subject: str, more: int, made: str) -> None:
    assert with_more(subject, more) == made


def test_a_long_chinese_subject_is_cut_at_sixty_characters() -> None:
    made = with_more("商务部" * 60, 2)
    assert made.endswith("…（另有2条）")
    assert 55 <= len(made) <= 61


@given(st.text(max_size=400), st.integers(0, 5000))
def test_whatever_is_said_the_subject_is_one_short_line(text: str, more: int) -> None:
    made = with_more(text, more)
    assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in made) <= 121
    assert made.splitlines() in ([], [made])
    assert not unicodedata.category((made.replace("…", "") + "a")[0]).startswith("C")


@given(st.text(max_size=200), st.text(max_size=100), st.sampled_from(["issued", "draft", "planned", "repealed"]))
def test_no_title_and_no_issuer_breaks_the_sentence(title: str, issuer: str, status: str) -> None:
    made = said(title, issuers=[issuer], status=status, action="sanction", entities=[title])
    assert isinstance(made, str)


@pytest.mark.parametrize(
    "subject",
    [
        "商务部公布对银杏叶提取物实施出口管制（公告2026年第41号）（另有2条）",
        "MOFCOM – “kites” café 🪁 " + "长" * 30,
        "=?utf-8?q?a?= b",
        "plain",
    ],
)
def test_a_subject_comes_out_as_it_went_in(subject: str) -> None:
    row = OutboxRow(
        id=1, key="k", recipient="a@x.example", subject=subject, text="t", html=None, rule=None, article_id=None,
        created_at="2026-11-20T04:00:00Z", due_at="2026-11-20T04:00:00Z", attempts=1, lease_token="",
    )  # fmt: skip
    raw = compose_mail(row, Letterhead(sender="w@x.example"), NOON)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
