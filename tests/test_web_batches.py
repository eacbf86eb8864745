"""Accepting many at once through the pages: the confirmation names the number and what, and all can be taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.connection import value
from db.deciding.queue import queue_length
from tests.db_samples import Desk
from tests.web_desk import Reader, filled, site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_confirmation_names_the_number_and_what_and_the_batch_can_be_taken_back(desk: Desk, reader: Reader) -> None:
    answer = reader.post("/review/batches", {"kind": "quote", "sure": ""})
    place = answer.headers["location"]
    page = text_of(reader.get(place).text)
    assert "Accept 3 statements?" in page
    assert "2 quotes: quote of an executive, China Daily" in page
    assert "1 quote: quote of an official," in page
    assert "Lin Qiao" in page
    assert queue_length(desk.db) == 6

    assert reader.post(place, {"decision": "accept"}).headers["location"] == place
    assert "has accepted 3 on" in text_of(reader.get(place).text)
    assert queue_length(desk.db) == 3
    assert "accepted" in text_of(reader.get("/review/batches").text)

    reader.post(place, {"decision": "undo"})
    assert "3 wait for a decision again" in text_of(reader.get(place).text)
    assert queue_length(desk.db) == 6
    assert value(desk.db, "SELECT count(*) FROM decisions") == 6


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"source": "nowhere"}, "nothing that waits fits this filter"),
        ({"sure": "much"}, "a whole number of percent"),
        ({"sure": "101"}, "a whole number of percent"),
        ({"rank": "10"}, "choose one of the list"),
        ({"rank": "news"}, "choose one of the list"),
    ],
)
def test_a_filter_that_makes_no_batch_says_why(reader: Reader, fields: dict[str, str], told: str) -> None:
    answer = reader.post("/review/batches", fields)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_batch_that_is_not_there_is_not_found(reader: Reader) -> None:
    assert reader.get("/review/batches/9").status_code == 404
    assert reader.post("/review/batches/9", {"decision": "accept"}).status_code == 404
    assert reader.post("/review/batches/9", {"decision": "dance"}).status_code == 422
