"""A document's own page gives the document, and what it repeals, amends, executes or cites. All documents invented."""

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies

HEADER = "【发布单位】安全与管制局\n\n【发布文号】商务部公告2031年第5号\n\n【发文日期】2031年03月02日\n\n"
LISTING = (
    HEADER + "根据《中华人民共和国出口管制法》有关规定，为维护国家安全和利益，决定将青石航空公司等3家智利实体列"
    "入出口管制管控名单"
    "（见附件），并采取以下措施：\n\n一、不得向上述3家智利实体出口两用物项；已经开始的发运应当立即停止。\n\n"
    "本公告自公布之日起正式实施。\n\n附件：出口管制管控名单\n\n商务部\n\n2031年3月2日\n\n附件\n\n出口管制管控名单\n\n"
    "1. 青石航空公司（Bluestone Aviation, Inc.）\n\n2. 白河导航集团（White River Navigation）\n\n3."
    " 北岭大学（North Ridge University）"
)


def page(
    text: str, title: str | None, published: str | None = "2031-03-02", **more: object
) -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="mofcom", text=text, title=title, published=published, **more))  # type: ignore[arg-type]


def test_an_announcement_with_header_lines_is_one_news_record() -> None:
    (record,) = page(LISTING, "商务部公告2031年第5号 公布将3家智利实体列入出口管制管控名单")
    assert record.title == "公布将3家智利实体列入出口管制管控名单"
    assert (record.instrument, record.number) == ("announcement", "商务部公告2031年第5号")
    assert record.issuers == ("Ministry of Commerce",)
    assert (record.issued_on, record.effective_on) == ("2031-03-02", "2031-03-02")
    assert (record.status, record.salience, record.action) == ("issued", "news", "export_control")
    assert record.regions == ("智利",)
    assert record.entities == ("青石航空公司", "白河导航集团", "北岭大学")
    assert record.evidence[0].text.startswith("根据《中华人民共和国出口管制法》")
    assert record.evidence[1].text.endswith("应当立即停止。")


def test_a_parsed_page_gives_its_header_apart() -> None:
    body = LISTING.removeprefix(HEADER)
    header = (("发布单位", "安全与管制局"), ("发文日期", "2031年03月02日"))
    (record,) = page(body, "公布将3家智利实体列入出口管制管控名单", None, number="商务部公告2031年第5号", header=header)
    assert record.number == "商务部公告2031年第5号"
    assert record.issued_on == "2031-03-02"


def test_the_unreliable_entity_mechanism_issues_its_own_announcements() -> None:
    text = (
        "【发布文号】不可靠实体清单工作机制〔2031〕9号\n\n【发文日期】2031年09月25日\n\n不"
        " 可 靠 实 体 清 单 工 作 机 制\n\n公 告\n\n2031年 第9号\n\n"
        "为维护国家主权、安全和发展利益，不可靠实体清单工作机制依据《不可靠实体清单规定》第二条等有关规定"
        "，决定将多次违约断供的"
        "青石航空公司（Bluestone Inc.）、白河导航、雷达与测绘集团（White River）列入不可靠实体清单，并采"
        "取以下处理措施：\n\n"
        "一、禁止上述企业从事与中国有关的进出口活动；\n\n本公告未尽事宜，按《不可靠实体清单规定》执行。\n"
        "\n本公告自2031年9月26日12时01分起实施。\n\n"
        "不可靠实体清单工作机制\n\n（商务部代章）\n\n2031年9月25日"
    )
    own, rules = page(
        text, "不可靠实体清单工作机制关于将青石航空公司等2家美国企业列入不可靠实体清单的公告", "2031-09-25"
    )
    assert own.number == "不可靠实体清单工作机制公告2031年第9号"
    assert own.issuers == ("Unreliable Entity List Working Mechanism",)
    assert (own.effective_on, own.action) == ("2031-09-26", "sanction")
    assert own.entities == ("青石航空公司", "白河导航、雷达与测绘集团")
    assert (rules.title, rules.instrument, rules.salience) == ("不可靠实体清单规定", "measures", "background")


def test_what_is_repealed_and_what_is_executed_are_background_and_a_legal_basis_is_nothing() -> None:
    text = (
        "根据《中华人民共和国出口管制法》有关规定，经国务院批准，决定调整样机的出口管制措施。有关事项公告如下：\n\n"
        "一、凡重量超过五吨的物项，未经许可，不得出口。\n\n技术说明：“样机”见商务部公告2025年第31号附表。\n\n"
        "二、依照商务部、海关总署令2005年第29号（《样品进出口许可证管理办法》）的相关规定执行。\n\n"
        "三、本公告自2031年9月1日起实施。商务部 海关总署公告2030年第27号和第28号同时废止。\n\n"
        "《中华人民共和国两用物项出口管制清单》随之更新。"
    )
    records = page(text, "商务部 海关总署公告2031年第31号 关于优化调整样机出口管制措施的公告", "2031-08-26")
    assert [(r.number or r.title, r.status, r.salience) for r in records] == [
        ("商务部 海关总署公告2031年第31号", "issued", "news"),
        ("商务部 海关总署令2005年第29号", "issued", "background"),
        ("商务部 海关总署公告2030年第27号", "repealed", "background"),
        ("商务部 海关总署公告2030年第28号", "repealed", "background"),
        ("中华人民共和国两用物项出口管制清单", "issued", "background"),
    ]
    assert records[0].issuers == ("Ministry of Commerce", "General Administration of Customs")
    assert records[0].effective_on == "2031-09-01"
    assert (records[1].title, records[1].instrument, records[1].issued_on) == (
        "样品进出口许可证管理办法",
        "measures",
        "2005",
    )


def test_a_trade_remedy_ruling_cites_the_announcements_before_it() -> None:
    text = (
        "【发布单位】中华人民共和国商务部\n\n【发布文号】公告2031年第9号\n\n【发布日期】2031-5-9\n\n"
        "2025年5月9日，商务部发布2025年第34号公告，决定对原产于智利和秘鲁的进口样品茶壶征收反倾销税，"
        "自2025年5月10日起实施，为期5年。\n\n"
        "国务院关税税则委员会采纳商务部的建议，上述税率自2031年5月10日起"
        "再保留5年。\n\n"
        "1． 智利甲陶瓷有限公司 31.0%\n\n2． 其他智利公司 47.5%\n\n五、本公告自2031年5月10日起执行"
    )
    own, earlier = page(
        text, "商务部公告2031年第9号 关于原产于智利和秘鲁的进口样品茶壶反倾销措施期终复审裁定的公告", "2031-05-09"
    )
    assert (own.number, own.effective_on, own.action) == ("商务部公告2031年第9号", "2031-05-10", "trade_remedy")
    assert (own.regions, own.sectors, own.entities) == (("智利", "秘鲁"), ("样品茶壶",), ("智利甲陶瓷有限公司",))
    assert (earlier.number, earlier.issued_on, earlier.effective_on) == (
        "商务部公告2025年第34号",
        "2025-05-09",
        "2025-05-10",
    )


def test_a_notice_without_a_number_takes_its_title_from_what_it_decides() -> None:
    text = (
        "各省、自治区、直辖市及新疆生产建设兵团商务主管部门：\n\n现决定自2031年2月1日起简化部分样品茶叶"
        "过境的查验手续。"
        "现将有关事项通知如下：\n\n一、含量较低的产品无需办理两用物项进出口许可。"
    )
    (record,) = page(text, None, "2031-02-23")
    assert (record.instrument, record.number, record.issuers) == ("notice", None, ())
    assert record.title == "简化部分样品茶叶过境的查验手续"
    assert (record.issued_on, record.effective_on) == ("2031-02-23", "2031-02-01")


def test_joint_issuers_are_read_from_the_text_where_the_page_has_no_number() -> None:
    text = (
        "根据《样品管理条例》有关规定，公安部、商务部、海关总署决定对样品优化监管措施。现将有关事项公告如下：\n\n"
        "一、免于办理进口许可。\n\n本公告自2031年1月1日起施行。"
    )
    (record,) = page(text, None, "2031-01-03")
    assert record.issuers == (
        "Ministry of Public Security",
        "Ministry of Commerce",
        "General Administration of Customs",
    )


def test_an_english_order_and_what_it_abolishes() -> None:
    text = (
        "Order No. 1 of 2031 of the Ministry of Commerce of the People’s Republic of China\n\n"
        "MOFCOM Decision to Abolish Two Old Regulations has been adopted"
        " and is hereby announced.\n\n"
        "Wang Sample, Minister of Commerce of PRC\n\nNovember 30, 2031\n\nMOFCOM has made the following decisions:\n\n"
        "(I) MOFCOM has decided to abolish the Trial Measures for Balloon Shops"
        " (Order No. 6 of 2009 of MOFCOM and the"
        " State Administration for Industry and Commerce).\n\n"
        "(II) MOFCOM has decided to delete “resume” in Article 8 of the Administrative"
        " Measures for Raffles (MOFCOM Order No. 24 of 2004)."
    )
    own, abolished, amended = page(
        text, "MOFCOM Order No. 1 of 2031 on MOFCOM Decision to Abolish Two Old Regulations", "2032-01"
    )
    assert (own.title, own.instrument, own.number) == (
        "MOFCOM Decision to Abolish Two Old Regulations",
        "order",
        "MOFCOM Order No. 1 of 2031",
    )
    assert own.issued_on == "2031-11-30"
    assert (abolished.title, abolished.status) == ("Trial Measures for Balloon Shops", "repealed")
    assert abolished.issuers == ("Ministry of Commerce", "State Administration for Industry and Commerce")
    assert (amended.number, amended.status, amended.instrument) == ("MOFCOM Order No. 24 of 2004", "issued", "measures")


def test_a_joint_decree_without_a_year_takes_it_from_its_date() -> None:
    text = (
        "Decree No. 58 of the National Development and Reform Commission and the Ministry of Commerce\n\n"
        "The Special Administrative Measures (Negative List) for Balloon Trade (Edition"
        " 2031), adopted upon deliberation, are hereby"
        " promulgated, effective November 1, 2031.\n\nSeptember 6, 2031"
    )
    (record,) = page(
        text, "Special Administrative Measures (Negative List) for Balloon Trade (Edition 2031)", "2031-09-06"
    )
    assert record.number == "NDRC and MOFCOM Decree No. 58 of 2031"
    assert record.issuers == ("National Development and Reform Commission", "Ministry of Commerce")
    assert (record.instrument, record.effective_on, record.action) == ("order", "2031-11-01", "restriction")


def test_an_english_announcement_and_the_one_it_goes_back_to() -> None:
    text = (
        "Ministry of Commerce of the People’s Republic of China\n\nAnnouncement\n\nNo. 41 of 2031\n\n"
        "On October 16, 2030, MOFCOM released MOFCOM Announcement No. 76 of 2030 to"
        " open an anti-dumping investigation into"
        " imports of sample lathes originating in Japan.\n\n"
        "MOFCOM has decided to prolong the investigation by half a year.\n\nOctober 11, 2031"
    )
    own, earlier = page(text, "MOFCOM Announcement No. 41 of 2031", "2031-10-11")
    assert (own.number, own.issued_on, own.action) == (
        "MOFCOM Announcement No. 41 of 2031",
        "2031-10-11",
        "trade_remedy",
    )
    assert own.evidence[0].text.startswith("MOFCOM has decided to prolong")
    assert (earlier.number, earlier.issued_on) == ("MOFCOM Announcement No. 76 of 2030", "2030-10-16")


def test_a_press_conference_is_no_document() -> None:
    text = (
        "【张某】:各位记者朋友:大家下午好。\n\n今天我没有需要向大家主动通报的信息。\n\n【样报记者】:请"
        "问中方对此有何评论?\n\n【张某】:谢谢。"
    )
    assert page(text, "商务部召开例行新闻发布会（2031年6月9日）", "2031-06-09") == ()


def test_a_draft_for_comment_is_the_draft_itself() -> None:
    text = "商务部会同公安部起草了《样品出口管理办法（征求意见稿）》，现向社会公开征求意见。\n\n商务部\n\n2031年9月10日"
    record = page(text, "商务部关于《样品出口管理办法（征求意见稿）》公开征求意见的通知", "2031-09-10")[0]
    assert (record.title, record.instrument, record.status) == ("样品出口管理办法（征求意见稿）", "measures", "draft")


def test_a_name_before_its_number_belongs_to_it() -> None:
    text = (
        "《商务部关于废止部分规章的决定》已经审议通过，现予公布，自公布之日起施行。\n\n部长 张样品\n\n2031年9月11日\n\n"
        "（一）废止《样品登记管理办法》（商务部令2005年第25号）。"
    )
    own, abolished = page(text, "商务部令2031年第4号 商务部关于废止部分规章的决定", "2031-09-11")
    assert (own.number, own.instrument) == ("商务部令2031年第4号", "order")
    assert (abolished.title, abolished.instrument) == ("样品登记管理办法", "measures")
    assert (abolished.number, abolished.status) == ("商务部令2005年第25号", "repealed")


def test_what_an_english_announcement_carries_out_by_name() -> None:
    text = (
        "The Working Mechanism has decided to add Samplecorp to the Unreliable Entity List.\n\n"
        "Matters not covered herein shall be handled in accordance with the Provisions on the Sample List.\n\n"
        "October 11, 2031"
    )
    records = page(text, "Announcement of the Unreliable Entity List Working Mechanism No. 9 of 2031", "2031-10-11")
    assert [(r.title, r.salience) for r in records[1:]] == [("Provisions on the Sample List", "background")]


def test_a_full_text_that_somebody_else_prints_is_the_document_itself() -> None:
    text = (
        "To the people's governments of all provinces, autonomous regions and municipalities:\n\n"
        "In order to keep piers in repair, the State Council hereby issues the following circular.\n\n"
        "I. Piers shall be painted once a year.\n\nState Council\n\nMarch 2, 2031"
    )
    title = "Full text: Circular of the State Council on Painting Piers"
    (record,) = find_policies(Article(source="any", text=text, title=title, published="2031-03-09"))
    assert (record.title, record.instrument) == ("Circular of the State Council on Painting Piers", "notice")
    assert (record.issuers, record.issued_on, record.salience) == (("State Council",), "2031-03-02", "news")
    assert find_policies(Article(source="any", text="Snow fell.", title="Full text: A speech", published="2031")) == ()
