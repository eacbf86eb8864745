"""English quotes: each rule of grammar on a sentence of its own; people and firms are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Article, Quote
from pipeline.quotes import find_candidates, find_quotes


def quotes(text: str) -> tuple[Quote, ...]:
    return find_quotes(Article(source="china_daily", text=text))


def only(text: str) -> Quote:
    found = quotes(text)
    assert len(found) == 1, [quote.span.text for quote in found]
    return found[0]


PERSON = "Han Meilin, chief engineer at Yuanlu Motors Co"


# -- where the attribution stands


def test_source_before_the_report() -> None:
    quote = only(f"{PERSON}, said the new plant will open in May.")
    assert (quote.kind, quote.span.text, quote.cue) == ("indirect", "the new plant will open in May", "said")
    assert (quote.speaker, quote.organization) == ("Han Meilin", "Yuanlu Motors Co")


def test_that_is_no_part_of_the_report() -> None:
    assert only(f"{PERSON}, said at a forum that costs are falling.").span.text == "costs are falling"


def test_inverted_source_after_the_report() -> None:
    quote = only("Exports will recover by autumn, said Qiu Benli, president of Lanhai Shipping Co Ltd.")
    assert (quote.span.text, quote.speaker, quote.title) == ("Exports will recover by autumn", "Qiu Benli", "president")


def test_source_at_the_end() -> None:
    assert only(f"{PERSON}, left.\n\nThe line is ready, Han said in an interview.").span.text == "The line is ready"


def test_attribution_in_the_middle_stays_inside() -> None:
    text = f"{PERSON}, left.\n\nThe line was rebuilt, Han said, so that it can make buses."
    assert only(text).span.text == "The line was rebuilt, Han said, so that it can make buses"


def test_according_to_first_and_last() -> None:
    first = only("According to the Ministry of Commerce, trade grew 4 percent last year.")
    last = only("Trade grew 4 percent last year, according to figures from the Ministry of Commerce.")
    assert first.speaker == last.speaker == "Ministry of Commerce"
    assert (first.span.text, last.span.text) == ("trade grew 4 percent last year", "Trade grew 4 percent last year")


def test_two_sources_share_a_sentence() -> None:
    found = quotes("Lanhai Shipping Co said rates are stable, while Yuanlu Motors Co said they will rise.")
    assert [(quote.speaker, quote.span.text) for quote in found] == [
        ("Lanhai Shipping Co", "rates are stable"),
        ("Yuanlu Motors Co", "they will rise"),
    ]


def test_a_participle_goes_on_with_the_same_source() -> None:
    found = quotes(f'{PERSON}, left.\n\n"We are ready," Han said, adding that tests began in June.')
    assert [quote.span.text for quote in found] == ["We are ready,", "tests began in June"]
    assert {quote.speaker for quote in found} == {"Han Meilin"}


def test_a_fronted_participle_is_a_report_of_its_own() -> None:
    found = quotes("Noting that demand is weak, Qiu Benli, president of Lanhai Shipping Co, said that rates will fall.")
    assert [quote.span.text for quote in found] == ["demand is weak", "rates will fall"]


def test_a_second_verb_has_the_same_subject() -> None:
    found = quotes("Qiu Benli, president of Lanhai Shipping Co, praised the port, and said it has room to grow.")
    assert [(quote.speaker, quote.span.text) for quote in found] == [("Qiu Benli", "it has room to grow")]


def test_a_relative_clause_reports_too() -> None:
    found = quotes('"It works," said Qiu Benli, president of Lanhai Shipping Co, who expects sales to double.')
    assert [quote.span.text for quote in found] == ["It works,", "sales to double"]


def test_a_source_inside_the_report_is_part_of_it() -> None:
    quote = only("Qiu Benli, president of Lanhai Shipping Co, said he expects to hire more pilots.")
    assert (quote.span.text, quote.speaker) == ("he expects to hire more pilots", "Qiu Benli")


def test_a_team_inside_the_report_is_no_source_of_its_own() -> None:
    quote = only("Qiu Benli, president of Lanhai Shipping Co, said her team expects the port to grow.")
    assert (quote.span.text, quote.speaker) == ("her team expects the port to grow", "Qiu Benli")


def test_a_company_after_a_post_is_no_person() -> None:
    text = "Tan Li, president of Yuanlu-backed Lanhai Engine, said the company's model now sells well."
    assert only(text).speaker == "Tan Li"


# -- what is no report


@pytest.mark.parametrize(
    "text",
    [
        "The firm added a second line in May.",
        "A market report by Lanhai shows sales of 3 million.",
        "The initiative proposed by China places trade first, and it works.",
        "According to Article 7 of the harbor rules, the fee shall be paid.",
        "The city is estimated to grow by 3 percent.",
    ],
)
def test_plain_statements_are_no_quotes(text: str) -> None:
    assert quotes(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        'The "Made in Lanhai 2030" plan covers ten sectors.',
        'Its screen is 6.7" wide and its frame 2" thick.',
        'The town calls itself a "smart harbor" on its signs.',
    ],
)
def test_names_terms_and_inches_are_no_quotes(text: str) -> None:
    assert all(quote.kind == "indirect" for quote in quotes(text))


# -- marks


def test_a_split_quotation_is_two_quotes() -> None:
    found = quotes(f'{PERSON}, left.\n\n"We waited long," Han said. "Now we can build."')
    assert [(quote.kind, quote.span.text) for quote in found] == [
        ("direct", "We waited long,"),
        ("direct", "Now we can build."),
    ]


def test_a_quotation_over_paragraphs_is_one_quote_each() -> None:
    text = f'{PERSON}, left.\n\n"The first half was slow," Han said.\n\n"The second will be better.\n\n"We hire again."'
    assert [quote.speaker for quote in quotes(text)] == ["Han Meilin"] * 3


def test_nested_curly_marks_are_one_quote() -> None:
    quote = only(f"{PERSON}, said: “They told us ‘no’ and then “maybe” again.”")
    assert quote.span.text == "They told us ‘no’ and then “maybe” again."


def test_a_fragment_in_a_paraphrase_is_partial_and_alone() -> None:
    quote = only('Qiu Benli, president of Lanhai Shipping Co, described the rule as a "warm rain after winter".')
    assert (quote.kind, quote.span.text) == ("partial", "warm rain after winter")


def test_a_term_in_marks_leaves_the_paraphrase_whole() -> None:
    quote = only('Analysts said the "two new" policy will last.')
    assert (quote.kind, quote.speaker_type) == ("indirect", "unnamed")


def test_a_speaker_named_later_owns_the_quote() -> None:
    text = '"The harbor froze for a month."\n\n"We lost two ships," said Qiu Benli, president of Lanhai Shipping Co.'
    assert [quote.speaker for quote in quotes(text)] == ["Qiu Benli", "Qiu Benli"]


def test_a_missing_space_before_a_mark_does_not_hide_the_quote() -> None:
    text = f'{PERSON}, left.\n\n"We tried," Han said."Nobody came to the harbor."'
    assert [quote.span.text for quote in quotes(text)] == ["We tried,", "Nobody came to the harbor."]


def test_a_colon_gives_the_quote_to_the_subject_of_its_sentence() -> None:
    text = f'{PERSON}, left.\n\nHan recalled one night: "We found a man at the crossing."'
    assert only(text).speaker == "Han Meilin"


def test_a_theme_in_marks_is_a_name() -> None:
    quote = only('The fair, held under the theme of "Salt for the Greater Good", opened on Monday, organizers said.')
    assert quote.kind == "indirect"


def test_a_document_may_be_named_by_its_title_in_marks() -> None:
    quote = only('According to the "Harbor Plan for Salt (2026-28)", the city will focus on salt.')
    assert (quote.speaker, quote.speaker_type) == ("Harbor Plan for Salt (2026-28)", "document")


# -- speakers


def test_surname_pronoun_and_post_lead_to_the_full_name() -> None:
    text = (
        f"{PERSON}, said the plant is new. Han said it is large. She said it is clean.\n\n"
        "The engineer said it is quiet."
    )
    assert {quote.speaker for quote in quotes(text)} == {"Han Meilin"}


def test_compound_surnames_and_surnames_that_look_like_words() -> None:
    text = (
        "Ouyang Qinghe, a researcher at Beihai University, said data is scarce. Ouyang said more is coming.\n\n"
        "He Lan, founder of Xinya Robotics, said parts are cheap. He said they will stay so."
    )
    assert [quote.speaker for quote in quotes(text)] == ["Ouyang Qinghe"] * 2 + ["He Lan"] * 2


def test_western_names_with_particles() -> None:
    quote = only("Pieter van der Meulen, manager of the Dutch Tulip Association, said bulbs are dear.")
    assert (quote.speaker, quote.organization, quote.role) == (
        "Pieter van der Meulen",
        "Dutch Tulip Association",
        "expert",
    )


def test_the_last_subject_owns_the_pronoun() -> None:
    text = (
        "Qiu Benli, president of Lanhai Shipping Co, said rates fell.\n\n"
        'Dirk Roche, former minister for ports, opposed the plan. "It is wrong," he said.'
    )
    assert quotes(text)[-1].speaker == "Dirk Roche"


def test_short_forms_of_bodies_lead_to_the_full_name() -> None:
    text = (
        "The Ministry of Commerce said talks will go on. The ministry said a date is set. "
        "The General Office of Salt Supervision (GOSS) said stocks are high. GOSS said prices are low."
    )
    assert [quote.speaker for quote in quotes(text)] == ["Ministry of Commerce"] * 2 + [
        "General Office of Salt Supervision"
    ] * 2


def test_documents_speak() -> None:
    quote = only("The guideline said that research is also encouraged.")
    assert (quote.speaker, quote.speaker_type) == ("The guideline", "document")


def test_a_country_is_an_organization() -> None:
    assert only("China announced that its output grew 5 percent.").speaker_type == "organization"


# -- posts


@pytest.mark.parametrize(
    ("phrase", "title", "organization", "role"),
    [
        (
            "Li Wen, vice-president and chief analyst of Xinya China,",
            "vice-president and chief analyst",
            "Xinya China",
            "expert",
        ),
        (
            "Li Wen, a senior professor at the Beihai International University in Cambodia,",
            "senior professor",
            "Beihai International University",
            "expert",
        ),
        (
            "Li Wen, deputy director of the Ministry of Culture and Tourism's department of music,",
            "deputy director of the department of music",
            "Ministry of Culture and Tourism",
            "official",
        ),
        (
            "Li Wen, an executive at Wuxi-based cell therapy company Neolan Biotherapeutics,",
            "an executive",
            "Wuxi-based cell therapy company Neolan Biotherapeutics",
            "executive",
        ),
        ("Li Wen, a senior executive at Xinya,", "senior executive", "Xinya", "executive"),
        ("Li Wen, head of Xinya's smart vehicle unit,", "head", "Xinya's smart vehicle unit", "executive"),
        (
            "Li Wen, a researcher at the Department of Botany at Kenya's Beihai University,",
            "researcher at the Department of Botany",
            "Beihai University",
            "expert",
        ),
        ("Xinya founder and CEO Li Wen", "founder and CEO", "Xinya", "executive"),
        ("Spanish Prime Minister Ana Torres", "Prime Minister", None, "official"),
        ("Li Wen, 32, a farmer,", "farmer", None, "other"),
        (
            "Li Wen, a deputy to the people's congress of Huli and an academician at the Chinese Academy of Salt,",
            "academician",
            "Chinese Academy of Salt",
            "expert",
        ),
    ],
)
def test_a_post_is_split_into_title_and_organization(
    phrase: str, title: str | None, organization: str | None, role: str
) -> None:
    quote = only(f"{phrase} said supply will remain tight.")
    assert (quote.title, quote.organization, quote.role) == (title, organization, role)


def test_the_company_is_the_one_named_before() -> None:
    text = 'Workers at Fuda Food Co are busy. "Orders came early," said Xie Lan, the company\'s general manager.'
    assert only(text).organization == "Fuda Food Co"


def test_a_post_given_later_fills_the_first_mention() -> None:
    text = (
        "Robert Barnley came to Harbin.\n\n"
        '"I saw much," Barnley, who is national chairman of the Harbor Citizens Party, told China Daily.'
    )
    quote = only(text)
    assert (quote.speaker, quote.title, quote.organization) == (
        "Robert Barnley",
        "national chairman",
        "Harbor Citizens Party",
    )


# -- why


def test_every_candidate_says_which_rule_and_which_mentions() -> None:
    text = f"{PERSON}, said the plant is new. She said it is clean."
    first, second = find_candidates(Article(source="china_daily", text=text))
    assert first.rule == "source-first"
    assert second.speaker is not None
    assert second.speaker.chain == ("She",)


# -- who is meant, over the whole article


def test_a_person_quoted_in_the_passive_is_the_source() -> None:
    quote = only('"Fares are falling," Ke Yan, a professor at Lanhai University, was quoted by a newspaper as saying.')
    assert (quote.speaker, quote.span.text) == ("Ke Yan", "Fares are falling,")
    paraphrase = only("Fares had begun to fall, Ke Yan, a professor at Lanhai University, was quoted as saying.")
    assert (paraphrase.speaker, paraphrase.span.text) == ("Ke Yan", "Fares had begun to fall")


def test_people_and_bodies_named_together_are_one_source() -> None:
    two = only(
        "Jia Yi, president of Lanhai Shipping Co, and Ou Chen, head of Yuanlu Motors Co, said costs are falling."
    )
    assert (two.speaker, two.span.text) == ("Jia Yi and Ou Chen", "costs are falling")
    four = only("Norway, the United Kingdom, Chile, and Switzerland said the fee is too high.")
    assert four.speaker == "Norway and United Kingdom and Chile and Switzerland"


def test_a_document_keeps_its_own_name() -> None:
    found = quotes(
        "The province issued the Action Plan for Growing Trade, Raising Wages and Training Staff.\n\n"
        "The plan calls for lower fees. According to the document, ports will stay open at night."
    )
    name = "Action Plan for Growing Trade, Raising Wages and Training Staff"
    assert [quote.speaker for quote in found] == [name, name]


def test_a_pronoun_agrees_with_what_the_article_called_somebody_before() -> None:
    found = quotes(
        'Pu Bolin, head of Lanhai Shipping Co, left. "I am ready," he said.\n\n'
        'One of the inspectors was Mu Tiantian, now a shift leader. "I found faults," she said.'
    )
    assert [quote.speaker for quote in found] == ["Pu Bolin", "Mu Tiantian"]


def test_the_official_is_the_one_just_heard() -> None:
    found = quotes(
        "Kong Ren, vice-minister of fisheries, said quotas will fall. The official told reporters that nets are cheap."
    )
    assert [quote.speaker for quote in found] == ["Kong Ren", "Kong Ren"]


def test_a_name_inside_a_post_is_a_firm() -> None:
    found = quotes(
        'Milan Vesely, 52, left. "It is late," said Vesely.\n\n'
        "Vesely, operations manager at wagon owner Morava Rail, estimated that costs will rise."
    )
    assert {quote.speaker for quote in found} == {"Milan Vesely"}


def test_people_are_named_by_what_they_do() -> None:
    assert only("In the north, villagers said they would rather have a tractor.").speaker == "villagers"


# -- what is no speech


@pytest.mark.parametrize(
    "text",
    [
        "Lanhai Shipping Co added Harrow Aero, Tall Pine and Signal Corp to its list, barring them from trade.",
        "Nearly half of the 304 surveyed managers said they plan to hire.",
        "History reminds us that borders move.",
        "It is hoped that the talks will help.",
        "Norway's proposed rule offers clear relief to shipowners.",
    ],
)
def test_deeds_counts_and_abstractions_do_not_speak(text: str) -> None:
    assert quotes(text) == ()


def test_what_according_to_reports_may_hold_a_weak_verb() -> None:
    quote = only("The plan points to future gains, according to Kong Ren, vice-president of Lanhai Shipping Co.")
    assert (quote.speaker, quote.span.text) == ("Kong Ren", "The plan points to future gains")


def test_a_fragment_that_carries_the_verb_is_the_speaker_s_own() -> None:
    quote = only(f'{PERSON}, said the firm "respectfully disagrees" with the ruling.')
    assert (quote.kind, quote.span.text) == ("partial", "respectfully disagrees")


def test_an_abbreviated_company_name_may_end_a_sentence() -> None:
    found = quotes('"We waited," said Qiu Benli, president of Lanhai Tech Inc. "If it rains, we wait again."')
    assert [(quote.speaker, quote.span.text) for quote in found] == [
        ("Qiu Benli", "We waited,"),
        ("Qiu Benli", "If it rains, we wait again."),
    ]


def test_the_second_half_of_a_split_quotation() -> None:
    found = quotes('"A fiddle cannot," explained Rao Min, owner of the workshop Bottega Rao, "but a player can."')
    assert [quote.span.text for quote in found] == ["A fiddle cannot,", "but a player can."]


def test_as_somebody_put_it() -> None:
    assert only(f'{PERSON}, left.\n\nAs Han put it, "A rack needs cooling, and so do I."').speaker == "Han Meilin"


def test_a_body_that_opens_a_sentence_is_it() -> None:
    found = quotes("Lanhai Bank bought the yard. It said that the docks will be rebuilt.")
    assert [quote.speaker for quote in found] == ["Lanhai Bank"]


def test_a_department_of_the_ministry_goes_with_the_title() -> None:
    text = (
        "The Ministry of Fisheries met.\n\nRao Min, director of the ministry's Department of Nets, said it will help."
    )
    quote = only(text)
    assert (quote.title, quote.organization) == ("director of the Department of Nets", "Ministry of Fisheries")


@pytest.mark.parametrize(
    "text",
    [
        "Before the Lanhai plan concludes in 2030, that country is likely to have built ports.",
        "According to the 2024 regulations on quiet ports, staff oversee the docks.",
    ],
)
def test_times_and_legal_bases_are_no_sources(text: str) -> None:
    assert quotes(text) == ()


def test_as_a_report_says() -> None:
    quote = only("As the Lanhai chamber's latest report highlights, ports are full.")
    assert (quote.speaker_type, quote.span.text) == ("document", "ports are full")


# -- what stands before a post


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("Renowned computer scientist", "Renowned computer scientist"),
        ("Cybersecurity expert", "Cybersecurity expert"),
        ("Prominent lawyer", "Prominent lawyer"),
    ],
)
def test_a_capital_adjective_before_a_post_is_no_body(front: str, title: str) -> None:
    quote = only(f"{front} Dorian Feld said the attack was small.")
    assert (quote.speaker, quote.title, quote.organization) == ("Dorian Feld", title, None)


def test_the_apposition_after_the_name_gives_the_body() -> None:
    quote = only("Noted chemist Lin Wei, an academician of the Lanhai Academy of Sciences, said the shift is real.")
    assert (quote.title, quote.organization) == ("academician", "Lanhai Academy of Sciences")


def test_a_veteran_trader_is_a_person() -> None:
    quote = only("Veteran trader Marcus Hollen said the price will fall.")
    assert (quote.speaker, quote.speaker_type) == ("Marcus Hollen", "person")


@pytest.mark.parametrize(
    "body",
    [
        "School of Economics at Lanhai University",
        "School of Law of Lanhai University",
        "College of Computer Science at the University of Lanhai",
    ],
)
def test_a_school_with_its_university_is_the_body(body: str) -> None:
    quote = only(f"Lin Wei, dean of the {body}, said rates will fall.")
    assert (quote.title, quote.organization) == ("dean", body)


def test_an_attorney_general_holds_a_public_office() -> None:
    quote = only("Dora Kell, attorney general of Massachusetts, said the tariffs are illegal.")
    assert (quote.title, quote.role, quote.organization) == ("attorney general", "official", "Massachusetts")
    assert only("Massachusetts Attorney General Dora Kell said the tariffs are illegal.").role == "official"


def test_a_ministry_that_begins_with_an_adjective_stays_whole() -> None:
    quote = only("Foreign Ministry spokeswoman Lin Wei said that talks will go on.")
    assert (quote.title, quote.organization) == ("spokeswoman", "Foreign Ministry")


def test_a_later_sentence_gives_the_body_that_the_first_leaves_out() -> None:
    text = "Renowned Chinese robotics scholar Lin Wei said that machines will learn.\n\nLin, a graduate of Lanhai "
    text += "College and an academician of the Lanhai Academy of Engineering, spoke in May."
    assert (only(text).title, only(text).organization) == ("academician", "Lanhai Academy of Engineering")


@pytest.mark.parametrize("clause", ["trade grew 4 percent", "people came from afar", "his team lost the game"])
def test_an_irregular_past_makes_a_clause(clause: str) -> None:
    assert only(f"{PERSON}, said {clause}.").span.text == clause


def test_an_accusation_reports_what_the_accused_is_said_to_do() -> None:
    quote = only("Lawmakers accused the firm of hiding its losses.")
    assert (quote.speaker, quote.span.text) == ("Lawmakers", "the firm of hiding its losses")
    assert quotes("The firm was accused of hiding its losses.") == ()
