"""What an instrument does, from the cues of actions.csv: weighed, the title's words more than the sentence's."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from pipeline.model import Action
from pipeline.policies.tables import rows

_GENERAL = 2
"""Cues of this weight or less (`develop`, `promote`) stand in every text; of one action only the strongest counts."""
_HAN = re.compile(r"[一-龥]")


@cache
def _cues(language: str) -> tuple[re.Pattern[str], dict[str, tuple[Action, int]]]:
    table = {
        row["cue"]: (cast(Action, row["action"]), int(row["weight"]))
        for row in rows("actions")
        if row["language"] == language
    }
    longest_first = sorted(table, key=len, reverse=True)
    edge = r"\b" if language == "en" else ""
    return re.compile(edge + "(?:" + "|".join(map(re.escape, longest_first)) + ")"), table


def action_of(*texts: str) -> Action:
    """The action that the texts speak for, the first text (the title) weighing three times, the others once each.

    Every cue counts once a text, so that a word that a long sentence repeats does not win by number;
    of general cues only the strongest counts.
    """
    score: dict[Action, int] = {}
    for nth, text in enumerate(texts):
        language = "zh" if _HAN.search(text) else "en"
        pattern, table = _cues(language)
        seen = set(pattern.findall(text if language == "zh" else text.lower()))
        general: dict[Action, int] = {}
        for cue in seen:
            action, weight = table[cue]
            if weight <= _GENERAL:
                general[action] = max(general.get(action, 0), weight)
            else:
                score[action] = score.get(action, 0) + weight * (3 if nth == 0 else 1)
        for action, weight in general.items():
            score[action] = score.get(action, 0) + weight * (3 if nth == 0 else 1)
    return max(sorted(score), key=lambda action: score[action], default="other")
