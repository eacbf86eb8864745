"""What may be asked at `/data`: the public views, and the tables behind them. Whatever is not listed here is hidden.

No users, sessions or attempts, no mail and no addresses of readers: a new table is hidden until somebody lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from db.views import PUBLIC_VIEWS

NAME = "policywire"
"""What the database is called in addresses: `/data/policywire/quotes_attributed`."""

VIEWS: tuple[str, ...] = tuple(PUBLIC_VIEWS)

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "annex_files": "one content of attached files, by its digest",
        "annexes": "a file that an article links to",
        "article_urls": "an address that leads to an article",
        "articles": "an article; what it says is in its revisions",
        "decisions": "what a person decided on a statement",
        "health_states": "how a source or one of its routes stands, and since when",
        "health_transitions": "a change of that, with its reasons, the last good and the first bad page",
        "identity_edges": "two names that look like one thing, how surely and why",
        "identity_events": "what a person merged, split or moved",
        "identity_rulings": "what stands of those events",
        "instrument_registry": "a name that instruments are reported under",
        "instrument_reports": "what a statement says an instrument is",
        "issues": "something that a person should look at",
        "judgements": "what a decision says about one version's reading of a statement",
        "organizations": "a name of an organization",
        "pages": "a fetched page and its place in the archive",
        "person_spellings": "a way to spell a person's name in Latin letters",
        "persons": "a name within an organization",
        "policies": "a policy announcement, current or retired",
        "quotes": "a quote, current or retired",
        "readings": "how far a listing has been read",
        "relations": "what an article says that one instrument does to another",
        "revisions": "what an article said from a moment on",
        "routes": "how one way of discovery went in a run",
        "runs": "one run of a job",
        "source_days": "what a source brought on one day",
    }
)
"""Name, and what a row is."""

READABLE = frozenset({*VIEWS, *TABLES})
