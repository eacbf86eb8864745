"""Find the source that follows an inverted verb or `according to`."""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.records import Mention
from pipeline.quotes.source_names import leading_name
from pipeline.quotes.source_phrases import parse_source
from pipeline.quotes.source_pieces import WINDOW, comma_pieces

_STOP_RIGHT = regex(
    r"[.!?](?=\s|$)|[;:\"“”—]|\n| - |, (?:adding|noting|saying|stressing|citing|explaining|"
    r"emphasizing|warning|pointing|referring|calling|urging|describing|predicting|highlighting|"
    r"echoing|while|but|as|when|after|during|speaking|in|at|and (?:added|said|that|called)|"
    r"commenting|who (?!is|was|serves|also|has been|heads|leads|founded))\b|"
    r" (?:in|via|through) (?:an?|his|her|its|their|the|one|another)(?: [\w-]+){0,4} (?:statement|"
    r"message|interview|interviews|report|note|post|speech|article|video|letter|email|"
    r"press release|remarks|commentary|blog|study|signed article|announcement|column|"
    r"briefing|paper|social media)\b|"
    r" (?:at|during|on the sidelines of|in response to|after|following|while|when|before|"
    r"as|upon|adding|regarding|concerning|ahead of|commenting) (?!the (?:University|"
    r"Chinese|Institute|Center|Department|School|Academy|National|Ministry|Beijing|Shanghai))"
    r"(?=(?:the|an?|his|her|its|this|last|digesting|meeting|speaking|being|asked|attending|"
    r"presenting|delivering|visiting|commenting|[a-z]+ing)\b)(?! [\w-]+-based)|"
    r" (?:on|last|this|earlier|late|early) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|"
    r"Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|week|month|year|this)\w*|, on |"
    r", (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)


def source_after(text: str, start: int, end: int, cast: Cast) -> Mention | None:
    """The source that follows an inverted verb or `according to`, with its appositions; `end` is the unit's end."""
    while start < end and text[start] == " ":
        start += 1
    stop = _STOP_RIGHT.search(text, start, min(end, start + WINDOW))
    limit = stop.start() if stop else min(end, start + WINDOW)
    pieces = comma_pieces(text[start:limit])
    offset, piece = pieces[0]
    found = parse_source(piece, start + offset, cast) or leading_name(piece, start + offset, cast)
    if found is None:
        return None
    return Mention(kind=found.kind, text=found.text, start=start, end=limit)
