"""Invented texts of a realistic length, put together from the sentences of `generated_words.toml`; the same for a seed.

A story has a cast (one ministry, one kind of goods, a few companies and people) that all its sentences share; what else
a sentence has in braces is drawn anew each time, so that no two stories are alike: they share as few runs of words as
two real ones do. A paper's report has nine quotes and one announcement on average, a ministry's page one and one or two
(the extractor reads 8.8 and 1.05, 0.8 and 1.6, in an average page of the sources).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

from pipeline.model import Language

Genre = Literal["report", "news", "announcement", "answers"]
"""A paper's report with its many voices, and what a ministry publishes."""

_FILE: Final = Path(__file__).parent / "generated_words.toml"
_SLOT: Final = re.compile(r"\{(\w+)\}")
_BEGIN: Final = re.compile(r'^"?[a-z]')
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "number": (12, 989),
    "percent": (2, 97),
    "small": (3, 9),
    "day": (2, 28),
}
_PEOPLE: Final = ("official", "boss", "rival", "scholar")
_PARTS: Final[Mapping[tuple[Genre, Language], tuple[tuple[str, ...], ...]]] = {
    ("report", "en"): (
        ("leads",), ("told", "told", "narrative"), ("official", "narrative"), ("narrative", "figures"),
        ("executive", "executive_more"), ("narrative", "narrative"), ("figures", "narrative"), ("scholar", "narrative"),
        ("narrative", "rival"), ("narrative", "narrative"), ("foreign",), ("executive_more", "narrative"),
        ("narrative", "figures"), ("more",), ("narrative", "narrative"), ("narrative", "narrative"), ("narrative",),
    ),
    ("news", "en"): (
        ("leads",), ("told", "told"), ("narrative", "figures"), ("narrative", "narrative"), ("other", "narrative"),
    ),
    ("news", "zh"): (
        ("leads", "narrative"), ("told", "told"), ("narrative", "narrative", "narrative"), ("narrative", "narrative"),
        ("narrative", "narrative", "narrative"), ("other", "narrative", "narrative"), ("narrative", "narrative"),
        ("narrative", "narrative"),
    ),
}  # fmt: skip
"""Which banks of sentences the paragraphs are made of."""
_RATES: Final = 20
"""Companies that an announcement names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a story says, before it has an address."""

    title: str
    paragraphs: tuple[str, ...]
    writer: str


def headline(seed: str, language: Language, genre: Genre, given: Mapping[str, str]) -> str:
    """The title that `wording` gives for the same arguments, without the work for its text."""
    return _title(Random(seed), language, genre, given)[0]


def wording(seed: str, language: Language, genre: Genre, given: Mapping[str, str], turn: int = 0) -> Wording:
    """A text; `given` fills slots that are not for chance, such as the number of a document.

    Texts whose `turn` is close together begin with different sentences, as a paper's do.
    """
    random = Random(seed)
    title, cast = _title(random, language, genre, given)
    banks, words = _banks(language)
    said: list[str] = []
    if genre == "announcement":
        said += [_filled(sentence, random, cast, words) for sentence in banks["announcement"]]
        said[-1:-1] = [_filled(banks["rate"], random, {"nth": str(at)}, words) for at in range(1, _RATES + 1)]
    elif genre == "answers":
        asked = ("opening", *("question", "answer") * 3)
        said += [_filled(banks[name], random, cast, words) for name in asked]
    else:
        drawn: dict[str, Iterator[str]] = {
            name: cycle(_shuffled(random, bank)) for name, bank in banks.items() if isinstance(bank, list)
        }
        drawn["leads"] = iter([banks["leads"][turn % len(banks["leads"])]])
        for names in _PARTS[genre, language]:
            sentences = (_sentence(next(drawn[name]), random, cast, words) for name in names)
            said.append((" " if language == "en" else "").join(sentences))
    return Wording(title=title, paragraphs=tuple(said), writer=cast["writer"])


def _title(random: Random, language: Language, genre: Genre, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    banks, words = _banks(language)
    cast = (_english_cast if language == "en" else _chinese_cast)(random, words) | dict(given)
    if genre == "announcement":
        cast["act"] = _filled(random.choice(banks["acts"]), random, cast, words)
    bank = banks["announcement_titles" if genre == "announcement" else "titles"]
    return _filled(random.choice(bank), random, cast, words), cast


def _sentence(bank: str, random: Random, cast: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> str:
    """A sentence of a bank, filled, that begins with a capital letter; the quotation mark before it apart."""
    return _BEGIN.sub(lambda begin: begin[0].upper(), _filled(bank, random, cast, words), count=1)


def _filled(sentence: str, random: Random, cast: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> str:
    filled = []
    for nth, part in enumerate(_parts(sentence)):
        if nth % 2 == 0:
            filled.append(part)
        elif part in cast:
            filled.append(cast[part])
        elif part in _NUMBERS:
            least, most = _NUMBERS[part]
            filled.append(str(least + int(random.random() * (most - least + 1))))
        else:
            bank = words[part.rstrip("2")]
            found = bank[int(random.random() * len(bank))]
            filled.append(_filled(found, random, cast, words) if "{" in found else found)
    return "".join(filled)


@lru_cache(maxsize=4096)
def _parts(sentence: str) -> list[str]:
    """What stands between the slots, and by turns the names of the slots."""
    return _SLOT.split(sentence)


def _english_cast(random: Random, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    cast = _things(random, words)
    for who in (*_PEOPLE, "writer"):
        surname = random.choice(words["surname"])
        cast[who] = f"{surname} {''.join(random.sample(words['given'], 2)).capitalize()}"
        cast[f"{who}_surname"] = surname
        cast[f"{who}_post"] = random.choice(words["post"])
    cast["official_post"] = random.choice(("spokesman", "a deputy director", "an official", "spokeswoman"))
    for company, city in (("company", "city"), ("company2", "city2")):
        short = f"{cast[city]} {random.choice(words['stem'])}{random.choice(words['ending'])}"
        cast[f"{company}_short"] = short
        cast[company] = f"{short} {random.choice(words['trade'])} Co Ltd"
    cast["foreigner"] = f"{random.choice(words['foreign_first'])} {random.choice(words['foreign_last'])}"
    cast["foreign_company"] = f"{random.choice(words['foreign_last'])} {random.choice(words['trade'])}"
    return cast


def _chinese_cast(random: Random, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    cast = _things(random, words)
    for who in (*_PEOPLE, "writer"):
        cast[who] = random.choice(words["surname"]) + "".join(random.sample(words["given"], 2))
        cast[f"{who}_post"] = random.choice(words["post"])
    for company, city in (("company", "city"), ("company2", "city2")):
        name = random.choice(words["stem"]) + random.choice(words["ending"]) + random.choice(words["trade"])
        cast[company] = f"{cast[city]}{name}有限公司"
    cast["month"] = str(random.randint(1, 12))
    return cast


def _things(random: Random, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """One or two of everything that a story speaks of throughout."""
    cast = {}
    for name in ("goods", "city", "body", "instrument"):
        if name in words:
            cast[name], cast[f"{name}2"] = random.sample(words[name], 2)
    return cast | {name: random.choice(words[name]) for name in ("province", "abroad", "stem", "ending", "trade")}


def _shuffled(random: Random, bank: Sequence[str]) -> list[str]:
    return random.sample(bank, len(bank))


@lru_cache(maxsize=2)
def _banks(language: Language) -> tuple[Mapping[str, Any], Mapping[str, Sequence[str]]]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["english" if language == "en" else "chinese"]
    words = tables.pop("words")
    return {name: _varied(bank, words, language) for name, bank in tables.items()}, words


def _varied(bank: str | list[str], words: Mapping[str, Sequence[str]], language: Language) -> str | list[str]:
    """The sentences with an adjective to be drawn before their nouns: else any two stories share runs of words."""
    if isinstance(bank, list):
        return [str(_varied(sentence, words, language)) for sentence in bank]
    nouns = "|".join(words["varied"])
    if language == "zh":
        return re.sub(rf"(?<![{{\w公告])({nouns})", r"{adjective}\1", bank)
    return re.sub(rf"(?<![\w{{.-])({nouns})\b", r"{adjective} \1", bank)
