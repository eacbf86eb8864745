"""English news: measures told from the thing's side, in an authority's words, or in passing. All invented."""

import pytest

from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The Pear Growers' Square was launched by the Ministry of Commerce in May last year.", "Pear Growers' Square"),
        (
            "Growers trade on a platform for dried pears established by the Ministry of Commerce.",
            "a platform for dried pears",
        ),
        (
            "Revenue fell after sales of its pear presses to Peru were restricted by the US administration.",
            "sales of its pear presses to Peru were restricted by the US administration",
        ),
    ],
)
def test_what_an_authority_has_done_told_from_the_things_side(text: str, title: str) -> None:
    assert only(text).title == title


def test_a_list_that_a_body_says_it_lengthens() -> None:
    record = only(
        "The US Federal Maritime Commission announced last week that it is blacklisting Pear Ferries of Ohio."
    )
    assert record.issuers == ("US Federal Maritime Commission",)


def test_a_ban_in_the_making_is_planned() -> None:
    record = only("Australia is reportedly drafting a ban on sales of frozen pears.")
    assert (record.title, record.status, record.salience) == (
        "a ban on sales of frozen pears",
        "planned",
        "background",
    )


@pytest.mark.parametrize(
    ("text", "title", "status"),
    [
        (
            "Chile announced plans to establish a pear museum.",
            "plans to establish a pear museum",
            "planned",
        ),
        (
            "The legislative agenda for 2031 includes drafting a pear law, which completed its public consultation.",
            "pear law",
            "draft",
        ),
        ("Chile has adopted a national strategy on pear breeding.", "a national strategy on pear breeding", "issued"),
        (
            "The Orchard Again initiative, also known as OA, was put forward by Peru at a fair.",
            "Orchard Again initiative",
            "issued",
        ),
    ],
)
def test_plans_and_laws_in_the_making(text: str, title: str, status: str) -> None:
    record = only(text)
    assert (record.title, record.status) == (title, status)


def test_what_goes_on_is_in_force() -> None:
    record = only("Washington continues to block shipments of pear seeds to Cuba.")
    assert (record.title, record.status) == ("block shipments of pear seeds to Cuba", "issued")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The move follows earlier FCC bans on pear-shaped radios.", "FCC bans on pear-shaped radios"),
        (
            "Much changed with the release of a dedicated national pear strategy in 2027.",
            "a dedicated national pear strategy",
        ),
        (
            "Growers recalled when special customs operations were launched in the Plum Bay Free Trade Zone.",
            "special customs operations were launched in the Plum Bay Free Trade Zone",
        ),
        (
            "Last year each family with an orchard has received a subsidy of 300 yuan from the government.",
            "each family with an orchard has received a subsidy of 300 yuan from the government",
        ),
    ],
)
def test_measures_in_force_named_in_passing(text: str, title: str) -> None:
    record = only(text)
    assert (record.title, record.salience) == (title, "background")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Some 12 million yuan has been allocated to subsidize pear fairs.",
            "12 million yuan to subsidize pear fairs",
        ),
        (
            "Her orchard received 1 million yuan in irrigation subsidies from the district.",
            "1 million yuan in irrigation subsidies from the district",
        ),
        (
            "Twenty trades are eligible under Hubei's catalog of 90 training courses.",
            "catalog of 90 training courses",
        ),
        (
            "According to an action plan for saving old pears, Tianjin plans to plant more trees.",
            "action plan for saving old pears",
        ),
        ('Much has changed since the "Pears in China 2035" strategy.', '"Pears in China 2035" strategy'),
    ],
)
def test_money_and_plans_that_are_cited(text: str, title: str) -> None:
    assert title in [record.title for record in read(text)]


@pytest.mark.parametrize(
    ("text", "title", "issuer"),
    [
        ("The Dutch government's seizure of Pear Chips sparked a crisis.", "seizure of Pear Chips", "Netherlands"),
        ("Denmark is banning pear ads for children.", "banning pear ads for children", "Denmark"),
        (
            "The restrictions, imposed by Washington in October 2029, hurt growers.",
            "restrictions",
            "United States",
        ),
        ("Subsidies, from the Inflation Reduction Act on, draw growers.", "Inflation Reduction Act", "United States"),
        ("The US quit the World Pear Treaty in January.", "quit the World Pear Treaty", "United States"),
    ],
)
def test_whose_measure_it_is(text: str, title: str, issuer: str) -> None:
    record = only(text)
    assert (record.title, record.issuers) == (title, (issuer,))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The pear visa, which China introduced in October, draws growers.", "pear visa"),
        ("The pear refund program, which was expanded nationwide last April, draws shoppers.", "pear refund program"),
    ],
)
def test_a_thing_with_a_clause_that_says_who_made_it(text: str, title: str) -> None:
    assert only(text).title == title


def test_the_capital_stands_for_the_country_in_export_controls() -> None:
    assert only("Beijing has placed export controls on seven sorts of pear seed.").issuers == ()


def test_what_is_only_considered_is_planned() -> None:
    record = only("The US is reportedly considering restrictions on exports of pear seeds to China.")
    assert (record.title, record.status) == ("restrictions on exports of pear seeds to China", "planned")


def test_five_year_plans_of_two_periods_are_two() -> None:
    titles = [
        record.title
        for record in read(
            "In the 13th Five-Year Plan, pears were named a priority. The 14th Five-Year Plan puts apples first.",
            "2026-11-28",
        )
    ]
    assert titles == ["13th Five-Year Plan", "14th Five-Year Plan"]


@pytest.mark.parametrize(
    "text",
    [
        "The pear index was launched by Pear Bank in May.",
        "A forum on pears was launched by the Ministry of Commerce in May.",
        "Experts called for the introduction of a pear tax.",
        "The company said it will ban phones in its orchards.",
        "The launch of the pear press in 2030 surprised buyers.",
        "Tariffs hurt the trade in pears.",
        "Growers want the removal of quotas.",
        "Washington's withdrawal of troops from Pearland began.",
        "The orchard was selected as one of the best pilot parks by readers of a magazine.",
        "Pear Corp announced plans to build an orchard.",
        "Members can claim rebates from Pear Mart.",
    ],
)
def test_no_measure_of_an_authority(text: str) -> None:
    assert read(text) == ()
