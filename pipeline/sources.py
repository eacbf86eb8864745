"""The registry of sources: one line each, its name and what people call it.

A name is that of its two modules, `spiders/<name>.py` (where its stories are found) and
`pipeline/articles/<name>.py` (how its pages are read). docs/add-a-source.md says what goes into them.
"""

from __future__ import annotations

TITLES = {
    "china_daily": "China Daily",
    "mofcom": "Ministry of Commerce",
    "state_council": "State Council",
}
