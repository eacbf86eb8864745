"""English prose: things by who made them, `the scheme was launched by the ministry`, `the fee, which the city set`."""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_frames import SEGMENT
from pipeline.policies.act_words import kinds_of
from pipeline.policies.actor import Actor
from pipeline.policies.actors import BY_AGENT
from pipeline.policies.instruments import nouns
from pipeline.policies.reading import FORECAST, NEGATED, Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import words
from pipeline.policies.voiced import kind_in, voiced

_MADE = (
    r"(?:launched|introduced|established|set up|created|adopted|put forward|unveiled|initiated|rolled out|enacted"
    r"|put in place|implemented|instituted|drawn up|devised|formulated|inaugurated|imposed|announced|piloted|levied"
    r"|announced|mandated|passed|issued|released|published)"
)
_DENIED = (
    r"(?:raised|lowered|increased|tightened|eased|relaxed|doubled|halved|expanded|restricted|banned|barred"
    r"|blocked|prohibited|suspended|frozen|capped|limited|blacklisted|sanctioned|halted"
    r"|scrapped|abolished|revoked|lifted|waived|extended|canceled|cancelled|approved|cleared|expelled|seized|outlawed"
    r"|designated|authorized|phased out|shut down|nationalized|terminated)"
)
_PASSIVE = regex(
    rf"(?P<aux> (?:was|were|has been|have been|had been|is|are)(?: also| first| jointly| officially| recently"
    rf"| \w+ly)*)?"
    rf" (?:jointly |newly |recently |first |originally )?(?:(?P<made>{_MADE})|(?P<denied>{_DENIED}))(?= )"
)
_FOR_BY = regex(r" (?:for|from|to|as|in) [^,;:.—–]{2,40}?(?P<by> by )")
_WHICH = regex(r",? (?:which|that|who)(?: was| were| is| are| has been| have been| had been)?(?: also| first| \w+ly)*$")
_KNOWN_THING = regex(
    r"\b[Tt]he (?P<noun>restrictions?|bans?|tariffs|sanctions|controls|curbs|subsid(?:y|ies)|export controls|blockade"
    r"|embargo|duties|quotas?|visa-free policy),?$"
)
_ALIAS = regex(r",? (?:also known as|known as|or|dubbed|called) [^,]{2,60},?$|,? \([^()]{2,30}\)$")
_RELATIVE = regex(
    rf"(?P<np>,? (?:which|that) )(?P<who>[^,.;:—–]{{2,60}}?) (?:has |have |had )?(?:also |recently |first |jointly )?"
    rf"(?P<verb>{_MADE}|lifted|scrapped|extended|expanded|imposed|tightened)(?=[ ,.])"
)
_NO_HEAD = frozenset(
    {"forum", "event", "events", "exhibition", "expo", "contest", "competition", "award", "awards", "prize",
     "festival", "conference", "symposium", "dialogue", "meeting", "meetings", "ceremony", "tour", "visit", "film",
     "show", "satellite", "satellites", "spacecraft", "rocket", "mission", "attack", "attacks", "strike", "strikes",
     "war", "offensive", "company", "companies", "firm", "firms", "venture", "university", "institute", "institutes",
     "school", "schools", "museum", "laboratory", "laboratories", "lab", "labs", "team", "teams", "group", "groups",
     "club", "association", "alliance", "consortium", "chamber", "startup", "startups", "hospital", "hospitals",
     "library", "report", "reports", "study", "studies", "survey", "surveys", "index", "paper", "papers", "figures",
     "data", "book", "books", "magazine", "target", "targets", "goal", "goals", "proposal", "proposals", "concept",
     "vision", "idea", "principle", "principles", "term", "record", "records", "opportunities", "conditions",
     "environment", "foundation", "ties", "relations", "party", "nation", "republic", "state", "course", "courses",
     "model", "models", "robot", "robots", "vehicle", "vehicles", "product", "products", "technology", "technologies",
     "song", "videos", "video", "website", "news", "article", "articles", "statement", "remarks", "comments",
     "warning", "statistics", "results", "requirements", "campaign", "decision", "call", "calls", "efforts", "effort",
     "work", "tasks", "task", "challenges", "research", "project", "projects", "standard", "cases", "case", "theory",
     "thought", "philosophy", "document", "documents", "chart", "photo", "picture", "partnership", "friendship",
     "era", "path", "way", "ways", "line", "list", "ranking", "brand", "awareness", "message", "messages",
     "questions", "question", "people", "person", "man", "woman", "officials", "students", "who", "world", "time",
     "day", "days", "year", "years", "community-building", "consensus", "attention", "role", "cooperation",
     "information", "resolution", "action", "actions", "operation", "operations", "rule", "order", "network",
     "networks", "center", "centers", "base", "bases", "park", "parks"}
)  # fmt: skip
_NAME = regex(
    r"(?:^|[ ,])(?:the |The |its |an? |A |An )?[\"“]?(?P<name>(?:[A-Z][\w'’&+-]*|20\d\d)"
    r"(?: (?:(?:of|for|and|on|in) (?:the )?)?[A-Z][\w'’&+-]*){1,7}"
    r"(?: (?:initiative|strategy|program|programme|plan|scheme|fund|platform|project|policy))?)[\"”]?$"
)
_STOPS = (
    words("stop")
    | words("finite")
    | frozenset(
        {
            "said",
            "says",
            "through",
            "via",
            "under",
            "with",
            "including",
            "like",
            "than",
            "to",
            "by",
            "into",
            "from",
            "at",
        }
    )
)
_CLAUSE = SEGMENT - {"and"}
_PLAIN = words("plain")
_DETERMINERS = frozenset({"the", "a", "an", "its", "this", "these", "their", "his", "several", "two", "three", "four"})


def made_by_agent(reader: Reader, sentence: Sentence) -> None:
    """`a platform set up by the province`, `pear sales were restricted by the administration`."""
    start, end = sentence.span
    text = reader.text
    for match in _PASSIVE.finditer(text, start, end):
        by = BY_AGENT.match(text, match.end(), end)
        if by is None and match["denied"]:
            by = _FOR_BY.match(text, match.end(), end)
        if by is None:
            continue
        run = text[start : match.start()]
        which = _WHICH.search(run)
        run = _ALIAS.sub("", run[: which.start()] if which is not None else run)
        title = _patient(run, finite=match["aux"] is not None and which is None)
        if title is None and (bare := _KNOWN_THING.search(run)) is not None:
            stem = bare["noun"].rstrip("s")
            if not any(c.kept and stem in f"{c.title} {c.head}" for c in reader.found):
                title = bare["noun"]
        if title is None or FORECAST.search(run) or NEGATED.search(run):
            continue
        agent = reader.actors.agent(by.start("by") if by.re == _FOR_BY else match.end(), end)
        if agent is None or not (agent.issuers or (match["denied"] and agent.name == "China")):
            continue
        _add(reader, sentence, "act undergone", title, match["made"] or match["denied"], agent, match.end(),
             denied=match["denied"] is not None)  # fmt: skip


def made_by_subject(reader: Reader, sentence: Sentence) -> None:
    """`the subsidy, which the city introduced in 2031`."""
    if " which " not in sentence.printed and " that " not in sentence.printed:
        return
    start, end = sentence.span
    text = reader.text
    for match in _RELATIVE.finditer(text, start, end):
        actor = reader.actors.subject(match.start("who"), match.start("verb"))
        if actor is None or not (actor.issuers or actor.name == "China") or actor.start > match.start("who") + 4:
            continue
        title = _patient(text[start : match.start()], finite=False)
        if title is not None:
            _add(reader, sentence, "act undergone", title, match["verb"], actor, match.end(), denied=False)


def _patient(run: str, *, finite: bool) -> str | None:
    """The noun phrase that ends `run`: with an article, or a name in title case; None for what no authority makes."""
    run = run.rstrip(" ,")
    if run.endswith(('"', "”")) and (mark := re.search(r"[\"“]([^\"“”]{4,80})[\"”]$", run)):
        return mark[1]
    named = _NAME.search(run)
    if named is not None:
        head = named["name"].split()[-1].lower()
        return None if head in _NO_HEAD else named["name"]
    parts = run.split(" ")
    stops = _CLAUSE if finite else _STOPS
    first = len(parts)
    while first > 0 and len(parts) - first < 22:
        word = parts[first - 1]
        if word.lower().strip('"“”') in stops or word[-1:] in ",;:.—–" or (word == "and" and not finite):
            break
        first -= 1
    phrase = parts[first:]
    if not finite:
        at = [i for i, word in enumerate(phrase) if word.lower() in _DETERMINERS]
        phrase = phrase[at[-1] :] if at else []
    if len(phrase) < 3 or (len(phrase) == 3 and phrase[1].lower() in _PLAIN):
        return None
    head = _head(phrase)
    if head in _NO_HEAD or not (kinds_of(head) or head in nouns("en")):
        return None
    return " ".join(phrase)


def _head(phrase: list[str]) -> str:
    for i, word in enumerate(phrase):
        if i > 0 and word in {"of", "for", "on", "in", "to", "against"}:
            return phrase[i - 1].lower()
    return phrase[-1].lower()


def _add(
    reader: Reader, sentence: Sentence, rule: str, title: str, verb: str, actor: Actor, at: int, *, denied: bool
) -> None:
    kind: Instrument = "decision" if denied else kind_in(title)
    if denied:
        title = f"{title} {verb}"
    voiced(reader, sentence, title, kind, "issued", actor, at, rule)
