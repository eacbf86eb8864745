"""Captions of pictures that stand in ordinary paragraphs: the one right below the picture, set in the middle."""

from __future__ import annotations

from lxml.html import HtmlElement

from pipeline.html import blocks, first


def picture_captions(body: HtmlElement) -> tuple[list[str], set[HtmlElement]]:
    """Captions below pictures without `<figure>`, and their elements: centred paragraphs that follow a picture."""
    captions: list[str] = []
    elements: set[HtmlElement] = set()
    if first(body, "p img") is None:  # a caption stands below a picture
        return captions, elements
    pictured = False
    for paragraph in body.iter("p"):
        lines = blocks(paragraph)
        if not lines:
            pictured = first(paragraph, "img") is not None or (pictured and len(paragraph) == 0)
            continue
        if pictured and is_centred(paragraph) and sum(map(len, lines)) <= 600:
            captions.append(" ".join(lines))
            elements.add(paragraph)
        pictured = False
    return captions, elements


def is_centred(element: HtmlElement) -> bool:
    """Whether a paragraph is set in the middle of the line by its own attributes."""
    style = "".join((element.get("style") or "").lower().split())
    return "text-align:center" in style or (element.get("align") or "").lower() == "center"
