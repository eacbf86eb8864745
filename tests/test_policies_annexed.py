"""Lists in annexes: names go to the announcement's entities, goods to its sectors, running text to neither."""

from __future__ import annotations

from pipeline.extract import extract
from pipeline.policies.annexed import MOST_ENTITIES, MOST_GOODS, Listed, lists_in
from tests.db_samples import article, ministry

NAMES = ("贝尔港光学公司", "银溪计量有限公司", "霍利斯·格兰特")
LIST = (
    "附件\n\n出口管制管控名单\n\n1. 贝尔港光学公司（Bellport Optics Inc.）\n\n"
    "2. 银溪计量有限公司（Silver Creek Metrology LLC）\n\n"
    "3. 霍利斯·格兰特（Hollis Grant）"
)
GOODS = (
    "管控清单\n\n序号\t商品名称\t海关商品编号\n1\t氮化镓外延片\t3818001900\n2\t高纯石墨\t3801100030\n"
    "3\t其他\t3801100090"
)
PAGE = (
    "根据《中华人民共和国出口管制法》有关规定，决定将贝尔港光学公司等3家实体列入出口管制管控名单（见附件）。\n\n"
    "本公告自公布之日起实施。\n\n商务部\n\n2026年11月18日"
)


def test_a_numbered_list_of_names_is_taken_without_the_foreign_ones() -> None:
    assert lists_in([LIST]) == Listed(entities=NAMES)


def test_an_english_list_is_taken_as_printed() -> None:
    text = (
        "Watch List\n\n1. Bellport Optics Inc.\n\n2. Silver Creek Metrology LLC\n\n3. Hollow Oak Ranges\n\n"
        "4. All others"
    )
    assert lists_in([text]).entities == ("Bellport Optics Inc.", "Silver Creek Metrology LLC", "Hollow Oak Ranges")


def test_a_column_of_names_is_found_by_its_head_and_by_its_cells() -> None:
    headed = "序号\t实体名称\t英文名称\t国别\n1\t贝尔港光学公司\tBellport Optics Inc.\t美国"
    rates = "瓦尔德化学公司\t12.3%\n卡斯佩尔树脂有限公司\t15.0%\n其他公司\t41.2%"
    assert lists_in([headed, rates]).entities == ("贝尔港光学公司", "瓦尔德化学公司", "卡斯佩尔树脂有限公司")


def test_goods_are_the_named_ones_beside_a_code() -> None:
    lines = "1. 高纯钨粉（参考海关商品编号：8101100090）\n\n1C350.a 硫二甘醇\n\n二、下列物项未经许可不得出口。"
    assert lists_in([GOODS, lines]).goods == ("氮化镓外延片", "高纯石墨", "高纯钨粉", "硫二甘醇")


def test_running_text_and_forms_are_no_lists() -> None:
    reasons = (
        "1. 申请人主张，被调查产品的价格大幅下降。\n\n"
        "2. 调查机关收到了林州化工有限公司提交的答卷。\n\n3. 上述主张成立。\n\n"
        "电话\t01012345678\n填表日期\t20261118\n\n年份\t产量\n2024\t1200\n2025\t1500"
    )
    assert lists_in([reasons]) == Listed()


def test_what_annexes_list_goes_to_the_document_itself_and_to_nothing_else() -> None:
    page = ministry(PAGE, title="商务部公告2026年第9号 公布将3家实体列入出口管制管控名单")
    own, *others = extract(page, [LIST, GOODS]).policies
    assert own.number == "商务部公告2026年第9号"
    assert own.entities == NAMES
    assert own.sectors[-2:] == ("氮化镓外延片", "高纯石墨")
    bare, *bare_others = extract(page).policies
    assert (bare.evidence, bare.title) == (own.evidence, own.title)
    assert others == bare_others
    assert bare.entities != own.entities


def test_an_annex_of_a_story_that_is_no_document_adds_nothing() -> None:
    assert extract(article(), [LIST]) == extract(article())


def test_what_is_taken_is_capped() -> None:
    names = "\n\n".join(f"{n}. 第{n}号计量有限公司" for n in range(1, 900))
    goods = "\n".join(f"{n}\t第{n}种石墨\t38{n:08}" for n in range(1, 900))
    listed = lists_in([names, f"序号\t名称\t编码\n{goods}"])
    assert (len(listed.entities), len(listed.goods)) == (MOST_ENTITIES, MOST_GOODS)
