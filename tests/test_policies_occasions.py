"""English news: the day of a measure, from its sentence or from the occasion it was told at. All sentences invented."""

import pytest

from pipeline.policies.dates import dates_in
from tests.policy_news import only, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("In April 2030, the city did. The next month, it issued", "2030-05"),
        ("In December 2030, the city did. The following month, it issued", "2031-01"),
        ("on the first day of 2029, it imposed", "2029-01-01"),
        ("over the weekend, it launched", "2031-11"),
    ],
)
def test_a_date_told_by_another(text: str, value: str) -> None:
    assert [when.value for when in dates_in(text, 0, len(text), "2031-11-28")][-1] == value


def test_the_next_month_of_nothing_is_no_date() -> None:
    assert dates_in("The next month, it issued", 0, 25, "2031-11-28") == []


def test_a_meeting_dates_what_it_approved() -> None:
    text = (
        "On Monday ministers held a meeting of the State Council. "
        "The meeting also approved an action plan on pear trees."
    )
    assert only(text).issued_on == "2031-11-24"


def test_the_conference_dates_what_was_unveiled_at_it() -> None:
    text = (
        "Jiangsu wants more pears, according to a news conference held on Tuesday. "
        "The Jiangsu provincial government unveiled an action plan for pear trees at the conference."
    )
    assert only(text).issued_on == "2031-11-25"


def test_an_occasion_of_several_days_supports_the_month_only() -> None:
    text = (
        "The conference, which concluded on Friday, drew growers. "
        "During the conference, the Jiangsu provincial government launched an action plan for pear trees."
    )
    assert only(text).issued_on == "2031-11"


def test_another_conference_dates_nothing() -> None:
    text = (
        "A pear show was held on Tuesday. "
        "The Jiangsu provincial government unveiled an action plan for pear trees at the conference."
    )
    assert only(text).issued_on is None


def test_a_law_revised_in_a_year_is_not_of_the_month_of_its_neighbour() -> None:
    text = (
        "China has built a framework for pears, including the Pear Safety Law, which was revised in 2029, and the"
        " guidelines issued in June this year on the use of ladders."
    )
    law = next(record for record in read(text) if record.instrument == "law")
    assert law.issued_on == "2029"


def test_what_took_effect_in_a_month_has_no_date_of_issue() -> None:
    record = only('Growers fear the "Big Ripe Pear Act", which took effect in July 2030, dealers in the US said.')
    assert (record.issued_on, record.effective_on) == (None, "2030-07")


def test_a_tax_to_take_effect_from_april_does_so_next_year() -> None:
    text = (
        "Orchards in Japan worry. The government plans to increase the pear tax, scheduled to take effect from April."
    )
    assert only(text, published="2031-12-18").effective_on == "2032-04"


def test_since_when_the_old_rules_held_is_no_date_of_the_change() -> None:
    text = (
        "Shanghai's legislature recently adopted a revision to the Regulations of Shanghai on Pear Trees, the third"
        " amendment since the rules took effect on May 12, 2025."
    )
    assert only(text).effective_on is None


@pytest.mark.parametrize(
    ("text", "published", "year"),
    [
        ("Pears were in the Government Work Report, which called for more trees.", "2031-11-28", "2031"),
        ("Pears were in the Government Work Report, which called for more trees.", "2031-01-28", "2030"),
        ("Pears were in last year's Government Work Report, which called for more trees.", "2031-11-28", "2030"),
        ("China's Government Work Report in 2027 for the first time called for more trees.", "2031-11-28", "2027"),
    ],
)
def test_the_year_of_a_work_report(text: str, published: str, year: str) -> None:
    record = only(text, published=published)
    assert (record.issued_on, record.salience) == (year, "background")


def test_a_report_that_the_mayor_delivers_is_of_the_day_the_mayor_spoke() -> None:
    text = (
        "Suzhou aims for more pears, Mayor Li Lizi said on Sunday. "
        "Delivering the government work report, Li said the city will plant more trees in 2032."
    )
    record = only(text)
    assert (record.issued_on, record.salience) == ("2031-11-23", "news")


def test_the_story_that_the_report_itself_opens_is_news() -> None:
    text = "The 2031 Government Work Report has set the goal of planting more trees."
    assert only(text).salience == "news"


def test_a_report_cited_for_its_words_is_background_however_fresh() -> None:
    text = (
        "Ties are good. "
        * 24
        + "Speaking to us, Lee saw hope in signals from the Government Work Report of Nov 24, which called for"
        " more trees."
    )
    assert only(text).salience == "background"


def test_a_report_delivered_only_to_count_is_no_record() -> None:
    text = (
        "Beijing leads in pear models, the mayor said on Saturday, delivering a government work report. "
        "The report noted that the value of the city's pears grew by 8 percent."
    )
    assert read(text) == ()


def test_the_updated_rules_come_into_force_for_the_regulation_named_before() -> None:
    text = (
        "Shanghai's legislature recently adopted a revision to the Regulations of Shanghai on Pear Trees. "
        "The updated rules come into force on Jan 1, 2032."
    )
    assert only(text).effective_on == "2032-01-01"


def test_a_standing_program_has_no_day_though_a_sum_for_it_has() -> None:
    text = "The Ministry of Finance on Friday paid 5 billion yuan in subsidies for the consumer goods trade-in program."
    program = next(record for record in read(text) if "program" in record.title)
    assert program.issued_on is None


@pytest.mark.parametrize(
    ("text", "issued_on"),
    [
        ("Money for this year's trade-in program for vans is lower than what growers got last year.", "2031"),
        ("A program of pears, the trade-in program, was announced in December 2030.", "2030-12"),
    ],
)
def test_the_year_of_a_trade_in_program(text: str, issued_on: str) -> None:
    assert only(text).issued_on == issued_on


def test_a_fresh_plan_deep_in_a_story_that_shares_one_word_with_the_headline_is_background() -> None:
    text = (
        "Pears are grown here. " * 80 + "Earlier this month, eight departments jointly issued an action plan on pears."
    )
    assert only(text, title="Experts: how pears change the world").salience == "background"


@pytest.mark.parametrize(
    ("text", "issued_on"),
    [
        (
            "In May, the Ministry of Commerce, together with others, rolled out the national standard on pears.",
            "2031-05",
        ),
        (
            "In 2031, pears made news, and earlier this month, the Ministry of Commerce released an action plan.",
            "2031-11",
        ),
    ],
)
def test_a_month_is_one_wherever_it_stands(text: str, issued_on: str) -> None:
    assert only(text).issued_on == issued_on


def test_another_paper_s_release_does_not_date_the_work_report() -> None:
    text = (
        "In 2031, pears stood in the Government Work Report, which asked for more, and earlier this"
        " month, after a long wait of the growers, several departments of the city released an action plan for pears."
    )
    assert next(record for record in read(text) if record.instrument == "other").issued_on == "2031"


def test_the_day_that_opens_the_sentence_is_that_of_the_effect() -> None:
    record = only("On Feb 1, a regulation on ladders issued by the State Council took effect.")
    assert (record.issued_on, record.effective_on) == (None, "2031-02-01")


def test_a_ban_laid_on_in_december_holds_since_then() -> None:
    record = only("Australia imposed a 10-year pear ban in December, and others watch.", published="2032-03-03")
    assert (record.issued_on, record.effective_on, record.salience) == (None, "2031-12", "background")


def test_what_they_also_approved_is_of_the_same_day() -> None:
    text = (
        "The State Council on Monday approved an action plan on pear trees. "
        "They also approved a regulation on apple trees."
    )
    second = next(record for record in read(text) if record.instrument == "regulation")
    assert second.issuers in {(), ("State Council",)}


def test_interim_measures_with_their_year_in_brackets() -> None:
    record = only("China issued the Interim Measures for the Care of Pear Trees (2029) to calm growers.")
    assert record.issued_on == "2029"


def test_what_is_to_come_has_no_date_of_issue() -> None:
    record = only("Shanghai plans to roll out a regulation for pear shops at the end of this year.")
    assert (record.status, record.issued_on) == ("planned", None)


def test_a_decision_cited_as_a_sign_of_something_is_background() -> None:
    text = (
        "Order reigns. "
        * 90
        + "The rule of law grows, as shown by the decision of the forest watchdog on Monday to prohibit the sale"
        " of the Pear Works."
    )
    assert only(text).salience == "background"


def test_a_title_that_breaks_off_goes_on_to_the_end_of_its_clause() -> None:
    record = only("The State Council on Monday announced its strategy to enter into the pear trade, growers said.")
    assert not record.title.endswith(" to")
