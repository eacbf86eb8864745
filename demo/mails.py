"""The mails that have a picture: what rules would have sent of the demo's stories, one of each sort."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from alerts.announce import article_of
from alerts.notice import compose_notice
from alerts.preview import PlannedMail, compose_planned, preview
from alerts.rules import Rule
from alerts.sheet import Composed, with_way_out
from db.connection import value

HOME = "https://desk.example.org"
_DAYS = 60
_TO = ("reader@example.org",)
_LEAVE = f"{HOME}/unsubscribe/7-d2VsbCB0aGlzIGlzIG5vIGtl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of mail that has a picture."""

    name: str
    rule: Rule
    which: Callable[[Database, PlannedMail], int] = lambda _db, mail: len(mail.matches)
    """How well a mail of that rule shows it; the best one is shown, of equals the newest."""


def _suspends(db: Database, mail: PlannedMail) -> int:
    sql = "SELECT count(*) FROM instrument_relations WHERE relation = 'suspends' AND article_id = ?"
    return int(value(db, sql, [article_of(mail.matches[0])]))


SORTS = (
    Sort(
        name="alert",
        rule=Rule(name="Export controls", to=_TO, query='"export control*" OR licens*', languages=("en",)),
    ),
    Sort(
        name="quotes",
        rule=Rule(name="What executives say", to=_TO, kinds=("quote",), roles=("executive",), languages=("en",)),
    ),
    Sort(
        name="chinese",
        rule=Rule(name="出口管制", to=_TO, query="出口管制", kinds=("announcement", "quote"), languages=("zh",)),
    ),
    Sort(name="thread", rule=Rule(name="Every announcement", to=_TO, salience=("news",)), which=_suspends),
    Sort(
        name="daily",
        rule=Rule(name="Morning desk", to=_TO, kinds=("announcement", "quote"), frequency="daily", languages=("en",)),
    ),
    Sort(
        name="weekly",
        rule=Rule(name="Week in trade", to=_TO, kinds=("announcement",), salience=("news",), frequency="weekly"),
    ),
)
NAMES = (*(sort.name for sort in SORTS), "operator")


def demo_mails(db: Database, now: datetime) -> Iterator[tuple[str, Composed]]:
    """Each sort of mail with its name, of the demo's database as it stands at `now`."""
    for sort in SORTS:
        planned = preview(db, sort.rule, now, days=_DAYS, clock=lambda: 0.0).mails
        mail = max(planned, key=lambda one, sort=sort: (sort.which(db, one), one.at))  # type: ignore[misc]
        made = compose_planned(db, sort.rule, mail, HOME, page=f"{HOME}/rules/7/history")
        text, html = with_way_out(made.text, made.html, _LEAVE)
        yield sort.name, Composed(subject=made.subject, text=text, html=html or "")
    yield "operator", _to_the_operator()


def _to_the_operator() -> Composed:
    return compose_notice(
        "China Daily has fallen silent",
        facts=(
            ("Last new article", "9 Sep 2026, 17:40"),
            ("Articles in 7 days", "0, where 41 are usual"),
            ("Last good crawl", "18 Sep 2026, 07:20"),
            ("Route", "section/business: 0 links, at least 20 are expected"),
        ),
        paragraphs=(
            "Its pages answer, and nothing new has come for nine days. Weekends and holidays are not counted.",
            "Open the first bad page beside the last good one: where its layout has changed, the parser needs a new "
            "one. There is one more mail when the source has recovered, and none before.",
        ),
        links=(
            ("The source on the site", f"{HOME}/sources"),
            ("The last good page, as it was", f"{HOME}/archived/12"),
            ("The first bad page, as it was", f"{HOME}/archived/14"),
        ),
    )
