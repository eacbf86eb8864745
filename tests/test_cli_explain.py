"""`policywire extract --explain`: every record says why it was made, and what was dropped says why not."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Policywire

STORY = (
    "The Ministry of Commerce issued a notice on pear exports on Sept 3. "
    "Hu Lian, president of Orchard Works Ltd, said the notice will halve the paperwork.\n\n"
    'Hu called the old forms "a tax on patience".'
)


def _extracted(policywire: Policywire, *options: str) -> dict[str, Any]:
    line = json.dumps({"id": "pears", "published": "2026-09-04", "text": STORY})
    done = policywire("extract", "-", *options, given=line.encode())
    assert done.status == 0
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_every_record_names_its_rule_its_cue_and_the_chain_to_its_speaker(policywire: Policywire) -> None:
    found = _extracted(policywire, "--explain")
    indirect, partial = found["quotes"]
    assert indirect["why"]["cue"] == "said"
    assert partial["why"]["chain"] == ["Hu", "Hu Lian"]
    assert all(record["why"]["rule"] for record in (*found["quotes"], *found["policies"]))
    assert all(dropped["reason"] and dropped["why"]["rule"] for dropped in found["dropped"])


def test_without_the_option_the_records_are_the_same_and_say_only_how_sure_they_are(policywire: Policywire) -> None:
    plain, explained = _extracted(policywire), _extracted(policywire, "--explain")
    assert "dropped" not in plain
    for name in ("quotes", "policies"):
        assert [{**record, "why": None} for record in plain[name]] == [{**r, "why": None} for r in explained[name]]
        assert all("confidence" in record for record in plain[name])
