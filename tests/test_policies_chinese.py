"""Chinese prose: news releases, answers to the press, foreign measures, and what is none. All texts invented."""

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def read(text: str, title: str = "", published: str = "2031-11-05") -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="mofcom", text=text, title=title, published=published, language="zh"))


def test_a_news_release_reports_the_announcement_and_its_beginning() -> None:
    text = (
        "2031年11月3日,商务部发布2031年第50号公告,公布对智利和秘鲁的进口样品茶壶反倾销调查的初步裁定,"
        "决定自2031年11月6日起征收保证金。\n\n"
        "早在2030年7月29日,商务部就发布公告,决定对产自上述国家的进口样品茶壶发起反倾销调查。"
    )
    ruling, start = read(text, "商务部公布对进口样品茶壶反倾销调查的初步裁定", "2031-11")
    assert (ruling.number, ruling.issued_on, ruling.effective_on) == (
        "商务部公告2031年第50号",
        "2031-11-03",
        "2031-11-06",
    )
    assert (ruling.salience, ruling.action, ruling.sectors) == ("news", "trade_remedy", ("样品茶壶",))
    assert (start.instrument, start.issued_on, start.salience) == ("announcement", "2030-07-29", "background")


def test_a_suspension_is_a_decision_of_its_own_and_what_it_touches_is_background() -> None:
    text = (
        "问：请介绍不可靠实体清单的下一步安排？\n\n答：根据《不可靠实体清单规定》，不可靠实体清单工作机"
        "制于2031年2月9日和5月6日发布公告，"
        "把几家美国企业列入不可靠实体清单。中方决定自2031年12月1日起，再暂停5月6日公告（不可靠实体清单"
        "工作机制公告〔2031〕12号）所列做法半年，"
        "停止2月9日公告（不可靠实体清单工作机制公告〔2031〕10号和11号）所列做法。"
    )
    records = read(text, "商务部新闻发言人就调整不可靠实体清单措施答记者问")
    by_number = {r.number: r for r in records}
    news = by_number[None]
    assert (news.title, news.instrument, news.salience) == ("调整不可靠实体清单措施", "decision", "news")
    assert (news.issued_on, news.effective_on) == ("2031-11-05", "2031-12-01")
    suspended = by_number["不可靠实体清单工作机制公告2031年第12号"]
    assert (suspended.status, suspended.issued_on, suspended.salience) == ("issued", "2031-05-06", "background")
    stopped = by_number["不可靠实体清单工作机制公告2031年第10号"]
    assert (stopped.status, stopped.issued_on) == ("repealed", "2031-02-09")
    assert len(records) == 4


def test_two_announcements_of_one_day_are_told_apart_by_number() -> None:
    text = (
        "有记者问：我们注意到，商务部于10月9日发布两项公告。能否介绍情况？\n\n答：关于2031年第61号公告，1"
        "0月9日，商务部发布2031年第61号公告，"
        "对部分境外样品实施出口管制。\n\n关于2031年第62号公告，10月9日，商务部发布2031年第62号公告，对样"
        "品技术实施出口管制。"
    )
    records = read(text, "商务部新闻发言人就加强样品出口管制答记者问", "2031-10-09")
    assert [(r.number, r.issued_on, r.salience) for r in records] == [
        ("商务部公告2031年第61号", "2031-10-09", "news"),
        ("商务部公告2031年第62号", "2031-10-09", "news"),
    ]
    assert records[0].evidence[0].text.startswith("关于2031年第61号公告")


def test_a_listing_answered_to_the_press_is_a_list() -> None:
    text = (
        "问：中方启用“不可靠实体清单”对2家企业实施制裁，请问有何考虑？\n\n"
        "答：近年来，青石航空公司、白河导航集团等2家公司不顾中方强烈反对，严重损害中国利益。"
    )
    (record,) = read(text, "商务部新闻发言人就将2家美国企业列入不可靠实体清单答记者问", "2031-09-26")
    assert (record.title, record.instrument, record.action) == ("将2家美国企业列入不可靠实体清单", "list", "sanction")
    assert (record.issued_on, record.entities) == ("2031-09-26", ("青石航空公司", "白河导航集团"))


def test_a_foreign_measure_that_is_commented_on_has_its_own_issuer() -> None:
    text = (
        "问：10月15日，英国外交部宣布新一轮涉油制裁，3家中国企业在列。中方怎么看？\n\n"
        "答：中方坚决反对。英方应尽快改正，撤销对这些企业的制裁。"
    )
    (record,) = read(text, "商务部新闻发言人就英制裁中国企业答记者问", "2031-10-29")
    assert record.issuers == ("UK Foreign, Commonwealth and Development Office",)
    assert (record.issued_on, record.action) == ("2031-10-15", "sanction")


def test_drafts_and_plans_are_told_from_what_is_issued() -> None:
    text = "商务部还抓紧修订《样品投诉工作办法》,就《样品战略投资管理办法》征求意见。"
    planned, draft = read(text, "商务部副部长举行座谈会")
    assert (planned.title, planned.status) == ("样品投诉工作办法", "planned")
    assert (draft.title, draft.status, draft.issuers) == ("样品战略投资管理办法", "draft", ("Ministry of Commerce",))


def test_a_named_plan_that_bodies_issued_together() -> None:
    text = "近日，商务部、工业和信息化部联合印发《样品消费提升行动计划》，自2032年1月1日起实施。"
    (record,) = read(text, "两部门印发行动计划")
    assert record.issuers == ("Ministry of Commerce", "Ministry of Industry and Information Technology")
    assert (record.title, record.instrument, record.effective_on) == ("样品消费提升行动计划", "plan", "2032-01-01")


@pytest.mark.parametrize(
    "text",
    [
        "答：中方对此强烈不满、坚决反对，敦促美方立即停止对中国企业的制裁。",
        "王某表示，要落实习近平主席重要讲话精神，进一步扩大开放。",
        "10月22日下午，商务部长同德国经济部长通电话，就深化经贸合作交换意见。",
        "2031年，欧盟成员国批准的两用物项出口额达573亿欧元，占出口额的2%。",
        "根据《中华人民共和国反倾销条例》第五十条的规定，利害关系方可以提出申请。",
        "青石航空公司发布新款样机，将于明年上市。",
        "",
        "。。。",
    ],
)
def test_stances_meetings_figures_and_legal_bases_are_no_records(text: str) -> None:
    assert read(text, "商务部新闻发言人答记者问") == ()
