"""Expressions for the end of what stands before a place in a sentence: `will`, `plans to`, `and also`.

Searched from its beginning such a run is read at every word; its last letters tell at once that most end otherwise.
"""

from __future__ import annotations

import re

from pipeline.patterns import regex


class Tail:
    """An expression that ends in `$`, with the endings of which a run needs one."""

    def __init__(self, expression: str, *endings: str) -> None:
        self._expression = regex(expression)
        self._endings = (*endings, "\n")

    def search(self, run: str) -> re.Match[str] | None:
        """Where the expression begins that the run ends with."""
        return self._expression.search(run) if run.endswith(self._endings) else None
