"""English news: measures of foreign and international authorities, in the forms that news prose has. All invented."""

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def read(text: str, published: str = "2031-11-28 10:21") -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="china_daily", text=text, title="", published=published))


def only(text: str) -> PolicyAnnouncement:
    (record,) = read(text)
    return record


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
    ],
)
def test_what_is_no_measure(text: str) -> None:
    assert read(text) == ()


def test_an_agreement_between_two_countries_in_force() -> None:
    record = only("The free trade agreement between China and Chile entered into force on May 1, 2031.")
    assert (record.instrument, record.effective_on) == ("agreement", "2031-05-01")
