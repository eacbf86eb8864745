"""Measures told without an agent, which the authority that reports them answers for."""

from __future__ import annotations

import pytest

from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("text", "title", "issuer", "status"),
    [
        (
            "A raft of measures has been rolled out to help pear growers, according to the Ministry of Commerce.",
            "A raft of measures",
            "Ministry of Commerce",
            "issued",
        ),
        (
            "A three-month crackdown on counterfeit pears has been launched across the country, the Ministry of "
            "Transport said.",
            "A three-month crackdown on counterfeit pears",
            "Ministry of Transport",
            "issued",
        ),
        (
            "The sale of pear wine to minors has been banned nationwide, according to the National Health Commission.",
            "The sale of pear wine to minors has been banned nationwide",
            "National Health Commission",
            "issued",
        ),
        (
            "The pilot program on pear schools will be expanded to nine more cities, the Ministry of Education "
            "announced on Monday.",
            "pilot program on pear schools",
            "Ministry of Education",
            "planned",
        ),
    ],
)
def test_a_passive_is_the_act_of_the_body_that_reports_it(text: str, title: str, issuer: str, status: str) -> None:
    record = only(text)
    assert (record.title, record.issuers, record.status) == (title, (issuer,), status)


@pytest.mark.parametrize(
    "text",
    [
        "More than 300 pear vouchers have been issued in the province, the Ministry of Commerce said.",
        "A raft of measures has been rolled out to help pear growers, according to Pear Corp.",
        "The growth of pear sales was cut by one-third last year, the Ministry of Commerce said.",
        "Pear producer Huli Fruit has launched a campaign on pear tea, the company said.",
    ],
)
def test_figures_and_what_firms_report_are_no_acts(text: str) -> None:
    assert read(text) == ()


def test_what_people_may_do_from_a_day_on_is_told_by_the_ministry_that_says_so() -> None:
    record = only(
        "Companies that hire gardeners will receive a one-off subsidy of 1,500 yuan per person from Dec 15, "
        "the Ministry of Education said."
    )
    assert record.issuers == ("Ministry of Education",)
    assert record.effective_on == "2031-12-15"
    assert record.title.startswith("a one-off subsidy of 1,500 yuan")


def test_a_license_that_a_thing_will_require_is_told_by_the_announcement_cited() -> None:
    record = only(
        "The export of certain pear seeds will require a license from Dec 15, according to an announcement by the "
        "Ministry of Commerce and the General Administration of Customs."
    )
    assert (record.instrument, record.action) == ("announcement", "export_control")
    assert record.issuers == ("Ministry of Commerce", "General Administration of Customs")


def test_the_zone_is_the_one_that_the_text_named_last() -> None:
    record = only("Pears do well in Nanshan district. The district has rolled out a scheme for pear stores.")
    assert record.issuers == ("Nanshan district government",)


def test_officials_in_a_city_decide_for_it() -> None:
    record = only("Officials in Hefei have decided to waive rents for startups that grow pears.")
    assert record.issuers == ("Hefei Municipal People's Government",)


def test_measures_unveiled_in_a_city_are_those_of_its_government() -> None:
    record = only("A package of 18 measures was unveiled in Chengdu on Tuesday to lift spending on pears.")
    assert record.issuers == ("Chengdu Municipal People's Government",)


def test_an_apposition_before_the_verb_is_skipped() -> None:
    record = only(
        "The second batch of pear import quotas, totaling 52 million tons, was issued to private growers by the "
        "Ministry of Commerce."
    )
    assert record.issuers == ("Ministry of Commerce",)


@pytest.mark.parametrize(
    "text",
    [
        "Analysts expect the central bank to cut the reserve requirement ratio by 25 basis points.",
        "Growers hope that the authorities will extend the tax breaks beyond 2033.",
    ],
)
def test_what_others_hope_or_expect_of_an_authority_is_no_act(text: str) -> None:
    assert read(text) == ()


def test_a_rule_to_be_put_into_force_has_its_day_to_come() -> None:
    record = only("The regulation on the protection of pear seeds, which will be put into force on Feb 1, sets fines.")
    assert record.effective_on == "2032-02-01"


@pytest.mark.parametrize(
    ("text", "title", "status", "effective"),
    [
        (
            "Retail fuel prices will go up for the third time this year from Friday, the National Development and "
            "Reform Commission said on Thursday.",
            "Retail fuel prices will go up for the third time this year from Friday",
            "planned",
            "2031-11-28",
        ),
        (
            "Starting next year, pear classes will be compulsory in all primary schools in Huli, the municipal "
            "education commission announced.",
            "pear classes will be compulsory in all primary schools in Huli",
            "planned",
            "2032",
        ),
    ],
)
def test_what_prices_and_classes_will_be_is_told_by_who_sets_them(
    text: str, title: str, status: str, effective: str
) -> None:
    record = only(text)
    assert (record.title, record.status, record.effective_on) == (title, status, effective)


@pytest.mark.parametrize(
    "text",
    [
        "House prices will fall this year, the National Bureau of Statistics said.",
        "Water levels will rise from Friday, the Ministry of Water Resources said.",
        "The exhibition will be free of charge, the museum announced.",
        "Exports of pears have been cut by a late frost, the Ministry of Commerce said.",
        "Flights to Tokyo have been canceled because of the typhoon, the airport authority announced.",
        "Visitors will be able to see pear blossoms from Dec 3, the Ministry of Culture and Tourism said.",
        "More than 20 pilot programs have been launched nationwide, the Ministry of Commerce said.",
    ],
)
def test_weather_markets_and_figures_are_no_measures_whoever_reports_them(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "instrument"),
    [
        ("In September, steps were announced to open up the pear trade.", "measures"),
        ("A blueprint for the renewal of old pear orchards was released on Monday.", "plan"),
        ("A complete set of laws will be brought in for the pear growers of Huli.", "law"),
    ],
)
def test_steps_and_plans_of_a_day_need_no_agent(text: str, instrument: str) -> None:
    assert only(text).instrument == instrument


@pytest.mark.parametrize(
    "text",
    [
        "A blueprint for its future growth in pears was unveiled on Monday, the company said.",
        "A list of the 100 best orchards in the city was released on Monday.",
        "Eight steps were unveiled by Pear Corp on Monday to support growers.",
    ],
)
def test_plans_of_firms_and_rankings_need_one(text: str) -> None:
    assert read(text) == ()


def test_a_country_adds_to_a_list_of_its_own() -> None:
    record = only("China has added 17 items to its catalog of occupations, among them pear taster.")
    assert record.instrument == "list"
    assert read("China has added three gold medals to its list of wins.") == ()


def test_the_customs_of_a_place_act() -> None:
    record = only("Lianyungang customs has rolled out a paperless scheme for pear exports.")
    assert (record.issuers, record.instrument) == (("Lianyungang Customs",), "plan")


def test_what_is_not_done_before_and_is_not_denied() -> None:
    record = only("Education authorities reminded schools not to sell pears and forbade organizing pear classes.")
    assert record.title == "forbade organizing pear classes"


def test_a_place_is_designated_as_something_by_an_authority() -> None:
    record = only("Huli's port was designated as an entry point for pears by the General Administration of Customs.")
    assert (record.issuers, record.instrument) == (("General Administration of Customs",), "decision")
    assert read("Huli's port has been designated as an entry point for pears by growers.") == ()


def test_a_regulation_comes_into_force_in_a_place_on_a_day() -> None:
    record = only("A regulation on the management of pear drones will come into force in Zhejiang on Dec 15.")
    assert record.effective_on == "2031-12-15"


def test_how_an_authority_will_act_is_only_asked() -> None:
    assert read("Markets are watching how China will draw up policies to revive the pear trade.") == ()


def test_schools_are_told_to_do_something_on_a_day() -> None:
    record = only("Schools in Harbin were told to shorten evening pear classes by the education bureau on Monday.")
    assert record.title.startswith("told to shorten evening pear classes")


def test_a_city_has_initiatives_of_its_own_but_broad_ones_are_none() -> None:
    record = only('Beijing plans to introduce a "home pear toolbox" initiative to help families.')
    assert (record.status, record.instrument) == ("planned", "plan")
    assert read('China put forward a "global pear" initiative.') == ()
    assert read('Beijing is launching an "AI Plus" initiative to help families.') == ()


def test_what_is_formally_designated_on_a_day_needs_no_agent() -> None:
    record = only("By June 2030, pear skins were officially designated as a raw material for medicines.")
    assert (record.instrument, record.issued_on) == ("decision", "2030-06")
    assert read("By June 2030, the pear team was officially named as the winner of the cup.") == ()
