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


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Fishermen and other workers can now register online, under revised rules effective from May 1.", "register"),
        ("Apps that track parcels must obtain consent, according to measures in effect since June.", "must obtain"),
        ("Parents in Anhui will enjoy 12 days of childcare leave.", "childcare leave"),
        ("Beginning next month, sellers of old boats will be free of value-added tax.", "free of value-added tax"),
        ("Exporters of pear oil now need a license from the Ministry of Commerce.", "need a license"),
        ("The country has put pear presses under export control.", "under export control"),
        ("Hainan has made it easier for foreign sailors to open bank accounts.", "made it easier"),
        ("A new policy in Ningbo subsidizes nets bought by fishermen.", "new policy"),
        ("A nationwide ban on lead paint has been in force since October 2021.", "ban on lead paint"),
        ("China will allow citizens of Peru and Chile to stay 30 days without visas.", "without visas"),
        ("The Ministry of Transport held a meeting, issuing a notice on ferry safety.", "notice on ferry safety"),
        ("Farmers who plant trees will get 300 yuan per mu from the local government.", "300 yuan per mu"),
    ],
)
def test_a_measure_is_found_by_what_people_may_must_or_get(sentence: str, words: str) -> None:
    policies = found(sentence)
    assert [policy for policy in policies if words in policy.title], [policy.title for policy in policies]


@pytest.mark.parametrize(
    "sentence",
    [
        "Workers can now order lunch with an app, the manager said.",
        "Companies must invest more in research, said Li Na, an analyst.",
        "The team has put the old bridge under a glass roof.",
        "A new program from Pear Corp offers buyers free repairs.",
        "The app has made it easier for farmers to sell pears.",
        "Farmers will get 300 yuan per box from the brand.",
        "Employees of the firm will enjoy 12 days of holiday.",
    ],
)
def test_what_is_offered_or_wished_is_no_duty(sentence: str) -> None:
    assert not found(sentence)


def test_the_duty_of_the_lead_is_what_the_document_told_next_holds() -> None:
    policies = found(
        "Firms that rent out boats will have to count their oars, according to draft rules.\n\n"
        "The Ministry of Transport released the draft Rules on Boat Rental on Monday."
    )
    assert [policy.instrument for policy in policies] == ["measures"]
    assert "Boat Rental" in policies[0].title


def test_a_starting_day_is_one_of_effect_and_an_order_is_a_rule() -> None:
    (cut,) = found("China will cut the retail prices of gasoline from Wednesday, the central bank said.")
    assert cut.effective_on == "2026-03-11"
    (let,) = found("Starting on March 3, families in Hefei can buy a second apartment in the old town.")
    assert (let.issued_on, let.effective_on) == (None, "2026-03-03")


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The Ministry of Education has stopped approving new riding schools.", "stopped approving"),
        (
            "The securities regulator is consulting the public on a plan to shorten the review of funds.",
            "plan to shorten",
        ),
        ("China has allowed private investors to buy savings bonds of cities.", "allowed private investors"),
        ("Fresh plums from Cyprus gained access to the Chinese market.", "access to the Chinese"),
        ("A regulation on ferry safety, signed by the premier, will be implemented on May 1.", "regulation on ferry"),
        ("Subsidies for flexible workers have been prolonged by a year.", "have been prolonged"),
    ],
)
def test_what_authorities_stop_ask_or_open_is_found(sentence: str, words: str) -> None:
    policies = found(sentence)
    assert [policy for policy in policies if words in policy.title], [policy.title for policy in policies]


@pytest.mark.parametrize(
    "sentence",
    [
        "The shop has stopped accepting cash.",
        "The firm is consulting the public on a name for its boat.",
        "Pear Corp gained access to new lenders.",
        "Their prices have been trimmed by a rival.",
        "The company's fees were raised by a tenth.",
        "Fuel surcharges were lifted in March by Skyways.",
        "The company said workers can now stay at home under its new policy.",
    ],
)
def test_what_shops_stop_or_ask_is_no_measure(sentence: str) -> None:
    assert not found(sentence)
