"""Which clauses report: verbs and adjectives of saying, participles, planned words. People and firms are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Article
from pipeline.quotes import find_quotes

PERSON = "Han Meilin, chief engineer at Yuanlu Motors Co"


def reports(text: str) -> list[tuple[str, str]]:
    found = find_quotes(Article(source="china_daily", text=text))
    return [(quote.speaker, quote.span.text) for quote in found]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("is optimistic that the ferry will pay for itself", "the ferry will pay for itself"),
        ("was worried that spare parts could run out", "spare parts could run out"),
        ("expressed worries that the quay is too short", "the quay is too short"),
        ("cautioned against reading too much into one good month", "against reading too much into one good month"),
        ("urged closer ties between the two yards", "closer ties between the two yards"),
        ("singled out paint as the weakest link", "paint as the weakest link"),
        ("said amid the rush for orders, the yard remains calm", "amid the rush for orders, the yard remains calm"),
    ],
)
def test_adjectives_and_noun_phrases_report(sentence: str, words: str) -> None:
    assert reports(f"{PERSON}, {sentence}.") == [("Han Meilin", words)]


@pytest.mark.parametrize(
    "sentence",
    [
        "ruled in favor of a supplier that used recycled steel",
        "took the ferry as an example of nothing",
        "cited the ferry as an example",
        "has three projects such as the 2021 ferry line",
    ],
)
def test_deeds_and_examples_do_not(sentence: str) -> None:
    assert reports(f"{PERSON}, {sentence}.") == []


def test_it_is_certain_has_no_source() -> None:
    assert reports("It is certain that the bridge will open in spring.") == []


def test_words_announced_before_they_are_spoken() -> None:
    text = f"{PERSON}, arrived late.\n\nHan was expected to argue that night shifts should end."
    assert reports(text) == [("Han Meilin", "night shifts should end")]


def test_a_participle_after_words_that_were_issued() -> None:
    text = "The Ministry of Commerce issued a notice on Friday, highlighting the need for cleaner ports."
    assert reports(text) == [("Ministry of Commerce", "the need for cleaner ports")]


def test_a_participle_after_a_speech() -> None:
    text = f"{PERSON}, left.\n\nHan delivered a speech highlighting the patience of welders."
    assert reports(text) == [("Han Meilin", "the patience of welders")]


def test_a_participle_after_an_attitude() -> None:
    text = "Port managers praised the new cranes, highlighting their low noise at night."
    assert reports(text) == [("Port managers", "their low noise at night")]


def test_a_participle_about_things_is_no_report() -> None:
    assert reports("The new cranes cut noise by half, highlighting the value of patient design.") == []


def test_a_phrase_with_its_own_source() -> None:
    text = "Sales of small vans rose in May, with dealers saying that farmers buy most of them."
    assert reports(text) == [("dealers", "farmers buy most of them")]


def test_a_share_of_people_is_no_source() -> None:
    assert reports("Sales rose in May, with 60 percent of buyers saying that they live on farms.") == []


def test_a_second_verb_of_a_document() -> None:
    text = "The draft sets a limit for noise, and calls on ports to move night traffic inland."
    assert reports(text) == [("The draft", "ports to move night traffic inland")]


def test_encouraging_is_no_word() -> None:
    assert reports("The plan sets a limit for noise, and encourages ports to move night traffic inland.") == []


def test_a_sentence_that_is_reported_as_a_whole() -> None:
    text = f"{PERSON}, left.\n\nBoth yards should share their docks, train welders, and call for calm, Han said."
    assert reports(text) == [
        ("Han Meilin", "Both yards should share their docks, train welders, and call for calm"),
    ]


def test_a_verb_in_progress_reports() -> None:
    text = "Shipyard owners are urging the city to dredge the river before winter."
    assert reports(text) == [("Shipyard owners", "the city to dredge the river before winter")]


def test_a_plan_is_no_word() -> None:
    text = (
        f"{PERSON}, left.\n\nUnder the new contract, Han pledged to work at night, to train welders and to rest less."
    )
    assert reports(text) == []


def test_a_fronted_phrase_waits_for_its_clause() -> None:
    text = f"{PERSON}, left.\n\nCompared with other ports, Han said, the yard has calm water."
    assert reports(text) == [("Han Meilin", "Compared with other ports, Han said, the yard has calm water")]


def test_a_sentence_closed_by_its_source_is_reported_as_a_whole() -> None:
    text = f"{PERSON}, left.\n\nThe storm underscored the value of calm water and of patience, Han said."
    assert reports(text) == [("Han Meilin", "The storm underscored the value of calm water and of patience")]


def test_two_sources_one_inside_the_other() -> None:
    text = (
        "Anglers claim the river is clean, though Lanhai Shipping Co maintains it was never dirty, Harbor Daily noted."
    )
    assert ("Lanhai Shipping Co", "it was never dirty") in reports(text)


def test_a_newspaper_reported() -> None:
    text = "The river has been dredged twice since spring, Harbor Economic Daily reported."
    assert reports(text) == [("Harbor Economic Daily", "The river has been dredged twice since spring")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The yard, often described as a sleeping giant, opened in May.",
        "The river is regarded as a gift.",
        "The yard needs welders, fitters, think tanks and patience.",
        "The joint report acknowledged the progress achieved in dredging.",
    ],
)
def test_passives_and_things_are_no_reports(sentence: str) -> None:
    assert reports(sentence) == []


def test_what_the_source_did_besides_is_cut_off() -> None:
    text = f"{PERSON}, stressed the need for calm water, vowing to dredge the river twice a year."
    assert reports(text) == [("Han Meilin", "the need for calm water")]


def test_a_source_between_dashes() -> None:
    text = (
        "Han Meilin, president of Yuanlu Motors Co — a maker of ferries and vans — told China Daily that rates are low."
    )
    assert reports(text) == [("Han Meilin", "rates are low")]


def test_one_person_without_a_name() -> None:
    text = "The river will be dredged again, a senior harbor source said."
    assert reports(text) == [("a senior harbor source", "The river will be dredged again")]


def test_a_theme_in_marks_is_no_speech() -> None:
    text = (
        f'{PERSON}, said rates are low.\n\nThe fair was held under the theme: "Calm Water, Full Holds and Good Paint."'
    )
    assert reports(text) == [("Han Meilin", "rates are low")]


@pytest.mark.parametrize(
    ("sentence", "speaker", "words"),
    [
        ("In his view, the river is a teacher.", "Han Meilin", "the river is a teacher"),
        (
            'For Han, the price of calm water is "a patience that few ports have".',
            "Han Meilin",
            "a patience that few ports have",
        ),
        ("The river is a teacher, as Han noted.", "Han Meilin", "The river is a teacher"),
    ],
)
def test_opinions_without_a_verb_before_them(sentence: str, speaker: str, words: str) -> None:
    assert (speaker, words) in reports(f"{PERSON}, said rates are low.\n\n{sentence}")


@pytest.mark.parametrize("sentence", ["For Han, the work is hard.", "For example, the river froze twice."])
def test_for_somebody_or_example_is_no_opinion(sentence: str) -> None:
    assert reports(f"{PERSON}, said rates are low.\n\n{sentence}") == [("Han Meilin", "rates are low")]


def test_what_is_stressed_in_a_document() -> None:
    text = "To calm the river, a slow and steady approach is stressed in the guideline on inland ports."
    assert [words for _, words in reports(text)] == ["a slow and steady approach"]


def test_who_passes_a_report_on_takes_no_part_of_it() -> None:
    text = "Lanhai Shipping Co said rates are stable, according to the Harbor Daily."
    assert reports(text) == [("Lanhai Shipping Co", "rates are stable")]


def test_people_of_a_poll_are_its_figures() -> None:
    text = "About 60 percent of anglers said they believed the river is clean, according to a poll by Lanhai Institute."
    assert [words for _, words in reports(text)] == [
        "About 60 percent of anglers said they believed the river is clean"
    ]


def test_a_missing_space_after_a_full_stop_ends_the_sentence_all_the_same() -> None:
    text = f"{PERSON}, said rates are low and calm.Han added that welders are patient."
    assert [words for _, words in reports(text)] == ["rates are low and calm", "welders are patient"]


def test_a_full_clause_beside_words_in_marks() -> None:
    text = (
        f"{PERSON}, said the ferry line will close for two weeks in July, "
        'a pause that is "overdue by at least ten summers".'
    )
    assert [words for _, words in reports(text)] == [
        "the ferry line will close for two weeks in July",
        "overdue by at least ten summers",
    ]


def test_a_setting_in_marks_leaves_the_clause_outside() -> None:
    text = (
        f"{PERSON}, left.\n\n"
        'Amid "rising water and falling prices everywhere", calm trade is of great value to both towns, Han said.'
    )
    assert [words for _, words in reports(text)] == [
        "rising water and falling prices everywhere",
        "calm trade is of great value to both towns",
    ]


def test_an_attribution_right_after_a_connective() -> None:
    text = f"{PERSON}, left.\n\nFor example, Han said, the ferry was moved to the north bank."
    assert [words for _, words in reports(text)] == ["the ferry was moved to the north bank"]


def test_a_forecast_before_its_source_closes_the_sentence() -> None:
    assert reports("The river will stay open all winter, harbor pilots predicted.") == [
        ("harbor pilots", "The river will stay open all winter")
    ]


def test_according_to_a_pronoun() -> None:
    text = f"{PERSON}, left.\n\nThe repairs took eleven days, according to him."
    assert reports(text) == [("Han Meilin", "The repairs took eleven days")]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("expressed the hope the river will stay open", "the river will stay open"),
        ("cited strong demand for small ferries", "strong demand for small ferries"),
        ("sees huge potential in night ferries", "huge potential in night ferries"),
        ("sees ferries increasingly replacing bridges", "ferries increasingly replacing bridges"),
    ],
)
def test_hopes_grounds_and_prospects(sentence: str, words: str) -> None:
    assert reports(f"{PERSON}, {sentence}.") == [("Han Meilin", words)]


def test_an_assembly_speaks_at_its_first_mention() -> None:
    text = "In May, a national river conference called for calm water and for slower boats."
    assert [words for _, words in reports(text)] == ["calm water and for slower boats"]


def test_an_article_of_a_law_states() -> None:
    assert reports("Article 7 states that boats yield to swimmers.") == [("Article 7", "boats yield to swimmers")]


def test_how_something_is_done_is_no_source() -> None:
    assert reports("The funds are shared out among the ports according to local demand and merit.") == []


def test_a_contrast_ends_at_its_comma() -> None:
    text = "While some observers forecast low water, the river has risen since March."
    assert reports(text) == [("some observers", "low water")]


def test_words_of_a_document_without_a_verb_that_reports() -> None:
    text = 'The city has issued a new guideline, aiming at a river where the young can "swim, fish and dream in peace".'
    found = find_quotes(Article(source="china_daily", text=text))
    assert [(quote.kind, quote.speaker_type, quote.span.text) for quote in found] == [
        ("partial", "document", "swim, fish and dream in peace")
    ]


def test_a_phrase_that_may_be_a_name_is_no_word_of_the_document() -> None:
    assert reports('The city has issued a new guideline on "calm and clean river towns".') == []


def test_a_judgment_beside_the_report_is_its_own() -> None:
    text = f"{PERSON}, said that boats are getting smaller — a change he described as a gift to the river."
    assert [words for _, words in reports(text)] == ["boats are getting smaller", "a gift to the river"]


def test_that_after_a_noun_is_no_report() -> None:
    text = f"{PERSON}, left.\n\nHan vowed to act at once, following local reports that the river is dirty."
    assert reports(text) == []


def test_a_feeling_without_a_clause_is_no_report() -> None:
    assert reports("Many anglers feel outrun by boats designed for speed.") == []


def test_an_adverb_before_the_participle() -> None:
    text = f"{PERSON}, called for calm water, specifically highlighting the needs of swimmers."
    assert [words for _, words in reports(text)] == ["calm water", "the needs of swimmers"]


def test_what_somebody_calls_a_thing() -> None:
    text = f"{PERSON}, left.\n\nThe river must stay open, Han said, calling it the calmest road in the country."
    assert [words for _, words in reports(text)] == ["The river must stay open", "it the calmest road in the country"]


def test_words_said_online() -> None:
    assert reports("Some of the passengers revealed online that the ferry had no bell.") == [
        ("Some of the passengers", "the ferry had no bell")
    ]


def test_a_view_after_a_noun_phrase() -> None:
    text = f"{PERSON}, highlighted the patience of welders, viewing it as key to calm water."
    assert [words for _, words in reports(text)] == ["the patience of welders", "it as key to calm water"]


def test_what_a_relative_clause_is_about_speaks() -> None:
    text = "In May the ministry released the River Work Plan for 2026, which explicitly called for slower boats."
    assert reports(text) == [("the River Work Plan for 2026", "slower boats")]


def test_a_time_between_the_verb_and_the_need() -> None:
    text = f"{PERSON}, has emphasized during both meetings the need for slower boats."
    assert reports(text) == [("Han Meilin", "the need for slower boats")]


def test_a_remark_about_something_in_marks() -> None:
    text = 'As a resident of Lanhai remarked regarding the ferry: "If it floats, why should I swim at all?"'
    assert [words for _, words in reports(text)] == ["If it floats, why should I swim at all?"]


def test_a_relative_clause_keeps_its_source_inside() -> None:
    text = "The yard bought a crane, which harbor pilots said will calm the water."
    assert [words for _, words in reports(text)] == ["which harbor pilots said will calm the water"]


def test_grounds_are_cut_off_a_report() -> None:
    text = "Lanhai Shipping Co says the fees are unfair, citing the price of paint."
    assert [words for _, words in reports(text)] == ["the fees are unfair"]


def test_an_apposition_with_places_before_the_report() -> None:
    text = "According to Qiu Benli, manager of Lanhai in Asia, Middle East and Africa, the crane is quiet."
    assert [words for _, words in reports(text)] == ["the crane is quiet"]


def test_the_writers_of_a_standfirst_are_no_sources() -> None:
    assert (
        reports("Buried for years, the old cranes tell how a river grew calm, Qiu Benli and Han Meilin report.") == []
    )


def test_a_clause_with_subject_and_verb_in_marks_is_direct() -> None:
    found = find_quotes(Article(source="china_daily", text=f'{PERSON}, said that "there is no quiet crane in town".'))
    assert [quote.kind for quote in found] == ["direct"]


def test_according_to_after_a_connective_phrase() -> None:
    text = "In contrast, according to a Lanhai report, boats on the lake were only half as fast."
    assert [words for _, words in reports(text)] == [
        "In contrast, according to a Lanhai report, boats on the lake were only half as fast"
    ]


def test_often_seen_as_has_no_source() -> None:
    assert reports("Often seen as a nuisance, boats are in truth a road for everybody.") == []


def test_it_that_stands_for_a_thing_does_not_speak() -> None:
    text = (
        "Lanhai Shipping Co said rates are low.\n\n"
        "Quiet cranes are a gift that few ports have. It highlights how patient design can calm a river."
    )
    assert reports(text) == [("Lanhai Shipping Co", "rates are low")]


def test_it_that_stands_for_a_report_speaks() -> None:
    text = "The Lanhai report said rates are low. It also highlights the need for quiet cranes."
    assert [words for _, words in reports(text)] == ["rates are low", "the need for quiet cranes"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "According to Han, a welder earns 31 yuan an hour, which is low.",
            "a welder earns 31 yuan an hour, which is low",
        ),
        ("According to Lanhai Co, the city's oldest yard, the river is calm.", "the river is calm"),
    ],
)
def test_an_apposition_of_the_source_or_the_report_itself(text: str, words: str) -> None:
    assert [found for _, found in reports(f"{PERSON}, left.\n\n{text}")] == [words]


def test_a_question_in_marks_that_somebody_asks() -> None:
    text = f'{PERSON}, left.\n\n"Does the river not feel like an old friend?" asks Han, who grew up there.'
    assert ("Han Meilin", "Does the river not feel like an old friend?") in reports(text)
