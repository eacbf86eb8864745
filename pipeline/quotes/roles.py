"""A person's role from the post and the organisation: executive, official, expert or other."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.tables import alternation, nouns

_STATE_COMPANY = regex(
    r"\b(?:Co|Ltd|Inc|Corp|Corporation|LLC|PLC|AG|GmbH|(?<!Leading )(?<!Leadership )(?<!Working )Group|Holdings?)\b"
)
_FOUNDER = regex(r"\b(?:co-?)?founder\b|\bCEO\b|\bchief executive\b", re.I)
_UNIT = regex(r" of the (?:[\w,]+ ){0,5}(?:[Dd]epartment|[Dd]ivision|[Oo]ffice|[Bb]ureau|[Cc]ommittee)\b")
_NO_EXPERT = regex(r"\bchief (?:scientific|technology|engineer)|\battorneys? general\b", re.I)
"""Posts whose name only holds an expert's."""
_STUDY = regex(r"\b(?:economics|research(?! and development))\b", re.I)
_COMPANY_SCIENCE = regex(r"\bchief scientist\b|\b(?:expert|scholar|specialist) and (?:chair|president|general)", re.I)
"""Offices of a company that sound like research."""
_SERVES = regex(r"\badvis|\battach|\b(?:chief|principal) (?:engineer|statistician)|\bstatistician", re.I)
"""Experts by name who serve a public body as its officials."""
_MINISTRY = regex(r"\b(?:[Mm]inistry|[Aa]dministration|[Cc]ommission|[Bb]ureau)\b|^(?:MIIT|MOFCOM|NDRC|NEA|NBS)$")
_MEDIA_OFFICE = regex(
    r"\b(?:president|chairman|chairwoman|CEO|chief executive|general manager|publisher|chief \w+ officer)\b", re.I
)
_COMPANY_OFFICE = regex(r"\b(?:chairman|chairwoman|president|CEO|general manager|[Pp]arty (?:secretary|chief))\b")
"""Offices of a State-owned firm that sound like the Party's."""
_LAY = regex(
    r"\b(?:student|pupil|resident|retiree|patient|visitor|tourist|villager|farmer|grower|herder|volunteer|driver|inmate|"
    r"nurse|coach|chef|guide|technician|worker|employee|staff member|"
    r"cleaner|graduate|trainee|intern|apprentice|jobseeker|job seeker|actor|actress|performer|athlete|player)s?$",
    re.I,
)
"""Walks of life, which no institution turns into an office: `a student at Huli University`."""
_PLAIN_OFFICIAL = regex(r"\b(?:official|civil servant|commissioner|department of)s?\b", re.I)
_GUILD_NAME = regex(r"\b(?:Club|Association|Federation|Foundation|University|Academy|Alliance|Society|Institute)$")
_OWNED_FIELD = regex(r"(.{2,60})(?:'s|’s) (?:[\w-]+ ){0,5}(?:region|market|office|team|committee|department|division)$")
_HEAD = regex(r" (?:of|for) ")
_GUILD = regex(
    r"\b(?:forum|think tank|charity|nonprofit|NGO|foundation|coalition|alliance|lobby|network|society)\b", re.I
)
"""What a body is told to be that speaks for others or for a cause."""
_EXCHANGE = regex(r"\b(?<!Foreign )Exchange(?:$| (?:of|in|and|Co|Ltd|Group)\b)")


@cache
def _kind_words(kind: str) -> re.Pattern[str]:
    words = [word for word, role in nouns("organization").items() if role == kind]
    if kind == "executive":
        words += nouns("company")
    return re.compile(rf"(?<![\w’'-])(?:{alternation(words)})(?:s|es)?(?![\w-])")


@cache
def _title_words(role: str) -> re.Pattern[str]:
    words = alternation(word.lower() for word, kind in nouns("title").items() if kind == role)
    return re.compile(rf"(?<![\w'’-])(?:{words})(?![\w’-])", re.I)


@lru_cache(maxsize=8192)
def role_of(title: str | None, organization: str | None, described: str | None = None) -> Role:
    """The role that a post in a body gives; a research post is `expert` even in a company (extraction spec).

    `described` is what the article says the body is, which counts where its name does not tell: `Lanhai, a think tank`.
    """
    body = body_role(organization) if organization else None
    if (
        described
        and (told := "expert" if _GUILD.search(described) else body_role(described))
        and (body is None or (body == "executive" and told == "expert"))
    ):
        body = told
    if (
        title
        and _FOUNDER.search(title)
        and (body != "expert" and not (body == "official" and organization not in nouns("place")))
    ):
        return "executive"
    if title and _STUDY.search(_UNIT.split(title)[0]):
        return "expert"
    if title and organization is None and re.fullmatch(r"(?:[Ff]ormer |[Tt]hen )?(?:Vice-)?President", title):
        return "official"
    if organization and re.search(r"\b(?:advisory|expert) (?:committee|panel|board|council)", organization, re.I):
        return "expert"
    if title and body == "executive" and _COMPANY_SCIENCE.search(title):
        return "executive"
    if title:
        if _title_words("expert").search(title) and not _NO_EXPERT.search(title):
            serves = _SERVES.search(title) or ("hief economist" in title and _MINISTRY.search(organization or ""))
            return "official" if body == "official" and serves else "expert"
        if _title_words("official").search(title):
            return "executive" if body == "executive" and _COMPANY_OFFICE.search(title) else "official"
    if title and body != "executive" and _LAY.search(title):
        return "other"
    if body == "media":
        return "executive" if title and _MEDIA_OFFICE.search(title) else "other"
    if body in ("official", "expert", "other"):
        return body  # type: ignore[return-value]
    if title and _title_words("executive").search(title):
        return "executive"
    if body == "executive":
        return "other" if title and _title_words("other").search(title) else "executive"
    if title and _title_words("other").search(title):
        return "other"
    if organization and organization in nouns("place"):
        return "official"
    if title and _PLAIN_OFFICIAL.search(title):
        return "official"
    return "executive" if organization and title else "other"


def body_role(organization: str) -> str | None:
    """What sort of body a name says it is: `executive` (company), `official`, `expert`, `media`, or None."""
    if (_STATE_COMPANY.search(organization) and not _GUILD_NAME.search(organization)) or _EXCHANGE.search(organization):
        return "executive"
    if organization in nouns("place") or organization in nouns("country"):
        return "official"
    organization = organization.split(" in ")[0] or organization
    owner = _OWNED_FIELD.match(organization)
    if owner and body_role(owner.group(1)) == "executive":
        return "executive"
    found = {
        kind: match
        for kind in ("official", "expert", "media", "other", "executive")
        if (match := _last(kind, organization))
    }
    return min(found, key=lambda kind: _rank(organization, found[kind])) if found else None


def _last(kind: str, organization: str) -> re.Match[str] | None:
    last = None
    for match in _kind_words(kind).finditer(_HEAD.split(organization)[0] + " ") or ():
        last = match
    return last or _kind_words(kind).search(organization)


def _rank(organization: str, match: re.Match[str]) -> tuple[int, int, int]:
    """The head noun of an English name is the last word before its first `of` or `for`; of two endings the longer."""
    head = len(_HEAD.split(organization)[0])
    return (0, -match.end(), match.start()) if match.start() < head else (1, match.start(), -match.end())
