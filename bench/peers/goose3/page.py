"""goose3: told the page's language; Chinese with its own stop words."""

from __future__ import annotations

from typing import Any

from goose3 import Goose
from goose3.text import StopWords, StopWordsChinese

NAME = "goose3"
TASK = "pages"
PACKAGES = ("goose3", "lxml", "jieba")
FIELDS = ("text", "title", "published", "authors")
SETTINGS = (
    "Goose(use_meta_language=False, target_language=…, stopwords_class=StopWordsChinese for zh).extract(raw_html=…)"
)


def reader(language: str, stopwords: type[StopWords]) -> Goose:
    """A goose of that language."""
    return Goose({"use_meta_language": False, "target_language": language, "stopwords_class": stopwords})


READERS = {"en": reader("en", StopWords), "zh": reader("zh", StopWordsChinese)}


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body and what is known of it."""
    found = READERS[item["language"]].extract(raw_html=item["body"].decode("utf-8", "replace"))
    return {
        "text": found.cleaned_text, "title": found.title, "published": found.publish_date, "authors": found.authors,
    }  # fmt: skip
