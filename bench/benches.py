"""The benches: what each measures, how it is called in `make bench`, in `make bench-short`, and in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GROWN: Final = "{grown}"
"""In arguments: the database of a million articles that the bench `growth` leaves behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One bench and its arguments; what it prints is JSON: one object, or one a line."""

    name: str
    says: str
    script: str
    usual: tuple[str, ...] | None = ()
    """In `make bench`; None: it takes longer than all others together, and is run by its name only."""
    short: tuple[str, ...] | None = None
    """In `make bench-short` and the tests; None: not there."""
    full: tuple[str, ...] = ()
    """The long form, which nobody waits for."""
    seconds: int = 120
    """What the usual form takes on two idle cores; it is ended after five times that."""
    chromium: bool = False


BENCHES: Final[tuple[Bench, ...]] = (
    Bench(
        name="accuracy", says="how right extraction is", script="accuracy.py", usual=("--json",), full=("--json",),
        seconds=10,
    ),
    Bench(name="linking", says="how right linking is", script="linking.py", seconds=10),
    Bench(
        name="pipeline", says="reading and storing beside trafilatura, textacy and a bare executemany",
        script="pipeline.py", usual=("--quick", "--json"), short=("--stories", "40", "--here", "--json"),
        full=("--stories", "2500", "--json"), seconds=70,
    ),
    Bench(
        name="extract", says="extraction beside textacy and spaCy", script="extract.py", usual=("--quick", "--json"),
        full=("--json",), seconds=50,
    ),
    Bench(
        name="peers", says="accuracy and speed beside generic readers of pages and of quotes", script="peers.py",
        usual=("--json",), full=("--json",), seconds=120,
    ),
    Bench(
        name="scale", says="reprocess on one core, on two, on Dask; its memory over 10,000 pages", script="scale.py",
        usual=("--rounds", "3", "--json"), short=("--short", "--json"), full=("--json",), seconds=300,
    ),
    Bench(
        name="memory", says="memory of a reprocess over 100,000 pages beside that over 10,000", script="scale.py",
        usual=None, full=("--only-memory", "--memory-pages", "100000", "--json"), seconds=5400,
    ),
    Bench(
        name="crawl", says="a crawl beside a bare Scrapy spider; its memory", script="crawl.py",
        usual=("--rounds", "1", "--stories", "1500", "--memory-pages", "2000", "--json"), full=("--json",), seconds=100,
    ),
    Bench(
        name="mail", says="sending beside a bare smtplib loop", script="mail.py", usual=("--mails", "5000"),
        seconds=60,
    ),
    Bench(
        name="rules", says="a thousand watch rules and a new article", script="rules.py", usual=("--quick", "--json"),
        full=("--json",), seconds=20,
    ),
    Bench(name="warc", says="the archive: appending, reading, looking up", script="warc.py", usual=("--json",),
          full=("--json",), seconds=15),
    Bench(
        name="foreign", says="Common Crawl's files filtered for our stories, beside bare loops of fastwarc and warcio",
        script="foreign.py", usual=("--json",), short=("--short", "--json"), full=("--json",), seconds=60,
    ),
    Bench(name="review", says="review by keyboard in a browser", script="review.py", seconds=20, chromium=True),
    Bench(
        name="health", says="source health over simulated months", script="health.py", usual=("--quick", "--json"),
        full=("--json",), seconds=20,
    ),
    Bench(
        name="volume", says="a whole site crawled, compared with its manifest", script="volume.py",
        usual=("--quick",), seconds=60,
    ),
    Bench(
        name="kills", says="a crawl killed again and again", script="kills.py",
        usual=("--kills", "5", "--stories", "300", "--listings", "8", "--seed", "7"),
        full=("--kills", "50", "--stories", "2500", "--listings", "20", "--seed", "7"), seconds=60,
    ),
    Bench(
        name="mail_kills", says="storing and sending of mail killed again and again", script="mail_kills.py",
        usual=("--kills", "60"), seconds=30,
    ),
    Bench(
        name="growth", says="what each job costs at 10,000, 100,000 and 1,000,000 articles", script="growth.py",
        usual=("--keep", GROWN, "--json"), short=("--sizes", "500,5000", "--json"), full=("--json",), seconds=600,
    ),
    Bench(
        name="site", says="fifty readers of the site of a million articles", script="site.py",
        usual=("--database", GROWN), seconds=60,
    ),
    Bench(
        name="export", says="exports of a large view", script="export.py",
        usual=("--database", GROWN, "--rows", "100000"), full=("--database", GROWN, "--rows", "1000000"), seconds=60,
    ),
)  # fmt: skip

BY_NAME: Final = {one.name: one for one in BENCHES}
