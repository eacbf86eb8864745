"""Find the full names of people in an article, and tell them from other capitalised words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.patterns import regex
from pipeline.quotes.beside import FIRST_SEGMENT, TITLE_START, openers, post_before
from pipeline.quotes.cast_bodies import company_noun_before
from pipeline.quotes.phrases import (
    NAME_RUN,
    has_body_noun,
    is_chinese_name,
    is_honorific,
    is_pinyin,
    possible_name,
    split_run,
    strong_name,
    title_words,
)
from pipeline.quotes.tables import cue_forms, names
from pipeline.text import places_of, words_of

_AGE_AFTER = regex(r",? \d{2},| \(\d{2}\)")

_SPEAKING = ("said", "says", "added", "noted", "explained", "recalled")
_SPEAKING_BEFORE = ("adds", "notes", "told", "stressed", "wrote", "argued", "believes", "warned")
_NAME_THEN_VERB = regex(r"([A-ZÀ-ÖØ-Þ](?<![\w'’-] .)(?<![\w'’-].)[\w'’-]+) (?:also |has |had |then |further )?$")
_VERB_THEN_NAME = regex(r" ([A-ZÀ-ÖØ-Þ][\w'’-]+)(?=[.,])")


def beside_verbs_of_saying(text: str) -> frozenset[str]:
    """The capitalised words that stand alone beside a verb of saying: surnames, as a rule."""
    found = set()
    words = words_of(text)
    for verb in (*_SPEAKING, *_SPEAKING_BEFORE):
        if verb not in words:
            continue
        for at in places_of(verb, text):
            end = at + len(verb)
            if text[end : end + 1].isalnum():
                continue
            if name := _NAME_THEN_VERB.search(text[max(0, at - 50) : at]):
                found.add(name.group(1))
            if verb in _SPEAKING and (name := _VERB_THEN_NAME.match(text, end)):
                found.add(name.group(1))
    return frozenset(found)


def people_in(text: str, speaking: frozenset[str]) -> Iterator[tuple[int, int, str, str]]:
    """(start of name, end of name, capitalised words before it, name) of everybody with a full name."""
    for match in NAME_RUN.finditer(text):
        run, end = match.group(), match.end()
        if run.endswith(("'s", "’s")):
            run, end = run[:-2], end - 2
        front, name = split_run(_without_opener(run))
        office = False
        if (
            (not name or len(name.split()) > 2)
            and text.endswith(_OFFICE_LINKS, 0, match.start())
            and _follows_office(text, match.start())
        ):
            front, name = _past_office(run)
            office = bool(name)
        if not name or (not front and company_noun_before(text, end - len(name))):
            continue
        start = end - len(name)
        words = name.split()
        strong = strong_name(words) and not has_body_noun(name)
        surname_first = len(words) == 2 and words[0] in speaking and is_pinyin(words[1])
        introduced = office or surname_first or words[-1] in speaking or _has_evidence(text, start, end, front)
        if strong or (possible_name(words) and introduced):
            yield start, end, front, name


_OFFICE_LINKS = (" of ", " for ", " to ", " the ", ", ", " and ")
_OFFICE_OF = regex(
    r"\b(?:[Mm]inister|[Ss]ecretary|[Ss]ecretary-[Gg]eneral|[Gg]overnor|[Mm]ayor|[Aa]mbassador|[Cc]ommissioner)"
    r" (?:of|for|to)(?: the)? (?:State for(?: the)? )?(?:[A-Z]\w+(?:,| and| of) )*$"
)
"""An office of state with its field; what a company's `president of` leads is no personal name."""
_OFFICES = ("inister", "ecretary", "overnor", "ayor", "mbassador", "ommissioner")
"""One of these is in every such office."""


def _follows_office(text: str, at: int) -> bool:
    before = text[max(0, at - 60) : at]
    return any(office in before for office in _OFFICES) and _OFFICE_OF.search(text, max(0, at - 60), at) is not None


_STATE_FIELDS = frozenset(
    ("State", "Transport", "Trade", "Commerce", "Finance", "Foreign", "Affairs", "Defense", "Defence", "Justice",
     "Health", "Education", "Energy", "Environment", "Agriculture", "Industry", "Tourism", "Culture", "Labor", "Labour",
     "Interior", "Economy", "Planning", "Science", "Technology", "Innovation", "Investment", "Infrastructure", "Water",
     "Mining", "Climate", "Communications", "Information", "Security", "Treasury", "Development", "Housing", "Sports",
     "Youth", "Women", "Home")
)  # fmt: skip
"""The fields of ministers, which end where the name begins: `Minister of Transport Makena Obiro Wanje`."""


def _past_office(run: str) -> tuple[str, str]:
    """Cut `State Marco Rubio`, which follows `Secretary of`, before the personal name."""
    words = run.split()
    for size in (2, 3):
        tail = words[-size:]
        if len(words) > size and (tail[0].split("-")[0] in names("given") or is_chinese_name(tail)):
            return " ".join(words[:-size]), " ".join(tail)
    field = next((index for index, word in enumerate(words) if word not in _STATE_FIELDS), len(words))
    if field and 2 <= len(words) - field <= 4:
        return " ".join(words[:field]), " ".join(words[field:])
    return (" ".join(words[:-2]), " ".join(words[-2:])) if len(words) > 2 else (run, "")


def _without_opener(run: str) -> str:
    first, _, rest = run.partition(" ")
    if first in openers() and rest and not is_chinese_name(run.split()[:2]):
        return rest
    return run


def _has_evidence(text: str, start: int, end: int, front: str) -> bool:
    if _AGE_AFTER.match(text, end) or is_honorific(front):
        return True
    if front and (match := list(title_words().finditer(front))) and match[-1].end() >= len(front) - 1:
        return True
    if post_before(text, start):
        return True
    segment = FIRST_SEGMENT.match(text, end)
    if segment and segment.group(1).split()[0] in cue_forms("en"):
        return False
    return bool(segment and TITLE_START.match(segment.group(1)) and title_words().search(segment.group(1)[:90]))
