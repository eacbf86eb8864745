"""English news: offices of provinces, cities and districts, branches and general offices. All sentences invented."""

import pytest

from pipeline.model import Article
from pipeline.policies import find_policies
from pipeline.policies.issuers import bodies_in


def named(text: str) -> list[str]:
    return [mention.name for mention in bodies_in(text, 0, len(text))]


def issuers(text: str) -> tuple[str, ...]:
    (record,) = find_policies(Article(source="china_daily", text=text, published="2031-11-28 10:21"))
    return record.issuers


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the Anhui provincial department of commerce", "Anhui Provincial Department of Commerce"),
        ("the finance department of Gansu province", "Gansu Provincial Finance Department"),
        ("the Department of Finance of Gansu Province", "Gansu Provincial Department of Finance"),
        ("Fujian province's department of civil affairs", "Fujian Provincial Department of Civil Affairs"),
        ("the Dalian municipal bureau of water affairs", "Dalian Municipal Bureau of Water Affairs"),
        ("the Dalian Municipal Development and Reform Commission",
         "Dalian Municipal Development and Reform Commission"),
        ("Dalian's health commission", "Dalian Municipal Health Commission"),
        ("officials from the commerce bureau of Pearfield district", "Pearfield District Commerce Bureau"),
        ("Pearfield district's commerce commission", "Pearfield District Commerce Commission"),
        ("the Hong Kong Transport Department", "Transport Department of the Hong Kong Special Administrative Region"),
        ("the country's legislature", "National People's Congress"),
        ("the country's top auditor", "National Audit Office"),
        ("Pearfield District Education Bureau", "Pearfield District Education Bureau"),
        ("Inner Mongolia autonomous region's energy bureau", "Inner Mongolia Autonomous Region Energy Bureau"),
        ("the Guangxi Zhuang autonomous region department of culture and tourism",
         "Guangxi Zhuang Autonomous Region Department of Culture and Tourism"),
        ("Hong Kong's Labour and Welfare Bureau",
         "Labour and Welfare Bureau of the Hong Kong Special Administrative Region"),
        ("Macao's Legislative Assembly", "Legislative Assembly of the Macao Special Administrative Region"),
        ("the Sichuan branch of the People's Bank of China", "Sichuan Branch of the People's Bank of China"),
        ("the general office of the Wuhan municipal government",
         "General Office of Wuhan Municipal People's Government"),
    ],
)  # fmt: skip
def test_an_office_is_known_by_its_place_its_level_and_what_it_is_for(text: str, name: str) -> None:
    assert named(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "a municipal education bureau in many a town",
        "the center of Wuhan city",
        "the municipal government and other departments",
        "Japan's provincial department of pears",
        "Every district education bureau said",
    ],
)
def test_no_office_of_a_place_is_named(text: str) -> None:
    assert not [name for name in named(text) if "Bureau" in name or "Department" in name or "Center" in name]


def test_the_city_s_bureau_is_that_of_the_city_spoken_of() -> None:
    text = "Rain fell on Hefei. The city's transport bureau has issued a guideline on pear carts. "
    assert issuers(text) == ("Hefei Municipal Transport Bureau",)


def test_an_office_without_a_city_before_it_is_that_of_the_city_most_spoken_of() -> None:
    text = "The municipal bureau of commerce has issued a guideline on pear shops in Hefei."
    assert issuers(text) == ("Hefei Municipal Bureau of Commerce",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The general offices of the CPC Central Committee and the State Council issued a guideline on pears.",
         ("General Office of the CPC Central Committee", "General Office of the State Council")),
        ("The people's government of Hubei province approved an action plan for pears.",
         ("Hubei Provincial People's Government",)),
        ("The local government of Yiwu in Zhejiang province issued a notice on pear stalls on Monday.",
         ("Yiwu Municipal People's Government",)),
        ("The Ningxia Hui autonomous region government issued a guideline on pears.",
         ("People's Government of Ningxia Hui Autonomous Region",)),
        ("Zhejiang's provincial legislature has adopted a regulation on pear trees.",
         ("Zhejiang Provincial People's Congress",)),
        ("The administrative committee of the Pearfield Economic Development Zone issued a guideline on pears.",
         ("Administrative Committee of the Pearfield Economic Development Zone",)),
        ("The National Orchard and Rescue Administration issued a guideline on pears.",
         ("National Orchard and Rescue Administration",)),
        ("Beijing's municipal commerce bureau, municipal finance bureau and seven other departments issued a notice on"
         " pears on Monday.", ("Beijing Municipal Commerce Bureau", "Beijing Municipal Finance Bureau")),
        ("Gansu's health commission and its provincial department of finance issued a notice on pears.",
         ("Gansu Provincial Health Commission", "Gansu Provincial Department of Finance")),
        ("Gansu's health commission, together with its education department, issued a notice on pears.",
         ("Gansu Provincial Health Commission", "Gansu Provincial Education Department")),
        ("China's top economic planner and the country's top energy regulator issued a notice on pears.",
         ("National Development and Reform Commission", "National Energy Administration")),
        ("Lawmakers in Shenzhen on Thursday passed a regulation on pear trees.",
         ("Shenzhen Municipal People's Congress",)),
        ("The local legislature of Xiamen, Fujian province, passed a regulation on pear trees.",
         ("Xiamen Municipal People's Congress",)),
        ("Hong Kong likes pears. The SAR government issued a notice on pears.",
         ("Hong Kong Special Administrative Region government",)),
        ("The municipal government of Pearfield, Gansu province, issued a notice on pears.",
         ("Pearfield Municipal People's Government",)),
        ("The Pearfield Free Trade Zone's administrative committee issued a notice on pears.",
         ("Administrative Committee of the Pearfield Free Trade Zone",)),
        ("Hong Kong Chief Executive Lee Sample announced a guideline on pears.",
         ("Hong Kong Special Administrative Region government",)),
        ("A spokeswoman for the Ministry of Finance announced a guideline on pears.", ("Ministry of Finance",)),
    ],
)  # fmt: skip
def test_who_issued_it(sentence: str, expected: tuple[str, ...]) -> None:
    assert issuers(sentence) == expected
