"""Regular expressions that cost nothing until a text needs them.

The finders hold hundreds of expressions of which one article uses a tenth, while compiling all of them would take
longer than reading a dozen articles. Each is therefore compiled when it is first asked.
"""

from __future__ import annotations

import re
from typing import Any, cast

_ASKED = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """The same as `re.compile`, done at the first use; a mistake in the expression shows only then.

    Which expression found a match is asked by `match.re == EXPRESSION`, not by `is`.
    """
    return cast("re.Pattern[str]", Pending(expression, flags))


class Expression:
    """Stands for a compiled expression: it has the methods that one is asked."""

    compiled: re.Pattern[str]

    def __eq__(self, other: object) -> bool:
        return bool(self.compiled == (other.compiled if isinstance(other, Expression) else other))

    def __hash__(self) -> int:
        return hash(self.compiled)


class Pending(Expression):
    """An expression that is compiled as soon as it is asked something, and then looks for nothing any more."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression
        self._wanted = flags

    def __getattr__(self, name: str) -> Any:
        if name != "compiled" and name not in _ASKED:
            raise AttributeError(name)
        self.compiled = re.compile(self.pattern, self._wanted)
        for method in _ASKED:
            setattr(self, method, getattr(self.compiled, method))
        self.__class__ = Expression  # type: ignore[assignment]
        return getattr(self, name)
