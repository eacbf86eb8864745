"""What a measure does, from its title, its sentence and the sentences after it. All sentences invented."""

import pytest

from pipeline.model import Article
from pipeline.policies import find_policies
from pipeline.policies.actions import action_of
from tests.policy_news import only


@pytest.mark.parametrize(
    ("title", "action"),
    [
        ("a supplementary budget of 3 trillion yen for orchards", "support"),
        ("a decision to cut tariffs on pears", "opening"),
        ("a decision to raise tariffs on pears", "tariff"),
        ("a notice on supporting standards for pears", "regulation"),
        ("a plan against pear piracy", "regulation"),
        ("border checks on pear trucks", "restriction"),
        ("the Orchard Accelerator Act", "other"),
        ("tax credits for pear growers", "support"),
        ("a transit visa policy", "opening"),
        ("waived visa requirements for pear pickers", "opening"),
        ("visa restrictions on pear pickers", "restriction"),
        ("the 2031 negative list for foreign investment", "restriction"),
        ("a shorter negative list for foreign investment", "opening"),
        ("a decision to approve exports of advanced chips", "export_control"),
        ("a notice to subsidize pear stalls", "support"),
        ("a decision to resume imports of pears", "opening"),
        ("formal inquiries into pear sellers", "regulation"),
        ("a judicial interpretation on crimes in orchards", "regulation"),
    ],
)
def test_what_a_title_says_that_the_measure_does(title: str, action: str) -> None:
    assert action_of(title) == action


def test_a_regulator_that_helps_is_no_regulation() -> None:
    record = only("A new roadmap released by top pear regulators on Tuesday aims to lift output by 2035.")
    assert record.action == "support"


def test_policies_without_a_word_for_it_help() -> None:
    assert only("Hangzhou rolled out a policy package for pears on Tuesday.").action == "support"


def test_the_sentences_after_it_say_what_a_plan_is_for() -> None:
    text = (
        "Pears are safer thanks to a plan just out. The plan, published by the Ministry of Commerce on Saturday,"
        " takes aim at counterfeit pears, piracy and malicious labels."
    )
    assert only(text).action == "regulation"


def test_one_word_in_passing_does_not_turn_a_plan_to_help() -> None:
    text = "The Ministry of Commerce released an action plan on Saturday. The plan, it said, also mentions pear safety."
    assert only(text).action == "support"


def test_a_law_rules_though_its_sentence_praises_innovation() -> None:
    assert (
        only("The European Union implemented its strict Pear Act, while others went for innovation.").action
        == "regulation"
    )


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Shenzhen set up a digital pear platform for growers on Tuesday.", "support"),
        ("Australia barred pear use for minors on Tuesday.", "restriction"),
        ("Pear Works on Tuesday secured an export license from Washington to sell pear chips to China.",
         "export_control"),
    ],
)  # fmt: skip
def test_what_a_deed_does_by_its_verb(text: str, action: str) -> None:
    assert [
        record.action
        for record in find_policies(Article(source="china_daily", text=text, title="", published="2031-11-28"))
    ] in ([action], [])


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("The State Council on Monday issued a regulation to promote pear reading.", "support"),
        ("China adopted the Pear Economy Promotion Law on Monday.", "support"),
        ("The State Council on Monday issued a regulation on pear reading.", "regulation"),
    ],
)
def test_a_law_that_is_there_to_help_helps(sentence: str, action: str) -> None:
    assert only(sentence).action == action


def test_norms_for_the_use_of_money_rule() -> None:
    assert action_of("security norms for the financial use of pears") == "regulation"
