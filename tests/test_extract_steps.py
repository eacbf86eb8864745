"""Whatever the text, four times the length costs about four times the steps: no rule reads anything twice over."""

from __future__ import annotations

import gc
import json
import re
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.model import Article
from tests.steps import counts_instructions, steps

TRUTH = Path(__file__).resolve().parents[1] / "demo" / "truth.jsonl"

SHORT, TIMES = 10_000, 4
MARGIN = 1.35
"""Room for what grows in leaps (dictionaries, limits that end a search); reading twice over would give 4."""

HOSTILE = [
    "a",
    " ",
    "\t",
    ".",
    ". ",
    '."',
    ", ",
    "(",
    "— ",
    "2031",
    '"',
    '"a ',
    "“",
    "”",
    "“a” ",
    "「",
    "《",
    "公布《办法》",
    "“商务部表示",
    "商务部、",
    "答：",
    "根据",
    "\n\n",
    "a\n\n",
    "A: x\n\n",
    "😀",
    "e\u0301",
    "\u202e",
    "A",
    "A-",
    "Ab ",
    "Ab Cd, ",
    "and ",
    "of the Ministry ",
    "the Ministry of Pears and ",
    "said ",
    "said Wu; ",
    "Li Wei said ",
    "Li Wei said that prices rose ",
    ", adding that ",
    "according to ",
    "who said ",
    "head of ",
    "on Nov 21 ",
    "No. 12 of 2031 ",
    "issued a plan to ",
    "issued a notice on Nov 21, ",
    "will cut the tariff on ",
    "The meeting said it is good. ",
    'He said it was "good". ',
    "The ministry issued a plan on pears. ",
    "in the words of ",
    "according to a ",
    "data released by ",
    "a report by the ",
    "Lanhai's report ",
    "an annual report on ",
    "Action Plan for ",
    "Article 4 of ",
    "The plan, titled ",
    "the Huli department of ",
    "Minister of Pears and ",
    "until spring.She ",
    "some experts and scholars ",
    "noting that ",
    "quoted her as saying ",
    "as well as also ",
    "calls the plan a ",
    "stressed in ",
    "vowed to ",
    "in his opinion, ",
    "Li Wei, 45, who is a ",
    "Forum on ",
    "Lanhai (LH) ",
    "Pear Co Ltd of ",
    "“a” and “b” said ",
    "— he said — ",
    "[Li] ",
    "李伟（主任）：",
    "商务部发布关于梨的公告。",
    "商务部公告2031年第5号 ",
    "wants to ban ",
    "the government's freeze on ",
    "the rollout of ",
    "a national program to ",
    "under the city's ",
    "tariffs were lifted ",
    "Prime Minister ",
    "Pear Plan, ",
    "The government's freeze on pears was lifted, and schools are allowed to sell plums now. ",
    "Pearland's finance ministry wants to ban pears, plums and figs from January 2032. ",
    "Companies must obtain a license from the Ministry of Commerce under revised rules. ",
    "The zone got the green light from the State Council to import plums without tariffs. ",
    "Residents will get 500 yuan off, thanks to a trade-in program of the city. ",
    "The pear ban, which took effect in 2031, has been extended by lawmakers in Huli. ",
    "Legislation to ban plums is passing through parliament, President Ann Pear of Pearland said. ",
]

WITHOUT_END = [
    "announced plans to ",
    "tariffs were lifted ",
    "recently announced support of ",
    "legislation to ban ",
    "schools are allowed to ",
    "companies can now sell pears under rules ",
    "residents will get 500 yuan ",
    "the government's freeze on ",
    "the zone got the green light ",
    "leaders signing an agreement ",
    "the ministry and ",
    "citizens without visas ",
]
"""Tellings that never come to an end: each fills sentences of 900 letters, the longest that news has."""


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_costs_four_times_the_steps(piece: str) -> None:
    extract(repeated(piece, SHORT // 2))
    short, long = repeated(piece, SHORT), repeated(piece, SHORT * TIMES)
    assert cost(long) <= TIMES * MARGIN * cost(short), "not linear in its length"


@pytest.mark.parametrize("piece", WITHOUT_END)
def test_sentences_that_tell_the_same_without_end_cost_linear_steps(piece: str) -> None:
    sentence = "The ministry " + piece * (900 // len(piece)) + "now. "
    extract(repeated(sentence, SHORT // 2))
    short, long = repeated(sentence, SHORT), repeated(sentence, SHORT * TIMES)
    assert cost(long) <= TIMES * MARGIN * cost(short), "not linear in its length"


def test_five_megabytes_cost_no_more_a_letter_than_a_long_story() -> None:
    stories = "\n\n".join(json.loads(line)["text"] for line in TRUTH.read_text(encoding="utf-8").splitlines()[:60])
    short = Article(source="china_daily", text=stories[: len(stories) // 2])
    long = Article(source="china_daily", text="\n\n".join([stories] * (5_000_000 // len(stories))))
    extract(Article(source="china_daily", text=stories))
    once = cost(short)
    assert cost(long) <= MARGIN * once * len(long.text) / len(short.text)


def test_the_counter_sees_a_search_that_runs_away() -> None:
    runaway = re.compile("(a+)+b")
    if not counts_instructions():
        pytest.skip("steps are calls here: the kernel lets no process count its instructions")
    assert steps(lambda: runaway.match("a" * 18)) > 2 * steps(lambda: runaway.match("a" * 16))


def test_what_earlier_tests_left_to_be_collected_is_not_counted() -> None:
    if not counts_instructions():
        pytest.skip("steps are calls here, of which a collection makes none")
    collecting: list[bool] = []
    steps(lambda: collecting.append(gc.isenabled()))
    assert set(collecting) == {False}
    assert gc.isenabled()


def cost(article: Article) -> int:
    """The steps of reading an article that nobody has read: what is counted again gets another blank at its end."""
    tries = count()
    return steps(lambda: extract(replace(article, text=article.text + " " * next(tries))))


def repeated(piece: str, letters: int) -> Article:
    """An article of about so many letters, all of them `piece` again and again."""
    language = "zh" if any(0x3000 <= ord(letter) < 0xA000 for letter in piece) else "en"
    text = piece * (letters // len(piece))
    return Article(source="mofcom", text=text, language=language, published="2031-11-28")  # type: ignore[arg-type]
