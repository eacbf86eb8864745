"""English prose: measures that a story names in passing, without a verb of issuing that has them as its object.

`received approval from the Sample Authority to …`, `added samples to its Sample Goods List`, `under the Sample Act`,
`the European Union's Sample Act`, `according to the "Sample Action Plan for …"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from operator import or_

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.cues import Cues, cues
from pipeline.policies.instruments import nouns
from pipeline.policies.issuers import bodies, bodies_in
from pipeline.policies.passing import add_in_passing, told_already
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.rule_signed import reached_papers, signed_papers
from pipeline.policies.sentence import Sentence

_NAME = r"(?:[A-Z][\w'’&-]*|20\d\d)(?: (?:(?:of|on|for|and|the|in) ){0,2}[A-Z][\w'’&-]*){0,7}"
_APPROVAL = regex(
    r"\b(?:received|obtained|secured|won|gained|got|granted)(?: \w+ly)? (?P<what>(?:(?:an?|the|its|new|export"
    r"|import|initial|final|formal"
    r"|official|regulatory|conditional|in-principle|preliminary) ){0,3}(?:approval|permission|clearance|authorization"
    r"|authorisation|consent|licen[cs]e|permit)"
    r" (?:from|of|by) (?:the )?(?P<who>[A-Z][^,.;]{2,60}?)(?: (?:last|this|in|on) [A-Z]?\w+(?: \d{1,2})?)?"
    r" (?:to|for) [^,.;]{3,140})"
)
_TO_EXPORT = regex(
    r"(?:an? )?(?:export )?(?:licen[cs]e|permit|authori[sz]ation|clearance)\b.{3,80}? to (?:ship|export|sell|supply)\b"
)
_ADDED = regex(
    rf"\b(?:added|adding|placed|put|included|listed)\b [^.;]{{3,120}}? (?:to|on|in) (?:its|the|an?) (?:own )?"
    rf"(?P<what>{_NAME}(?<=List))(?!\w)"
)
_ACT = regex(
    rf"(?:\b(?P<under>[Uu]nder|[Tt]hrough|[Vv]ia|[Ii]nvoking|[Ii]nvoked|following|response to|passage of) the"
    rf" (?:US |EU |UK )?|(?P<owner>(?:[Tt]he )?[A-Z][\w.]*(?: [A-Z]\w+)?)['’]s? |\b(?P<adjective>US|EU|UK"
    rf"|British|European"
    rf"|American|Japanese|German|Indian|Australian) )(?P<name>{_NAME}"
    r"(?P<head>(?<=[ -]Act)|(?<=[ -]Bill)|(?<=[ -]Directive)|(?<=[ -]Regulation)))(?![\w'’-])"
)
_ACT_HEADS = ("Act", "Bill", "Directive", "Regulation")
_QUOTED = regex(
    r"(?P<by>[Aa]ccording to|[Uu]nder|[Gg]uided by|[Ii]n line with|[Bb]ased on|[Ii]n) (?:the |a |its )?"
    r"[\"“](?P<name>(?:[A-Z]|20\d\d)[^\"“”]{8,140}?\b(?P<head>Action Plan|Implementation Plan|Work Plan|Master Plan"
    r"|Development Plan|Plan|Guidelines?|Opinions|Blueprint|Roadmap|Outline)\b[^\"“”]{0,100})[\"”]"
)
_RULING = regex(
    r"\b(?P<what>decision (?:of|by) (?P<who>(?:the |an? )[^,;.]{4,90}?)(?: (?:on|last|this) [A-Z]?\w+(?: \d{1,2})?)? to"
    r" (?:prohibit|ban|block|approve|reject|allow|halt|suspend|impose|lift|grant|cancel|restrict) [^,;.]{4,110}?)"
    r"(?=[,;.]| because| as| after| while| which)"
)
_SUCH_AS = regex(
    rf"\b(?:issued|introduced|adopted|launched|released|enacted|unveiled|passed|formulated)"
    rf" (?:[\w-]+ ){{0,3}}?(?:policy frameworks|frameworks|policies|measures|regulations|laws|plans|strategies"
    rf"|documents"
    rf"|initiatives|programs|schemes) (?:such as|including|like) (?:its |the )?[\"“]?(?P<what>{_NAME})"
)
_FUNDING = regex(
    r"\b(?:announced|approved|provided|allocated|pledged|unveiled|launched) (?P<what>(?:(?:an?|new|additional"
    r"|more|\$?[\d.]+|"
    r"[bm]illion) ){0,4}(?:funding(?: support)?|financial support|fiscal support|research grants"
    r"|grants) for [^,;.]{4,90}?)"
    r"(?=[,;.]| (?:across|in|through|over) )"
)
_OWN_PLAN = regex(
    r"\b(?:in|under|through|with|as part of) its (?P<what>(?:20\d\d(?:-\d{2,4})? )?(?:[\w-]+ ){0,4}?"
    r"(?:work|action|implementation|development|master|strategic) plan(?: (?:for|on|to) [^,;.]{3,90})?)(?![\w-])"
)
_SINCE = regex(
    r"(?:^|[ ,])(?:the )?(?P<what>(?:(?:interim|provisional|national|new|draft|detailed|specific"
    r"|trial) )?(?:measures|guidelines"
    r"|guidance|rules|regulations|provisions|opinions|action plan|guideline|regulation) (?:issued|adopted"
    r"|released|enacted"
    r"|promulgated|introduced|published) in (?P<when>[A-Z][a-z]{2,8}(?: (?:this|last) year| 20\d\d)?|20\d\d"
    r"|early 20\d\d|late 20\d\d)"
    r" (?:to|on|for|governing|regulating) [^,;.]{4,140})"
)
_BESIDE = regex(
    r"\b(?:alongside|together with|along with|as well as) (?P<what>(?:supporting|related|accompanying|supplementary"
    r"|corresponding|complementary) (?:[\w-]+ ){0,2}?(?:standards|guidelines|rules|regulations|measures|plans"
    r"|policies))\b"
)
_CUT = regex(r" (?:after|while|which|because|as part|starting|according|through [A-Z]|over the (?:next|coming)).*$")
_DAY_IN = regex(r" (?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?= to)")
_OWNER = regex(r"^[^'’]{2,40}['’]s? ")
_STATUTES: dict[str, Instrument] = {
    "Act": "law", "Bill": "law", "Directive": "order", "Regulation": "regulation",
}  # fmt: skip
_CHINESE = regex(r"\b(?:China|Chinese|country|nation)\b")


def _funding(reader: Reader, sentence: Sentence) -> None:
    """`announced new funding for …`."""
    for match in _FUNDING.finditer(reader.text, *sentence.span):
        _act(reader, match, "other", "issued", sentence)


def _added(reader: Reader, sentence: Sentence) -> None:
    """`added samples to its Sample Goods List`."""
    for match in _ADDED.finditer(reader.text, *sentence.span):
        _act(reader, match, "list", "issued", sentence)


def _such_as(reader: Reader, sentence: Sentence) -> None:
    """`issued policy frameworks such as the Sample Initiative`."""
    for match in _SUCH_AS.finditer(reader.text, *sentence.span):
        if not _renamed(reader, match, sentence):
            _act(reader, match, "other", "issued", sentence)


def _renamed(reader: Reader, match: re.Match[str], sentence: Sentence) -> bool:
    """Whether the general word before `such as` was taken for the measure: it gets the name that the example has."""
    for known in reader.found:
        if known.kept and known.strength < 3 and known.evidence[0] == sentence.span and known.title in match[0]:
            known.title, known.instrument, known.strength = match["what"], "other", 3
            return True
    return False


def _act(reader: Reader, match: re.Match[str], kind: Instrument, status: Status, sentence: Sentence) -> None:
    """What an authority in the place of the subject decides, plans or adds to."""
    start = sentence.start
    actor = reader.actors.subject(start, match.start()) or reader.actors.joined_subject(start, match.start())
    run = reader.text[start : match.start()].rstrip()
    if actor is None:
        actor = reader.pronoun(run, start)
    title = _CUT.sub("", match["what"]).strip()
    if actor is None or told_already(reader, title, sentence):
        return
    candidate = add_in_passing(reader, title, kind, sentence, actor.issuers, actor.name)
    candidate.status = status
    candidate.action = action_of(title)
    future = status == "planned"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, match.start(), future)
    if FORECAST.search(run) or NEGATED.search(run) or (FUTURE.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    elif PRIVATE.search(run[actor.end - start :]):
        candidate.drop("no public authority acts")


def _approvals(reader: Reader, sentence: Sentence) -> None:
    """`received approval from the Sample Authority to open an office`: the authority has decided it."""
    start, end = sentence.span
    text = reader.text
    for match in _APPROVAL.finditer(text, start, end):
        title = match["what"].removeprefix("an ").removeprefix("the ")
        owner = next((a for a in reader.actors.actors(match.start("who"), match.end("who")) if a.issuers), None)
        land = next((p for p in places_in(text, match.start("who"), match.end("who")) if p.government), None)
        if land is not None and (
            land.kind not in {"country", "bloc"} or len(match["who"]) > land.end - land.start + 11
        ):
            land = None
        if owner is None and land is not None:
            owner = Actor((land.government,), match["who"], match.start("who"), match.end("who"))
        public = owner is not None or re.search(
            r"\b(?:Authority|Bank of|Commission|Administration|Ministry|Department|Agency|Council|Bureau)\b",
            match["who"],
        )
        if not public or told_already(reader, title, sentence):
            continue
        known = owner is not None and (owner.issuers[0] in bodies() or land is not None)
        name = owner.issuers[0] if owner is not None and known else match["who"]
        candidate = add_in_passing(reader, title, "decision", sentence, (name,), name)
        candidate.action = "export_control" if _TO_EXPORT.match(title) else "opening"
        candidate.issued_on, _ = reader.dates_of(sentence, match.start(), False)
        run = text[start : match.start()].rstrip()
        if FORECAST.search(run) or NEGATED.search(run) or FUTURE.search(run):
            candidate.drop("wished, denied or supposed")


def _rulings(reader: Reader, sentence: Sentence) -> None:
    """`the decision of the competition watchdog to prohibit …`."""
    for match in _RULING.finditer(reader.text, *sentence.span):
        _ruling(reader, match, sentence)


def _ruling(reader: Reader, match: re.Match[str], sentence: Sentence) -> None:
    who = match["who"]
    named = [a for a in reader.actors.actors(match.start("who"), match.end("who")) if a.issuers]
    if not named and not re.search(
        r"\b(?:watchdog|court|government|regulator|authorit|ministry|department|agency|commission|parliament|cabinet)",
        who,
    ):
        return
    title = _DAY_IN.sub("", match["what"])
    if told_already(reader, title, sentence):
        return
    candidate = add_in_passing(reader, title, "decision", sentence, named[-1].issuers if named else (), who)
    candidate.action = action_of(title)
    if re.search(r" to (?:prohibit|ban|block|reject|halt|restrict) ", title):
        candidate.action = "restriction"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, match.start(), False)


def _acts(reader: Reader, sentence: Sentence) -> None:
    """A foreign statute that a story names by its title; China's own are laws, and are cited as a basis."""
    start, end = sentence.span
    text = reader.text
    for match in _ACT.finditer(text, start, end) if any(map(sentence.printed.__contains__, _ACT_HEADS)) else ():
        title = _OWNER.sub("", match["name"])
        if len(title.split()) < (2 if match["owner"] or match["adjective"] else 3) or told_already(
            reader, title, sentence
        ):
            continue
        where = match["owner"] or match["adjective"] or ""
        near = [
            p
            for p in places_in(text, match.start() if where else start, match.end("name"))
            if p.government and p.kind in {"country", "bloc"} and p.name != "China"
        ]
        if not near and (match["owner"] or _CHINESE.search(text, start, match.start())):
            continue
        candidate = add_in_passing(
            reader, title, _STATUTES[title.rsplit(" ", 1)[-1]], sentence, (near[-1].government,) if near else (), None
        )
        candidate.strength, candidate.rule, candidate.salience = 3, "described", "background"


def _own_plans(reader: Reader, sentence: Sentence) -> None:
    """`Sample City called for … in its 2031 sample work plan`: the plan of the place that acts."""
    start, end = sentence.span
    text = reader.text
    for match in _OWN_PLAN.finditer(text, start, end):
        owner = next((a for a in reversed(reader.actors.actors(start, match.start())) if a.issuers), None)
        if owner is None or PRIVATE.search(text, start, match.end()) or told_already(reader, match["what"], sentence):
            continue
        candidate = add_in_passing(reader, match["what"], "plan", sentence, owner.issuers, owner.name)
        candidate.salience, candidate.rule = "background", "described"
        candidate.issued_on = match["what"][:4] if match["what"][:2] == "20" else None


def _dated(reader: Reader, sentence: Sentence) -> None:
    """`interim measures adopted in 2031 to manage …`: when and what for tell one instrument from all others."""
    start, end = sentence.span
    text = reader.text
    for match in _SINCE.finditer(text, start, end):
        lead = text[start : match.start("what")]
        title = match["what"]
        if PRIVATE.search(lead) or not (_CHINESE.search(lead) or places_in(text, start, match.start("what"))):
            continue
        if told_already(reader, title, sentence):
            continue
        noun = nouns("en").get(
            re.split(r" (?:issued|adopted|released|enacted|promulgated|intro|publ)", title)[0].split()[-1]
        )
        candidate = add_in_passing(reader, title, noun.instrument if noun else "measures", sentence, (), None)
        candidate.rule, candidate.salience, candidate.action = "described", "background", "regulation"
        first, last = match.span("when")
        candidate.issued_on = next((w.value for w in sentence.dates if first <= w.start < last), None)


def _beside(reader: Reader, sentence: Sentence) -> None:
    """`issued the measures, alongside supporting standards`: a second instrument of the same hand."""
    start, end = sentence.span
    whole = next((c for c in reader.found if c.kept and c.status == "issued" and c.evidence[0] == sentence.span), None)
    for match in _BESIDE.finditer(reader.text, start, end) if whole is not None else ():
        if whole is None or told_already(reader, match["what"], sentence):
            continue
        noun = nouns("en").get(match["what"].split()[-1])
        candidate = add_in_passing(
            reader, match["what"], noun.instrument if noun else "other", sentence, whole.issuers, whole.actor
        )
        candidate.issued_on = whole.issued_on


def _quoted(reader: Reader, sentence: Sentence) -> None:
    """`According to the "Sample City Action Plan for …"`: a document of state by its printed name."""
    start, end = sentence.span
    text = reader.text
    for match in _QUOTED.finditer(text, start, end) if '"' in sentence.printed or "“" in sentence.printed else ():
        title = match["name"].strip(" ,.")
        if told_already(reader, title, sentence) or "Five-Year Plan" in title:
            continue
        named = [p for p in places_in(text, match.start("name"), match.end("name")) if p.government]
        bodies_near = bodies_in(text, match.start("name"), match.end("name"))
        issuers = (bodies_near[0].name,) if bodies_near else (named[0].government,) if named else ()
        kind: Instrument = "guideline" if match["head"].startswith(("Guideline", "Opinion")) else "plan"
        candidate = add_in_passing(reader, title, kind, sentence, issuers, None)
        candidate.strength, candidate.rule, candidate.salience = 3, "described", "background"


_Rule = Callable[[Reader, Sentence], None]
_RULES: tuple[tuple[_Rule, tuple[Cues, ...]], ...] = (
    (_approvals, (cues("approval permission clearance authorization license licence permit"),)),
    (_funding, (cues("funding support grants"), cues("for"))),
    (_added, (cues("list"), cues("added adding placed put included listed"))),
    (_such_as, (cues("issued introduced adopted launched released enacted unveiled passed formulated"), cues(
        "such including like"))),
    (_rulings, (cues("decision"),)),
    (_own_plans, (cues("plan"), cues("its"))),
    (_dated, (cues("issued adopted released enacted promulgated introduced published"), cues("in"))),
    (_beside, (cues("supporting related accompanying supplementary corresponding complementary"),)),
    (_acts, (cues("act bill directive regulation"),)),
    (_quoted, (cues("plan guideline guidelines opinions blueprint roadmap outline"), cues(
        "according under guided line based in"))),
    (signed_papers, (cues("signing conclusion exchange signed issued released inked adopted published"),)),
    (reached_papers, (cues("reached struck signed concluded"), cues("by"))),
)  # fmt: skip
"""The rules in the order tried, each with sets of words; without one of every set it can find nothing."""


CONTEXT_WORDS = reduce(or_, (needed[0] for _, needed in _RULES))


def context(reader: Reader, sentence: Sentence) -> None:
    """The measures of the sentence that no verb of issuing takes as its object."""
    for rule, needed in _RULES:
        if sentence.cues & needed[0] and all(map(sentence.has, needed[1:])):
            rule(reader, sentence)
