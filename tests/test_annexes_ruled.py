"""Tables by their drawn rules: cells that wrap, cells that are merged, drawings that are no table."""

from __future__ import annotations

from pipeline.annexes.lines import Piece
from pipeline.annexes.ruled import MOST_RULES, Grid, Rule, grids


def level(*places: float, start: float = 0, end: float = 300) -> list[Rule]:
    return [Rule(at=at, start=start, end=end) for at in places]


def filled(grid: Grid, *words: tuple[str, float, float]) -> list[list[str]]:
    for text, left, bottom in words:
        assert grid.take(Piece(text=text, left=left, right=left + 10, bottom=bottom, top=bottom + 10)), text
    return grid.rows()


def test_the_lines_of_a_cell_that_wraps_stay_in_their_row() -> None:
    [grid] = grids(level(100, 60, 20), level(0, 100, 300, start=20, end=100))
    assert filled(grid, ("石墨", 110, 85), ("制品", 110, 65), ("1", 10, 75), ("2", 10, 35), ("钨粉", 110, 35)) == [
        ["1", "石墨制品"], ["2", "钨粉"]
    ]  # fmt: skip


def test_a_thin_box_that_is_drawn_for_a_rule_is_one_rule_and_pieces_of_a_rule_are_joined() -> None:
    across = [*level(100, 99.2, 60, 59.4, end=150), *level(100, 60, 20, start=150), *level(20, end=151)]
    [grid] = grids(across, level(0, 0.7, 100, 100.7, 300, start=20, end=100))
    assert (grid.columns, len(grid.ys) - 1) == (2, 2)


def test_merged_cells_are_told_by_the_rule_that_is_missing() -> None:
    across = [*level(100, 80, 20), *level(50, start=100)]
    down = [*level(0, 300, start=20, end=100), *level(100, start=20, end=80)]
    [grid] = grids(across, down)
    assert filled(grid, ("管控清单", 150, 85), ("石墨", 10, 45), ("高纯", 110, 60), ("普通", 110, 30)) == [
        ["管控清单", ""], ["石墨", "高纯"], ["", "普通"]
    ]  # fmt: skip


def test_two_tables_of_a_page_are_two_and_what_stands_between_is_neither_s() -> None:
    upper, lower = grids(
        [*level(700, 650), *level(300, 250)],
        [*level(0, 100, 300, start=650, end=700), *level(0, 50, 300, start=250, end=300)],
    )
    assert (upper.columns, lower.columns) == (2, 2)
    between = Piece(text="注", left=10, right=20, bottom=500, top=510)
    assert not upper.take(between)
    assert not lower.take(between)


def test_a_frame_an_underline_and_a_drawing_are_no_tables() -> None:
    assert grids(level(100, 20), level(0, 300, start=20, end=100)) == []
    assert grids(level(100), level(0, 100, 300, start=20, end=100)) == []
    many = [float(at * 4) for at in range(MOST_RULES + 1)]
    assert grids(level(*many, end=5000), level(*many, start=0, end=5000)) == []
