"""What an instrument does, from the cues of actions.csv: weighed, the title's words more than the sentence's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from pipeline.model import Action, Instrument
from pipeline.patterns import regex
from pipeline.policies.tables import either, rows

_GENERAL = 2
"""Cues of this weight or less (`develop`, `promote`) stand in every text; of one action only the strongest counts."""
_SHORT = 4
_HAN = regex(r"[一-龥]")


@cache
def _cues(language: str) -> tuple[re.Pattern[str], dict[str, tuple[Action, int]]]:
    table = {
        row["cue"]: (cast(Action, row["action"]), int(row["weight"]))
        for row in rows("actions")
        if row["language"] == language
    }
    longest_first = sorted(table, key=len, reverse=True)
    edge = r"\b" if language == "en" else ""
    # a short cue is a word and no stem: `ban` is not in `bank`
    cues = ((cue, re.escape(cue) + (r"(?:s|\b)" if edge and len(cue) <= _SHORT else "")) for cue in longest_first)
    return re.compile(f"{edge}(?:{either(cues)})"), table


def action_of(*texts: str) -> Action:
    """The action that the texts speak for, the first text (the title) weighing three times, the others once each.

    Every cue counts once a text, so that a word that a long sentence repeats does not win by number;
    of general cues only the strongest counts.
    """
    return strongest(weighed(*texts))


def strongest(score: Mapping[Action, int]) -> Action:
    """The action that is spoken for most; of equals the first by name."""
    return max(sorted(score), key=lambda action: score[action], default="other")


def weighed(*texts: str) -> dict[Action, int]:
    """How much the texts speak for each action, the first text three times."""
    score: dict[Action, int] = {}
    for nth, text in enumerate(texts):
        language = "zh" if not text.isascii() and _HAN.search(text) else "en"
        pattern, table = _cues(language)
        printed = set(pattern.findall(text if language == "zh" else text.lower()))
        seen = {cue if cue in table else cue.removesuffix("s") for cue in printed}
        general: dict[Action, int] = {}
        for cue in seen:
            action, weight = table[cue]
            if weight <= _GENERAL:
                general[action] = max(general.get(action, 0), weight)
            else:
                score[action] = score.get(action, 0) + weight * (3 if nth == 0 else 1)
        for action, weight in general.items():
            score[action] = score.get(action, 0) + weight * (3 if nth == 0 else 1)
    return score


_USUAL: dict[Instrument, Action] = {
    "plan": "support",
    "guideline": "support",
    "pilot": "support",
    "law": "regulation",
    "regulation": "regulation",
    "standard": "regulation",
    "notice": "regulation",
}


_FRAME_DOES: dict[str, Action] = {"deny": "restriction", "pay": "support", "make": "support"}


@cache
def _deeds() -> dict[str, Action]:
    table: dict[str, Action] = {}
    for row in rows("acts"):
        does = _FRAME_DOES.get(row["frames"].split("|")[0])
        for form in ("lemma", "past", "participle", "third", "gerund") if does else ():
            table[row[form]] = does or "other"
    return table


def deed_action(verb: str) -> Action:
    """What an authority does that bans, pays or sets up something, where the thing does not tell: by its verb."""
    return _deeds().get(verb.lower(), "other")


_HELPING = frozenset({"policy", "policies", "policy package", "policy framework", "incentives", "package", "vouchers"})


def usual_action(instrument: Instrument, *, named: bool = False, head: str = "") -> Action:
    """What an instrument of a kind usually does, where no word says it; `Measures for …` in title case are rules."""
    if instrument == "measures" and named:
        return "regulation"
    if instrument == "measures" and head in _HELPING:
        return "support"
    return _USUAL.get(instrument, "other")


_TAKES_AWAY = regex(
    r"(?:lift|revers|scrap|remov|eas|relax|abolish|eliminat|loosen|waiv|end|drop|reliev)\w* (?:[\w'’-]+ ){0,5}?"
    r"(?:visas?|bans?|restrictions?|curbs|quotas?|moratorium|embargo|limits?|caps?|requirements?)\b"
)
_CUTS_TARIFFS = regex(
    r"(?:lift|scrap|remov|abolish|eliminat|waiv|cut|lower|reduc|slash|halv|drop)\w* (?:[\w'’-]+ ){0,4}?"
    r"(?:tariffs|(?:import )?duties|(?:import )?duty|tariff)\b(?! (?:exempt|waiver|relief|rules))"
)
"""To lower a tariff opens a market."""
_RELIEVES = regex(
    r"(?:scrap|abolish|eliminat|waiv|cut|lower|reduc|slash|halv|remov|end)\w* (?:[\w'’-]+ ){0,4}?"
    r"(?:surcharges?|levy|levies|fees?|tolls?|tax|taxes)\b(?! (?:exempt|break|credit|rebate|relief|incentive))"
)
"""To lower a tax or a fee helps whoever paid it."""
_TAKEN = frozenset({"restriction", "other", "regulation"})


def freed(title: str, action: Action) -> Action:
    """What a deed does that takes something away: to lift a ban opens, whatever the ban did."""
    if action == "tariff" and _CUTS_TARIFFS.match(title):
        return "opening"
    if action in _TAKEN and _RELIEVES.match(title):
        return "support"
    return "opening" if action in _TAKEN and _TAKES_AWAY.match(title) else action
