"""Measures told by whom they concern, in sentences of invented news."""

from __future__ import annotations

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def found(text: str) -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="china_daily", text=text, title="", published="2026-03-10 00:00"))


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Starting from April 2, travelers from Iceland can visit Qingdao without a visa for a week.", "visit Qingdao"),
        ("From Monday, families in Hefei may buy a second apartment in the old town.", "buy a second apartment"),
        ("Private museums will be required to register their collections from May 1.", "required to register"),
        ("Plums from Cyprus are now allowed to enter the Chinese market.", "allowed to enter"),
        ("Qingdao is giving owners of old boats a subsidy of 9,000 yuan for each engine.", "a subsidy of 9,000 yuan"),
        ("Changsha has begun to offer newcomers 10 days of free lodging.", "free lodging"),
        ("A second airport in Hefei got the green light from the State Council.", "got the green light"),
        ("The Ministry of Transport has made helmets mandatory for couriers.", "helmets mandatory"),
        ("Four counties, including Pingtan, have been chosen as pilots for shared kitchens.", "pilots for shared"),
        ("The second batch of 12 test parks for drones was announced by the Ministry of Transport.", "12 test parks"),
        ("The Pear Lake fishing ban, which began in 2019, covers 30 villages.", "fishing ban"),
        ("The province's 16-article policy to help orchards encourages farmers to form cooperatives.", "16-article"),
        ("The minimum standard of basic pensions in the county was raised by 12 yuan.", "standard of basic pensions"),
        ("Import duties on plums and pears will be lowered from May 1.", "duties on plums and pears"),
        ("The central bank has set up a relending facility worth 30 billion yuan for orchards.", "relending facility"),
        ("China has greenlighted a 30-billion-yuan canal on the upper reaches of the river.", "canal"),
    ],
)
def test_a_measure_is_found_by_whom_it_concerns(sentence: str, words: str) -> None:
    policies = found(sentence)
    assert [policy for policy in policies if words in policy.title], [policy.title for policy in policies]


@pytest.mark.parametrize(
    "sentence",
    [
        "The company is giving buyers of its boats a discount of 9,000 yuan.",
        "Visitors can enter the garden without a ticket on Sundays, the owner said.",
        "If the plan is adopted, schools would be required to report their fees, Li said.",
        "The orchard received approval from its shareholders.",
        "Pear Corp made helmets mandatory for its couriers.",
        "Experts said that schools should be required to stop charging fees.",
        "Four players were chosen for the national team.",
        "The average price of pears was raised by growers.",
    ],
)
def test_what_firms_do_and_what_is_supposed_is_no_measure(sentence: str) -> None:
    assert not found(sentence)
