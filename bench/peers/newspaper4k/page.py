"""newspaper4k: told the page's language, and kept from fetching pictures."""

from __future__ import annotations

from typing import Any

from newspaper import Article, Config

NAME = "newspaper4k"
TASK = "pages"
PACKAGES = ("newspaper4k", "lxml", "jieba")
FIELDS = ("text", "title", "published", "authors")
SETTINGS = "Article(language=…, fetch_images=False, memorize_articles=False), download(input_html=…), parse()"


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body and what is known of it."""
    config = Config()
    config.fetch_images = config.memorize_articles = False
    config.language = item["language"]
    article = Article(item["url"], config=config)
    article.download(input_html=item["body"].decode("utf-8", "replace"))
    article.parse()
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"text": article.text, "title": article.title, "published": published, "authors": article.authors}
