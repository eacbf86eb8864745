"""English news: what authorities do without a noun for instruments. All sentences invented."""

import pytest

from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("text", "title", "issuer"),
    [
        (
            "Indian authorities have capped the price of pears at 20 rupees a kilogram.",
            "capped the price of pears at 20 rupees a kilogram",
            "India",
        ),
        ("Washington waived the fee for pear importers.", "waived the fee for pear importers", "United States"),
        (
            "London Mayor Jane Pear also blocked a supply contract with Pearsoft.",
            "blocked a supply contract with Pearsoft",
            "Mayor of London",
        ),
        (
            "Suzhou waived parking fees for orchard vans.",
            "waived parking fees for orchard vans",
            "Suzhou Municipal People's Government",
        ),
        (
            "Norway's coast safety agency has dropped US giant Pearsoft in favor of a local rival.",
            "dropped US giant Pearsoft in favor of a local rival",
            "Norway",
        ),
        ("Orchards closed after the US government ordered Pear Corp to stop sales.", "", "United States"),
    ],
)
def test_a_deed_of_an_authority_is_a_measure(text: str, title: str, issuer: str) -> None:
    record = only(text)
    assert record.issuers == (issuer,)
    assert not title or record.title == title


def test_money_that_is_set_aside() -> None:
    record = only("The Sichuan provincial government set aside 200 million yuan for pear growers.")
    assert record.title == "200 million yuan for pear growers"
    assert record.issuers == ("Sichuan Provincial People's Government",)


def test_a_province_pays_out_where_a_country_only_provides() -> None:
    record = only("Growers met in Sichuan province. The province plans to offer subsidies to owners of old pear trees.")
    assert (record.title, record.status) == ("subsidies to owners of old pear trees", "planned")
    assert not read("China will provide funding for a better world.")


def test_what_is_put_into_force_is_named_without_it() -> None:
    assert only("The Ministry of Commerce put a new pear rule into effect on May 1.").title == "a new pear rule"


def test_a_scheme_is_expanded() -> None:
    assert only("Sichuan plans to expand its pear research fund.").status == "planned"


def test_a_scheme_in_a_clause_of_time() -> None:
    record = only("Since the province introduced a pear allowance in May, sales have risen.")
    assert (record.title, record.issued_on) == ("a pear allowance", "2031-05")


def test_several_countries_act_together() -> None:
    record = only("Lines grew when Germany, France and Norway introduced temporary border checks over pear smuggling.")
    assert record.issuers == ("Germany", "France", "Norway")
    assert record.instrument == "measures"


def test_what_will_be_done_is_planned() -> None:
    record = only("The Dutch government will cap the number of pear permits.")
    assert (record.status, record.instrument) == ("planned", "other")


def test_what_follows_from_a_plan_that_was_told_is_its_content() -> None:
    records = read(
        "Shenzhen issued an action plan for orchards on Thursday. The city will hand out coupons worth 5 million yuan."
    )
    assert [record.instrument for record in records if record.status == "planned"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Pear Corp capped the price of pears.",
        "The city remains attractive, and Pear Bank introduced a loan for growers.",
        "China created opportunities for growers everywhere.",
        "The government may cap the price of pears.",
        "Experts urged the government to waive the fee.",
        "Norway has allowed envy to spoil its love of pears.",
        "China has launched a Global Pear Initiative.",
        "The rules ban the sale of unripe pears.",
        "The city created a framework.",
        "The ministry allowed such carts on its paths.",
        "Prices of pears were raised in May.",
    ],
)
def test_no_measure_is_read_into(text: str) -> None:
    assert read(text) == ()


def test_a_passive_with_the_authority_behind_it() -> None:
    record = only("Exports of pears were banned by the Indian government.")
    assert record.issuers == ("India",)


@pytest.mark.parametrize(
    "text",
    [
        "The ban on pear imports was lifted in May.",
        "The subsidies for pears will be phased out by 2033.",
        "Passport checks were removed early this year.",
        "Romania and Bulgaria were granted partial orchard status early this year.",
    ],
)
def test_a_passive_of_what_only_authorities_do(text: str) -> None:
    assert len(read(text)) == 1


def test_a_licence_from_a_government() -> None:
    record = only("Plum Lines secured a license from Ottawa to carry pears to Chile.")
    assert record.title == "a license from Ottawa to carry pears to Chile"
    assert (record.issuers, record.instrument) == (("Canada",), "decision")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Growers suffer from Washington's export restrictions.", "Washington's export restrictions"),
        (
            "Growers complain about increased United States tariffs on pears.",
            "increased United States tariffs on pears",
        ),
    ],
)
def test_a_foreign_measure_in_force_is_background(text: str, title: str) -> None:
    record = only(text)
    assert (record.title, record.salience) == (title, "background")


@pytest.mark.parametrize(
    "text",
    [
        "The proposed EU tariffs on pears would hurt.",
        "The US tariff war goes on.",
        "Canada's use of export controls shows a habit.",
        "China's resilience against restrictions has grown.",
    ],
)
def test_talk_of_measures_is_none(text: str) -> None:
    assert read(text) == ()


def test_a_body_abroad_is_not_the_one_at_home() -> None:
    record = only("Norway's transport regulator said it will freeze ferry prices.")
    assert record.issuers == ("Norway",)


def test_two_instruments_under_one_verb() -> None:
    records = read("The State Council also approved an action plan on pears and a national health plan.")
    assert [record.title for record in records] == ["an action plan on pears", "a national health plan"]


@pytest.mark.parametrize(
    ("text", "title", "status", "instrument"),
    [
        (
            "Legislation to ban ladders from orchards is currently passing through Chile's parliament.",
            "Legislation to ban ladders from orchards",
            "draft",
            "law",
        ),
        (
            "The Danish government will legislate next year to simplify pear taxes.",
            "legislate next year to simplify pear taxes",
            "planned",
            "law",
        ),
        (
            "Spain wants to prohibit ladders for beginners, its growers heard.",
            "prohibit ladders for beginners",
            "planned",
            "other",
        ),
        ("Norway's finance minister was delivering the 2032 budget on Wednesday.", "2032 budget", "issued", "other"),
    ],
)
def test_laws_and_budgets_on_their_way(text: str, title: str, status: str, instrument: str) -> None:
    record = only(text)
    assert (record.title, record.status, record.instrument) == (title, status, instrument)


def test_a_decision_by_its_noun() -> None:
    record = only("Growers fear India's decision last week to tax imported ladders.")
    assert record.title == "decision last week to tax imported ladders"
    assert record.issuers == ("India",)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "The second one is a national program to bring pears to the old.",
            "a national program to bring pears to the old",
        ),
        (
            "A decadelong campaign to restore the orchards has changed the coast.",
            "A decadelong campaign to restore the orchards",
        ),
        ("Sales rose thanks to government subsidies on ladders.", "government subsidies on ladders"),
        (
            "Growers were glad of the conclusion of two ladder agreements with Chile.",
            "two ladder agreements with Chile",
        ),
        ("The summit ended with leaders signing an agreement to protect orchards.", "an agreement to protect orchards"),
    ],
)
def test_programs_and_agreements_named_in_passing(text: str, title: str) -> None:
    record = only(text)
    assert (record.title, record.salience) == (title, "background")


@pytest.mark.parametrize(
    "text",
    [
        "Experts called for a national program to improve pear care.",
        "Pear Corp, helped by subsidies, started a campaign to sell pears.",
    ],
)
def test_wishes_and_firms_are_none(text: str) -> None:
    assert read(text) == ()


def test_a_work_of_two_governments_is_told_by_its_name() -> None:
    record = only("The Joint Work Plan between China and Chile on Planting Pears for 2031-35 has got off well.")
    assert record.title == "Joint Work Plan between China and Chile on Planting Pears for 2031-35"
    assert record.issuers == ("Chile",)


def test_the_first_country_to_do_it_has_done_it() -> None:
    record = only("Growers objected after Norway in May became the first country to outlaw wooden ladders in orchards.")
    assert (record.issuers, record.status) == (("Norway",), "issued")


def test_cuts_that_will_be_carried_out() -> None:
    record = only("The pear price cuts will be implemented in three valleys from next July.")
    assert (record.status, record.instrument) == ("planned", "decision")


def test_its_own_plan_is_another_plan() -> None:
    records = read(
        "Sichuan province issued a pear plan in March. In April, Hainan province unveiled its own plan for pears."
    )
    assert len(records) == 2


def test_a_law_that_is_to_be_revised() -> None:
    record = only("China aims to protect growers by revising the Orchard Law and various rules.")
    assert (record.instrument, record.status) == ("law", "planned")


def test_what_was_spent_is_a_figure() -> None:
    assert read("In 2024, the county government provided 9 million yuan for orchards.") == ()


@pytest.mark.parametrize(
    ("text", "title", "issuer"),
    [
        (
            "United States President Jane Doe's decision to conditionally allow pear exports has drawn wide attention.",
            "decision to conditionally allow pear exports",
            "United States",
        ),
        (
            "The US administration's approval of ladder sales in Chile offers practical benefits.",
            "approval of ladder sales in Chile",
            "United States",
        ),
    ],
)
def test_a_possessive_says_whose_decision_it_is(text: str, title: str, issuer: str) -> None:
    record = only(text)
    assert (record.title, record.issuers) == (title, (issuer,))


@pytest.mark.parametrize("owner", ["Pear Corp", "The court", "The board"])
def test_what_firms_and_courts_decide_is_none(owner: str) -> None:
    assert read(f"{owner}'s decision to leave the valley pleased growers.") == ()


def test_an_approval_that_is_granted() -> None:
    record = only("The Ministry of Transport granted road approval for two pear carts on Thursday.")
    assert record.instrument == "decision"
    assert record.issued_on == "2031-11-27"


@pytest.mark.parametrize(
    ("text", "title", "issuers"),
    [
        (
            "The National Healthcare Security Administration added 12 syrups to its reimbursement list.",
            "added 12 syrups to its reimbursement list",
            ("National Healthcare Security Administration",),
        ),
        (
            "The UK government announced plans to scrap the two-ladder benefit cap.",
            "scrap the two-ladder benefit cap",
            ("United Kingdom",),
        ),
        (
            "The story follows a decision by the Dutch government to take control of Pearsoft.",
            "decision by the Dutch government to take control of Pearsoft",
            ("Netherlands",),
        ),
        ("Leaders of the G20 adopted a declaration on pears on Monday.", "a declaration on pears", ("G20",)),
        (
            "Since May, visitors from 12 countries have been allowed to see orchards without a visa.",
            "visitors from 12 countries have been allowed to see orchards without a visa",
            (),
        ),
        (
            "The European Parliament voted on Thursday to delay the bloc's ladder law by a year.",
            "delay the bloc's ladder law by a year",
            ("European Parliament",),
        ),
    ],
)
def test_measures_in_more_frames(text: str, title: str, issuers: tuple[str, ...]) -> None:
    record = only(text)
    assert (record.title, record.issuers) == (title, issuers)


def test_what_a_licence_allows_is_no_second_measure() -> None:
    record = only("The US Commerce Department revoked licenses that allowed Pear Corp to ship ladders to Chile.")
    assert record.title == "revoked licenses"


def test_reforms_that_a_body_has_unveiled() -> None:
    record = only("Growers praised reforms introduced by the Ministry of Transport to help orchards.")
    assert record.issuers == ("Ministry of Transport",)


@pytest.mark.parametrize(
    ("text", "title", "issuer"),
    [
        ("Exports fell because of Indonesia's ban on raw pears.", "ban on raw pears", "Indonesia"),
        (
            "The firm, which was added to a US trade blacklist in 2030, sold its orchards.",
            "US trade blacklist",
            "United States",
        ),
        (
            "The European Union's carbon border tax has raised what ladders cost.",
            "European Union's carbon border tax",
            "European Union",
        ),
    ],
)
def test_measures_in_force_are_named_in_passing(text: str, title: str, issuer: str) -> None:
    record = only(text)
    assert (record.title, record.issuers, record.salience) == (title, (issuer,), "background")


def test_who_was_allowed_by_whom() -> None:
    record = only("Pear Corp was allowed by the US government to resume sales of its ladders in July.")
    assert record.title == "allowed by the US government to resume sales of its ladders"
    assert (record.issuers, record.issued_on) == (("United States",), "2031-07")


def test_a_city_authority_by_whose_it_is() -> None:
    record = only("Chengdu's housing authority announced on Friday that it would scrap limits on ladder purchases.")
    assert record.issuers == ("Chengdu Municipal People's Government",)


def test_the_launch_of_a_national_subsidy() -> None:
    record = only("Following the launch of a national subsidy for orchards in villages, sales have risen.")
    assert record.title == "a national subsidy for orchards in villages"


@pytest.mark.parametrize(
    "text",
    [
        "The US ended the quarter with a surplus.",
        "Singapore has allowed pears to flourish.",
        "China resumed talks with Japan on pears.",
        "Experts expect the central bank to cut interest rates this year.",
        "Growers urged the government to scrap the fee.",
        "Chinese regulators are certifying orchards all over the country.",
        "Brazil halted its winning run on Sunday.",
        "The president restored confidence in the market.",
    ],
)
def test_what_no_authority_has_decided(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "title", "status", "instrument"),
    [
        (
            'He spoke at the publication of a white paper entitled "More Pears for All: A View" on Wednesday.',
            "More Pears for All: A View",
            "issued",
            "other",
        ),
        (
            "Kenya intends to accelerate legislation on the care of orchards.",
            "legislation on the care of orchards",
            "planned",
            "law",
        ),
        (
            "China is now advancing pilot programs to bring foreign growers to its orchards.",
            "pilot programs to bring foreign growers to its orchards",
            "issued",
            "pilot",
        ),
        ("The government is considering a ban on wooden ladders.", "a ban on wooden ladders", "planned", "other"),
    ],
)
def test_what_is_under_way(text: str, title: str, status: str, instrument: str) -> None:
    record = only(text)
    assert (record.title, record.status, record.instrument) == (title, status, instrument)


@pytest.mark.parametrize(
    ("text", "title", "status"),
    [
        (
            "The Ministry of Transport decided on Monday to halve berthing fees for pear boats.",
            "halve berthing fees for pear boats",
            "issued",
        ),
        (
            "The European Commission is to propose a loan facility for growers.",
            "a loan facility for growers",
            "planned",
        ),
        ("The European Commission proposed a subsidy for growers.", "a subsidy for growers", "draft"),
    ],
)
def test_fees_that_are_halved_and_what_is_proposed(text: str, title: str, status: str) -> None:
    record = only(text)
    assert (record.title, record.status) == (title, status)
