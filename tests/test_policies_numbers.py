"""Document numbers in every form that ministries print come out in one form."""

import pytest

from pipeline.policies.numbers import find_numbers


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("商务部公告2031年第7号", "商务部公告2031年第7号"),
        ("商务部公告2031第62号", "商务部公告2031年第62号"),
        ("中华人民共和国商务部公告2031年第7号", "商务部公告2031年第7号"),
        ("商务部 海关总署公告2031年第55号", "商务部 海关总署公告2031年第55号"),
        ("商务部、海关总署公告2003年第5号", "商务部 海关总署公告2003年第5号"),
        ("公安部　商务部　国家卫生健康委公告2031年第4号", "公安部 商务部 国家卫生健康委公告2031年第4号"),
        ("商务部、海关总署2022年第42号公告", "商务部 海关总署公告2022年第42号"),
        ("不可靠实体清单工作机制公告〔2031〕1号", "不可靠实体清单工作机制公告2031年第1号"),
        ("（不可靠实体清单工作机制〔2031〕7号）", "不可靠实体清单工作机制公告2031年第7号"),
        ("2031年9月19日商务部令第4号公布", "商务部令2031年第4号"),
        ("中华人民共和国商务部令二〇三一年第5号", "商务部令2031年第5号"),
        ("商务部、海关总署令2005年第29号", "商务部 海关总署令2005年第29号"),
        ("商流通发[2012]423号", "商流通发〔2012〕423号"),
        ("MOFCOM Order No. 1 of 2031", "MOFCOM Order No. 1 of 2031"),
        (("Order No. 1 of 2031 of the Ministry of Commerce of the People’s Republic"
         " of China"), "MOFCOM Order No. 1 of 2031"),
        ("MOFCOM’s order No.1 in 2031", "MOFCOM Order No. 1 of 2031"),
        ("Ministry of Commerce Order No. 4, 2031", "MOFCOM Order No. 4 of 2031"),
        (("Order of the Ministry of Commerce of the People’s Republic of China 2031"
         " No. 4"), "MOFCOM Order No. 4 of 2031"),
        ("Decree No.2, 2031 of the Ministry of Commerce", "MOFCOM Decree No. 2 of 2031"),
        (("Order No. 6 of 2009 of MOFCOM and the State Administration for Industry and"
         " Commerce"), "MOFCOM and SAIC Order No. 6 of 2009"),
        ("MOFCOM Announcement No 46 of 2031", "MOFCOM Announcement No. 46 of 2031"),
    ],
)  # fmt: skip
def test_a_printed_number_has_one_normal_form(printed: str, normal: str) -> None:
    assert [number.normal() for number in find_numbers(printed)] == [normal]


def test_two_numbers_that_share_their_bodies_are_two_numbers() -> None:
    found = find_numbers("商务部 海关总署公告2031年第27号和第28号同时废止。")
    assert [n.normal() for n in found] == ["商务部 海关总署公告2031年第27号", "商务部 海关总署公告2031年第28号"]
    assert {n.issuers for n in found} == {("Ministry of Commerce", "General Administration of Customs")}


def test_a_pair_of_years_before_the_word_for_announcement_is_two_numbers() -> None:
    found = find_numbers("与商务部2014年第34号和2019年第24号公告中的范围一致")
    assert [n.normal(printed=("商务部",)) for n in found] == ["商务部公告2014年第34号", "商务部公告2019年第24号"]


def test_a_number_without_a_body_takes_the_page_s() -> None:
    (number,) = find_numbers("公告2031年第9号")
    assert number.issuers == ()
    assert number.normal(printed=("商务部",)) == "商务部公告2031年第9号"


def test_a_number_without_a_year_takes_the_page_s_or_has_no_normal_form() -> None:
    (number,) = find_numbers(
        "Decree No. 58 of the National Development and Reform Commission and the Ministry of Commerce"
    )
    assert number.normal() is None
    assert number.normal(year="2031") == "NDRC and MOFCOM Decree No. 58 of 2031"


def test_the_name_in_brackets_belongs_to_the_number() -> None:
    (number,) = find_numbers("依照商务部、海关总署令2005年第29号（《样品进出口许可证管理办法》）的规定执行")
    assert number.name == "样品进出口许可证管理办法"


@pytest.mark.parametrize(
    "text", ["第3号台风", "5号线", "No. 1 supplier", "行政令2号", "page 3 of 2031", "in order to No", ""]
)
def test_other_numbers_are_none(text: str) -> None:
    assert [n for n in find_numbers(text) if n.normal()] == []
