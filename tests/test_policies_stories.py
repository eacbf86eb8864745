"""English news: several measures in one story, each told once, and by whom. All stories invented."""

import pytest

from tests.policy_news import only, read


def titles(text: str) -> list[str]:
    return [record.title for record in read(text)]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Japan's orchards are ageing. Parliament passed a law on pear exports on Tuesday.", "Japan"),
        ("Japan's orchards are ageing. The cabinet decided to scrap the levy on pear crates.", "Japan"),
        ("Brazil's orchards are thirsty. The Senate approved a tax on pear juice on Monday.", "Brazil"),
        ("The Senate approved a tax on pear juice on Monday.", "US Congress"),
        ("Two Republican senators introduced the Pear Labelling Act on Monday.", "US Congress"),
        ("The State Council, China's Cabinet, met. The Cabinet decided to cut taxes on pears.", "State Council"),
    ],
)
def test_an_assembly_or_a_cabinet_is_that_of_the_country_spoken_of(text: str, issuer: str) -> None:
    assert only(text).issuers == (issuer,)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("A group of senators introduced a bill on pear exports on Monday.", "draft"),
        ("US lawmakers introduced a bill on pear exports on Monday.", "draft"),
        ("US lawmakers passed a bill on pear exports on Monday.", "issued"),
    ],
)
def test_a_bill_that_was_brought_in_has_yet_to_be_passed(sentence: str, status: str) -> None:
    assert only(sentence).status == status


def test_an_amendment_that_is_to_be_reviewed_is_a_draft_without_a_day() -> None:
    first, second = read(
        "The session, which ends on Saturday, will review a draft amendment to the Pear Trade Law and a draft revision"
        " of the Orchard Law."
    )
    assert (first.status, second.status, first.issued_on) == ("draft", "draft", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Norway's parliament will vote on a supplementary budget next month.",
        "Member states are to vote on the proposed tariff reform in June.",
        "The Bundestag is expected to vote on a bill banning plastic crates next week.",
    ],
)
def test_what_an_assembly_is_to_vote_on_is_planned(sentence: str) -> None:
    assert only(sentence).status == "planned"


@pytest.mark.parametrize(
    "sentence",
    [
        "Norway's parliament will vote on a motion of no confidence next week.",
        "Shareholders will vote on a merger of the two juice companies in June.",
        "Parliament will vote on it next week.",
    ],
)
def test_a_vote_on_a_motion_or_a_merger_is_no_measure(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_second_authority_in_another_clause_has_its_own_measure() -> None:
    first, second = read("Chengdu issued a notice on pears in May, while Norway scrapped its limits on pear imports.")
    assert (first.instrument, second.issuers) == ("notice", ("Norway",))
    assert second.title == "scrapped its limits on pear imports"


def test_a_clause_without_an_authority_of_its_own_tells_no_second_measure() -> None:
    assert titles("Norway issued a decree on pears, while its largest bank cut its dividend.") == ["a decree on pears"]


def test_what_one_country_plans_is_not_in_the_law_of_another() -> None:
    first, second = read("Norway passed a law on pear crates, and Italy plans to impose a levy of 2 euros next year.")
    assert (first.issuers, second.issuers, second.status) == (("Norway",), ("Italy",), "planned")


def test_two_intentions_of_one_city_are_two_where_no_word_is_general() -> None:
    assert len(read("Shenzhen plans to invest 2 billion yuan in orchards. The city will also simplify approvals.")) == 2


def test_a_law_that_somebody_follows_is_one_although_the_sentence_opens_with_another() -> None:
    record = only("The rules follow a guideline on orchards, which the Ministry of Commerce released in July.")
    assert (record.instrument, record.issued_on) == ("guideline", "2031-07")


def test_a_list_may_have_examples_before_it() -> None:
    record = only(
        "The Ministry of Commerce added 11 juice makers, including Pear Sensors and Norland Press, to its unreliable"
        " entity list."
    )
    assert (record.instrument, record.action) == ("list", "sanction")


def test_what_has_been_done_already_is_background() -> None:
    assert only("France has already imposed a levy on pear crates.").salience == "background"


def test_a_firm_that_sells_in_a_country_is_not_the_country() -> None:
    assert read("Pear Group will cut the prices of juice in China. It has launched a pilot program in six towns.") == ()


def test_what_an_authority_says_it_would_draw_up_is_the_instrument() -> None:
    record = only("The Ministry of Commerce said it would draw up supporting rules for orchards.")
    assert (record.instrument, record.title, record.status) == (
        "measures",
        "supporting rules for orchards",
        "planned",
    )


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("India imposed a safeguard duty on pear juice on Tuesday.", "trade_remedy"),
        ("The European Commission launched a probe into the juice maker over its labels on Tuesday.", "regulation"),
        ("The European Union scrapped its duty exemption for pear crates.", "tariff"),
        ("The European Parliament postponed a vote on a trade deal with Norland.", "other"),
    ],
)
def test_a_measure_abroad_does_what_its_words_say(sentence: str, action: str) -> None:
    assert only(sentence).action == action


def test_a_package_is_told_by_its_sum() -> None:
    record = only("Japan's cabinet on Friday approved an economic package worth 21 trillion yen.")
    assert (record.issuers, record.action) == (("Japan",), "support")


def test_a_central_bank_lowers_its_rates_without_further_words() -> None:
    assert only("The Fed lowered rates three times last year.").issuers == ("US Federal Reserve",)


def test_a_policy_rate_is_no_policy() -> None:
    record = only("The Bank of Japan raised its policy rate to 0.75 percent in October.")
    assert (record.instrument, record.title) == ("decision", "raised its policy rate")


def test_another_lands_industry_ministry_acts_for_the_land() -> None:
    assert only("South Korea's industry ministry launched an anti-dumping investigation into pear juice.").issuers == (
        "Republic of Korea",
    )


def test_the_same_day_may_stand_between_an_authority_and_what_it_did() -> None:
    record = only("The Ministry of Commerce on the same day added 11 juice makers to its unreliable entity list.")
    assert record.instrument == "list"


def test_a_title_ends_before_the_day_that_a_measure_starts() -> None:
    record = only("Norway will waive visa requirements for pear pickers on a trial basis from June 15.")
    assert record.title == "waive visa requirements for pear pickers"


def test_the_clause_before_a_government_that_signs_tells_its_own_measure() -> None:
    assert titles("Hungary has offered subsidies to growers, and its government signed an agreement with Norway.") == [
        "an agreement with Norway",
        "subsidies to growers",
    ]


LEAD = "Norway imposed a levy on pear crates on Monday. " + "The sample market was quiet and traders waited. " * 12


def test_what_another_country_did_on_no_day_is_background_where_the_story_is_about_one() -> None:
    first, second = read(f"{LEAD}\n\nItaly scrapped its limits on pear imports.")
    assert (first.salience, second.salience) == ("news", "background")
    assert [record.salience for record in read(f"{LEAD}\n\nNorway scrapped its limits on plums.")] == ["news", "news"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The proposal needs to be approved by the European Parliament before it can take effect.",
        "The levy on pears has yet to be approved by the Norwegian parliament.",
        "The US Securities and Exchange Commission dropped a lawsuit against the juice exchange in May.",
    ],
)
def test_what_is_still_to_be_approved_or_is_before_a_court_is_no_measure(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_bill_and_the_name_it_is_given_next_are_one() -> None:
    record = only(
        "The US Senate on Tuesday passed a bill to regulate pear coins. The Orchard Act would require issuers to hold"
        " pears."
    )
    assert (record.title, record.salience) == ("Orchard Act", "news")


def test_a_chamber_that_votes_on_its_own_version_has_another_bill() -> None:
    statuses = [
        record.status
        for record in read(
            "The US Senate on Tuesday passed a bill on pear coins. The House of Representatives is expected to vote on"
            " its own version of the bill next month."
        )
    ]
    assert statuses == ["issued", "planned"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Malaysia unveiled a national orchard strategy in 2029.",
        "The United States and 22 other members then announced an agreement on pears.",
        "The United States in return halved its tariffs on pears to 10 percent.",
        "The Ministry of Transport said in May that it was drawing up guidelines on pear freight.",
    ],
)
def test_each_of_these_tells_one_measure(sentence: str) -> None:
    assert only(sentence).issuers


def test_tariffs_beside_a_response_to_them_are_those_of_who_announced_them() -> None:
    record = only("Pears are under new controls, a response to tariffs announced by the United States in October.")
    assert record.title.startswith("tariffs")


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("Norway halved its steep tariffs on pears.", "opening"),
        ("Japan abolished a decades-old surcharge on juice.", "support"),
        (
            "The ministry's bureau, the Cyberspace Administration of China, launched a campaign against pear fraud.",
            "regulation",
        ),
    ],
)
def test_what_takes_a_burden_away_is_no_burden(sentence: str, action: str) -> None:
    assert only(sentence).action == action


def test_a_change_that_was_announced_in_a_notice_is_the_notice() -> None:
    record = only(
        "Chengdu on Friday scrapped limits on the number of orchards that families can buy.\n\nThe change was announced"
        " in a notice issued by the Ministry of Agriculture and Rural Affairs, and took effect on Saturday."
    )
    assert (record.instrument, record.title) == ("notice", "scrapped limits on the number of orchards")
    assert (record.issuers, len(record.evidence)) == (("Ministry of Agriculture and Rural Affairs",), 2)


def test_measures_set_out_in_a_circular_are_those_of_who_released_it() -> None:
    record = only(
        "China has rolled out 15 measures to support pear pickers.\n\nThe measures were set out in a circular released"
        " by the Ministry of Agriculture and Rural Affairs and five other departments on Monday."
    )
    assert (record.instrument, record.title) == ("notice", "15 measures to support pear pickers")
    assert (record.issuers, record.issued_on) == (("Ministry of Agriculture and Rural Affairs",), "2031-11-24")


def test_the_document_is_the_plan_told_right_before() -> None:
    record = only(
        "A new action plan to boost orchards has been released.\n\nThe document, jointly issued by the Ministry of"
        " Agriculture and Rural Affairs and 10 other departments, says that robots should pick pears."
    )
    assert record.issuers == ("Ministry of Agriculture and Rural Affairs",)


def test_a_ratio_that_a_bank_will_cut_is_told_once() -> None:
    record = only("The People's Bank of China will cut the reserve requirement ratio by 0.5 percentage point.")
    assert (record.instrument, record.title) == (
        "decision",
        "cut the reserve requirement ratio by 0.5 percentage point",
    )


def test_a_second_guideline_with_a_verb_of_its_own_has_its_own_day() -> None:
    days = [
        record.issued_on
        for record in read(
            "The Ministry of Education issued a guideline on orchards in schools in June, and a second guideline, on"
            " the use of pears by teachers, was released on Monday."
        )
    ]
    assert days == ["2031-06", "2031-11-24"]


@pytest.mark.parametrize(
    ("sentence", "issuer", "day"),
    [
        (
            "China plans to have robots in all orchards by 2040, according to a guideline released by the National"
            " Health Commission and four other departments on Wednesday.",
            "National Health Commission",
            "2031-11-26",
        ),
        (
            "Shenzhen aims to have 1,200 orchards by 2040, according to an action plan released last year.",
            "Shenzhen Municipal People's Government",
            "2030",
        ),
    ],
)
def test_what_somebody_aims_at_according_to_a_document_is_told_by_the_document(
    sentence: str, issuer: str, day: str
) -> None:
    record = only(sentence)
    assert (record.status, record.issuers, record.issued_on) == ("issued", (issuer,), day)


def test_what_a_country_will_spend_is_a_measure_and_what_it_spent_a_figure() -> None:
    assert only("South Korea will spend 30 trillion won to develop its own pear robots.").status == "planned"
    assert read("South Korea spent 30 trillion won on pears last year.") == ()


def test_a_district_with_rules_like_those_told_has_rules() -> None:
    assert only("Longhua district has issued similar rules.").issuers == ("Longhua district government",)


def test_a_governor_acts_for_the_state_named_before() -> None:
    record = only("In May, California led the way when Governor Ann Sample signed a bill on orchards.")
    assert record.issuers == ("California",)


def test_the_tariff_of_the_sentence_before_only_gets_its_day() -> None:
    record = only(
        "US President Donald Trump signed a proclamation imposing a 25 percent tariff on some pears. The tariff, which"
        " takes effect on Dec 1, covers pears in crates."
    )
    assert (record.instrument, record.effective_on) == ("order", "2031-12-01")


@pytest.mark.parametrize(
    ("sentence", "salience"),
    [
        (
            "The duty will be added to the Crates and Orchards Bill, which is being debated in the House of Lords.",
            "background",
        ),
        ("Lawmakers in Washington are pushing a bill to make checks of pears compulsory.", "background"),
        ("The Norwegian Orchard Act is under review.", "news"),
    ],
)
def test_a_bill_that_is_debated_or_pushed_is_a_draft(sentence: str, salience: str) -> None:
    (record,) = (record for record in read(sentence) if record.instrument == "law")
    assert (record.status, record.salience) == ("draft", salience)
