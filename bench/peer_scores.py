"""How a peer's answers are held against the truth: pages by field, quotes by their words and speaker.

What a peer gives is compared without regard to white space, and to a headline before the body. A page or text that it
could not read counts as one in which it found nothing; fields that it does not claim to find are left out.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.peer_inputs import PageTruth

Record = Mapping[str, Any]
Figures = dict[str, float]

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_BEFORE_NAMES = re.compile(r"^(the|a|an|mr|ms|mrs|miss|dr|prof|professor|sir|madam)\.?\s+", re.IGNORECASE)
_MOST_SHARED = 0.8
"""Of the joint length of two spans that are the same quote, as in demo/check.py and the annotators' scorer."""


# --- pages


def page_figures(pages: Sequence[PageTruth], answers: Sequence[Record], fields: Sequence[str]) -> Figures:
    """Means over the pages, 0 to 1, of those measures whose field is claimed.

    `exact`: the body is the story's to the letter; `body`: `same_order`; `title`: the same; `date`: the day on which it
    appeared or was last edited; `authors`: the same people (of pages that name some); `authors_made_up`: somebody is
    named (of pages without).
    """
    pairs = list(zip(pages, answers, strict=True))
    signed = [(page, answer) for page, answer in pairs if page.authors]
    unsigned = [(page, answer) for page, answer in pairs if not page.authors]
    measures: dict[str, tuple[str, list[float]]] = {
        "exact": ("text", [plain(body(page, answer)) == plain(page.text) for page, answer in pairs]),
        "body": ("text", [same_order(page.text, body(page, answer)) for page, answer in pairs]),
        "title": ("title", [plain(answer.get("title")) == plain(page.title) for page, answer in pairs]),
        "date": ("published", [(answer.get("published") or "")[:10] in page.days for page, answer in pairs]),
        "authors": ("authors", [people(answer.get("authors")) == people(page.authors) for page, answer in signed]),
        "authors_made_up": ("authors", [bool(people(answer.get("authors"))) for _, answer in unsigned]),
    }
    return {
        name: round(sum(values) / len(values), 4)
        for name, (field, values) in measures.items()
        if field in fields and values
    }


def body(page: PageTruth, answer: Record) -> str:
    """What it takes for the body; the headline before it, which some peers count in, is held against nobody."""
    text = (answer.get("text") or "").strip()
    first, _, rest = text.partition("\n")
    return rest if plain(first) == plain(page.title) else text


def plain(text: str | None) -> str:
    """Without white space."""
    return "".join((text or "").split())


def people(authors: Sequence[str] | None) -> set[str]:
    """Names as they are compared."""
    return {plain(name).casefold() for name in authors or ()} - {""}


def tokens(text: str) -> list[str]:
    """Words, and single Chinese characters."""
    return _TOKEN.findall(text.casefold())


def same_order(expected: str, found: str) -> float:
    """ROUGE-L: F1 of the longest common subsequence of tokens."""
    wanted, held = tokens(expected), tokens(found)
    if not wanted and not held:
        return 1.0
    return 2 * common(wanted, held) / (len(wanted) + len(held))


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit by bit in one integer (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, token in enumerate(one):
        places[token] = places.get(token, 0) | 1 << at
    whole = (1 << len(one)) - 1
    row = whole
    for token in other:
        met = row & places.get(token, 0)
        row = ((row + met) | (row - met)) & whole
    return len(one) - row.bit_count()


# --- quotes


def quote_figures(articles: Sequence[Record], answers: Sequence[Record], kinds: Sequence[str]) -> Figures:
    """Over all quotes of all articles: how many are there, were found and are right, and F1 of the last by `kinds`.

    `direct` and `marked` are F1 of the quotes found (marked: the partial ones too, for those who claim to find them);
    in `direct` a partial quote that was found is neither right nor wrong. `speaker`: of the direct quotes found, the
    part whose speaker is the full name of the truth; `speaker_part`: or whose speaker shares a name with it, or has it
    in it.
    """
    sums = dict.fromkeys(("told", "held", "right", "full", "part", "marked_told", "marked_held", "marked_right"), 0)
    indirect = dict.fromkeys(("told", "held", "right"), 0)
    for article, answer in zip(articles, answers, strict=True):
        found = list(answer.get("quotes") or ())
        told = [one for one in article["quotes"] if one["kind"] in ("direct", "partial")]
        held = [one for one in found if one["kind"] in ("direct", "partial")]
        met = pairs(told, held, shared)
        direct = [(a, b) for a, b in met if a["kind"] == "direct"]
        sums["told"] += sum(one["kind"] == "direct" for one in told)
        sums["held"] += len(held) - (len(met) - len(direct))
        sums["right"] += len(direct)
        sums["full"] += sum(names(a["speaker"]) == names(b["speaker"]) for a, b in direct)
        sums["part"] += sum(in_part(a["speaker"], b["speaker"]) for a, b in direct)
        sums["marked_told"] += len(told)
        sums["marked_held"] += len(held)
        sums["marked_right"] += len(met)
        unmarked = [[one for one in side if one["kind"] == "indirect"] for side in (article["quotes"], found)]
        indirect["told"] += len(unmarked[0])
        indirect["held"] += len(unmarked[1])
        indirect["right"] += len(pairs(*unmarked, shared, floor=0.5))
    figures = {
        "quotes": sums["told"],
        "direct": f1(sums["told"], sums["held"], sums["right"]),
        "speaker": round(sums["full"] / max(1, sums["right"]), 4),
        "speaker_part": round(sums["part"] / max(1, sums["right"]), 4),
    }
    if "partial" in kinds:
        figures["marked"] = f1(sums["marked_told"], sums["marked_held"], sums["marked_right"])
    if "indirect" in kinds:
        figures["indirect"] = f1(*indirect.values())
    return figures


def f1(told: int, held: int, right: int) -> float:
    """Harmonic mean of precision and recall."""
    return round(2 * right / (told + held), 4) if told + held else 1.0


def shared(one: Record, other: Record) -> float:
    """Shared length over joint length of two spans."""
    both = max(0, min(one["end"], other["end"]) - max(one["start"], other["start"]))
    return float(both / max(1, one["end"] - one["start"] + other["end"] - other["start"] - both))


def pairs(
    told: Sequence[Record],
    held: Sequence[Record],
    likeness: Callable[[Record, Record], float],
    floor: float = _MOST_SHARED,
) -> list[tuple[Record, Record]]:
    """One-to-one pairs from the floor up, the likest first."""
    ranked = sorted(((likeness(a, b), -i, -j) for i, a in enumerate(told) for j, b in enumerate(held)), reverse=True)
    left, right, found = set[int](), set[int](), []
    for value, i, j in ranked:
        if value >= floor and -i not in left and -j not in right:
            left.add(-i)
            right.add(-j)
            found.append((told[-i], held[-j]))
    return found


def names(speaker: str | None) -> list[str]:
    """Its words, without article and courtesy."""
    text = unicodedata.normalize("NFKC", speaker or "").casefold().replace("’", "'").strip()
    return tokens(_BEFORE_NAMES.sub("", _BEFORE_NAMES.sub("", text)))


def in_part(told: str | None, held: str | None) -> bool:
    """Whether one is a part of the other: the surname alone, or the name with a post before or behind it."""
    one, other = (f" {' '.join(names(speaker))} " for speaker in (told, held))
    return len(one) > 2 and len(other) > 2 and (one in other or other in one)
