"""The ministry's Chinese news, transcripts and answers: who is quoted there. All texts invented."""

import pytest

from pipeline.model import Article, Quote
from pipeline.quotes import find_quotes


def read(text: str, title: str = "样品新闻") -> tuple[Quote, ...]:
    return find_quotes(Article(source="mofcom", text=text, title=title, published="2031-07-23", language="zh"))


def test_what_others_say_in_a_question_is_no_quote() -> None:
    (answer,) = read("有记者问：据报道，有企业称“影响很大”。请问有何评论？\n\n答：我们注意到有关情况。\n\n将继续关注。")
    assert (answer.cue, answer.span.text) == ("答：", "我们注意到有关情况。\n\n将继续关注。")


def test_numbered_questions_end_the_answer_before_them() -> None:
    text = "一、问：背景是什么？\n\n答：意义重大。\n\n二、问：有企业表示，希望更细。如何落实？\n\n答：抓好落实。"
    assert [q.span.text for q in read(text, "商务部样品司负责人谈样品方案")] == ["意义重大。", "抓好落实。"]


def test_a_question_with_a_chinese_number_and_no_label_ends_the_answer_too() -> None:
    text = "问：背景是什么？\n\n答：意义重大。\n\n二、请问下一步有什么安排？\n\n答：抓好落实。"
    assert [q.span.text for q in read(text, "商务部样品司负责人谈样品方案")] == ["意义重大。", "抓好落实。"]


def test_the_presented_speaker_of_a_transcript_keeps_the_post() -> None:
    text = "商务部新闻发言人何林前主持。\n\n【何林前】下午好。\n\n【样品社记者】请问何时来？\n\n【何林前】会及时发布。"
    assert {(q.speaker, q.title, q.organization) for q in read(text)} == {("何林前", "新闻发言人", "商务部")}


def test_the_spokesperson_named_before_is_meant_by_the_bare_post() -> None:
    first, second = read("商务部新闻发言人就此发表谈话表示，美方做法错误。发言人强调，中方坚决反对。")
    assert first.speaker == second.speaker == "商务部新闻发言人"
    assert (second.title, second.organization) == ("新闻发言人", "商务部")


def test_two_who_speak_together_are_one_speaker() -> None:
    (quote,) = read("样品商会会长张钰明、副会长石永洪表示，愿支持企业应诉。")
    assert (quote.speaker, quote.organization, quote.role) == ("张钰明 and 石永洪", "样品商会", "expert")


def test_a_bare_country_is_no_organization() -> None:
    minister, envoy, office = read(
        "英国样品大臣雷诺兹说，“我们将支持企业。”德国驻华大使贺伦表示，合作很好。荷兰外贸大臣表示，风险增加。"
    )
    assert (minister.speaker, minister.title, minister.organization) == ("雷诺兹", "样品大臣", None)
    assert (envoy.speaker, envoy.title, envoy.organization) == ("贺伦", "驻华大使", None)
    assert (office.speaker, office.speaker_type, office.title) == ("荷兰外贸大臣", "person", "外贸大臣")


def test_a_ministry_of_a_country_stays_the_organization() -> None:
    (quote,) = read("美国财政部长林森表示，谈判顺利。")
    assert (quote.title, quote.organization) == ("部长", "美国财政部")


def test_who_cites_a_report_speaks() -> None:
    (quote,) = read("世贸组织总干事林拉援引研究报告称，贸易量或下降。")
    assert (quote.speaker, quote.title, quote.organization) == ("林拉", "总干事", "世贸组织")


def test_the_conclusion_of_the_report_of_the_headline_is_its_words() -> None:
    text = "1月31日，样国发布首份年度报告。报告的结论是，各成员加强了审查。"
    (quote,) = read(text, "样国发布样品出口年度报告")
    assert (quote.speaker, quote.speaker_type, quote.cue) == ("样品出口年度报告", "document", "结论是")


def test_a_body_that_announces_its_own_plans_is_not_quoted() -> None:
    assert read("样国经济产业省称，将对样品进行审查与修订。") == ()
    (quote,) = read("样国经济产业省称，修订不针对特定国家。")
    assert quote.speaker_type == "organization"


def test_a_clause_that_fills_the_marks_is_direct() -> None:
    (quote,) = read("国家主席林平在致辞中强调，“开放是共同进步之路”。")
    assert (quote.kind, quote.span.text) == ("direct", "开放是共同进步之路")


def test_the_applicant_is_the_firm_that_the_notice_calls_so() -> None:
    text = "2月9日，甲光缆股份有限公司等5家企业（以下称申请人）向商务部提交申请书。申请人主张，样品的倾销幅度加大。"
    (quote,) = read(text)
    assert (quote.speaker, quote.speaker_type) == ("甲光缆股份有限公司", "organization")


@pytest.mark.parametrize("text", ["据《样品规定》，企业可以申请。", "根据调查结果，决定征税。", "双方就合作交换意见。"])
def test_legal_bases_and_meetings_are_no_quotes(text: str) -> None:
    assert read(text) == ()


def test_a_department_goes_with_the_post_and_its_ministry_is_the_body() -> None:
    first, second = read("商务部副部长林平、市场运行司司长林方出席。林平介绍，消费增长。林方表示，将优化补贴。")
    assert (first.title, first.organization) == ("副部长", "商务部")
    assert (second.title, second.organization) == ("市场运行司司长", "商务部")


def test_who_asks_is_no_source() -> None:
    assert read("有记者提问说，企业反映资金紧张。") == ()


def test_a_clause_in_marks_that_the_sentence_goes_on_after_is_direct() -> None:
    (quote,) = read("商务部部长林平说，“开放的大门越开越大”，并介绍了情况。")
    assert (quote.kind, quote.span.text) == ("direct", "开放的大门越开越大")


def test_a_label_may_print_the_post_before_or_after_the_name() -> None:
    text = (
        "商务部部长王平：谢谢。消费增长。\n\n主要特点：一是稳。\n\n样品社记者：请问如何？\n\n王平：会更好。\n\n"
        "主持人：请凌林补充。\n\n凌林副部长：我补充一点。"
    )
    first, second, host, third = read(text, "商务部召开发布会")
    assert first.span.text == "谢谢。消费增长。\n\n主要特点：一是稳。"
    assert (first.speaker, first.title, first.organization) == ("王平", "部长", "商务部")
    assert (second.speaker, second.title) == ("王平", "部长")
    assert host.speaker_type == "unnamed"
    assert (third.speaker, third.title) == ("凌林", "副部长")


def test_square_brackets_without_a_colon_are_labels_too() -> None:
    text = "[何林]各位下午好。\n\n[样品社记者]请问如何评论？\n\n[何林]我们反对。"
    assert [(q.speaker, q.span.text) for q in read(text)] == [("何林", "各位下午好。"), ("何林", "我们反对。")]
