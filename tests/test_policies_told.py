"""English news: documents, programmes and agreements told beside no verb of issuing. All sentences invented."""

import pytest

from tests.policy_news import only, read

FILLER = "\n\n" + "The sample market was quiet and traders waited for the next week. " * 16 + "\n\n"


@pytest.mark.parametrize(
    "sentence",
    [
        "China's 16th Five-Year Plan (2031-35) offers sample makers a rare chance, he said.",
        "In China's 16th Five-Year Plan (2031-35), the country named samples as a pillar industry.",
        "Under the 16th Five-Year Plan, sample output is expected to double.",
        "The NPC will review the draft of the 16th Five-Year Plan (2031-35) next week.",
        "The new five-year plan puts sample research first.",
        "Sample safety is one of the priorities of the 16th Five-Year Plan.",
    ],
)
def test_a_five_year_plan_is_told_by_what_stands_in_it(sentence: str) -> None:
    assert only(sentence).instrument == "plan"


@pytest.mark.parametrize(
    "sentence",
    [
        "Sample makers hired more people during the 17th Five-Year Plan (2036-40) period.",
        "The 15th Five-Year Plan came to a good end.",
        "Next year marks the start of the 16th Five-Year Plan.",
        "The company said its five-year plan puts sample research first.",
    ],
)
def test_a_five_year_plan_is_a_mere_period_elsewhere(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_budget_is_told_by_its_delivery() -> None:
    record = only(
        "Hong Kong will build sample parks, the secretary said while delivering the 2031-32 budget on Wednesday."
    )
    assert (record.instrument, record.title, record.issued_on) == ("other", "2031-32 budget", "2031-11-26")


@pytest.mark.parametrize(
    "sentence", ["The family announced a budget wedding.", "The firm presented its annual budget."]
)
def test_a_budget_of_nobody_in_office_is_none(sentence: str) -> None:
    assert read(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "instrument", "title"),
    [
        ("The Hefei Declaration affirms the right of all countries to samples.", "statement", "Hefei Declaration"),
        (
            "China's Interim Measures for the Upkeep of Sample Lakes (2031) represent a first step.",
            "measures",
            "Interim Measures for the Upkeep of Sample Lakes",
        ),
        (
            "The Joint Action Plan between Chile and Peru on Clean Lakes for 2030-2034 has begun well.",
            "plan",
            "Joint Action Plan between Chile and Peru on Clean Lakes for 2030-2034",
        ),
        ('The summit ended with the adoption of the "Hefei Declaration" on samples.', "statement", "Hefei Declaration"),
    ],
)
def test_a_name_in_title_case_is_told_by_what_it_does(sentence: str, instrument: str, title: str) -> None:
    record = only(sentence)
    assert (record.instrument, record.title) == (instrument, title)


def test_a_law_to_be_revised_is_planned_and_one_that_is_proposed_a_draft() -> None:
    assert only("China aims to protect makers better by revising the Sample Law.").status == "planned"
    assert only("One lawmaker proposed a Sample Protection Act early last year.").status == "draft"


@pytest.mark.parametrize(
    "sentence",
    [
        "Bill Sample is the founder of a consultancy.",
        "Both sides support the purposes of the UN Charter.",
        "Countries should do more under the Sample Agreement.",
        "The Sample Global Initiative offers a new way.",
    ],
)
def test_a_name_that_is_only_named_is_none(sentence: str) -> None:
    assert read(sentence) == ()


def test_two_instruments_approved_in_one_breath_are_two() -> None:
    text = "The State Council on Monday approved an action plan on sample recycling and a national program on skills."
    records = read(text)
    assert [r.title for r in records] == ["an action plan on sample recycling", "a national program on skills"]
    assert {(r.issuers, r.issued_on) for r in records} == {(("State Council",), "2031-11-24")}


def test_one_instrument_on_two_things_is_one() -> None:
    assert len(read("The State Council on Monday approved an action plan on sample recycling and sample skills.")) == 1


def test_what_is_approved_may_stand_after_the_verb() -> None:
    record = only("Also approved was the 2031 China-ASEAN sample cooperation plan, which covers six fields.")
    assert (record.instrument, record.status) == ("plan", "issued")


@pytest.mark.parametrize(
    ("sentence", "instrument", "status"),
    [
        ("The Canadian government said its plan to mend village bridges protects farmers.", "plan", "issued"),
        ("Legislation to ban samples for children is currently passing through parliament.", "law", "draft"),
        ("The second is a national program to teach swimming in sample schools.", "plan", "issued"),
        (
            "For years, makers lived with administrative rules that required them to store samples.",
            "measures",
            "issued",
        ),
        (
            "Ships sailed again after the conclusion of two fishing agreements with Norway.",
            "agreement",
            "issued",
        ),
        (
            "Shanghai is likely to release a guideline on samples later this year.",
            "guideline",
            "planned",
        ),
        ("Ministers from Austria and Hungary signed a joint declaration on samples.", "statement", "issued"),
    ],
)
def test_a_noun_phrase_tells_an_instrument_by_itself(sentence: str, instrument: str, status: str) -> None:
    assert (instrument, status) in [(r.instrument, r.status) for r in read(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The company has a plan to double its sales.",
        "Beijing plans to build a sample park.",
        "He called for a national program to improve sample care.",
        "The rule of law to protect makers is vital.",
        "Talks continue toward the conclusion of a trade agreement with the European Union.",
        "Experts want legislation to ban samples.",
    ],
)
def test_a_wish_or_a_company_tells_none(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_series_of_measures_counts_where_money_or_examples_make_it_one() -> None:
    assert (
        only(
            FILLER
            + "The central government has earmarked 9 billion yuan to roll out a joint package of sample policies."
        ).instrument
        == "measures"
    )


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        ("Lawmakers are reviewing a draft law on sample safety.", "law"),
        ("A draft sample code was submitted to the ongoing session of the legislature.", "law"),
        ("The Ministry of Finance is soliciting public opinion on a draft guideline on sample tax.", "guideline"),
        ("The Irish government opened talks as part of a six-week consultation on sample bridge tolls.", "other"),
    ],
)
def test_a_draft_on_its_way_is_told(sentence: str, instrument: str) -> None:
    record = only(sentence)
    assert (record.instrument, record.status) == (instrument, "draft")


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry held a political consultation on bilateral trade.",
        "The company sought feedback on a draft plan for its shop.",
        "Readers may send comments to the paper.",
    ],
)
def test_talks_and_drafts_of_companies_are_none(sentence: str) -> None:
    assert read(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        (
            "Policies for the prudent use of samples in finance will be developed, the Ministry of Finance said.",
            "measures",
        ),
        ("Two standards related to sample systems will also be released, the Ministry of Education said.", "standard"),
        ("The ministry said the formulation of norms for sample models will be explored.", "standard"),
    ],
)
def test_what_will_be_drawn_up_is_planned(sentence: str, instrument: str) -> None:
    assert (instrument, "planned") in [(r.instrument, r.status) for r in read(sentence)]


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        ("Under the EU's Sample Border Adjustment Mechanism, importers must buy certificates.", "measures"),
        ("As part of its National Sample Strategy, Kenya will train 900 makers.", "plan"),
        ("Under the 240-hour visa-free transit policy, guests from 55 countries can enter.", "measures"),
        ("The Hong Kong government's policy address pledged a new sample park.", "other"),
        ("India's Union budget for 2031-32 raised sample spending by 15 percent.", "other"),
        ("Zhejiang's implementation plan calls for more sample research.", "plan"),
        ("The NPC Standing Committee voted to adopt the Sample Promotion Law on April 30.", "law"),
        ("The joint communique was issued after the sample talks.", "statement"),
    ],
)
def test_an_instrument_cited_with_its_owner_is_told(sentence: str, instrument: str) -> None:
    assert instrument in [r.instrument for r in read(sentence)]


def test_laws_that_a_list_names_after_a_verb_are_one_each() -> None:
    text = "China has enacted a series of laws, including the Sample Security Law and the Pear Protection Law."
    assert [r.title for r in read(text)] == ["Sample Security Law", "Pear Protection Law"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Under the country's Sample Security Law, makers must keep records.",
        "As part of its Global Growth Strategy, Sample Group Ltd will train 900 makers.",
        "Members met their commitments under the WTO Sample Facilitation Agreement.",
        "Visa-free policies help trade.",
        "The bloc's sample rules have been criticized by makers.",
    ],
)
def test_a_legal_basis_and_a_company_s_strategy_are_none(sentence: str) -> None:
    assert read(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        ("A revised regulation on sample data was made public on Tuesday.", "regulation"),
        ("The US Commerce Department rescinded the sample diffusion rule in May.", "measures"),
        ("California's governor signed SB 9053, a landmark sample law, in September.", "law"),
        ("Brazil's sample bill is under discussion in the lower house.", "law"),
        ("Hong Kong passed the Samplecoins Ordinance in May 2031.", "regulation"),
        ("The UN General Assembly adopted the Global Sample Compact in September.", "agreement"),
        ("The measures for labeling samples, which took effect in September, require visible labels.", "measures"),
        ("Indonesia's national sample road map is expected to be released this year.", "plan"),
    ],
)
def test_rarer_verbs_and_names_tell_too(sentence: str, instrument: str) -> None:
    assert instrument in [r.instrument for r in read(sentence)]


def test_agreements_that_are_only_counted_are_none() -> None:
    assert read("China has signed more than 900 cooperation documents with other countries.") == ()


@pytest.mark.parametrize(
    ("sentence", "instrument", "status"),
    [
        ("In 2030, Hangzhou announced its third batch of 40 sample farms with solar roofs.", "list", "issued"),
        ("The United Kingdom is asking parents through trials of a potential sample ban.", "pilot", "issued"),
        ("Wuhan took the lead in piloting the scheme.", "pilot", "issued"),
        ("Peru and Chile agreed to negotiate on a second edition of the programme.", "plan", "planned"),
        ("According to the central authorities' guidance, the new area will open its market.", "guideline", "issued"),
        ("Cooperation plans were signed in Hefei in 2029.", "plan", "issued"),
    ],
)
def test_batches_pilots_and_talks_tell(sentence: str, instrument: str, status: str) -> None:
    assert (instrument, status) in [(r.instrument, r.status) for r in read(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The hospital launched clinical trials of a new sample drug.",
        "The company announced its first batch of 16 sample shops.",
        "Peru and Chile agreed to negotiate on prices.",
        "An agreement was reached on Friday.",
    ],
)
def test_trials_of_science_and_batches_of_firms_are_none(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_pronoun_that_opens_a_paragraph_is_who_the_one_before_spoke_of() -> None:
    text = "The State Council met on Monday.\n\nIt also approved a plan to expand the Sample Value Program."
    assert only(text).issuers == ("State Council",)


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        (
            "One document will be read twice: a draft 16th Five-Year Plan, the blueprint that towns follow.",
            "plan",
        ),
        ("The move is part of the 2031 US Sample Security Strategy, which places samples at the center.", "plan"),
        ("In October 2031, new regulations on sample technologies marked a turning point.", "regulation"),
        ("A number of provincial policies have been introduced to help sample schools.", "measures"),
        ("The China-Chile FTA covers samples and pears.", "agreement"),
        ("The Ministry of Education launched an initiative to train sample makers.", "plan"),
    ],
)
def test_names_and_nouns_in_further_places_tell(sentence: str, instrument: str) -> None:
    assert instrument in [r.instrument for r in read(sentence)]


def test_a_broad_initiative_is_no_document() -> None:
    assert read("China launched the Global Sample Initiative in 2030.") == ()


@pytest.mark.parametrize(
    ("sentence", "instrument"),
    [
        ("The Sample Plus action plan calls for samples in six key areas.", "plan"),
        ("The ministry has issued a Sample Plus action plan to help makers.", "plan"),
        ("The US entity list now covers more than 900 sample makers.", "list"),
        ("A State Council meeting chaired by the premier adopted a regulation on samples.", "regulation"),
        ("Following the release of the Ministry of Finance's guideline, makers hired more people.", "guideline"),
    ],
)
def test_plans_with_a_name_and_meetings_with_a_chair_tell(sentence: str, instrument: str) -> None:
    assert instrument in [r.instrument for r in read(sentence)]
