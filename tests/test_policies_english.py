"""English news: who issued what, when, as draft, plan or repeal, and what is none. All sentences invented."""

import pytest

from pipeline.model import Article
from pipeline.policies import find_dropped
from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("sentence", "instrument", "issuers", "issued_on"),
    [
        (
            ("The Ministry of Commerce issued a guideline on Nov 21 to support the sample trade."),
            "guideline",
            ("Ministry of Commerce",),
            "2031-11-21",
        ),
        (
            ("A guideline to support the sample trade was issued by the State Council on Thursday."),
            "guideline",
            ("State Council",),
            "2031-11-27",
        ),
        (
            (
                "In September, the NDRC and the Ministry of Finance jointly released an action"
                " plan for sample recycling."
            ),
            "plan",
            ("National Development and Reform Commission", "Ministry of Finance"),
            "2031-09",
        ),
        (
            "China's cyberspace regulator has published interim measures on sample services.",
            "measures",
            ("Cyberspace Administration of China",),
            None,
        ),
        (
            "Shanghai rolled out a five-point action plan to help sample makers.",
            "plan",
            ("Shanghai Municipal People's Government",),
            None,
        ),
        (
            ("The European Union has launched an investigation into the sample parcel service."),
            "other",
            ("European Union",),
            None,
        ),
        (
            "The United States on Monday imposed tariffs on sample imports from China.",
            "decision",
            ("United States",),
            "2031-11-24",
        ),
        (
            (
                "The Beijing Municipal Bureau of Sample Affairs released the Action Plan for"
                " Promoting Samples (2031-33)."
            ),
            "plan",
            ("Beijing Municipal Bureau of Sample Affairs",),
            None,
        ),
        (
            (
                "Unveiled by the Shanghai municipal government on Nov 9, the action plan to"
                " support sample makers runs for three years."
            ),
            "plan",
            ("Shanghai Municipal People's Government",),
            "2031-11-09",
        ),
        (
            "Last week, the State Council approved a regulation on sample safety.",
            "regulation",
            ("State Council",),
            "2031-11",
        ),
        ("Japan adopted a framework law on samples in 2029.", "law", ("Japan",), "2029"),
        (
            "The Hong Kong government introduced a pilot program for sample imports.",
            "pilot",
            (("Hong Kong Special Administrative Region government"),),
            None,
        ),
    ],
)
def test_an_authority_a_verb_of_issuing_and_an_instrument(
    sentence: str, instrument: str, issuers: tuple[str, ...], issued_on: str | None
) -> None:
    record = only(sentence)
    assert (record.instrument, record.issuers, record.issued_on) == (instrument, issuers, issued_on)
    assert record.evidence[0].text == sentence


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("The Ministry of Commerce will issue a guideline to support the sample trade.", "planned"),
        ("The Ministry of Commerce plans to roll out an action plan for sample recycling.", "planned"),
        ("The country's aviation regulator has released a draft regulation on balloon flights.", "draft"),
        ("The Ministry of Commerce drafted a regulation on sample imports.", "draft"),
        ("The State Council abolished the regulation on sample fees.", "repealed"),
        ("The United States will impose tariffs on sample imports.", "planned"),
    ],
)
def test_planned_drafted_and_repealed(sentence: str, status: str) -> None:
    assert only(sentence).status == status


@pytest.mark.parametrize(
    "sentence",
    [
        "Sample Group launched a five-year plan to double its sales.",
        "The company released a guideline on sample design.",
        "Retail sales rose 5 percent in October, the National Bureau of Statistics said on Monday.",
        "The Ministry of Commerce held a meeting on foreign trade with the sample association.",
        "The Ministry of Commerce urged the United States to lift its tariffs on samples.",
        "Policymakers may well introduce a package of relief measures.",
        "China adopted more proactive macro policies, which helped the economy, he added." + " Filler." * 120,
        "A white paper on sample trends was released by the Sample Industry Association.",
        "According to the Sample Law, importers must register.",
        "The court ruled that the sample maker had broken the law.",
        "China should issue a guideline on samples, he suggested.",
        "Sample makers hired many people during the 17th Five-Year Plan (2036-40) period.",
        "The mayor said the city's GDP grew while delivering a government work report.",
        "Does the ministry plan to issue a guideline on samples?",
        "",
    ],
)
def test_what_is_no_announcement(sentence: str) -> None:
    assert read(sentence) == ()


def test_an_instrument_in_several_sentences_is_one_record_with_its_name_and_details() -> None:
    text = (
        "China has rolled out a guideline to make harbors sample-friendly.\n\n"
        "The guideline, jointly issued by 11 departments, including the National"
        " Development and Reform Commission and the Cyberspace"
        " Administration of China, holds 21 measures.\n\n"
        "The guideline also highlights sample-oriented planning."
    )
    record = only(text)
    assert record.issuers == ("National Development and Reform Commission", "Cyberspace Administration of China")
    assert [span.text[:13] for span in record.evidence] == ["China has rol", "The guideline", "The guideline"]


def test_a_lead_and_the_name_in_the_second_paragraph_are_one_plan() -> None:
    text = (
        "China's cultural authorities have released an action plan aimed at reviving sample drama.\n\n"
        "The Three-Year Action Plan for Reviving Sample Theaters (2031-33) was"
        " released in October by the Ministry of Culture and Tourism."
    )
    record = only(text)
    assert record.title == "Three-Year Action Plan for Reviving Sample Theaters (2031-33)"
    assert (record.issuers, record.issued_on) == (("Ministry of Culture and Tourism",), "2031-10")


def test_measures_that_a_guideline_details_are_the_guideline() -> None:
    text = (
        "The Ministry of Commerce issued fresh measures on Nov 12 to help Wuxi,"
        " Jiangsu province, open its market wider.\n\n"
        "These measures were detailed in a guideline to help sample harbors, asking"
        " shipyards to hire apprentices."
    )
    record = only(text)
    assert (record.instrument, record.title) == ("guideline", "a guideline to help sample harbors")
    assert record.issued_on == "2031-11-12"
    assert record.regions == ("Wuxi, Jiangsu province",)
    assert len(record.evidence) == 2


def test_a_campaign_takes_the_name_that_is_given_later_and_the_day_it_runs_from() -> None:
    text = (
        "China has launched a summer campaign to crack down on fake samples.\n\n"
        'The campaign, named "Clean Samples 2031", places films among its priorities.\n\n'
        "Running from June to October, the campaign covers 40 towns."
    )
    record = only(text, published="2031-06-03")
    assert (record.title, record.effective_on, record.action) == ("Clean Samples 2031", "2031-06", "regulation")


def test_the_ministry_that_answers_for_its_country_is_the_issuer() -> None:
    record = only("China has issued a notice on sample ferries, the Ministry of Transport said on Friday.")
    assert record.issuers == ("Ministry of Transport",)


def test_a_city_government_is_found_from_the_story_s_own_city() -> None:
    text = "On Sunday a new action plan for night buses was released by the municipal government."
    assert only(text, title="Shenzhen launches plan").issuers == ("Shenzhen Municipal People's Government",)


def test_old_instruments_are_background_and_fresh_ones_news() -> None:
    text = (
        "The Ministry of Commerce issued a guideline on samples on Nov 27.\n\n"
        + "Traders welcomed the move. " * 60
        + "\n\n"
        "In 2025, the Ministry of Finance released an action plan for sample subsidies."
    )
    fresh, old = read(text)
    assert (fresh.salience, old.salience) == ("news", "background")
    assert old.issued_on == "2025"


def test_a_recent_date_makes_news_deep_in_the_story() -> None:
    text = (
        "Traders are busy. " * 90
        + "\n\nOn Thursday, the Ministry of Finance released an action plan for sample subsidies."
    )
    assert only(text).salience == "news"


def test_a_deed_in_an_after_clause_is_background() -> None:
    text = "The envoy spoke up after the United States government banned sample exports to Peru."
    record = only(text)
    assert (record.salience, record.issuers) == ("background", ("United States",))


def test_two_deeds_of_one_subject_are_two_records() -> None:
    text = (
        "The United States ordered its shipping lines to leave Samplecorp alone"
        " and put 20 companies on an export blacklist."
    )
    order, listing = read(text)
    assert (order.instrument, listing.instrument) == ("order", "list")
    assert listing.action == "export_control"


def test_an_agreement_that_comes_into_force() -> None:
    record = only("The Samplia-Chile Trade Agreement came into effect on February 1 last year.", published="2032-01-09")
    assert (record.instrument, record.effective_on, record.action) == ("agreement", "2031-02-01", "opening")


def test_a_name_and_the_number_in_brackets_after_it_are_one_record() -> None:
    text = (
        "With the consent of the State Council, MOFCOM promulgated the Rules on Answering"
        " Sample Fees (MOFCOM’s order No.1 in 2031,"
        " hereinafter referred to as the Rules) on February 3. The Rules help small shops."
    )
    record = only(text, published="2031-02", title="Head of Department answers", source="mofcom")
    assert record.title == "Rules on Answering Sample Fees"
    assert (record.number, record.issuers) == ("MOFCOM Order No. 1 of 2031", ("Ministry of Commerce",))
    assert (record.instrument, record.issued_on) == ("measures", "2031-02-03")


def test_we_is_the_ministry_in_a_press_conference_and_the_country_in_a_comment() -> None:
    text = "We will impose tariffs of the same height and breadth."
    assert only(text, source="mofcom", title="MOFCOM Spokesman Comments on the US Measures").issuers == ()
    planned = (
        "Zhang Sample: We will, together with the departments concerned, draft"
        " several new policies to steady trade in samples."
    )
    record = only(planned, source="mofcom", title="MOFCOM Regular Press Conference (July 16, 2031)")
    assert (record.issuers, record.status, record.salience) == (("Ministry of Commerce",), "planned", "news")


def test_five_year_plans_and_work_reports_are_known_by_name() -> None:
    text = (
        "Two bridges stand in the draft outline of the 16th Five-Year Plan (2031-35).\n\n"
        "Lin cited this year's Government Work Report on samples."
    )
    plan, report = read(text)
    assert (plan.instrument, plan.status, plan.salience) == ("plan", "draft", "background")
    assert (report.instrument, report.issuers, report.issued_on) == ("other", ("State Council",), "2031")


def test_without_a_date_of_its_own_an_article_dates_nothing() -> None:
    assert (
        only("The Ministry of Commerce issued a guideline on Thursday to support samples.", published=None).issued_on
        is None
    )  # type: ignore[arg-type]


def test_what_was_dropped_is_explained() -> None:
    article = Article(source="china_daily", text="The company released a guideline on sample design.")
    (dropped,) = find_dropped(article)
    assert (dropped.kind, dropped.why.cue, dropped.reason) == ("policy", "released", "no public authority acts")
    assert dropped.span.text == article.text


def test_a_record_says_why_it_was_made() -> None:
    record = only("Shanghai rolled out a five-point action plan to help sample makers.")
    assert record.why is not None
    assert (record.why.rule, record.why.cue) == ("issued", "rolled out")
    assert record.why.chain == ("Shanghai", "Shanghai Municipal People's Government")


def test_a_name_before_its_relative_clause() -> None:
    text = (
        "Hosts are labeled under the Measures for the Supervision of Samples, which the State Administration for"
        " Market Regulation and the Cyberspace Administration of China issued on Monday."
    )
    record = only(text)
    assert record.title == "Measures for the Supervision of Samples"
    assert record.issuers == ("State Administration for Market Regulation", "Cyberspace Administration of China")
    assert record.issued_on == "2031-11-24"


def test_a_short_number_after_the_full_one_is_more_evidence() -> None:
    text = (
        "The Ministry of Commerce published export licenses in Announcement No 41 of 2031 on Saturday.\n\n"
        "Announcement No 41 takes effect soon, dealers said."
    )
    record = only(text)
    assert record.number == "MOFCOM Announcement No. 41 of 2031"
    assert len(record.evidence) == 2


def test_drafting_under_way_is_a_draft() -> None:
    assert (
        only("The Standardization Administration of China is drafting national standards on samples.").status == "draft"
    )
