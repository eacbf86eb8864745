"""Tables by their rules: the lines drawn on a page make cells, and what stands in a cell belongs together.

Without them the lines of a cell that wraps would be taken for rows. Cells that are merged are found by the rule that is
missing between them; their text stands in the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.annexes.lines import Piece, joined_lines, rows_of

_NEAR = 3.0
"""Points: rules that are so close are one; a thin filled box is drawn for a rule as often as a line."""
_SHORTEST = 5.0
MOST_RULES = 500
"""Of a page, in each direction, after joining; a drawing with more is no table."""
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line along one axis: where it lies on the other, from where to where."""

    at: float
    start: float
    end: float


@dataclass(slots=True, kw_only=True)
class Grid:
    """The cells of one table."""

    xs: list[float]
    """Where columns begin and end, from left to right."""
    ys: list[float]
    """Where rows begin and end, from the top down, negated so that they grow."""
    first: list[list[tuple[int, int]]]
    """Row, column -> row, column of the first cell that it is merged with, or itself."""
    words: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def take(self, piece: Piece) -> bool:
        """Put the piece into its cell; False where it stands outside."""
        column = bisect_right(self.xs, (piece.left + piece.right) / 2) - 1
        row = bisect_right(self.ys, -(piece.bottom + piece.top) / 2) - 1
        if not (0 <= column < self.columns and 0 <= row < len(self.ys) - 1):
            return False
        self.words.setdefault(self.first[row][column], []).append(piece)
        return True

    def rows(self) -> list[list[str]]:
        """The text of the cells, row by row."""
        text = {place: joined_lines(rows_of(pieces)) for place, pieces in self.words.items()}
        return [[text.get((row, column), "") for column in range(self.columns)] for row in range(len(self.ys) - 1)]


def grids(level: Iterable[Rule], upright: Iterable[Rule]) -> list[Grid]:
    """The tables that these horizontal and vertical rules make, each of two columns or more."""
    across, down = _joined(level), _joined(upright)
    if not 1 < len(across) <= MOST_RULES or not 2 < len(down) <= MOST_RULES:
        return []
    found = []
    for one in _connected(across, down):
        grid = _grid([across[at] for at in one[0]], [down[at] for at in one[1]])
        if grid is not None:
            found.append(grid)
    return found


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that lie on each other or go on from each other are one."""
    lanes: list[list[Rule]] = []
    for rule in sorted((one for one in rules if one.end - one.start >= _SHORTEST), key=lambda one: one.at):
        if lanes and rule.at - lanes[-1][0].at <= _NEAR:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    joined: list[Rule] = []
    for lane in lanes:
        at = sum(one.at for one in lane) / len(lane)
        start = end = None
        for rule in sorted(lane, key=lambda one: one.start):
            if end is None or start is None or rule.start > end + _NEAR:
                if start is not None and end is not None:
                    joined.append(Rule(at=at, start=start, end=end))
                start, end = rule.start, rule.end
            else:
                end = max(end, rule.end)
        if start is not None and end is not None:
            joined.append(Rule(at=at, start=start, end=end))
    return joined


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[int], list[int]]]:
    """Groups of rules that cross each other: indices into both."""
    group = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, level in enumerate(across):
        for j, upright in enumerate(down):
            if _meets(level, upright.at) and _meets(upright, level.at):
                group[root(len(across) + j)] = root(i)
    together: dict[int, tuple[list[int], list[int]]] = {}
    for at in range(len(group)):
        pair = together.setdefault(root(at), ([], []))
        (pair[0] if at < len(across) else pair[1]).append(at if at < len(across) else at - len(across))
    return list(together.values())


def _meets(rule: Rule, place: float) -> bool:
    return rule.start - _NEAR <= place <= rule.end + _NEAR


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    xs = sorted({one.at for one in down})
    ys = sorted({-one.at for one in across})
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > _MOST_CELLS:
        return None
    first = [[(row, column) for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        middle = -(ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            centre = (xs[column] + xs[column + 1]) / 2
            if column and not any(one.at == xs[column] and one.start <= middle <= one.end for one in down):
                first[row][column] = first[row][column - 1]
            elif row and not any(-one.at == ys[row] and one.start <= centre <= one.end for one in across):
                first[row][column] = first[row - 1][column]
    return Grid(xs=xs, ys=ys, first=first)
