"""Chinese quotes and transcripts: invented people, real forms of speech."""

from __future__ import annotations

import pytest

from pipeline.model import Article, Quote
from pipeline.quotes import find_quotes


def quotes(text: str, title: str | None = None) -> tuple[Quote, ...]:
    return find_quotes(Article(source="mofcom", text=text, title=title, language="zh"))


def test_the_post_before_the_name_belongs_to_the_speaker() -> None:
    (quote,) = quotes("商务部副部长兼国际贸易谈判副代表林可表示，双方将继续磋商。")
    assert (quote.speaker, quote.title, quote.organization) == ("林可", "副部长兼国际贸易谈判副代表", "商务部")
    assert (quote.span.text, quote.kind, quote.role) == ("双方将继续磋商", "indirect", "official")


def test_a_foreign_name_takes_its_post_from_where_it_was_introduced() -> None:
    text = (
        "5月2日，商务部长林可同德国经济部长阿尔特曼通电话。\n\n阿尔特曼指出，德方愿加强合作。他还强调，投资协定很重要。"
    )
    found = quotes(text)
    assert [quote.speaker for quote in found] == ["阿尔特曼", "阿尔特曼"]
    assert found[0].title == "部长"


def test_marks_before_and_after_the_source_are_two_quotes() -> None:
    found = quotes("“我们对市场充满信心，”海晏集团董事长林可说，“今年将扩大投资。”")
    assert [(quote.kind, quote.span.text) for quote in found] == [
        ("direct", "我们对市场充满信心，"),
        ("direct", "今年将扩大投资。"),
    ]
    assert {(quote.speaker, quote.role) for quote in found} == {("林可", "executive")}


def test_groups_speak_without_a_comma() -> None:
    (quote,) = quotes("专家认为出口将保持增长。")
    assert (quote.speaker, quote.speaker_type) == ("专家", "unnamed")


def test_a_legal_basis_is_no_quote() -> None:
    assert quotes("根据《中华人民共和国出口管制法》有关规定，决定实施管制。英文名称：Salt。") == ()


def test_an_answer_runs_to_the_next_question() -> None:
    text = "问：请问有何考虑？\n\n答：第一，依法办理。\n\n第二，保持沟通。\n\n问：还有吗？\n\n答：没有。"
    found = quotes(text, "商务部新闻发言人就有关问题答记者问")
    assert [quote.span.text for quote in found] == ["第一，依法办理。\n\n第二，保持沟通。", "没有。"]
    assert {(quote.speaker, quote.title, quote.cue) for quote in found} == {("商务部新闻发言人", "新闻发言人", "答：")}


def test_bracketed_names_open_a_turn_and_reporters_do_not() -> None:
    text = (
        "【林可婷】:各位下午好。\n\n下面请提问。\n\n【海晏电视台记者】:有何期待?\n\n【林可婷】:谢谢,“一带一路”很重要。"
    )
    assert [quote.span.text for quote in quotes(text)] == ["各位下午好。\n\n下面请提问。", "谢谢,“一带一路”很重要。"]


def test_english_transcripts_are_read_by_their_labels() -> None:
    text = (
        "He Lan: Good afternoon. The floor is open.\n\n"
        "Harbor TV: The ministry said that fees fell. What is next?\n\n"
        "He Lan: First, we will talk.\n\nSecond, we will listen.\n\n[Gao Lin]: I agree."
    )
    found = find_quotes(Article(source="mofcom", text=text, title="Regular Press Conference"))
    assert [(quote.speaker, quote.role) for quote in found] == [
        ("He Lan", "official"),
        ("He Lan", "official"),
        ("Gao Lin", "official"),
    ]
    assert found[1].span.text == "First, we will talk.\n\nSecond, we will listen."


def test_a_label_may_carry_the_post() -> None:
    text = "Host: Welcome.\n\nMinister of Commerce Zhong Lan: Thank you."
    host, minister = find_quotes(Article(source="mofcom", text=text, title="Press Conference"))
    assert (host.speaker_type, host.speaker) == ("unnamed", "Host")
    assert (minister.title, minister.organization) == ("Minister of Commerce", "Ministry of Commerce")


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("澜江细胞有限公司首席科学官谷明睿坦言，竞争会提高标准。", "谷明睿", "竞争会提高标准"),
        ("商务部新闻发言人何联清在当天的发布会上说，服务出口增长最快。", "何联清", "服务出口增长最快"),
        ("日本经济产业省表示，修订不针对特定国家。", "日本经济产业省", "修订不针对特定国家"),
        ("有专家认为，出口将继续增长。", "专家", "出口将继续增长"),
        ("会议通过《关于港口的指导意见》。《指导意见》指出，要坚持开放。", "关于港口的指导意见", "要坚持开放"),
        (
            "商务部收到澜江薄膜股份有限公司代表国内产业递交的申请书。申请人主张，倾销可能继续。",
            "澜江薄膜股份有限公司",
            "倾销可能继续",
        ),
        ("会见澜江集团董事长马库斯•艾兴格。艾兴格表示，集团看好中国市场。", "马库斯•艾兴格", "集团看好中国市场"),
        ("商务部副部长秦牧远指出，“十五五”规划提供了机遇。", "秦牧远", "“十五五”规划提供了机遇"),
        ("国家数据局表示，规则应当“让小公司也看得懂”。", "国家数据局", "让小公司也看得懂"),
    ],
)
def test_sources_of_many_sorts(text: str, speaker: str, words: str) -> None:
    (found,) = find_quotes(Article(source="mofcom", language="zh", text=text))
    assert (found.speaker, found.span.text) == (speaker, words)


def test_the_source_after_a_closed_quotation() -> None:
    text = "“去年我们忙了四个月。”澜江码工有限公司总裁闫松林说。他预计，今后只需要两周。"
    found = find_quotes(Article(source="mofcom", language="zh", text=text))
    assert [(quote.speaker, quote.kind) for quote in found] == [("闫松林", "direct"), ("闫松林", "indirect")]


def test_a_quotation_goes_on_after_the_paraphrase() -> None:
    text = "商务局副局长卓凤眠告诉记者，全市有企业190家。“我们想帮其余的企业达标。”"
    found = find_quotes(Article(source="mofcom", language="zh", text=text))
    assert [quote.speaker for quote in found] == ["卓凤眠", "卓凤眠"]


def test_an_answer_may_stand_in_the_paragraph_of_its_question() -> None:
    (found,) = quotes("问：请问有何评论？ 答：中方坚决反对。望早日纠正。", title="商务部新闻发言人答记者问")
    assert (found.span.text, found.speaker) == ("中方坚决反对。望早日纠正。", "商务部新闻发言人")


def test_the_office_that_answers_is_named_by_the_page() -> None:
    text = "The head of the Department of Fairs and Markets of MOFCOM answered questions.\n\nQ. Why?\n\nA. To help."
    (found,) = find_quotes(
        Article(source="mofcom", text=text, title="Head of Department of Fairs and Markets of MOFCOM")
    )
    assert (found.speaker, found.organization) == ("head of the Department of Fairs and Markets", "MOFCOM")
