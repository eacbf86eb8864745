"""Expressions that are compiled when they are first asked behave like those that were compiled at once."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pipeline
from pipeline.patterns import Pending, regex


def test_nothing_is_compiled_before_it_is_asked() -> None:
    pears = regex("pear(")
    assert pears.pattern == "pear("
    try:
        pears.search("a pear")
    except re.error:
        return
    raise AssertionError("a mistake shows at the first use")


def test_an_expression_answers_as_a_compiled_one() -> None:
    pears, known = regex("(p)ears?", re.I), re.compile("(p)ears?", re.I)
    text = "Pears and a pear"
    assert [match.span() for match in pears.finditer(text)] == [match.span() for match in known.finditer(text)]
    assert pears.findall(text) == known.findall(text)
    assert pears.sub("fig", text) == known.sub("fig", text)
    assert pears.split(text) == known.split(text)
    assert pears.match(text, 1) is None
    assert (pears.fullmatch("PEAR") or pears.search(text)) is not None


def test_a_match_tells_which_expression_found_it() -> None:
    pears, plums = regex("pear"), regex("plum")
    match = pears.search("a pear")
    assert match is not None
    assert match.re == pears
    assert match.re != plums
    assert len({pears, plums, regex("pear")}) == 2


def test_every_expression_of_the_finders_compiles() -> None:
    wrong = []
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Pending):
                try:
                    value.search("")
                except re.error as error:
                    wrong.append(f"{module.name}.{name}: {error}")
    assert wrong == []
