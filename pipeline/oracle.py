"""A generic extractor beside ours: where the two read little of the same text, somebody should look at the page.

Trafilatura (optional extra `oracle`) knows nothing of our sites and is wrong in other ways than we are. It is no judge:
on short or pictured pages it is the one that errs, so these are not asked about.
"""

from __future__ import annotations

import re
from importlib.util import find_spec

from pipeline.html import decode
from pipeline.model import Article, Page

LEAST = 0.6
"""Of the word runs of either text that stand in the other too; below it a person is told."""
SHORTEST = 600
"""Characters of our text (a Chinese one counts threefold) from which the comparison means something."""
_RUN = 4
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("trafilatura") is not None


def agreement(page: Page, article: Article) -> float | None:
    """How much of the longer text's word runs stand in the other, 0 to 1; None where nothing can be said.

    `article` is what we made of `page`, a story of one page. Touches no network.
    """
    words = _WORD.findall(article.text)
    if sum(3 if len(word) == 1 and word > "\u33ff" else len(word) for word in words) < SHORTEST:
        return None
    from trafilatura import extract

    found = extract(decode(page.body), fast=True, include_comments=False, include_tables=True, deduplicate=False)
    ours, theirs = _runs(words), _runs(_WORD.findall(found or ""))
    if not theirs:
        return 0.0
    return len(ours & theirs) / max(len(ours), len(theirs))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
