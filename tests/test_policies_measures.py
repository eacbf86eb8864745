"""English news: works by their names, public money, rates, and what reports and plans hold. All sentences invented."""

import pytest

from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("sentence", "instrument", "title"),
    [
        ("The Sampleton Vision 2050, adopted in 2029, envisioned calm seas.", "statement", "Sampleton Vision 2050"),
        (
            "In March 2030, China enacted its first lake-specific law, the Poyang Sample Protection Law, which pleased"
            " many.",
            "law",
            "Poyang Sample Protection Law",
        ),
        (
            "In July 2030, the 9th Sample Summit adopted the Leaders' Statement on the Governance of Samples, which"
            " laid out principles.",
            "statement",
            "Leaders' Statement on the Governance of Samples",
        ),
        (
            "The promulgation of the Interim Measures for the Upkeep of Sample Lakes in 2029 reflected it.",
            "measures",
            "Interim Measures for the Upkeep of Sample Lakes",
        ),
        ("The meeting produced the landmark Sampleton Declaration, signed by 28 countries.", "statement",
         "Sampleton Declaration"),
    ],
)  # fmt: skip
def test_a_work_with_a_verb_beside_its_name(sentence: str, instrument: str, title: str) -> None:
    record = only(sentence)
    assert (record.instrument, record.title) == (instrument, title)


def test_several_laws_share_one_verb() -> None:
    text = (
        "In spring, the National People's Congress adopted the Sample Promotion Law, and amended the"
        " Tree Law, the Lake Law and the Sample Trade Law."
    )
    assert [r.title for r in read(text)] == ["Sample Promotion Law", "Tree Law", "Lake Law", "Sample Trade Law"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Samples are handled in accordance with the Sample Protection Law.",
        "On Monday, Samplewei unveiled the Omega Scaling Law, a new principle for chips.",
        "She teaches at the Law School of Sample University.",
    ],
)
def test_a_name_that_is_cited_or_no_law_of_state(sentence: str) -> None:
    assert read(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "The Ministry of Finance has allocated 6.5 billion yuan ($0.9 billion) in special subsidies for sample"
            " farms.",
            "6.5 billion yuan ($0.9 billion) in special subsidies for sample farms",
        ),
        (
            "The second batch of subsidy funds totaling 720 million yuan has been disbursed to towns.",
            "second batch of subsidy funds totaling 720 million yuan",
        ),
        (
            "Local governments allocated a total of 38 million yuan in ferry vouchers.",
            "38 million yuan in ferry vouchers",
        ),
    ],
)
def test_a_sum_that_an_authority_sets_aside(sentence: str, title: str) -> None:
    record = only(sentence)
    assert (record.instrument, record.title, record.action) == ("other", title, "support")


@pytest.mark.parametrize(
    "sentence",
    [
        "The company raised 5 billion yuan in funds for its plant.",
        "The firm received 1 million yuan in subsidies and moved on.",
        "Sales of samples generated 2.6 billion yuan in funds for the group.",
    ],
)
def test_a_sum_that_no_authority_gives(sentence: str) -> None:
    assert read(sentence) == ()


def test_the_trade_in_program_by_what_it_pays_for() -> None:
    record = only("Many sold rusty vans under Hubei's auto trade-in program, figures show.")
    assert (record.instrument, record.title, record.salience) == ("plan", "auto trade-in program", "background")


def test_a_trade_in_program_that_somebody_wishes_for_is_none() -> None:
    assert read("Economists hope that a trade-in program may follow.") == ()


def test_a_central_bank_moves_a_rate() -> None:
    record = only("The Federal Reserve cut interest rates by 25 basis points on Wednesday.")
    assert (record.instrument, record.title) == ("decision", "cut interest rates by 25 basis points")
    assert (record.issuers, record.issued_on) == (("US Federal Reserve",), "2031-11-26")


def test_a_rate_that_analysts_expect_is_none() -> None:
    assert read("Analysts said the Federal Reserve may cut interest rates next year.") == ()


def test_money_set_aside_for_a_package() -> None:
    text = "The central government has earmarked 70 billion yuan to roll out a joint package of sample policies."
    assert only(text).title == "a joint package of sample policies"


def test_what_a_report_proposes_is_planned() -> None:
    record = only("The report proposes issuing a list of closed roads for truck drivers.")
    assert (record.instrument, record.status) == ("list", "planned")


def test_a_task_of_a_regulator_is_planned() -> None:
    text = "Among this year's tasks for the fisheries regulator is to formulate a work plan to protect samples."
    assert (only(text).instrument, only(text).status) == ("plan", "planned")


def test_revisions_that_are_under_way() -> None:
    record = only("Traders welcome the ongoing revisions of the sample law, which aim at fraud.")
    assert (record.instrument, record.status) == ("law", "planned")


def test_a_year_before_the_noun_tells_the_instrument() -> None:
    record = only("According to the 2029 interim regulations for managing sample robots, staff oversee them.")
    assert (record.instrument, record.issued_on, record.salience) == ("regulation", "2029", "background")


def test_a_pilot_that_is_under_way_and_a_widened_access() -> None:
    text = "China is piloting floating sample stalls in 30 ports and expanding market access for foreign ferries."
    assert [(r.instrument, r.title) for r in read(text)] == [
        ("pilot", "piloting floating sample stalls in 30 ports"),
        ("other", "expanding market access for foreign ferries"),
    ]


def test_departments_by_the_body_that_leads_them() -> None:
    text = "Six departments, led by the Ministry of Transport, unveiled a plan on Wednesday to mend roads."
    record = only(text)
    assert (record.issuers, record.issued_on) == (("Ministry of Transport",), "2031-11-26")


def test_a_five_year_plan_by_what_stands_in_it() -> None:
    assert only("Such ferries fit the 16th Five-Year Plan (2031-35), which lists samples.").title == (
        "16th Five-Year Plan (2031-35)"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Output doubled during the 17th Five-Year Plan period, ferrymen said.",
        "This year marks the start of the 16th Five-Year Plan (2031-35), traders said.",
    ],
)
def test_a_five_year_plan_as_a_period(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_list_of_people_is_no_instrument() -> None:
    assert read("The African Union unveiled a list of 25 candidates for its sample jury.") == ()


def test_an_agreement_with_an_agency_of_a_ministry() -> None:
    text = (
        "The association signed a cooperation agreement with the Sample Promotion Agency of the Ministry of Fisheries."
    )
    assert only(text).issuers == ("Sample Promotion Agency of the Ministry of Fisheries",)


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("China's Sample Information Protection Law requires consent.", "Sample Information Protection Law"),
        ("Peru's parliament on Friday approved a supplementary budget.", "a supplementary budget"),
        ("Under a sample policy introduced in May, firms get loans.", "a sample policy introduced in May"),
        ("The export quota for teas was published by the Ministry of Commerce on Monday.", "export quota for teas"),
        ("Australia's sample media ban for minors came into force in December.", "sample media ban for minors"),
        (
            "Kenya has extended zero-tariff access to pears from its neighbors.",
            "extended zero-tariff access to pears from its neighbors",
        ),
        ("The newly issued rules on sample exports take effect on Jan 1.", "rules on sample exports"),
    ],
)  # fmt: skip
def test_measures_in_other_words(sentence: str, title: str) -> None:
    assert only(sentence).title.removeprefix("Australia's ") == title


def test_a_president_signs_an_order() -> None:
    record = only("President Sample signed an executive order on Monday imposing limits on samples.")
    assert (record.instrument, record.issued_on) == ("order", "2031-11-24")


def test_a_program_cited_for_the_sales_it_drove_is_none() -> None:
    assert read("The trade-in program had driven sales of 1.9 trillion yuan, figures show.") == ()


def test_a_program_by_who_launched_it() -> None:
    text = "The national trade-in program was launched by the National Development and Reform Commission in March 2030."
    assert only(text).issuers == ("National Development and Reform Commission",)


def test_several_firms_on_one_list() -> None:
    text = "The Unreliable Entity List Working Mechanism added Sample Systems, Tall Aero Inc and Pem Signal Corp to its"
    assert only(f"{text} unreliable entity list on Tuesday.").instrument == "list"


def test_what_an_authority_decided_on() -> None:
    record = only("The US Department of Commerce decided on anti-dumping duties on sample panels in October.")
    assert (record.title, record.issued_on) == ("anti-dumping duties on sample panels", "2031-10")


def test_a_body_that_is_said_to_approve_in_passing() -> None:
    text = "Voting ended on Thursday at noon with the National People's Congress approving an outline of the"
    record = read(f"{text} 16th Five-Year Plan.")[0]
    assert (record.issuers, record.issued_on) == (("National People's Congress",), "2031-11-27")


def test_a_resolution_of_a_plenary_session() -> None:
    record = only(
        "The resolution of the second Plenary Session of the 19th CPC Central Committee promised to widen it."
    )
    assert (record.instrument, record.issuers) == ("decision", ("CPC Central Committee",))


def test_a_body_that_said_so_on_a_day_dates_what_it_tells() -> None:
    text = "China has issued a notice on ferries, the Ministry of Transport said on"
    record = only(f"{text} Friday.")
    assert (record.issued_on, record.issuers) == ("2031-11-28", ("Ministry of Transport",))


def test_a_summit_dates_what_it_issued_by_its_year() -> None:
    text = "The 2029 APEC Economic Leaders' Meeting issued the Sample Statement on a New Look at Trade."
    assert only(text).issued_on == "2029"


def test_a_policy_in_force_that_is_named_as_context() -> None:
    record = only("Guests praised China's unilateral visa-free policy for sailors, and left.")
    assert (record.title, record.action) == ("unilateral visa-free policy for sailors", "opening")
    assert record.salience == "background"
