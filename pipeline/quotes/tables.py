"""The vocabulary of the quote finder, read once from the tables beside this module.

`cues.csv` says which words report and what they take; `nouns.csv` which nouns name posts, groups,
documents, bodies and places; `names.csv` surnames and given names; `descriptions.csv` what the press calls a body.
Each row carries its source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A reporting word: its dictionary form and everything that it can take."""

    lemma: str
    takes: frozenset[str]
    """`clause`, `noun`, `noun-to`, `noun-of`, `noun-as`, `noun-name`, `against`, `addressee`, `source`."""


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _cells(name: str) -> Iterator[list[str]]:
    """The rows of a long table without its header, as plain cells."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows


@cache
def cue_forms(language: str) -> Mapping[str, Cue]:
    """Every printed form of every cue of that language, lower case, to the cue; a viewpoint phrase has only one."""
    takes: dict[str, set[str]] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for row in _rows("cues.csv"):
        if row["language"] == language:
            takes.setdefault(row["cue"], set()).update(row["takes"].split())
            listed = tuple(form.replace("_", " ") for form in row["forms"].split())
            verb = language == "en" and row["takes"] != "source"
            if listed or row["cue"] not in forms:
                forms[row["cue"]] = (row["cue"], *listed) if listed or not verb else inflected(row["cue"])
    cues = {lemma: Cue(lemma=lemma, takes=frozenset(kinds)) for lemma, kinds in takes.items()}
    return {form: cues[lemma] for lemma in cues for form in forms[lemma]}


def inflected(lemma: str) -> tuple[str, ...]:
    """The regular forms of an English verb; only its first word changes (`call for`, `called for`)."""
    verb, _, rest = lemma.partition(" ")
    tail = f" {rest}" if rest else ""
    return tuple(form + tail for form in (verb, *_regular(verb)))


def _regular(verb: str) -> tuple[str, str, str]:
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb + "es", verb + "ed", verb + "ing"
    return verb + "s", verb + "ed", verb + "ing"


@cache
def nouns(kind: str, language: str = "en") -> Mapping[str, str]:
    """The nouns of one class, each with its role (`executive`, `official`, `expert`, `other` or empty)."""
    return _nouns().get((kind, language), {})


@cache
def _nouns() -> Mapping[tuple[str, str], dict[str, str]]:
    """(class, language) -> the nouns of that class; all classes in one reading of the table."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for word, language, kind, role, _source in _cells("nouns.csv"):
        found.setdefault((kind, language), {}).setdefault(word, role)
    return found


@cache
def described_bodies() -> Mapping[str, str]:
    """What the press calls a Chinese state body (`top economic regulator`), to its name."""
    return {row["description"]: row["body"] for row in _rows("descriptions.csv")}


@cache
def names(kind: str, language: str = "en") -> frozenset[str]:
    """Surnames (`surname`) or given names (`given`)."""
    return frozenset(_names().get((kind, language), ()))


@cache
def _names() -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, kind, language, _source in _cells("names.csv"):
        found.setdefault((kind, language), []).append(name)
    return found


def alternation(words: Iterable[str]) -> str:
    """A regular expression's alternation of fixed words, of which the longest that fits is taken.

    Words that begin alike share their beginning, so that reading costs the letters of one word and not the number of
    words. For an expression that ignores case the words must be in small letters.
    """
    root: _Letters = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return "|".join(_branches(root))


_Letters = dict[str, "_Letters"]
_END = ""
_escaped = cache(re.escape)


def _branches(node: _Letters) -> list[str]:
    """One expression for each letter that goes on from `node`."""
    found: list[str] = []
    for letter in sorted(node.keys() - {_END}):
        run, child = _escaped(letter), node[letter]
        while len(child) == 1 and _END not in child:
            ((letter, child),) = child.items()
            run += _escaped(letter)
        rest = _branches(child)
        if rest:
            run += f"(?:{'|'.join(rest)})" + ("?" if _END in child else "")
        found.append(run)
    return found
