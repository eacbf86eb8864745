"""English news: measures that a story names in passing. All sentences invented."""

import pytest

from tests.policy_news import only, read


def test_an_approval_is_a_decision_of_who_gave_it() -> None:
    record = only("On Nov 13, Plum Trust received approval from the Monetary Authority of Singapore to run a vault.")
    assert (record.instrument, record.action) == ("decision", "opening")
    assert record.title == "approval from the Monetary Authority of Singapore to run a vault"
    assert record.issuers == ("Monetary Authority of Singapore",)
    assert record.issued_on == "2031-11-13"


def test_what_a_country_has_decided_to_do() -> None:
    record = only("Japan has decided to raise pear-related spending to 3 trillion yen over the next five years.")
    assert record.title == "raise pear-related spending to 3 trillion yen"
    assert (record.instrument, record.issuers) == ("decision", ("Japan",))


def test_a_tax_that_a_government_plans() -> None:
    record = only("Orchards in Japan are wary. The government plans to increase orchard income tax and pear tax.")
    assert record.title == "increase orchard income tax and pear tax"
    assert (record.status, record.issuers) == ("planned", ("Japan",))


def test_a_foreign_statute_named_by_its_title() -> None:
    record = only("Growers fear the European Union's Orchard Accelerator Act, dealers said.")
    assert (record.title, record.instrument) == ("Orchard Accelerator Act", "law")
    assert (record.issuers, record.salience) == (("European Union",), "background")


def test_a_chinese_law_cited_as_a_basis_is_none() -> None:
    assert read("Fines are set under China's Pear Protection Act, dealers said.") == ()


def test_a_list_that_goods_are_added_to() -> None:
    record = only("The US subsequently added pear storage to its Critical Orchard Goods List.")
    assert (record.title, record.instrument) == ("Critical Orchard Goods List", "list")


def test_a_document_by_its_printed_name() -> None:
    record = only(
        'According to the "Tianjin Action Plan for Saving Old Pear Trees (2031-35)", the city will plant trees.'
    )
    assert record.title == "Tianjin Action Plan for Saving Old Pear Trees (2031-35)"
    assert record.issuers == ("Tianjin Municipal People's Government",)


def test_papers_that_leaders_see_signed() -> None:
    record = only(
        "Visitors from Tajikistan came. On the quay they witnessed the signing of several cooperation documents."
    )
    assert (record.title, record.instrument) == ("several cooperation documents", "agreement")
    assert record.issuers == ("Tajikistan",)


def test_what_two_countries_have_reached() -> None:
    record = only("Growers relaxed after a memorandum of understanding reached by Chile and Peru.")
    assert record.issuers == ("Chile", "Peru")
    assert record.salience == "background"


def test_a_decision_with_whose_it_is() -> None:
    record = only("This was shown by the decision of the orchard watchdog on Monday to prohibit the sale of Pear Co.")
    assert record.title == "decision of the orchard watchdog to prohibit the sale of Pear Co"
    assert (record.action, record.issued_on) == ("restriction", "2031-11-24")


def test_a_frame_named_by_its_example() -> None:
    record = only("Canada has released policy frameworks such as its Better Orchards for Tomorrow.")
    assert record.title == "Better Orchards for Tomorrow"


@pytest.mark.parametrize(
    "sentence",
    [
        "Pear Bank received approval from its shareholders to open a branch.",
        "The company has decided to raise prices by 3 percent.",
        "Plum Trust will seek approval from the Monetary Authority of Singapore to run a vault.",
        "Analysts said the government could decide to raise taxes.",
        "The two teams witnessed the signing of a poster.",
    ],
)
def test_no_authority_no_measure(sentence: str) -> None:
    assert read(sentence) == ()


def test_the_first_to_release_has_released() -> None:
    record = only("He added that Tianjin was the first to release orchard data classification standards.")
    assert record.title == "orchard data classification standards"
    assert record.issuers == ("Tianjin Municipal People's Government",)


def test_a_head_of_government_acts_for_the_country() -> None:
    record = only("Ann Bee, prime minister of Kenya, approved a package of measures to strengthen the orchard sector.")
    assert record.issuers == ("Kenya",)


def test_a_fund_among_the_measures_just_told() -> None:
    text = (
        "Ann Bee, prime minister of Kenya, approved a package of measures to strengthen orchards on Nov 26."
        " These include the establishment of a 400-million-dollar Rural Orchard Fund."
    )
    assert [(p.title, p.issuers, p.issued_on) for p in read(text)][1] == (
        "400-million-dollar Rural Orchard Fund",
        ("Kenya",),
        "2031-11-26",
    )


def test_the_plan_of_the_place_that_acts() -> None:
    record = only("Tianjin explicitly called for more pears in its 2031 orchard safety work plan.")
    assert (record.title, record.issued_on) == ("2031 orchard safety work plan", "2031")


def test_instruments_beside_the_one_issued() -> None:
    text = "In 2030, China issued the Measures for the Grading of Plums, alongside supporting national standards."
    assert [(p.instrument, p.issued_on) for p in read(text)] == [("measures", "2030"), ("standard", "2030")]


def test_what_somebody_broke_is_no_announcement() -> None:
    assert read("He cited clear breaches of Kenya's Pear Market Law, which asks for two panels of growers.") == ()


def test_two_full_names_are_two_instruments() -> None:
    text = (
        "China issued the Provisions on the Administration of Pear Recommendation in Market Information Services."
        " China later introduced the Provisions on the Administration of Plum Synthesis of Market Information"
        " Services in 2030."
    )
    assert [p.title for p in read(text)] == [
        "Provisions on the Administration of Pear Recommendation in Market Information Services",
        "Provisions on the Administration of Plum Synthesis of Market Information Services",
    ]


def test_an_instrument_told_by_its_year_and_its_purpose() -> None:
    record = only("China has built a frame for orchards, including interim measures adopted in 2029 to manage pears.")
    assert record.title == "interim measures adopted in 2029 to manage pears"
    assert record.issued_on == "2029"


def test_a_short_foreign_statute_with_its_owner() -> None:
    assert only("Growers look at frames such as the European Union's Pear Act.").title == "Pear Act"


def test_funding_that_a_body_announced() -> None:
    record = only("In 2029, the US Department of Agriculture announced funding support for new pear varieties.")
    assert (record.title, record.issued_on) == ("funding support for new pear varieties", "2029")
    assert record.issuers == ("US Department of Agriculture",)


def test_a_directive_of_the_union() -> None:
    assert only("Growers fear the European Union's Orchard Care Directive, dealers said.").instrument == "order"
