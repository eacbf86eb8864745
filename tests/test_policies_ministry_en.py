"""The ministry's English news, remarks and press conferences, one invented page a sort."""

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def page(text: str, title: str, published: str = "2031-11-05") -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="mofcom", text=text, title=title, published=published))


def test_a_press_conference_is_of_the_day_that_its_title_prints() -> None:
    text = (
        "1. On November 28 the State Council issued the Opinions on Village Fairs. What comes next?\n\n"
        "A: The Opinions are important."
    )
    (record,) = page(text, "Regular Press Conference of the Ministry of Commerce on December 2, 2031", "2032-01")
    assert (record.issued_on, record.salience) == ("2031-11-28", "news")


def test_what_a_question_tells_and_the_answer_dates_is_news() -> None:
    text = (
        "Sample News: We learned that the China-Huliland FTA Upgrade Protocol has come into effect. Any details?\n\n"
        "Lin Dayang: The China-Huliland FTA Upgrade Protocol came into force on December 31, 2030."
    )
    (record,) = page(text, "MOFCOM Regular Press Conference (January 9, 2031)", "2031")
    assert (record.effective_on, record.salience, record.action) == ("2030-12-31", "news", "opening")


def test_a_probe_launched_recently_is_news() -> None:
    text = (
        "Sample News: We hear that MOFCOM recently launched an anti-dumping investigation into cider. Why?\n\n"
        "Lin Dayang: The application met the conditions."
    )
    (record,) = page(text, "MOFCOM Regular Press Conference (January 11, 2031)", "2031-01")
    assert record.salience == "news"


def test_by_whose_leave_it_was_issued_is_no_part_of_its_name() -> None:
    text = (
        "MOFCOM published the Regulations on Sample Lists (MOFCOM Order No. 4, 2031) on October 19.\n\n"
        "A. MOFCOM has since published the Regulations with the consent of the State Council."
    )
    (record,) = page(text, "Head of the Department of Samples of MOFCOM on Regulations on Sample Lists", "2031-10")
    assert (record.title, record.number) == ("Regulations on Sample Lists", "MOFCOM Order No. 4 of 2031")


def test_a_law_has_no_ministry_as_its_issuer_and_its_regulations_are_an_instrument_of_their_own() -> None:
    text = (
        "Lin Dayang: Fair rents are a rule that we kept to in formulating the Sample Harbor Law.\n\n"
        "The regulations for the implementation of the Sample Harbor Law further specify these provisions."
    )
    law, rules = page(text, "Regular Press Conference (May 7, 2031)", "2031-05")
    assert (law.instrument, law.issuers) == ("law", ())
    assert rules.title == "regulations for the implementation of the Sample Harbor Law"
    assert (rules.instrument, rules.salience) == ("regulation", "background")


def test_a_period_of_dates_dates_what_began_then() -> None:
    text = (
        "Sample News: What is the response?\n\nLin Dayang: Upon request, MOFCOM initiated anti-dumping investigations"
        " into cider originating from Huliland from 19 November to 21 December 2030."
    )
    (record,) = page(text, "Regular Press Conference (May 14, 2031)", "2031-05")
    assert record.title.endswith("originating from Huliland")
    assert record.issued_on == "2030-11-19"


def test_what_was_signed_on_a_visit_has_its_whole_name_and_the_month_of_the_visit() -> None:
    text = (
        "On July 3-4, the president visited Russia.\n\nDuring the president’s visit to Russia, the ministers of the two"
        " countries signed the Joint Statement between the Ministry of Commerce and the Sample Ministry on the Study of"
        " a Sample Economic Partnership, deciding to begin."
    )
    (record,) = page(text, "Lin Dayang Meets the Press", "2031-07")
    assert record.title == (
        "Joint Statement between the Ministry of Commerce and the Sample Ministry on the Study of a Sample Economic"
        " Partnership"
    )
    assert (record.issued_on, record.action) == ("2031-07", "opening")


def test_a_suspension_is_a_decision_and_what_it_suspends_stays_background() -> None:
    text = (
        "A: China has decided to suspend for one year the measures under the April 4 announcement"
        " (Unreliable Entity List Working Mechanism Announcement No. 7 of 2031) as of November 10, 2031."
    )
    records = page(text, "MOFCOM Spokesperson’s Remarks on the Unreliable Entity List", "2031-11-10")
    decision = next(r for r in records if r.instrument == "decision")
    listed = next(r for r in records if r.number)
    assert (decision.issuers, decision.effective_on) == (("Unreliable Entity List Working Mechanism",), "2031-11-10")
    assert (listed.salience, listed.effective_on, listed.issued_on) == ("background", None, "2031-04-04")


def test_concluded_negotiations_are_an_agreement_to_come() -> None:
    text = (
        "On May 20, the ministers announced the full conclusion of negotiations on the China-Huliland Free Trade Area."
    )
    (record,) = page(text, "China and Huliland Conclude Negotiations", "2031-05-21")
    assert (record.title, record.instrument) == ("China-Huliland Free Trade Area", "agreement")
    assert (record.status, record.action) == ("planned", "opening")


def test_another_government_that_would_end_duties_plans_it() -> None:
    text = (
        "Sample News: The Australian government announced on December 20 that it would end anti-dumping duties on"
        " Chinese towers. What is the comment?\n\nLin Dayang: We have noted the decision."
    )
    (record,) = page(text, "MOFCOM Regular Press Conference (December 26, 2031)", "2031")
    assert (record.issuers, record.status) == (("Australia",), "planned")
    assert (record.issued_on, record.action) == ("2031-12-20", "trade_remedy")


def test_an_announcement_that_ends_before_its_decision_is_shown_by_what_is_its_own() -> None:
    text = (
        "MOFCOM released MOFCOM Announcement No. 25 of 2029 on August 19, 2029, and decided to implement anti-dumping"
        " measures against imports of sample glass.\n\nOn August 9, 2031, Huli Glass Co., Ltd. asked for a review."
    )
    own, earlier = page(text, "MOFCOM Announcement No. 40 of 2031 on Initiating Interim Review of Sample Glass")
    assert own.evidence[0].text.startswith("On August 9, 2031")
    assert earlier.number == "MOFCOM Announcement No. 25 of 2029"


def test_a_joint_announcement_keeps_the_abbreviations_that_it_prints() -> None:
    text = "It is decided to implement export control on the following items:\n\nI. Sample powder.\n\nOctober 9, 2031"
    (record,) = page(text, "MOFCOM and GAC Announcement No. 55 of 2031 on Implementing Export Control on Sample Powder")
    assert record.number == "MOFCOM and GAC Announcement No. 55 of 2031"
    assert record.issuers == ("Ministry of Commerce", "General Administration of Customs")
    assert record.title == "Implementing Export Control on Sample Powder"


def test_a_joint_statement_is_a_page_of_its_own() -> None:
    text = (
        "The Government of the United States of America and the Government of China,\n\n"
        "Recognizing the importance of trade;\n\nCommit to take the following actions."
    )
    (record,) = page(text, "Joint Statement on the Sample Trade Meeting", "2031-05-12")
    assert (record.instrument, record.issuers) == ("statement", ("United States", "Chinese government"))


def test_rules_against_the_reach_of_foreign_law_are_sanctions_of_ours() -> None:
    text = "MOFCOM promulgated the Rules on Counteracting the Extra-territorial Application of Samples on May 9."
    (record,) = page(text, "MOFCOM on the Rules", "2031-05")
    assert record.action == "sanction"


@pytest.mark.parametrize(
    "text",
    [
        "Sample Daily: In its recently published white paper Samples in China, AmCham China says it is worried.",
        "Lin Dayang: In accordance with the regulations for the implementation of the Sample Law, all are equal.",
        "The two sides exchanged views on the conclusion of the meeting.",
    ],
)
def test_papers_of_chambers_legal_bases_and_talks_are_no_records(text: str) -> None:
    assert page(text, "Regular Press Conference (May 7, 2031)") == ()


def test_what_was_released_recently_is_news_of_all_the_departments_that_are_counted() -> None:
    text = (
        "CNS: What is new?\n\nLin Dayang: Recently, the Ministry of Commerce released the Work Plan on Sample Shops."
        " On May 15, MOFCOM and 11 other departments issued the Notice on Supporting Sample Catering."
    )
    plan, notice = page(text, "MOFCOM Regular Press Conference (May 22, 2031)", "2031")
    assert (plan.title, plan.salience) == ("Work Plan on Sample Shops", "news")
    assert (notice.issuers, notice.issued_on) == (("Ministry of Commerce",), "2031-05-15")


def test_the_day_from_which_a_duty_is_levied_is_no_part_of_its_title() -> None:
    text = "A: China has decided to impose an additional tariff of 34 percent on sample goods from April 10."
    (record,) = page(text, "MOFCOM Spokesperson’s Remarks", "2031-04-04")
    assert record.title.endswith("on sample goods")
    assert (record.effective_on, record.salience, record.action) == ("2031-04-10", "news", "tariff")


def test_the_guidance_of_another_country_supports_nothing_here() -> None:
    text = (
        "Sample News: The US Commerce Department issued guidance on May 13 on sample chips. Any comment?\n\n"
        "Lin Dayang: The US abuses export control."
    )
    (record,) = page(text, "MOFCOM Regular Press Conference (May 15, 2031)", "2031")
    assert (record.issuers, record.action) == (("US Department of Commerce",), "export_control")


def test_an_order_under_its_own_masthead_has_that_number_and_comes_into_force_days_later() -> None:
    text = (
        "Order of the Ministry of Commerce and the National Development and Reform Commission\n\nNo. 37\n\n"
        "The Measures for the Review of Samples are hereby promulgated and shall come into force 30 days after the date"
        " of promulgation.\n\nDecember 19, 2030"
    )
    (record,) = page(text, "Measures for the Review of Samples", "2030-12-25")
    assert (record.instrument, record.number) == ("order", "MOFCOM and NDRC Order No. 37 of 2030")
    assert (record.issued_on, record.effective_on) == ("2030-12-19", "2031-01-18")


def test_deposits_begin_on_the_day_that_a_ruling_names() -> None:
    text = (
        "MOFCOM hereby announces the preliminary ruling as follows:\n\nStarting from November 6, 2031, importers shall"
        " provide deposits.\n\nNovember 3, 2031"
    )
    (record,) = page(
        text, "MOFCOM Announcement No. 44 of 2031 on Preliminary Ruling of the Anti-dumping Case", "2031-11"
    )
    assert (record.issued_on, record.effective_on) == ("2031-11-03", "2031-11-06")


def test_a_deadline_counted_from_the_announcement_is_no_day_of_effect() -> None:
    text = (
        "The Ministry of Commerce decides to launch a trade barrier investigation. It is hereby announced that it"
        " shall be concluded within 6 months from the date of this announcement."
    )
    (record,) = page(text, "MOFCOM Announcement No. 34 of 2031 on a Trade Barrier Investigation", "2031-09-25")
    assert (record.effective_on, record.action) == (None, "trade_remedy")


def test_the_body_before_those_that_it_acts_together_with_leads() -> None:
    text = "The Ministry of Commerce, together with the Ministry of Finance, released the Guidelines on Sample Exports."
    (record,) = page(text, "MOFCOM Releases Guidelines", "2031-06-12")
    assert record.issuers == ("Ministry of Commerce", "Ministry of Finance")


def test_a_law_in_the_name_of_its_regulations_did_not_come_into_force_with_them() -> None:
    text = "Sample News: The Regulations on Implementing the Sample Sanctions Law took effect on March 24. What next?"
    (record,) = page(f"{text}\n\nLin Dayang: We will see.", "MOFCOM Regular Press Conference (April 3, 2031)", "2031")
    assert record.title == "Regulations on Implementing the Sample Sanctions Law"
    assert record.effective_on == "2031-03-24"


def test_what_a_country_said_on_a_day_that_it_will_do_was_announced_on_that_day() -> None:
    text = "Sample News: Japan said on June 11 that it will suspend sample exports. Any comment?\n\nLin Dayang: We see."
    (record,) = page(text, "MOFCOM Regular Press Conference (June 19, 2031)", "2031")
    assert (record.status, record.issued_on, record.issuers) == ("planned", "2031-06-11", ("Japan",))


def test_a_listing_that_an_answer_explains_is_a_list_of_the_mechanism_of_the_day_of_the_question() -> None:
    text = (
        "Q: On May 19, the Unreliable Entity List Working Mechanism announced sanctions on firms. Why?\n\n"
        "A: The Working Mechanism decided to include Bluestone Inc. and ten other firms on the Unreliable Entity List."
    )
    records = page(text, "MOFCOM Spokesperson’s Remarks on Listings", "2031-05-20")
    record = next(r for r in records if r.instrument == "list")
    assert (record.issuers, record.issued_on) == (("Unreliable Entity List Working Mechanism",), "2031-05-19")
    assert (record.action, record.salience) == ("sanction", "news")


def test_what_a_question_said_would_be_listed_has_been_when_the_answer_says_so() -> None:
    text = (
        "Q: MOFCOM announced on May 18 that it would put 16 firms on the export control list. Why?\n\n"
        "A: By law, China decided to add 16 firms to the export control list."
    )
    (record,) = page(text, "MOFCOM Spokesperson’s Remarks", "2031-05-20")
    assert (record.status, record.issued_on, record.action) == ("issued", "2031-05-18", "export_control")


def test_a_suspension_in_the_present_tense_begins_on_the_day_before_it() -> None:
    text = "A: As of May 14, China suspends the April 4 announcement (MOFCOM Announcement No. 21 of 2031) for 90 days."
    records = page(text, "MOFCOM Spokesperson’s Remarks", "2031-05-14")
    decision = next(r for r in records if r.instrument == "decision")
    assert (decision.effective_on, decision.issuers) == ("2031-05-14", ("Ministry of Commerce",))
