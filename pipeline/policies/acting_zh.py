"""Who acts in a Chinese sentence, and when: bodies, countries, the day before a verb, the day of entry into force."""

from __future__ import annotations

import re

from pipeline.model import Salience
from pipeline.patterns import regex
from pipeline.policies.dates import When, dates_in, day_of
from pipeline.policies.issuers import Mention, bodies_in
from pipeline.policies.issuers import bodies as body_table
from pipeline.policies.places import places_in

_GENERIC = regex(
    r"中国政府|(?:美国|荷兰|英国|欧盟|日本|德国|法国|加拿大|澳大利亚|印度|墨西哥|韩国)政府|[一-龥]{2,4}外交部"
)
FOREIGN_SIDE = regex(
    r"美方|欧方|日方|荷方|英方|加方|美国|欧盟|英国|日本|荷兰|加拿大|澳大利亚|墨西哥|印度|韩国|美(?=商务部|政府)"
)
ENTRY = regex(
    r"(?:自|于|从)(?P<date>[^，。；自于从]{2,20}?日)(?:\d{1,2}时\d{1,2}分)?(?:起|(?=(?:正式)?(?:施行|实施|生效)))"
    r"|(?P<date2>(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?:\d{1,2}时\d{1,2}分)?起"
)


def acting(text: str, start: int, stop: int, bodies: tuple[Mention, ...]) -> tuple[str, ...]:
    """The bodies that act: the run of them that stands last before `stop`, those that only approve left out."""
    run: list[str] = []
    edge = None
    for body in reversed([b for b in bodies if b.end <= stop]):
        if text[max(start, body.start - 1) : body.start] == "经" or re.match(
            r"[^，。；]{0,6}(?:批准|同意)", text[body.end : stop]
        ):
            continue
        if (
            re.match(
                r"(?:新闻|副部长|部长|部长助理|副?总理|副?主席|副?省长|副?市长|领导人|发言人"
                r"|[一-龥]{0,4}负责人|网站|[一-龥]{0,6}提出|清单)",
                text[body.end : stop],
            )
            or body.kind == "international"
            or (body.kind == "government" and body.place == "China")
        ):
            continue
        if edge is not None and re.fullmatch(r"[ 　、，,和及与会同]{0,3}", text[body.end : edge]) is None:
            break
        run.insert(0, body.name)
        edge = body.start
    if not run:
        generic = next(reversed(list(_GENERIC.finditer(text, start, stop))), None)
        if generic is not None and generic[0] != "中国政府":
            return _foreign(generic[0])
    return tuple(dict.fromkeys(run))


def country_acting(text: str, start: int, stop: int) -> tuple[str, ...]:
    """The country that acts, where no body of its own is named: `美国开始实施……`."""
    named = list(FOREIGN_SIDE.finditer(text, start, stop))
    if not named:
        return ()
    bodies = bodies_in(named[-1][0], 0, len(named[-1][0]))
    places = places_in(named[-1][0], 0, len(named[-1][0]))
    return (bodies[0].name,) if bodies else (places[0].name,) if places else ()


def _foreign(printed: str) -> tuple[str, ...]:
    found = bodies_in(printed, 0, len(printed))
    return (found[0].name,) if found else (printed,)


def chinese_bodies(issuers: tuple[str, ...]) -> bool:
    return all((body := body_table().get(name)) is not None and body.place == "China" for name in issuers)


def date_before(text: str, start: int, stop: int, dates: list[When]) -> str | None:
    """The date that stands last before the verb and does not open a period (`自…起`)."""
    for when in reversed(dates):
        if (
            when.end <= stop
            and not re.match(r"(?:\d{1,2}时\d{1,2}分)?[起至]", text[when.end :])
            and text[max(0, when.start - 1) : when.start] not in {"自", "至", "从"}
        ):
            return when.value
    return None


def entry_day(text: str, start: int, end: int, published: str | None) -> str | None:
    match = ENTRY.search(text, start, end)
    if match is None:
        return None
    found = dates_in(text, *match.span("date" if match["date"] else "date2"), published, future=True)
    return found[0].value if found else None


def salience_of(issued: str | None, published: str | None) -> Salience:
    """News within two weeks before the page; a month or a year that is the page's own may be."""
    if issued is None or published is None:
        return "news"
    first, last = day_of(issued), day_of(published)
    if first and last:
        return "news" if (last - first).days <= 14 else "background"
    short = min(len(issued), len(published), 7)
    return "news" if issued[:short] == published[:short] and len(issued) >= 7 else "background"
