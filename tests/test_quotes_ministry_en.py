"""The ministry's English transcripts and notices: who is quoted there. All texts invented."""

from pipeline.model import Article, Quote
from pipeline.quotes import find_quotes

NOTICE = "MOFCOM Announcement No. 40 of 2031 on Initiating Interim Review of Sample Glass"


def read(text: str, title: str = "MOFCOM Regular Press Conference (July 7, 2031)") -> tuple[Quote, ...]:
    return find_quotes(Article(source="mofcom", text=text, title=title, published="2031-07"))


def test_reporters_by_any_label_end_the_answer() -> None:
    text = (
        "Lin Dayang: Good afternoon.\n\nReporter from CCTV: How is trade?\n\nLin Dayang: It grows.\n\n"
        "Xinhua reporter: New curbs were announced. What next?\n\nLin Dayang: China will respond."
    )
    assert [q.span.text for q in read(text)] == ["Good afternoon.", "It grows.", "China will respond."]


def test_a_heading_with_a_colon_inside_an_answer_is_no_question() -> None:
    text = (
        "Lin Dayang: Two points.\n\nForeign Trade: exports grew.\n\nCGTN: What about imports?\n\nLin Dayang: They grew."
    )
    assert [q.span.text for q in read(text)] == ["Two points.\n\nForeign Trade: exports grew.", "They grew."]


def test_the_label_of_a_turn_may_hold_post_and_ministry() -> None:
    (first,) = read("Spokesperson of MOFCOM Shu Ting: Good afternoon, friends.\n\nQ: What is new?")
    assert (first.speaker, first.title, first.organization) == ("Shu Ting", "Spokesperson", "MOFCOM")


def test_whom_the_host_presents_keeps_the_post_that_the_host_names() -> None:
    text = (
        "Lin Dayang: Let me invite Li Xing, Deputy Director General of the Department of Sample Trade, to speak.\n\n"
        "Li Xing: Thank you. Sales rose."
    )
    *_, quote = read(text)
    assert (quote.speaker, quote.title) == ("Li Xing", "Deputy Director General of the Department of Sample Trade")


def test_the_head_of_a_department_belongs_to_the_ministry_as_printed() -> None:
    text = "After that, head of MOFCOM’s Department of Samples answered questions.\n\nQ: Why?\n\nA: To help."
    (quote,) = read(text, "On the Sample Rules")
    assert quote.organization == "MOFCOM"


def test_the_applicants_of_a_notice_are_the_firms_that_it_calls_so() -> None:
    text = (
        'Huli Glass Co., Ltd. and Sea Glass Limited Company (hereinafter referred to as “the Applicants")'
        " wrote to the ministry. The Applicants believed that dumping had increased."
    )
    (quote,) = read(text, NOTICE)
    assert (quote.speaker, quote.speaker_type) == ("Huli Glass Co., Ltd. and Sea Glass Limited Company", "organization")
    assert quote.span.text == "dumping had increased"


def test_what_a_notice_follows_is_no_source() -> None:
    text = "According to the results of the review, the Ministry of Commerce will drop the duties."
    assert read(text, NOTICE) == ()


def test_a_straight_mark_closes_a_curly_one_that_has_no_partner() -> None:
    (quote,) = read('Lin Wei, chairman of Huli Glass, said, “We will grow," and left.', "A Visit")
    assert (quote.span.text, quote.speaker) == ("We will grow,", "Lin Wei")


def test_labels_of_every_print_open_the_turns_of_one_speaker() -> None:
    for label, outlet in (
        ("[Lin Dayang]", "[CCTV]"),
        ("Mr. Lin Dayang:", "CCTV:"),
        ("Lin Dayang (spokesman):", "Question from CCTV:"),
        ("Lin Dayang:\n\n", "CCTV:\n\n"),
    ):
        found = read(f"{label} Good afternoon.\n\n{outlet} What is new?\n\n{label} Trade grew.")
        assert [(q.speaker, q.span.text) for q in found] == [
            ("Lin Dayang", "Good afternoon."),
            ("Lin Dayang", "Trade grew."),
        ]


def test_a_post_printed_once_goes_on_with_the_name() -> None:
    first, second = read("MOFCOM Spokesperson Lin Dayang: Good day.\n\nCCTV: What is new?\n\nLin Dayang: Trade grew.")
    assert (first.title, first.organization) == (second.title, second.organization) == ("Spokesperson", "MOFCOM")


def test_a_bare_spokesperson_answers_for_the_ministry() -> None:
    *_, quote = read("Spokesperson: Good day.\n\nCCTV: What is new?\n\nSpokesperson: Trade grew.")
    assert (quote.speaker, quote.organization, quote.span.text) == ("MOFCOM spokesperson", "MOFCOM", "Trade grew.")
