"""English news: measures of foreign and international authorities, in the forms that news prose has. All invented."""

import pytest

from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Kinshasa replaced its ban on pear exports with a quota system.", "Democratic Republic of the Congo"),
        ("Guinea withdrew the orchard license of a juice maker in May.", "Guinea"),
        ("Tehran eliminated the export tax on pears.", "Iran"),
        ("Turkiye levied a surtax on imported pears.", "Türkiye"),
        ("Norway's parliament voted unanimously to bar plastic crates from orchards.", "Norway"),
        ("The US Commerce Department hit Samplish pears with duties of 40 percent.", "US Department of Commerce"),
        ("Manila put a 90-day halt to pear imports.", "Philippines"),
        ("Peru has exempted pear pickers from visa fees.", "Peru"),
        ("Chile upgraded its free trade pact with China in May.", "Chile"),
        ("Washington gave the pear app another reprieve last month.", "United States"),
        (
            "The International Monetary Fund's executive board approved a $2 billion loan.",
            "International Monetary Fund",
        ),
        ("Italy's competition watchdog fined the juice maker 2 million euros.", "Italy"),
        ("The House voted 219-210 to repeal the tariff on Samplish pears.", "US Congress"),
        ("Paris has suspended imports of pears.", "France"),
        ("Bangkok will halve the visa-free stay to 30 days.", "Thailand"),
        ("Canada dropped most of its tariffs on pears.", "Canada"),
        ("Japan will raise its pear tax threefold.", "Japan"),
        ("EU farm ministers agreed on a flat duty of 2 euros on pear crates.", "European Union"),
        ("MEPs backed a resolution on pears.", "European Parliament"),
        ("The European Commission accepted a price offer from a pear importer.", "European Commission"),
        ("US President Donald Trump ordered a review of pear subsidies.", "United States"),
        ("The Australian health minister announced the suspension of pear imports.", "Australia"),
        ("Chile declared a state of emergency on Monday.", "Chile"),
        ("Mali adopted a new orchard and mining code in 2031.", "Mali"),
        ("Growers lost their largest buyer because of Washington's 20 percent pear duty.", "United States"),
        ("The Bank of Canada left its pear rate unchanged.", "Bank of Canada"),
        ("Washington delayed a tariff increase on pears until June 2032.", "United States"),
        ("California's governor signed a law on pears.", "California"),
        ("Growers have been rattled by Canada's surtax on imported pears.", "Canada"),
        ("The US revoked Pear Corp's authorization to ship crates to Asia.", "United States"),
    ],
)
def test_what_an_authority_abroad_does_is_a_measure(text: str, issuer: str) -> None:
    assert only(text).issuers == (issuer,)


@pytest.mark.parametrize(
    "text",
    [
        "Growers suffer from the tariffs that Washington imposed on pears in May.",
        "The pear tariffs Washington imposed in May have hit growers hard.",
    ],
)
def test_a_measure_with_a_relative_clause_is_that_of_whoever_took_it(text: str) -> None:
    record = only(text)
    assert (record.issuers, record.issued_on, record.salience) == (("United States",), "2031-05", "background")


@pytest.mark.parametrize(
    "text",
    [
        "The storm hit Chile with winds of 200 kilometers an hour.",
        "Norway agreed to meet with pear growers.",
        "Chile put the accident behind it.",
        "The pears that Washington likes are sweet.",
        "Peru upgraded its orchards.",
        "Norway backed a resolution on pears at the meeting.",
        "In London tariffs were the talk of the town.",
        "Paris is a city of pears.",
        "The company agreed on a duty roster.",
        "Norway accepted the criticism.",
        "Investors predict that the Fed will cut rates in March.",
        "If Washington raises the tariffs, which growers oppose, talks will fail.",
        "The White House backed the president's remarks.",
        "Norway kept its promise to growers.",
    ],
)
def test_what_is_no_measure(text: str) -> None:
    assert read(text) == ()


def test_an_agreement_between_two_countries_in_force() -> None:
    record = only("The free trade agreement between China and Chile entered into force on May 1, 2031.")
    assert (record.instrument, record.effective_on) == ("agreement", "2031-05-01")
    assert (record.title, record.issuers) == ("free trade agreement between China and Chile", ("Chile",))


def test_a_measure_in_force_is_that_of_the_land_in_its_name() -> None:
    assert only("Russia's ban on pear exports took effect in October.").issuers == ("Russia",)
    assert only("A British levy on pears was increased to 40 percent in May.").issuers == ("United Kingdom",)


def test_to_lift_a_ban_opens() -> None:
    assert only("New Delhi lifted its ban on Samplish pears in May.").action == "opening"
    assert only("Thailand scrapped visas for citizens of Peru.").action == "opening"


def test_a_duty_by_its_percentage_is_a_tariff_and_a_probe_no_support() -> None:
    assert only("The US imposed an additional 25 percent levy on pear crates.").action == "tariff"
    assert only("The Department of Commerce has launched an investigation into imports of pears.").action != "support"


def test_a_fee_still_to_come_in_a_relative_clause() -> None:
    record = only("The port fees, which the US plans to levy on pear boats from Oct 14, will push up prices.")
    assert (record.status, record.issuers) == ("planned", ("United States",))


def test_numbers_stay_whole_in_a_title() -> None:
    assert only("The US has raised the fee for pear permits to $100,000.").title.endswith("$100,000")
    assert "1,400 products" in only("Peru's Senate approved a bill raising tariffs on more than 1,400 products.").title


def test_the_bloc_owns_its_ban() -> None:
    (record,) = read("The EU met growers.\n\nGrowers dislike the bloc's ban on pear crates.")
    assert record.issuers == ("European Union",)
