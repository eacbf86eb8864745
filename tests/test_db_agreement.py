"""Cohen's kappa by hand, samples that a seed draws again, and second readings that change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.connection import rows
from db.deciding.agreement import (
    Label,
    agreement_of,
    agreements,
    disagreements,
    draw_sample,
    item,
    next_item,
    read_second,
    samples,
    unread,
)
from db.deciding.corrections import ReviewError
from db.review import decide, queue, statement
from tests.db_samples import NOON, Desk
from tests.web_desk import filled

RIGHT, WRONG, REJECTED = "right", "wrong", "rejected"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def read(desk: Desk) -> Desk:
    """Ana has accepted four statements, corrected one and rejected one."""
    quotes = [one["id"] for one in queue(desk.db) if one["kind"] == "quote"]
    for one in queue(desk.db):
        if one["id"] == quotes[0]:
            decide(desk.db, one["id"], reviewer="Ana", decision="correct", changes={"cue": "told"}, now=NOON)
        elif one["id"] == quotes[1]:
            decide(desk.db, one["id"], reviewer="Ana", decision="reject", reason="no quote", now=NOON)
        else:
            decide(desk.db, one["id"], reviewer="Ana", decision="accept", now=NOON)
    return desk


def pairs(counts: dict[tuple[str, str], int]) -> list[tuple[Label, Label]]:
    return [pair for pair, times in counts.items() for _ in range(times)]  # type: ignore[misc]


def test_two_labels_by_hand() -> None:
    """Observed 0.70; by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.50; kappa 0.20 / 0.50 = 0.40.

    Spread: 0.4 x 0.34^2 + 0.3 x 0.46^2 = 0.10972, and 0.36 x (0.1 x 1.1^2 + 0.2 x 0.9^2) = 0.10188, less 0.1^2 = 0.01,
    is 0.2016; error sqrt(0.2016 / 50) / 0.5 = 0.126996; 1.959964 errors are 0.248908.
    """
    found = agreement_of(
        pairs({(RIGHT, RIGHT): 20, (RIGHT, REJECTED): 5, (REJECTED, RIGHT): 10, (REJECTED, REJECTED): 15})
    )
    assert (found.readings, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.40)
    assert found.interval == pytest.approx((0.151092, 0.648908), abs=1e-6)
    assert found.table == {
        (RIGHT, RIGHT): 20, (RIGHT, REJECTED): 5, (REJECTED, RIGHT): 10, (REJECTED, REJECTED): 15,
    }  # fmt: skip


def test_three_labels_by_hand() -> None:
    """Observed 0.80; by chance 0.45 x 0.50 + 0.30 x 0.25 + 0.25 x 0.25 = 0.3625; kappa 0.4375 / 0.6375 = 35 / 51."""
    found = agreement_of(
        pairs(
            {
                (RIGHT, RIGHT): 40, (RIGHT, WRONG): 5, (WRONG, RIGHT): 5, (WRONG, WRONG): 20, (WRONG, REJECTED): 5,
                (REJECTED, RIGHT): 5, (REJECTED, REJECTED): 20,
            }
        )
    )  # fmt: skip
    assert found.kappa == pytest.approx(35 / 51)
    assert found.interval is not None
    assert -1 <= found.interval[0] < 35 / 51 < found.interval[1] <= 1


@pytest.mark.parametrize(
    ("counts", "agreed", "kappa"),
    [
        ({(RIGHT, RIGHT): 7, (REJECTED, REJECTED): 3}, 10, 1.0),
        ({(RIGHT, REJECTED): 5, (REJECTED, RIGHT): 5}, 0, -1.0),
        ({(RIGHT, RIGHT): 5, (RIGHT, WRONG): 5}, 5, 0.0),
        ({(RIGHT, WRONG): 4}, 0, 0.0),
        ({(RIGHT, RIGHT): 1, (WRONG, WRONG): 1}, 2, 1.0),
    ],
)
def test_the_ends_of_the_scale(counts: dict[tuple[str, str], int], agreed: int, kappa: float) -> None:
    found = agreement_of(pairs(counts))
    assert found.agreed == agreed
    assert found.kappa == pytest.approx(kappa)
    assert found.interval is not None
    assert found.interval[0] <= kappa + 1e-12
    assert found.interval[1] >= kappa - 1e-12


def test_where_both_use_one_label_only_kappa_is_not_defined() -> None:
    found = agreement_of(pairs({(RIGHT, RIGHT): 12}))
    assert (found.agreed, found.kappa, found.interval) == (12, None, None)


def test_nothing_read_gives_no_figure() -> None:
    found = agreement_of([])
    assert (found.readings, found.agreed, found.kappa, found.interval) == (0, 0, None, None)


def test_the_same_seed_draws_the_same_statements_and_another_seed_others(read: Desk) -> None:
    drawn = []
    for seed in ("spring", "spring", "autumn", "summer", "winter"):
        sample = draw_sample(read.db, seed=seed, size=2, drawn_by="Ana", now=NOON)
        found = rows(read.db, "SELECT statement_id FROM sample_items WHERE sample_id = ? ORDER BY position", [sample])
        drawn.append([one["statement_id"] for one in found])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4
    assert any(other != drawn[0] for other in drawn[2:])
    assert [one["items"] for one in samples(read.db)] == [4] * 5


@pytest.mark.parametrize(
    ("seed", "size", "told"), [("", 5, "seed"), ("x", 0, "size"), ("x", 1_001, "size"), ("x" * 101, 5, "seed")]
)
def test_a_sample_that_cannot_be_drawn_says_why(read: Desk, seed: str, size: int, told: str) -> None:
    with pytest.raises(ReviewError, match=told):
        draw_sample(read.db, seed=seed, size=size, drawn_by="Ana", now=NOON)


def test_there_is_no_sample_of_nothing(desk: Desk) -> None:
    with pytest.raises(ReviewError, match="nobody has decided"):
        draw_sample(desk.db, seed="x", size=5, drawn_by="Ana", now=NOON)


def test_the_second_reader_sees_the_machines_record_and_not_what_was_decided(read: Desk) -> None:
    draw_sample(read.db, seed="x", size=10, drawn_by="Ana", now=NOON)
    assert (unread(read.db, "Ana"), unread(read.db, "Bo")) == (0, 6)
    assert next_item(read.db, "Ana") is None
    shown = []
    after = (0, -1)
    while (found := next_item(read.db, "Bo", after=after)) is not None:
        after = (found.sample_id, found.position)
        shown.append(found.seen)
    assert len(shown) == 6
    assert {one.review_state for one in shown} == {"open"}
    assert {one.record["cue"] for one in shown if one.kind == "quote"} == {"said", "表示"}


def test_a_second_reading_counts_as_agreement_and_changes_no_record(read: Desk) -> None:
    draw_sample(read.db, seed="x", size=10, drawn_by="Ana", now=NOON)
    before = [statement(read.db, one["statement_id"]) for one in rows(read.db, "SELECT * FROM sample_items")]
    labels = []
    while (found := next_item(read.db, "Bo")) is not None:
        if found.seen.kind == "policy":
            labels.append(read_second(read.db, found, reviewer="Bo", decision="accept", now=NOON))
        elif found.seen.record["cue"] == "said":
            changes = {"cue": "whispered"}
            labels.append(read_second(read.db, found, reviewer="Bo", decision="correct", changes=changes, now=NOON))
        else:
            labels.append(read_second(read.db, found, reviewer="Bo", decision="reject", reason="no quote", now=NOON))
    assert sorted(labels) == [REJECTED, RIGHT, RIGHT, RIGHT, WRONG, WRONG]
    assert unread(read.db, "Bo") == 0
    both = agreements(read.db)
    assert (both["policy"].readings, both["policy"].agreed, both["policy"].kappa) == (3, 3, None)
    assert both["quote"].readings == 3
    assert {one["second_label"] for one in disagreements(read.db)} <= {WRONG, REJECTED}
    assert [statement(read.db, one.id) for one in before] == before


def test_a_statement_is_read_once_and_never_by_its_first_reader(read: Desk) -> None:
    sample = draw_sample(read.db, seed="x", size=1, drawn_by="Ana", now=NOON)
    found = item(read.db, sample, 0)
    assert found is not None
    with pytest.raises(ReviewError, match="you were the first"):
        read_second(read.db, found, reviewer="Ana", decision="accept", now=NOON)
    with pytest.raises(ReviewError, match="reason"):
        read_second(read.db, found, reviewer="Bo", decision="reject", now=NOON)
    read_second(read.db, found, reviewer="Bo", decision="accept", now=NOON)
    with pytest.raises(ReviewError, match="somebody else has read it"):
        read_second(read.db, found, reviewer="Cy", decision="accept", now=NOON)
    assert item(read.db, sample, 99) is None
