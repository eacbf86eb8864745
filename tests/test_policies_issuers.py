"""English news: which body issued it, by its usual name or as printed. All sentences invented."""

import pytest

from pipeline.policies.issuers import bodies_in
from tests.policy_news import read


def issuers(text: str, title: str = "") -> tuple[str, ...]:
    (record,) = read(text, title)
    return record.issuers


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Japan's Ministry of Finance said", "Ministry of Finance of Japan"),
        ("the Ministry of Education of Singapore said", "Ministry of Education of Singapore"),
        ("the Malaysian Ministry of Health said", "Ministry of Health of Malaysia"),
        ("the Ministry of Finance said Japan", "Ministry of Finance"),
        ("Japan's central bank", "Bank of Japan"),
        ("Zhuhai municipal government", "Zhuhai Municipal People's Government"),
        (
            "the Standing Committee of the Guangdong Provincial People's Congress",
            "Guangdong Provincial People's Congress",
        ),
        ("Jiangsu's legislature", "Jiangsu Provincial People's Congress"),
        ("the Dalian Commodity Exchange", "Dalian Commodity Exchange"),
        ("the European Council", "European Council"),
        ("欧洲理事会", "European Council"),
        ("国家监委", "National Supervisory Commission"),
    ],
)
def test_a_body_of_the_table_with_or_without_its_country(text: str, name: str) -> None:
    assert [mention.name for mention in bodies_in(text, 0, len(text))] == [name]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Japan's parliament on Tuesday approved an action plan for pear growers.", ("Japan",)),
        ("The French government has issued a guideline on pear exports.", ("France",)),
        ("The Swedish parliament passed a law on pear safety on Tuesday.", ("Sweden",)),
        ("Vietnam's Ministry of Orchards and Ponds issued a circular on pear seeds on Tuesday.",
         ("Ministry of Orchards and Ponds of Vietnam",)),
        ("Hangzhou's legislature adopted a regulation on pear trees on Tuesday.",
         ("Hangzhou Municipal People's Congress",)),
        ("Beijing's municipal orchard commission released an action plan for pear trees last month.",
         ("Beijing Municipal Orchard Commission",)),
        ("An action plan for pear trees was approved on Tuesday by the State Council's leading group on orchards.",
         ("State Council's leading group on orchards",)),
        ("An action plan for pear trees was unveiled by the interagency working group for"
         " orchard growth on Saturday.",
         ("interagency working group for orchard growth",)),
        ("The Wuxi Pear Hi-tech Development Zone released an action plan for pear trees on Monday.",
         ("Wuxi Pear Hi-tech Development Zone",)),
        ("In Jiangsu province, the Wuxi Pear Hi-tech Zone released an action plan for pear trees on Monday.",
         ("Wuxi Pear Hi-tech Zone",)),
    ],
)  # fmt: skip
def test_who_issued_it(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected


def test_the_province_is_none_of_the_cities_named_before() -> None:
    text = "Foshan, Guangdong, grows pears. Yiwu sells them. The province in March rolled out an action plan for pears."
    assert issuers(text) == ("Guangdong Provincial People's Government",)


def test_a_municipal_notice_is_that_of_the_city_of_the_story() -> None:
    text = "Pear shops in Suzhou are busy. Under a municipal notice released in June 2031, they open late."
    assert issuers(text, "Suzhou counts its pears") == ("Suzhou Municipal People's Government",)


def test_officials_of_a_government_are_not_the_government() -> None:
    assert read("French government officials released an action plan for pear growers.") == () or issuers(
        "French government officials released an action plan for pear growers."
    ) != ("France",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The 19th BRICS Summit adopted a joint statement on pears.", ("BRICS",)),
        ("The 2030 APEC Economic Leaders' Meeting adopted an action plan for pear trade.", ("APEC",)),
        ("The central authorities issued guidelines for pear growers on Tuesday.", ("Chinese government",)),
        ("Growers read the Digital Markets Act, which took effect in 2023.", ("European Union",)),
        ("Issued by the National Pear Administration, China's key body for pears, the guideline is technical.",
         ("National Pear Administration",)),
        ("The Ministry of Commerce, the top trade body, announced that it, jointly with the Ministry of"
         " Finance, has allocated 5 billion yuan in trade-in subsidies.",
         ("Ministry of Commerce", "Ministry of Finance")),
        ("The outline of the 16th Five-Year Plan (2031-35), approved during the 2031 National People's Congress, sets a"
         " target for pears.", ("National People's Congress",)),
        ("The plenary session of the CPC Central Committee in October 2030 told more in its"
         " recommendations for the 16th Five-Year Plan (2031-35).", ("CPC Central Committee",)),
    ],
)  # fmt: skip
def test_who_is_meant_by_a_meeting_a_name_or_a_partner(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected


def test_the_recommendations_get_their_author_where_the_full_name_is_printed() -> None:
    text = (
        "Pears stand in the recommendations for the 16th Five-Year Plan. In the Recommendations of the CPC Central"
        " Committee for the 16th Five-Year Plan, they are praised."
    )
    assert issuers(text) == ("CPC Central Committee",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ministers from Austria, Romania and Hungary signed a joint declaration on pears on Friday.",
         ("Austria", "Romania", "Hungary")),
        ("The Hong Kong Legislative Council adopted a pear regulation on Friday.",
         ("Legislative Council of the Hong Kong Special Administrative Region",)),
        ("Local authorities in Shenzhen released an action plan for pears on Friday.",
         ("Shenzhen Municipal People's Government",)),
        ("Haidian district in Beijing released an action plan for pears on Friday.", ("Haidian district government",)),
        ("Guangdong's government released an action plan for pears on Friday.",
         ("Guangdong Provincial People's Government",)),
        ("Tokyo issued a notice on pear imports on Friday.", ("Japan",)),
        ("China's top anti-graft watchdog issued a notice on pear gifts on Friday.",
         ("Central Commission for Discipline Inspection",)),
        ("The European Union's executive arm adopted a regulation on pears on Friday.", ("European Commission",)),
    ],
)  # fmt: skip
def test_organs_offices_and_parties(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected


def test_the_district_s_work_report_is_the_district_s() -> None:
    text = (
        "The pears did well, Li said, reading out the district's government work report to"
        " the people's congress of Nanhu, and plans are to grow more."
    )
    assert issuers(text, "Nanhu grows") == ("Nanhu district government",)


def test_a_declaration_with_a_city_s_name_is_that_of_the_union_that_met_there() -> None:
    text = (
        "The SCO met in Tianjin. The SCO has ten members, and the SCO likes pears. The Tianjin Declaration, adopted in"
        " September 2030, praises them."
    )
    assert issuers(text) == ("Shanghai Cooperation Organization",)


def test_a_declaration_that_no_union_stands_behind_has_no_issuer() -> None:
    assert issuers("The Tianjin Declaration, adopted in September 2030, praises pears.") == ()


def test_an_agreement_with_a_country_in_its_name_is_that_country_s() -> None:
    text = "Growers recall when the China-Singapore Pear Trade Agreement came into force in 2025."
    assert issuers(text) == ("Singapore",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Beijing's municipal education commission on Monday released an action plan on pears.",
         ("Beijing Municipal Education Commission",)),
        ("A Ministry of Education notice released on Monday says that schools must grow pears.",
         ("Ministry of Education",)),
        ("The government of Guangdong province on Monday released a plan on pears.",
         ("Guangdong Provincial People's Government",)),
        ("The city of Chengdu on Monday released a plan on pears.", ("Chengdu Municipal People's Government",)),
        ("Seven departments, including the Ministry of Commerce, on Monday released a plan on pears.",
         ("Ministry of Commerce",)),
    ],
)  # fmt: skip
def test_offices_in_small_letters_and_places_after_of(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("According to the central authorities' action plan for pears, growers will get ladders.",
         ("Chinese government",)),
        ("According to Jiangsu's action plan for pears, growers will get ladders.",
         ("Jiangsu Provincial People's Government",)),
        ("According to the Ministry of Commerce's action plan for pears, growers will get ladders.",
         ("Ministry of Commerce",)),
        ("According to China's action plan for pears, growers will get ladders.", ()),
    ],
)  # fmt: skip
def test_whose_plan_it_is(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected
