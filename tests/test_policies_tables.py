"""The vocabulary tables are broad, sourced and of one shape."""

from typing import get_args

import pytest

from pipeline.model import Action, Instrument
from pipeline.policies.issuers import bodies, bodies_in
from pipeline.policies.places import places_in
from pipeline.policies.tables import rows

TABLES = (
    "bodies",
    "places",
    "instruments",
    "verbs",
    "actions",
    "measures",
    "sectors",
    "words",
    "laws",
    "works",
    "acts",
    "things",
)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_its_source(table: str) -> None:
    assert rows(table)
    assert all(row["source"] and None not in row.values() for row in rows(table))


def test_the_bodies_are_many_and_each_is_there_once() -> None:
    assert len(bodies()) == len(rows("bodies")) >= 600
    assert len([b for b in bodies().values() if b.kind == "local" and b.name.startswith("People's Government of")]) == 5


def test_a_former_body_points_to_the_one_that_followed() -> None:
    former = [row for row in rows("bodies") if row["successor"]]
    assert len(former) >= 15
    assert all(row["successor"] in bodies() and row["years"] for row in former)


def test_instruments_and_actions_are_those_of_the_spec() -> None:
    assert {row["instrument"] for row in rows("instruments")} <= set(get_args(Instrument))
    assert {row["action"] for row in rows("actions")} <= set(get_args(Action))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("China's Commerce Ministry said", "Ministry of Commerce"),
        ("the NDRC and others", "National Development and Reform Commission"),
        ("中华人民共和国商务部", "Ministry of Commerce"),
        ("商 务 部", "Ministry of Commerce"),
        ("工信部", "Ministry of Industry and Information Technology"),
        ("国家国防科工委", "Commission of Science, Technology and Industry for National Defense"),
        ("美国商务部", "US Department of Commerce"),
        ("USDOC put", "US Department of Commerce"),
        ("the European Commission", "European Commission"),
    ],
)
def test_a_body_goes_by_its_usual_english_name(text: str, name: str) -> None:
    assert [mention.name for mention in bodies_in(text, 0, len(text))] == [name]


@pytest.mark.parametrize(
    "text", ["国务院商务主管部门", "地方商务部门", "外交部长", "the MOFCOMX", "a ministry of silly walks"]
)
def test_a_longer_word_is_no_mention(text: str) -> None:
    assert not {"Ministry of Commerce", "Ministry of Foreign Affairs"} & {m.name for m in bodies_in(text, 0, len(text))}


def test_places_know_what_they_lie_in() -> None:
    text = "in Suzhou, Jiangsu province"
    assert [(p.name, p.parent) for p in places_in(text, 0, len(text))] == [("Suzhou", "Jiangsu"), ("Jiangsu", "China")]
