"""Labelled interviews and roundtables: who answers under which label, and what only looks like a label."""

from __future__ import annotations

import pytest

from pipeline.model import Article, Quote
from pipeline.quotes import find_quotes

ROUNDTABLE = """Editor's Note: Three guests spoke about trade. Marta Hollen, chief economist of Lanhai Bank, Lin Wei, \
a professor at Lanhai University, and Dorian Feld, founder of Yuanlu Motors Co, took part.

Where does growth come from?

Hollen: Services will lead. "Old" industry is slower.

We see that in every survey that we run.

Lin Wei: I would look at the towns.

Is the tariff a danger?

Feld: No. We sell at home.

Hollen: It is small, as the ministry said.

The interview was edited for length."""


def quotes(text: str, title: str | None = None) -> tuple[Quote, ...]:
    return find_quotes(Article(source="china_daily", text=text, title=title))


def test_each_answer_is_one_direct_quote_up_to_the_next_label_or_question() -> None:
    found = quotes(ROUNDTABLE)
    assert [(quote.cue, quote.speaker, quote.organization) for quote in found] == [
        ("Hollen:", "Marta Hollen", "Lanhai Bank"),
        ("Lin Wei:", "Lin Wei", "Lanhai University"),
        ("Feld:", "Dorian Feld", "Yuanlu Motors Co"),
        ("Hollen:", "Marta Hollen", "Lanhai Bank"),
    ]
    assert {quote.kind for quote in found} == {"direct"}
    assert found[0].span.text.startswith("Services will lead.")
    assert found[0].span.text.endswith("every survey that we run.")
    assert found[1].span.text == "I would look at the towns."
    assert found[-1].span.text == "It is small, as the ministry said."


def test_what_the_page_reports_above_the_interview_is_read_as_ever() -> None:
    found = quotes(ROUNDTABLE.replace("took part.", "took part. The Ministry of Commerce said trade will grow."))
    assert (found[0].speaker, found[0].span.text) == ("Ministry of Commerce", "trade will grow")
    assert len(found) == 5


def test_a_surname_that_the_page_never_spells_out_stays_a_surname() -> None:
    text = "We invited executives of two firms.\n\nQ1 How is trade?\n\nHollen: Good.\n\nFeld: Fair."
    text += "\n\nQ2 What comes next?\n\nHollen: More.\n\nFeld: Less."
    assert [(quote.speaker, quote.role, quote.span.text) for quote in quotes(text)] == [
        ("Hollen", "executive", "Good."),
        ("Feld", "executive", "Fair."),
        ("Hollen", "executive", "More."),
        ("Feld", "executive", "Less."),
    ]


def test_letters_for_question_and_answer() -> None:
    text = (
        "Lin Wei is chairman of Yuanlu Motors Co.\n\nQ: How were sales?\n\nA: They doubled.\n\nQ: And now?\n\nA: More."
    )
    found = quotes(text, title="Answers from Lin Wei")
    assert [(quote.cue, quote.speaker, quote.title, quote.span.text) for quote in found] == [
        ("A:", "Lin Wei", "chairman", "They doubled."),
        ("A:", "Lin Wei", "chairman", "More."),
    ]


def test_the_one_who_only_asks_is_no_source() -> None:
    text = "{0}: How were sales?\n\nLin Wei, head of Yuanlu Motors Co: They doubled.\n\n{0}: And now?\n\nLin Wei: More."
    for asking in ("China Daily", "Moderator", "Qiu Benli"):
        found = quotes(text.format(asking))
        assert [(quote.speaker, quote.organization) for quote in found] == [("Lin Wei", "Yuanlu Motors Co")] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Plan your day.\n\nTime: 10 am to 5 pm.\n\nVenue: Lanhai Museum.\n\nSource: Lanhai Daily\n\nPhoto: Lin Wei",
        "Two ports grew.\n\nBeijing: 12 million.\n\nShanghai: 14 million.\n\nBeijing: 3 million cars.",
        "The list is out.\n\nOutstanding Prize: two films.\n\nOutstanding Prize: two books.\n\nHuawei: three.",
        "There is one question: who pays?\n\nNote: Prices rose.\n\nNote: Wages did not.",
    ],
)
def test_facts_after_a_colon_are_no_answers(text: str) -> None:
    assert quotes(text) == ()


def test_a_verb_before_the_colon_reports_as_ever() -> None:
    text = (
        'Lin Wei, founder of Lanhai Foods, said: "We sell more."\n\nQiu Benli, head of Lanhai Port, added: "It is big."'
    )
    assert [(quote.cue, quote.speaker) for quote in quotes(text)] == [("said", "Lin Wei"), ("added", "Qiu Benli")]


def test_marks_around_a_whole_answer_are_left_out() -> None:
    found = quotes("Hollen: “It grows.”\n\nFeld: It does.\n\nHollen: Yes.\n\nFeld: Indeed.")
    assert found[0].span.text == "It grows."


def test_thousands_of_labels_are_read_in_linear_time() -> None:
    found = quotes("\n\n".join(f"Hollen: line {number}.\n\nWhy?" for number in range(3000)))
    assert len(found) == 3000


def test_an_executive_whom_nobody_introduces_speaks_for_the_firm_of_the_answers() -> None:
    text = "We invited executives of two firms.\n\nQ1 How is trade?\n\nHollen: It helps Lanhai Pump Co and us.\n\n"
    text += (
        "Feld: Fair. Our Yuanlu Motors sells more.\n\nQ2 What comes next?\n\nHollen: More.\n\nFeld: Less than before."
    )
    assert [quote.organization for quote in quotes(text)] == ["Lanhai Pump Co", "Yuanlu Motors"] * 2
    shared = text.replace("Lanhai Pump Co", "Yuanlu Motors")
    assert {quote.organization for quote in quotes(shared)} == {None}
