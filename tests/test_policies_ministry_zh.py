"""Each sort of page that the ministry writes in Chinese, one invented page a sort."""

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def page(text: str, title: str | None = None, published: str = "2031-11-05") -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="mofcom", text=text, title=title, published=published, language="zh"))


def test_a_yearly_catalogue_repeals_the_one_that_an_earlier_announcement_brought() -> None:
    text = (
        "根据《中华人民共和国对外贸易法》，商务部和海关总署对《样机进出口许可证管理目录》作了调整，现将调整后的目录予以公布。\n\n"
        "本公告自2032年1月1日起实施，商务部、海关总署2030年第42号公告公布的《样机进出口许可证管理目录》同时废止。"
    )
    own, old = page(text, "商务部 海关总署公告2031年第66号 公布《样机进出口许可证管理目录》", "2031-12-29")
    assert own.evidence[0].text.startswith("根据《中华人民共和国对外贸易法》")
    assert (old.title, old.number) == ("样机进出口许可证管理目录", "商务部 海关总署公告2030年第42号")
    assert (old.instrument, old.status, old.salience) == ("list", "repealed", "background")


def test_each_announcement_that_ceases_to_apply_has_the_bodies_before_its_own_number() -> None:
    text = (
        "现公布《样机出口管制清单》，自2031年12月1日起实施，有关事项公告如下：\n\n"
        "一、商务部、海关总署公告2003年第5号（关于样机目录的公告）、"
        "商务部、海关总署、国家原子能机构公告2017年第9号不再适用。"
    )
    own, first, second = page(text, "商务部 海关总署公告2031年第51号 公布《样机出口管制清单》", "2031-11-15")
    assert own.effective_on == "2031-12-01"
    assert (first.title, first.status) == ("关于样机目录的公告", "repealed")
    assert second.issuers == (
        "Ministry of Commerce",
        "General Administration of Customs",
        "China Atomic Energy Authority",
    )


def test_an_order_is_named_after_what_it_brings() -> None:
    text = (
        "中华人民共和国商务部令\n\n二〇三一年 第5号\n\n"
        "现公布《关于对两家样品机构采取反制措施的决定》，自2031年8月13日起施行。"
    )
    (record,) = page(text, "中华人民共和国商务部令二〇三一年第5号", "2031-08-13")
    assert (record.title, record.instrument) == ("关于对两家样品机构采取反制措施的决定", "order")
    assert (record.number, record.effective_on, record.action) == ("商务部令2031年第5号", "2031-08-13", "sanction")


def test_rules_that_tell_their_number_below_the_name_are_what_the_name_says() -> None:
    text = (
        "样品企业备案规定\n\n（2030年9月19日商务部令第4号公布 自公布之日起施行）\n\n"
        "第一条 为了管好样品，制定本规定。\n\n第九条 本规定自公布之日起施行。"
    )
    (record,) = page(text, "样品企业备案规定", "2030-10-08")
    assert (record.instrument, record.number) == ("measures", "商务部令2030年第4号")
    assert (record.issued_on, record.effective_on) == ("2030-09-19", "2030-09-19")
    assert record.evidence[0].text.startswith("（2030年9月19日")


def test_a_suspension_begins_on_the_day_and_leaves_what_it_suspends_in_force() -> None:
    text = "经批准，自即日起至2032年11月27日，暂停实施商务部公告2031年第46号（关于加强样机出口管制的公告）第二款。"
    own, suspended = page(text, "商务部公告2031年第72号 公布暂停实施商务部公告2031年第46号第二款", "2031-11-09")
    assert (own.instrument, own.effective_on) == ("announcement", "2031-11-09")
    assert (suspended.number, suspended.status, suspended.salience) == (
        "商务部公告2031年第46号",
        "issued",
        "background",
    )


def test_all_who_sign_have_issued_a_paper_that_its_title_gives_to_one_and_others() -> None:
    text = (
        "商贸发〔2031〕125号\n\n各省、自治区、直辖市人民政府：\n\n经国务院同意，现提出以下意见：\n\n一、支持样品海外仓。\n\n"
        "商务部 财政部 海关总署\n\n2031年6月8日"
    )
    (record,) = page(text, "商务部等3部门关于推进样品海外仓建设的意见", "2031-06-12")
    assert record.issuers == ("Ministry of Commerce", "Ministry of Finance", "General Administration of Customs")
    assert (record.instrument, record.number, record.issued_on) == ("guideline", "商贸发〔2031〕125号", "2031-06-08")


def test_a_repealed_circular_was_issued_by_the_bodies_of_its_own_name() -> None:
    text = (
        "现就样品车出口有关事项公告如下：\n\n一、企业应当备案。\n\n"
        "《公安部 商务部关于样品车出口的通知》（商贸函〔2029〕165号）同时废止。"
    )
    _, old = page(text, "商务部关于样品车出口的公告", "2031-02-06")
    assert (old.number, old.status) == ("商贸函〔2029〕165号", "repealed")
    assert old.issuers == ("Ministry of Public Security", "Ministry of Commerce")


def test_a_negative_list_restricts() -> None:
    text = "《跨境服务样品特别管理措施（负面清单）》已经审议通过，现予公布，自2031年4月21日起施行。"
    (record,) = page(text, "跨境服务样品特别管理措施（负面清单）（2031年版）", "2031-03-22")
    assert record.action == "restriction"


def test_a_listing_of_an_earlier_day_is_background_of_the_page_that_adds_to_it() -> None:
    text = (
        "不可靠实体清单工作机制于2031年2月4日将样国青石公司（Bluestone）列入不可靠实体清单。现决定采取如下措施：\n\n"
        "禁止其向中国出口样机。\n\n不可靠实体清单工作机制\n\n2031年3月4日"
    )
    own, before = page(text, "不可靠实体清单工作机制关于对青石公司采取处理措施的公告", "2031-03-04")
    assert (own.instrument, own.issued_on) == ("announcement", "2031-03-04")
    assert (before.instrument, before.issued_on, before.salience) == ("list", "2031-02-04", "background")


def test_a_listing_told_with_its_number_gets_its_day() -> None:
    text = (
        "一、决定将白河集团列入不可靠实体清单，并采取如下措施：\n\n"
        "二、2029年2月16日，不可靠实体清单工作机制将青石公司列入清单，并作出处理（详见不可靠实体清单工作机制公告2029年第1号）。\n\n"
        "本公告自公布之日起实施。"
    )
    records = page(text, "不可靠实体清单工作机制关于对白河集团采取措施的公告", "2031-05-20")
    (before,) = (r for r in records if r.number)
    assert (before.number, before.issued_on) == ("不可靠实体清单工作机制公告2029年第1号", "2029-02-16")


def test_the_headline_of_a_foreign_change_of_orders_is_no_document_of_ours() -> None:
    text = "2031年1月31日，日本经济产业省发布《出口贸易管理令》部分修订案，新增对样机的出口管制。"
    (record,) = page(text, "日本修订出口管制法令", "2031-02-10")
    assert (record.title, record.instrument) == ("出口贸易管理令", "order")
    assert record.issuers == ("Ministry of Economy, Trade and Industry",)
    assert (record.issued_on, record.action) == ("2031-01-31", "export_control")


def test_foreign_orders_that_will_be_revised_are_planned() -> None:
    text = (
        "2031年3月25日，日本经济产业省称，将对管制样机进行审查与修订。具体内容如下：\n\n"
        "部分修订《外汇令》附表，新增样机一项。\n\n以上修订自公布之日起两个月后实施。"
    )
    (record,) = page(text, None, "2031-04-08")
    assert (record.title, record.instrument, record.status) == ("外汇令", "order", "planned")


def test_a_foreign_final_measure_that_an_answer_complains_of_is_background_in_force() -> None:
    text = (
        "有记者问：近日，商务部宣布对青石公司实施反制，请问有何考虑？\n\n"
        "答：10月14日，美国开始实施对中国样品船301调查的最终措施，严重损害中国企业利益。"
        "中方决定将青石公司列入反制清单。"
    )
    records = page(text, None, "2031-10-15")
    foreign = next(r for r in records if r.issuers == ("United States",))
    assert (foreign.title, foreign.salience) == ("对中国样品船301调查的最终措施", "background")
    assert (foreign.issued_on, foreign.effective_on) == (None, "2031-10-14")


def test_a_bill_that_would_raise_duties_is_planned() -> None:
    text = (
        "问：据报道，墨西哥政府9月9日向国会提交法案，拟对样机等产品提高进口关税。请问有何评论？\n\n"
        "答：中方注意到有关做法。"
    )
    (record,) = page(text, "商务部新闻发言人就墨西哥拟提高进口关税答记者问", "2031-09-12")
    assert (record.status, record.action, record.issuers) == ("planned", "tariff", ("Mexican government",))


def test_an_announcement_of_the_day_is_news_and_named_after_what_it_starts() -> None:
    text = (
        "问：9月13日，商务部发布公告，对原产于美国的进口样品芯片发起反倾销立案调查，请问有何考虑？\n\n"
        "答：是应国内产业申请发起的。"
    )
    (record,) = page(text, "商务部新闻发言人就样品芯片反倾销调查答记者问", "2031-09-13")
    assert (record.title, record.salience) == ("对原产于美国的进口样品芯片发起反倾销立案调查", "news")


def test_a_list_of_suspended_announcements_is_one_decision_of_who_issued_them() -> None:
    text = (
        "有记者问：请问出口管制方面有何考虑？\n\n答：自2031年5月14日起，暂停2031年4月4日商务部公告2031年第21号将样品甲公司列入"
        "出口管制管控名单措施90天，4月9日商务部公告2031年第22号将样品乙公司列入出口管制管控名单措施90天。"
    )
    records = page(text, "商务部新闻发言人就中止出口管制管控名单措施答记者问", "2031-05-14")
    assert [(r.number, r.salience, r.issuers) for r in records] == [
        ("商务部公告2031年第21号", "background", ("Ministry of Commerce",)),
        ("商务部公告2031年第22号", "background", ("Ministry of Commerce",)),
        (None, "news", ("Ministry of Commerce",)),
    ]


def test_a_joint_statement_that_a_question_names_is_background_and_does_what_the_measure_does() -> None:
    text = (
        "有记者问：中美样城经贸会谈联合声明中提到将取消反制措施，请问有何考虑？\n\n"
        "答：中方决定自2031年5月14日起，暂停不可靠实体清单措施90天。"
    )
    statement, decision = page(text, "商务部新闻发言人就暂停不可靠实体清单措施答记者问", "2031-05-14")
    assert (statement.title, statement.instrument, statement.salience) == (
        "中美样城经贸会谈联合声明",
        "statement",
        "background",
    )
    assert statement.action == decision.action == "sanction"


def test_what_came_out_these_days_is_news_and_what_a_minister_recalls_is_not() -> None:
    text = (
        "近日，国务院公布《样品管理条例》，自2031年12月1日起施行。商务部有关负责人回答了提问。\n\n"
        "问：请介绍背景。\n\n答：意义重大。"
    )
    (record,) = page(text, "商务部有关负责人就《样品管理条例》答记者问", "2031-10-20")
    assert (record.salience, record.issuers, record.effective_on) == ("news", ("State Council",), "2031-12-01")
    (recalled,) = page("林某表示，近期国务院印发《样品行动方案》，商务部将抓好落实。", "林某主持圆桌会", "2031-07-23")
    assert recalled.salience == "background"


def test_deeds_of_this_year_get_the_year() -> None:
    text = "林某表示，今年以来，中国持续开放。实施《样品投资法》及条例，公布新版样品负面清单。"
    law, rules, listed = sorted(page(text, "林某举行座谈会", "2031-07-31"), key=lambda r: r.instrument != "law")
    assert (law.title, law.effective_on) == ("样品投资法", "2031")
    assert (rules.title, rules.effective_on) == ("条例", "2031")
    assert (listed.instrument, listed.issued_on) == ("list", "2031")


def test_a_protocol_signed_today_is_one_record_under_its_name() -> None:
    text = (
        "10月28日，中国—样国自贸区3.0版升级议定书在样城签署。国务院总理与样国领导人共同见证，"
        "商务部部长林某签署了《中华人民共和国与样国关于修订合作框架协议的议定书》。"
    )
    (record,) = page(text, "中国样国签署升级议定书", "2031-10-28")
    assert record.title == "中华人民共和国与样国关于修订合作框架协议的议定书"
    assert (record.instrument, record.issued_on, record.salience) == ("agreement", "2031-10-28", "news")
    assert record.issuers == ()


@pytest.mark.parametrize(
    "text",
    [
        "双方同意加快谈判，争取早日签署自由贸易协定。",
        "林某表示，愿推动升级议定书尽快生效。",
        "根据《中华人民共和国对外贸易法》，申请人可以申请复审。",
        "报告的结论是，各国审查更严。",
    ],
)
def test_talks_wishes_and_legal_bases_are_no_records(text: str) -> None:
    assert page(text, "商务部新闻办公室") == ()


def answer(words: str) -> tuple[PolicyAnnouncement, ...]:
    return page(f"样品社记者：有何评论？\n\n林咏前：{words}", "商务部召开例行新闻发布会（2031年5月22日）", "2031-05-22")


def test_a_circular_of_these_days_is_named_after_what_it_arranges() -> None:
    (record,) = answer("近日，商务部印发通知，部署开展样品以旧换新工作。")
    assert (record.title, record.instrument, record.salience) == ("开展样品以旧换新工作", "notice", "news")


def test_the_day_from_which_it_holds_stands_with_any_preposition() -> None:
    (law,) = answer("新修订的《样品贸易法》将于2032年3月1日起施行。")
    (listed,) = answer("《样品产业目录（2031年版）》自2月1日起施行。")
    (tariff,) = answer("5月14日起，中方已调整对美加征关税。")
    assert (law.effective_on, listed.effective_on, tariff.effective_on) == ("2032-03-01", "2031-02-01", "2031-05-14")


def test_an_announcement_is_named_after_what_it_adjusts() -> None:
    (record,) = answer("国务院关税税则委员会公布公告，自5月14日12时01分起，调整对进口样品加征关税措施。")
    assert (record.title, record.effective_on) == ("调整对进口样品加征关税措施", "2031-05-14")
    assert (record.issuers, record.action) == (("Customs Tariff Commission of the State Council",), "tariff")


def test_agreements_in_force_are_background_and_concluded_talks_are_to_come() -> None:
    (old,) = answer("RCEP于2022年1月1日正式生效。")
    assert (old.effective_on, old.salience, old.action) == ("2022-01-01", "background", "opening")
    (new,) = answer("中国—样国自贸区2.0版谈判全面完成。")
    assert (new.instrument, new.status) == ("agreement", "planned")


def test_a_surtax_of_another_government_is_its_measure() -> None:
    (record,) = answer("加拿大政府近日宣布对样品汽车征收100%附加税。")
    assert (record.issuers, record.action) == (("Canadian government",), "tariff")


def test_the_headline_of_a_release_is_no_title_of_a_document_and_a_short_name_is_the_full_one() -> None:
    text = (
        "近日，商务部等9部门联合印发《关于促进样品零售的指导意见》（以下简称《指导意见》）。\n\n"
        "商务部流通司负责人表示，《指导意见》的出台有助于扩大内需。"
    )
    (record,) = page(text, "商务部等9部门印发样品指导意见", "2031-05-20")
    assert (record.title, record.instrument) == ("关于促进样品零售的指导意见", "guideline")
    assert (record.salience, record.issuers) == ("news", ("Ministry of Commerce",))
    (plan,) = page("近日，商务部等9部门印发《样品方案》。", "商务部等9部门印发样品方案", "2031-05-20")
    assert (plan.title, plan.issued_on) == ("样品方案", None)


def test_an_order_that_brings_rules_regulates_from_days_after_its_issue() -> None:
    text = "《样品投资审查办法》已经审议通过，现予公布，自公布之日起30日后施行。\n\n部长 林某\n\n2031年5月3日"
    (record,) = page(f"中华人民共和国商务部令2031年第3号\n\n{text}", "样品投资审查办法", "2031-05-03")
    assert (record.action, record.effective_on) == ("regulation", "2031-06-02")


def test_a_stop_of_exports_restricts() -> None:
    text = "根据相关规定，决定自2031年8月3日起暂停样品砂对样国出口。"
    (record,) = page(text, "商务部公告2031年第11号 关于暂停样品砂对样国出口的公告", "2031-08-02")
    assert (record.action, record.effective_on) == ("restriction", "2031-08-03")


def test_a_duty_begins_at_the_minute_that_the_notice_prints() -> None:
    text = "经国务院批准，自2031年4月10日12时01分起，对原产于样国的所有进口商品加征34%关税。"
    (record,) = page(text, "国务院关税税则委员会公告2031年第4号 关于对进口商品加征关税的公告", "2031-04-04")
    assert (record.action, record.effective_on) == ("tariff", "2031-04-10")


def test_the_end_of_a_measure_is_shown_by_the_sentences_that_end_it() -> None:
    text = (
        "2026年4月1日，商务部发布2026年第10号公告，决定对进口样品纸征收反倾销税。"
        "国内产业未提出申请，商务部决定不发起期终复审调查。鉴此，自2031年4月1日起，终止征收反倾销税。"
    )
    own, earlier = page(text, "商务部公告2031年第13号 关于终止对进口样品纸反倾销措施的公告", "2031-04-01")
    assert own.evidence[0].text.startswith("国内产业未提出申请")
    assert (own.effective_on, earlier.number) == ("2031-04-01", "商务部公告2026年第10号")


def test_a_page_without_a_headline_is_named_after_what_it_decides_or_brings() -> None:
    titles = {
        "商务部决定自2031年3月14日起，对进口样品胶进行复审调查。有关事项公告如下：": "对进口样品胶进行复审调查",
        "经批准，自即日起至2032年11月10日，暂停实施样品管制。本公告自发布之日起执行。": "暂停实施样品管制",
        "商务部制定了《2032年样品配额细则》，现予以公布。": "2032年样品配额细则",
        "为促进发展，现就样品车出口有关事项公告如下：\n\n一、企业应当备案。": "样品车出口有关事项",
    }
    assert {text: page(text)[0].title for text in titles} == titles


def test_a_page_that_only_its_signature_shows_to_be_a_document_is_one() -> None:
    text = "鉴于企业违反承诺，商务部决定自2031年9月3日起终止价格承诺。\n\n商务部\n\n2031年9月2日"
    (record,) = page(text, None, "2031-09-04")
    assert (record.title, record.issued_on, record.effective_on) == ("终止价格承诺", "2031-09-02", "2031-09-03")


def test_opinions_without_a_headline_are_a_guideline() -> None:
    text = "商贸发〔2031〕125号\n\n经国务院同意，现提出以下意见：\n\n一、支持样品海外仓。\n\n商务部\n\n2031年6月8日"
    (record,) = page(text)
    assert (record.instrument, record.number) == ("guideline", "商贸发〔2031〕125号")
