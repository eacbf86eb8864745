"""What is asked before a costly expression is tried leaves out nothing that the expression would find."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from pipeline.policies import rule_duties, rule_reported
from pipeline.text import sentences

TRUTH = Path(__file__).resolve().parents[1] / "demo" / "truth.jsonl"
INVENTED = (
    "Under the new rules, pear growers and firms can now ship fruit by rail.",
    "Residents who registered last year may now claim a refund, the bureau said.",
    "Exporters of pears must obtain a permit from Friday, according to an announcement by the ministry.",
    "Local diesel prices will go up from Friday, the commission said.",
    "Pear classes will be compulsory from autumn, the bureau announced.",
)
SIGNS = (
    (rule_duties._SOMEBODY_CAN, rule_duties._CAN_NOW),
    (rule_duties._SOMEBODY_MUST, rule_duties._MUST),
    *rule_reported._TELLING,
)


@cache
def likely_sentences() -> tuple[str, ...]:
    with TRUTH.open(encoding="utf-8") as lines:
        texts = [article["text"] for article in map(json.loads, lines) if article["language"] == "en"]
    told = [text[start:end] for text in texts for start, end in sentences(text) if end - start < 600]
    words = (" can ", " may ", " must ", " to ", " will be ", " subject ", " rise", " fall")
    likely = [sentence for sentence in told if any(word in sentence for word in words)]
    return (*INVENTED, *likely[:300])


@pytest.mark.parametrize("number", range(len(SIGNS)))
def test_every_sentence_that_an_expression_fits_has_its_sign(number: int) -> None:
    sign, expression = SIGNS[number]

    fitting = [sentence for sentence in likely_sentences() if expression.search(sentence)]

    assert fitting
    assert [sentence for sentence in fitting if not sign.search(sentence)] == []
