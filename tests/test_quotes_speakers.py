"""Who is meant: surnames between given names, posts named later, short forms of bodies and names of documents."""

from __future__ import annotations

import pytest

from pipeline.model import Article
from pipeline.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker for quote in find_quotes(Article(source="china_daily", text=text))]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Doreen Chong Mei-fan", "Chong"),
        ("Prof Edmund Lo Kin-wah", "Lo"),
        ("Felicity Zhang Ruolan", "Zhang"),
        ("Pablo Corrales Ibarra", "Corrales"),
        ("Peter K.L. Chang", "Chang"),
    ],
)
def test_a_surname_between_given_names_is_the_person(full: str, short: str) -> None:
    name = full.removeprefix("Prof ")
    text = f"{full}, director of the Pear Institute, said pears are ripe. The harvest was late, {short} said."
    assert speakers(text) == [name, name]


def test_the_fuller_print_of_a_name_wins() -> None:
    text = (
        "Zhang Ruolan, a law professor at Huli University, said courts are slow.\n\n"
        'Felicity Zhang Ruolan will speak again in May. "Judges need time," Zhang said.'
    )
    assert speakers(text) == ["Felicity Zhang Ruolan"] * 2


def test_two_people_who_share_a_surname_stay_two() -> None:
    text = "Li Wei, a baker, said bread is dear. Li Weidong, a miller, said flour is dear."
    assert speakers(text) == ["Li Wei", "Li Weidong"]


_MEASURES = "Interim Measures for the Keeping of Pears"
_COLD = "Guidelines for Storing Pears in Cold Rooms 2.0"
_FIVE_YEARS = "15th Five-Year Plan (2026-30)"


@pytest.mark.parametrize(
    ("introduced", "mention", "name"),
    [
        (f"The {_MEASURES} took effect", "The regulation", _MEASURES),
        ("Huli published the Pear Trade Outlook 2026 on Friday", "The report", "Pear Trade Outlook 2026"),
        ("A report by fruit consultancy Lanhai came out", "The report", "report by fruit consultancy Lanhai"),
        (f'The "{_COLD}" came out', "The document", _COLD),
        ("A white paper on pear exports, released on Monday, is long", "The paper", "white paper on pear exports"),
        ("The bank's May 2026 global market report is out", "The report", "May 2026 global market report"),
        (f"It is part of the {_FIVE_YEARS}", "The five-year plan", _FIVE_YEARS),
    ],
)
def test_a_document_is_called_by_its_fullest_name(introduced: str, mention: str, name: str) -> None:
    assert speakers(f"{introduced}. {mention} said growers need cold rooms.") == [name]


@pytest.mark.parametrize(
    ("introduced", "mention"),
    [
        ("The Government Work Report came out in March. A new survey asked 900 growers", "the survey"),
        ("The National Orchard Strategy is ten years old. Huli has an action plan", "the plan"),
        ('Huli runs a "One Pear" plan', "the plan"),
        ("The Pear Trade Outlook came out in May. The 2025 report released by Lanhai Bank is older", "the survey"),
    ],
)
def test_another_document_lends_no_name(introduced: str, mention: str) -> None:
    assert speakers(f"{introduced}. Growers need cold rooms, {mention} said.") == [mention]


def test_a_document_is_named_right_after_it_was_introduced() -> None:
    text = (
        "Huli will train 900 growers, according to a town document published on Monday.\n\n"
        "The nine-page plan, titled Action Plan for Training Young Growers, was approved in April."
    )
    assert speakers(text) == ["Action Plan for Training Young Growers"]


def test_the_day_of_release_is_no_part_of_a_name() -> None:
    assert speakers("Pears sell well, according to the Pear Trade Outlook 2026 released on Tuesday.") == [
        "the Pear Trade Outlook 2026"
    ]


@pytest.mark.parametrize(
    ("named", "short", "body"),
    [
        ("Vein scanner maker Lanhai Deem has a new line", "the company", "Lanhai Deem"),
        ("The Pear Society of Huli welcomed the move", "the association", "Pear Society of Huli"),
        ("The Huli Society for Fruit Science chose ten papers", "the society", "Huli Society for Fruit Science"),
        ("Robot firm Yuanlu's Stork arms are at work in Huli", "the firm", "Yuanlu"),
        ("Huli Medical University Hospital bought scanners", "the hospital", "Huli Medical University Hospital"),
        ("Orchards grew, the National Orchard Administration found", "the NOA", "National Orchard Administration"),
        ("The Mint Commission and the National Orchard Bureau met", "the bureau", "National Orchard Bureau"),
    ],
)
def test_a_short_name_stands_for_the_body(named: str, short: str, body: str) -> None:
    assert speakers(f"{named}. Output doubled last year, {short} said.")[-1] == body


def test_an_unknown_name_that_opens_the_sentence_is_the_company() -> None:
    text = "Palavro lost the tender to Lanvision. Lanvision will now build the network, the company said."
    assert speakers(text) == ["Lanvision"]


def test_the_lead_speaks_of_somebody_whom_the_next_paragraph_names() -> None:
    text = (
        "Pear groves need care, according to a senior engineer.\n\n"
        "Qiu Benli, chief engineer of Lanhai Orchards Co Ltd, said wells are dry."
    )
    assert speakers(text) == ["Qiu Benli", "Qiu Benli"]


def test_a_spokesman_who_is_not_named_stays_unnamed() -> None:
    text = (
        "Pear groves need care, according to a company spokesman.\n\n"
        "Qiu Benli, a professor at Huli University, said wells are dry."
    )
    assert speakers(text) == ["company spokesman", "Qiu Benli"]


def test_he_is_the_unnamed_person_who_spoke_last() -> None:
    text = (
        "Qiu Benli, chairman of Lanhai Orchards Co Ltd, said wells are dry.\n\n"
        'Pumps are old, a worker at the grove said. "We mend them at night," he said.'
    )
    assert speakers(text) == ["Qiu Benli", "worker at the grove", "worker at the grove"]


def test_the_post_of_a_sentence_ago_is_the_person_who_spoke() -> None:
    text = "Ke Yan, a botanist at Huli University, said pears rot. The Huli academic told Lanhai News that cold helps."
    assert speakers(text) == ["Ke Yan", "Ke Yan"]


@pytest.mark.parametrize("company", ["his team", "her colleagues", "his research team"])
def test_a_person_with_a_team_is_the_person(company: str) -> None:
    text = f"Ke Yan, an analyst at Lanhai Bank, is back. In January, Ke and {company} said that pears will rise."
    assert speakers(text) == ["Ke Yan"]


def test_the_pronoun_of_a_sentence_means_its_subject() -> None:
    text = (
        "Qiu Benli, a minister, said wells are dry.\n\n"
        "Ke Yan, president of the Pear Society, voiced doubt over what he described as careless digging."
    )
    assert speakers(text) == ["Qiu Benli", "Ke Yan"]


def test_a_group_keeps_its_fullest_description() -> None:
    text = "Executives of four pear firms said frost came early. Stocks are low, the executives said."
    assert speakers(text) == ["Executives of four pear firms"] * 2


def test_words_after_what_somebody_does_are_theirs() -> None:
    text = (
        "Lanhai Bank said pears are dear.\n\n"
        'Ke Yan, a grower in Huli, spoke of the drought. "We carried water up the hill every night."'
    )
    assert speakers(text) == ["Lanhai Bank", "Ke Yan"]


def test_the_owner_of_a_name_is_no_part_of_it() -> None:
    assert speakers("Lanhai's Sam Orchard warned pears will rot.") == ["Sam Orchard"]


def test_a_participle_belongs_to_the_subject_and_not_to_the_last_name() -> None:
    text = "Ke Yan, an analyst, is back. Ke cited Lanhai, a firm that sells pears online, saying machines sort them."
    assert speakers(text) == ["Ke Yan"]


@pytest.mark.parametrize(
    ("before", "source", "speaker"),
    [
        ("Lanhai Motors Co grew", "company data", "Lanhai Motors Co"),
        ("Lanhai Motors Co grew", "official LMC statistics for 2025", "Lanhai Motors Co"),
        ("Trade grew", "Chinese customs data", "Chinese customs data"),
        ("The National Development and Reform Commission met", "the country's top economic planner", None),
        ("Trade grew", "the country's top economic planner", "country's top economic planner"),
    ],
)
def test_data_and_descriptions_belong_to_a_body(before: str, source: str, speaker: str | None) -> None:
    wanted = speaker or "National Development and Reform Commission"
    assert speakers(f"{before}. According to {source}, output doubled last year.") == [wanted]


def test_it_is_the_body_whose_figures_were_given() -> None:
    text = (
        "The Mint Bureau said coins are scarce. Data from the Pear Council show that yields are up.\n\n"
        "Prices will fall, it said."
    )
    assert speakers(text) == ["Mint Bureau", "Pear Council"]


def test_it_is_the_document_that_the_body_made() -> None:
    text = (
        "This is detailed in the Pear Storage White Paper 2026 by the Lanhai Fruit Association.\n\nCosts fell, it said."
    )
    assert speakers(text) == ["Pear Storage White Paper 2026"]


def test_a_body_counts_by_its_name_and_not_by_its_description() -> None:
    assert speakers("The Pear Council, the country's top fruit regulator, announced on Friday that frost is over.") == [
        "Pear Council"
    ]


def test_the_day_is_no_part_of_a_body() -> None:
    text = "Figures were given by the Pear Council on Tuesday. Yields jumped, it said."
    assert speakers(text) == ["Pear Council"]


def test_the_owner_of_a_report_leads_to_its_fuller_name() -> None:
    text = "Sales grew, according to a report by fruit consultancy Lanhai. Lanhai's report said that prices fell."
    assert speakers(text)[-1] == "report by fruit consultancy Lanhai"


def test_another_persons_office_is_not_the_last_speaker() -> None:
    text = "Ke Yan, a minister in Huli, said pears are ripe. The bloc's top diplomat warned that tariffs will rise."
    assert speakers(text) == ["Ke Yan", "bloc's top diplomat"]


@pytest.mark.parametrize(
    "lead", ["Chad hopes trade will grow", "The bank believes rents will rise", "Experts think a flood is near"]
)
def test_the_source_at_the_end_owns_what_others_are_said_to_hold(lead: str) -> None:
    assert speakers(f"Ke Yan is mayor of Huli. {lead}, Ke said on Tuesday.") == ["Ke Yan"]


def test_a_news_agency_passes_on_whose_words_they_are() -> None:
    assert speakers("Experts think a flood is near, Lanhai News reported.") == ["Experts"]


def test_an_office_of_many_fields_ends_before_the_name() -> None:
    text = "UK Secretary of State for Science, Pears and Technology Liz Orchard said on Friday that rules will come."
    assert speakers(text) == ["Liz Orchard"]


def test_many_of_whom_are_the_group_before() -> None:
    text = "The rain was welcome among growers and traders, many of whom expect pears to ripen."
    assert speakers(text) == ["growers and traders"]


def test_others_are_no_document() -> None:
    assert speakers("Others reject this gloomy report, saying such fears are overstated.") == ["Others"]


@pytest.mark.parametrize("who", ["the 41-year-old", "the third-grader", "the legislator's mother", "the pilot"])
def test_a_person_by_age_or_walk_of_life_is_the_one_spoken_of(who: str) -> None:
    text = f'Ma Xing, a pilot of nine years, went to Huli.\n\n"Nobody told us that the lake was so deep," {who} said.'
    assert speakers(text) == ["Ma Xing"]


def test_a_regulator_of_a_field_is_not_any_authority() -> None:
    text = "The Mint Bureau met. Fares were too high, the railway regulator said."
    assert speakers(text) == ["the railway regulator"]


def test_a_lead_is_owned_by_whom_the_article_names_first() -> None:
    text = (
        "Pears will be a trade of the future, said a senior economist.\n\n"
        "The remarks came as frost hit Huli.\n\n"
        "Qiu Benli, chief economist of Lanhai Bank, said buyers wait."
    )
    assert speakers(text) == ["Qiu Benli", "Qiu Benli"]


def test_an_official_of_another_body_is_somebody_else() -> None:
    text = (
        "Pears will be cheap, an official with the Ministry of Fruit said.\n\n"
        "Qiu Benli, deputy mayor of Huli, said buyers wait."
    )
    assert speakers(text) == ["official with the Ministry of Fruit", "Qiu Benli"]


@pytest.mark.parametrize(
    ("before", "short", "full"),
    [
        ("Experts met at the Huli Orchard Innovation Forum", "the forum", "Huli Orchard Innovation Forum"),
        (
            "Prices rose, the Hubei bureau of commerce and trade found",
            "the bureau",
            "Hubei bureau of commerce and trade",
        ),
    ],
)
def test_meetings_and_local_bodies_have_names_too(before: str, short: str, full: str) -> None:
    assert speakers(f"{before}. Sales doubled last year, according to {short}.")[-1] == full


def test_the_document_that_opens_the_sentence_is_it() -> None:
    text = (
        "Lanhai Bank said pears are dear. The Pear Trade Outlook 2026 has three parts. "
        "It warns that stocks of cold rooms are low."
    )
    assert speakers(text) == ["Lanhai Bank", "The Pear Trade Outlook 2026"]


def test_a_list_of_countries_needs_no_second_comma() -> None:
    assert speakers("Chad, Peru, Sierra Leone and Switzerland said they remain concerned.") == [
        "Chad and Peru and Sierra Leone and Switzerland"
    ]


def test_a_contracted_pronoun_is_a_pronoun() -> None:
    assert speakers("Farmers in Huli said that frost came. They've also warned that prices will rise.") == [
        "Farmers in Huli",
        "Farmers in Huli",
    ]


def test_a_forecast_belongs_to_the_bank_that_made_it() -> None:
    assert speakers("According to Lanhai Bank forecasts, pears will be dear.") == ["Lanhai Bank"]


def test_the_company_is_the_one_that_the_article_is_about() -> None:
    text = (
        "Yuanlu Motors Co opened in May. Yuanlu Motors Co has a plant in Huli. It beat Lanhai Motors Co.\n\n"
        "Sales doubled last year, the Huli-based company said."
    )
    assert speakers(text) == ["Yuanlu Motors Co"]


def test_they_are_the_two_who_spoke_last() -> None:
    text = (
        "Experts think a flood is near.\n\n"
        "Jia Yi, president of Lanhai Bank, and Ou Chen, head of Huli Bank, said rents rise. They warned that wells dry."
    )
    assert speakers(text) == ["Experts", "Jia Yi and Ou Chen", "Jia Yi and Ou Chen"]


def test_a_company_of_another_sort_is_not_meant() -> None:
    text = (
        "Analytics company Palavro reported that views doubled. The streaming company argued that it paid the actors."
    )
    assert speakers(text) == ["Palavro", "The streaming company"]


def test_the_platform_is_the_subject_of_the_sentence_before() -> None:
    text = (
        "Many write for PearWorks. After users complained, PearWorks removed posts. "
        "The platform acknowledged that its filter had failed."
    )
    assert speakers(text) == ["PearWorks"]


def test_it_can_be_the_country_of_the_sentence_before() -> None:
    text = "The Mint Bureau said coins are scarce. Third, Peru does not see trade as a gift. It emphasizes joint work."
    assert speakers(text) == ["Mint Bureau", "Peru"]


def test_the_meeting_can_be_a_conference_with_a_name() -> None:
    text = (
        "The National Pear Work Conference closed on Friday. The high-profile meeting underscored the need for wells."
    )
    assert speakers(text) == ["National Pear Work Conference"]


def test_a_scheme_is_not_the_plan_that_was_issued() -> None:
    text = (
        "Huli issued the Action Plan for Reviving Old Orchards. One part is the Golden Pear Plan. "
        "Growers need cold rooms, the plan said."
    )
    assert speakers(text) == ["Action Plan for Reviving Old Orchards"]


def test_who_is_included_does_not_speak_for_the_document() -> None:
    text = "The guideline, jointly issued by 10 departments, including the ministry, calls for better wells."
    assert speakers(text) == ["The guideline"]


def test_a_document_that_a_sentence_brings_in_is_it() -> None:
    text = (
        "The Mint Bureau said coins are scarce. On Friday, a regulation to save water issued by Huli took effect. "
        "It highlights the role of cold rooms."
    )
    assert speakers(text) == ["Mint Bureau", "a regulation to save water"]


def test_an_article_of_rules_is_the_rules() -> None:
    text = (
        "Huli released regulations on fruit storage (hereinafter “the rules”). Article 4 states that pears are fruit."
    )
    assert speakers(text) == ["regulations on fruit storage"]


def test_what_two_sides_agreed_is_the_words_of_who_says_so() -> None:
    text = "Chad and four other countries have agreed that rivers are shared, the Water Ministry said on Tuesday."
    assert speakers(text) == ["Water Ministry"]


def test_of_two_people_with_a_surname_the_house_tells() -> None:
    text = (
        "Jia Yi, an analyst at Lanhai Bank, said rents will rise. "
        "Jia Min, a professor at Huli University, said rents will fall. "
        '"Nobody knows that yet," said Jia of Lanhai Bank.'
    )
    assert speakers(text) == ["Jia Yi", "Jia Min", "Jia Yi"]


def test_a_platform_of_one_letter_ends_its_sentence() -> None:
    text = (
        "Wells are dry, said minister Ke Yan in a post on X. Mayor Jia Min opposed new wells. "
        "In an interview, he stressed that rain will come."
    )
    assert speakers(text) == ["Ke Yan", "Jia Min"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Chad's Minister of Transport Makena Obiro Wanje said that roads are long.", "Makena Obiro Wanje"),
        ("Sales will grow, according to a forecast from All Pears Research.", "All Pears Research"),
        ("According to market consultancy iPear Research, sales will grow.", "iPear Research"),
        ("The filing comes as investors expect that pears will sell.", "investors"),
        ("The Pear Society also welcomed the plan, describing it as good news for growers.", "Pear Society"),
    ],
)
def test_names_are_cut_where_they_begin_and_end(text: str, speaker: str) -> None:
    assert speakers(text) == [speaker]


def test_the_chief_of_one_body_is_not_the_chief_of_another() -> None:
    text = "Ke Yan, chief of Lanhai Bank, said rents rise. The EU's climate chief warned that rivers will rise."
    assert speakers(text)[-1] == "EU's climate chief"


def test_a_community_speaks_for_itself_and_not_its_country() -> None:
    text = "Peru's business community remains hopeful about pears, saying that cold rooms are cheap."
    assert speakers(text) == ["Peru's business community"]


def test_a_study_that_the_press_passes_on_is_the_source() -> None:
    text = "According to Lanhai News, a study released by Huli University found that pears rot."
    assert speakers(text) == ["a study released by Huli University"]


def test_one_body_in_two_spellings_is_one() -> None:
    text = "Huli Jiao Tong University opened a course. Huli Jiaotong University said that places are few."
    assert speakers(text) == ["Huli Jiao Tong University"]


def test_a_group_of_two_words_is_followed_too() -> None:
    text = "In May, 48 attorneys general in the south urged care. Pears rot, the attorneys general said."
    assert speakers(text)[-1] == "48 attorneys general in the south"


def test_the_first_sentence_of_an_article_names_the_company() -> None:
    assert speakers("Lanvision is building a network, the company said.") == ["Lanvision"]


def test_a_heading_glued_to_a_sentence_is_no_part_of_its_subject() -> None:
    assert speakers("Saving old orchards Experts warn that pears will rot.") == ["Experts"]
