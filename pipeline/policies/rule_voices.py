"""English prose: what an authority did, told from the thing's side or in the authority's own words.

`the Pear Community was launched by the ministry`, `a platform set up by the province`, `the subsidy, which the city
introduced in 2031`, `pear sales were restricted by the Samplish administration`, `the commission announced it is adding
X to a list`, `Sampleland is reportedly drafting a ban on pears`, `continues to block shipments of pears`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.act_words import forms, kinds_of
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.instruments import nouns
from pipeline.policies.reading import FORECAST, NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence, cues
from pipeline.policies.tables import words

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
_WITH_BY = regex(r"(?: (?:on|in|last|late|early|earlier)(?: [\w.]{2,12}){1,2},?(?: \d{1,4},?){0,2})?(?: jointly)? by ")
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
_NO_HEAD = cues(
    "forum event events exhibition expo contest competition award awards prize festival conference symposium dialogue"
    " meeting meetings ceremony tour visit film show satellite satellites spacecraft rocket mission attack"
    " attacks strike"
    " strikes war offensive company companies firm firms venture university institute institutes school schools museum"
    " laboratory laboratories lab labs team teams group groups club association alliance consortium chamber startup"
    " startups hospital hospitals library report reports study studies survey surveys index paper papers figures data"
    " book books magazine target targets goal goals proposal proposals concept vision idea principle principles term"
    " record records opportunities conditions environment foundation ties relations party nation republic state course"
    " courses model models robot robots vehicle vehicles product products technology technologies song videos video"
    " website news article articles statement remarks comments warning statistics results requirements campaign"
    " decision call calls efforts effort work tasks task challenges research project projects standard cases case"
    " theory thought philosophy document documents chart photo picture partnership friendship era path way ways line"
    " list ranking brand awareness message messages questions question people person man woman officials students who"
    " world time day days year years community-building consensus attention role cooperation information resolution"
    " action actions operation operations rule order network networks center centers base bases team park parks"
)
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
_SEGMENT = frozenset({"that", "which", "when", "as", "after", "because", "while", "if", "but", "said", "since", "where",
                      "once", "who", "although", "before", "until"})  # fmt: skip
_PLAIN = words("plain")
_DETERMINERS = frozenset({"the", "a", "an", "its", "this", "these", "their", "his", "several", "two", "three", "four"})
_TELLS = regex(
    r"\b(?:announced|said|says|stated|declared|confirmed|revealed|disclosed|indicated|announces)"
    r"(?: (?:on|in|last|late|this|earlier)(?: \w+){1,3}?)?,?(?: that)? (?:it|they|he|she)"
    r"(?: (?P<aux>will|would|is|are|was|were|had|has|have))(?: (?:also|now|soon|temporarily|immediately|formally"
    r"|\w+ly))*"
    r" (?P<what>(?P<verb>[a-z]+(?:-[a-z]+)?(?: (?:out|up|back|aside|in place))?) [^,;:—–]{6,160})"
)
_DRAFTS = regex(
    r",?(?: (?:is|are|has been|have been|was|were))?(?: also| now| currently| reportedly| already| still)*"
    r" (?P<how>drafting|drawing up|formulating|devising|finalizing|preparing|pushing(?: for)?|pushing through"
    r"|working on"
    r"|considering|mulling|weighing|amending|revising|advancing"
    r"|prepar(?:es|ed|ing) to (?:review|issue|introduce|release|unveil|launch|adopt|vote on|deliberate)|(?:is"
    r"|are) (?:set"
    r"|due|about|poised|scheduled) to (?:review|vote on|deliberate|examine|debate))"
    r" (?P<what>(?:(?:an?|the|its|new|two|three|several) )?(?:[\w'’-]+ ){0,4}?(?P<noun>bans?|legislation|laws?|bills?"
    r"|rules?|regulations?|guidelines?|measures|policy|policies|restrictions|tariffs|sanctions|amendments?|directive"
    r"|standards?|export controls|curbs|catalog(?:ue)?|framework|strategy|roadmap|blueprint|executive order|order"
    r"|decree|[A-Z]\w+ Act|Act|decision|subsidies)\b"
    r"(?: (?:on|for|to|against|of|governing|regulating|that would|concerning|banning|requiring|aimed at)"
    r" [^,;:.—–]{3,110}|(?=[,.;])))"
)
_PUSHES_NAME = regex(
    r" (?:(?:is|are|has been|have been) )?(?:also |now )?(?:pushing|advancing|promoting|considering|debating|reviewing)"
    r" (?:for |through |ahead with )?(?:the |an? )?(?P<what>(?:[A-Z][\w'’-]+ )(?:(?:of|on|for|and|the) "
    r"|[A-Z][\w'’-]+ )*"
    r"[A-Z][\w'’-]+)(?=,? which|,? a bill|,? legislation)"
)
_PLANS = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |formally |on \w+day )*(?:announced|unveiled|outlined|revealed"
    r"|confirmed|set out"
    r"|laid out)(?: (?:on|in) [A-Z]\w+(?: \d{1,2})?)?"
    r" (?P<what>(?:(?:its|new|detailed|ambitious|sweeping) )*plans to (?P<verb>[a-z]+)\b [^,;:.—–]{8,140})"
)
_AGENDA = regex(
    r"\b[Ll]egislative (?:agenda|plan|program|work plan)(?: for (?:this year|20\d\d)| this year)?"
    r" (?:also )?(?:includes|covers|lists|features)(?: (?:the )?(?:drafting|formulating|formulation of|revising"
    r"|revision of"
    r"|amending|enacting|enactment of|review of|reviewing))? (?:an? |the )?(?P<what>(?:[\w'’-]+ ){0,6}?(?:law|laws|code"
    r"|regulations?|Law|Code))\b"
)
_STRATEGY = regex(
    r" (?:has |have )?(?:also |already )?(?:implemented|launched|adopted|introduced|unveiled|formulated"
    r"|rolled out) (?:an? |the |its )"
    r"(?P<what>(?:[\w-]+ )?(?:national|nationwide|comprehensive|\w+-year|long-term)(?: [\w-]+){0,3} (?:strategy"
    r"|plan|blueprint"
    r"|roadmap|framework) (?:on|for|to) [^,;:.—–]{4,100})"
)
_PAPER = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |jointly )*(?:issued|released|published|unveiled) (?:an? |the |its )?"
    r"(?P<what>(?:[\w'’-]+ ){0,5}?(?P<noun>(?:policy |consultation |work |working |guiding |normative "
    r"|supporting )+documents?"
    r"|document|catalog(?:ue)?)(?: (?:on|for|to|supporting|outlining|covering|listing|of|detailing"
    r"|promoting) [^,;.:—–]{4,110}))"
)
_CONTINUES = regex(
    r" (?:also |still )?(?:continue[sd]? to|keeps? on|has continued to|have continued to)"
    r" (?P<what>(?:block|ban|restrict|bar|impose|prohibit|subsidize|freeze|enforce|sanction|limit"
    r"|levy) [^,;:.—–]{5,120})"
)
_NAMED_THING = regex(
    r" (?:and its allies |and their allies |and its partners )?(?:(?:has|have|had) )?(?:also |recently |jointly "
    r"|first )*"
    r"(?P<verb>launched|unveiled|put forward|announced|introduced|established|implemented|imposed|adopted)"
    r"(?: (?:last|this) (?:week|month|year))?"
    r" (?:the |a |an |its )?(?P<what>(?:new |sweeping |extensive |strict |broad )?(?:[A-Z][\w'’&+-]*"
    r"(?: (?:(?:of|for|and|on) (?:the )?)?[A-Z][\w'’&+-]*){1,7}"
    r"|(?:export|import|technology|investment|trade|chip|economic) (?:controls|restrictions|curbs|sanctions|bans)"
    r" (?:on|against|over) [^,;:.—–]{3,90}))(?![\w-])"
)
_NAMED_HEADS = frozenset(
    {
        "partnership",
        "strategy",
        "framework",
        "fund",
        "contributions",
        "program",
        "programme",
        "scheme",
        "plan",
        "day",
        "investment",
        "compact",
        "package",
        "deal",
        "initiative",
    }
)
_BROAD = regex(
    r"\b(?:Belt and Road|BRI|AI Plus|AI ?\+|Global (?:\w+ )*(?:Development|Security|Civilization|Governance)"
    r"|Internet Plus|similar measures"
    r"|community with a shared future|modernization|peace|ceasefire|dialogue|talks)\b"
)
_CUT = regex(
    r"[,;:]|\.(?=\s|$)|[\"”](?=\s|$)|[—–]| (?:said|says|after|while|when|which|who|because|as|despite|amid"
    r"|although|though"
    r"|since|where|according|citing|effective|starting|beginning|from [A-Z]|in (?:early |late )?(?:20\d\d"
    r"|[A-Z][a-z]+ 20)"
    r"|earlier this|last (?:week|month|year))\b"
)
_BY = cues("by which that")
_VERB_WORDS = cues(
    "launched introduced established set created adopted put unveiled initiated rolled enacted implemented instituted"
    " drawn devised formulated inaugurated imposed announced piloted levied mandated passed issued released published"
    " restricted banned barred blocked prohibited suspended frozen capped limited blacklisted sanctioned halted"
    " scrapped"
    " abolished revoked lifted waived extended canceled cancelled approved cleared expelled seized outlawed designated"
    " authorized phased shut nationalized terminated expanded tightened raised lowered increased eased relaxed"
    " doubled halved"
)
_SAYING = cues("announced said says stated declared confirmed revealed disclosed indicated announces")
_DRAFTING = cues(
    "drafting drawing formulating devising finalizing preparing pushing working considering mulling weighing amending"
    " revising advancing prepares prepared set due about poised scheduled"
)
_PLANNING = cues(
    "announced unveiled outlined revealed confirmed plans agenda strategy blueprint roadmap framework pushing advancing"
    " promoting considering debating reviewing document documents catalog catalogue"
)
_PLANNED = (
    (_PUSHES_NAME, cues("pushing advancing promoting considering debating reviewing")),
    (_PLANS, cues("plans")),
    (_STRATEGY, cues("strategy plan blueprint roadmap framework")),
    (_PAPER, cues("document documents catalog catalogue")),
)
"""Each with the words of which it needs one."""
_DRAFTED = cues(
    "ban bans legislation law laws bill bills rule rules regulation regulations guideline guidelines measure measures"
    " policy policies restrictions tariffs sanctions amendment amendments directive standard standards controls curbs"
    " catalog catalogue framework strategy roadmap blueprint order decree act decision subsidies"
)
_GOING_ON = cues("continue continues continued keeps keep")
_MAKING = cues("launched unveiled put announced introduced established implemented imposed adopted")
_NOUN_KINDS: dict[str, Instrument] = {
    "platform": "other", "strategy": "plan", "initiative": "plan", "partnership": "plan", "framework": "plan",
    "contributions": "plan", "investment": "plan", "compact": "agreement", "deal": "plan", "package": "measures",
    "controls": "other", "restrictions": "other", "curbs": "other", "sanctions": "other", "bans": "decision",
    "policy": "measures", "policies": "measures",
}  # fmt: skip


def may_voice(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    words_ = sentence.words
    return (
        (not words_.isdisjoint(_VERB_WORDS) and (not words_.isdisjoint(_BY) or not words_.isdisjoint(_MAKING)))
        or not words_.isdisjoint(_DRAFTING)
        or not words_.isdisjoint(_GOING_ON)
        or "legislative" in words_
        or ("plans" in words_ and not words_.isdisjoint(_PLANNING))
    )


def voices(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells from the thing's side or in the authority's own words."""
    if sentence.has(_VERB_WORDS) and sentence.has(_BY):
        _undergone(reader, sentence)
        _relative(reader, sentence)
    if sentence.has(_SAYING):
        _tells(reader, sentence)
    if sentence.has(_DRAFTING):
        _drafts(reader, sentence)
    if sentence.has(_PLANNING):
        _planned(reader, sentence)
    if sentence.has(_GOING_ON):
        _goes_on(reader, sentence)
    if sentence.has(_MAKING):
        _named_thing(reader, sentence)


def _undergone(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    for match in _PASSIVE.finditer(text, start, end):
        by = _WITH_BY.match(text, match.end(), end)
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


def _relative(reader: Reader, sentence: Sentence) -> None:
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
    stops = _SEGMENT if finite else _STOPS
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


def _tells(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    table = forms()
    for match in _TELLS.finditer(text, start, end):
        verb = match["verb"]
        form = table.get(verb) or table.get(verb.split(" ")[0])
        wanted = {"will": "base", "would": "base", "is": "gerund", "are": "gerund", "was": "gerund", "were": "gerund"}
        if (
            form is None
            or form.form != wanted.get(match["aux"], form.form)
            or (form.lemma in _SOFT and _LEGAL.search(match["what"]) is None)
        ):
            continue
        actor = reader.actors.subject(start, match.start())
        if actor is None or not actor.issuers or PRIVATE.search(text, actor.end, match.start()):
            continue
        title = _clip(match["what"])
        if not _weighty(form.frames, title):
            continue
        planned = match["aux"] in {"will", "would"}
        listed = re.search(r" (?:to|on) (?:an?|its|the) (?:[\w-]+ ){0,3}(?:list|blacklist)\b", title)
        kind: Instrument = "list" if listed else "other" if planned else "decision"
        _put(reader, sentence, title, kind, "planned" if planned else "issued", actor, match.start(), "act")


_LEGAL = regex(
    r"\b(?:Act|Law|tariffs?|tax(?:es)?|dut(?:y|ies)|rules|bans?|subsid(?:y|ies)|visas?|quotas?|sanctions|restrictions"
    r"|controls|fees|minimum wage|retirement age|levy)\b"
)
_SOFT = frozenset(
    {
        "start",
        "begin",
        "open",
        "offer",
        "give",
        "create",
        "pay",
        "increase",
        "expand",
        "reverse",
        "commit",
        "adjust",
        "direct",
        "name",
        "restore",
        "set",
        "approve",
        "clear",
        "raise",
        "provide",
        "invest",
        "pledge",
        "announce",
        "adopt",
        "launch",
        "implement",
        "label",
        "recognize",
        "declare",
        "reject",
        "drop",
        "end",
        "delay",
        "resume",
        "cut",
        "reduce",
        "double",
        "extend",
        "award",
        "collect",
    }
)
"""Verbs that tell a measure only with a known noun: the acts of authorities have them."""


def _weighty(frames: tuple[str, ...], title: str) -> bool:
    if {"deny", "free", "bind", "list"} & set(frames):
        return True
    return any(kinds_of(word.lower()) for word in re.findall(r"[\w-]+", title)[1:8])


def _drafts(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    for match in _DRAFTS.finditer(text, start, end) if sentence.has(_DRAFTED) else ():
        actor = reader.actors.subject(start, match.start() + 1) or reader.actors.subject(start, match.start("how"))
        if actor is None or not actor.issuers or NEGATED.search(text[start : match.start()].rstrip()[-50:]):
            continue
        how = match["how"]
        noun = match["noun"].split()[-1].lower()
        if how.startswith(("preparing", "working", "advancing")) and noun in {
            "measures",
            "policy",
            "policies",
            "decision",
        }:
            continue
        under_review = re.search(r"(?:review|vote|deliberat|examin|debat)", how) is not None
        law = noun in {"law", "laws", "bill", "bills", "legislation", "act", "amendment", "amendments"}
        kind: Instrument = "law" if law else "order" if noun in {"ban", "bans", "order"} else kind_of(noun)
        status: Status = "draft" if (under_review or how == "amending") and "draft" in match["what"] else "planned"
        _put(
            reader,
            sentence,
            _clip(re.sub(r"^(?:the|its) ", "", match["what"])),
            kind,
            status,
            actor,
            match.start(),
            "intended",
        )


def _planned(reader: Reader, sentence: Sentence) -> None:
    """`announced plans to build …`, `the legislative agenda includes …`, `adopted a national strategy on …`."""
    start, end = sentence.span
    text = reader.text
    for pattern, needed in _PLANNED:
        for match in pattern.finditer(text, start, end) if sentence.has(needed) else ():
            actor = reader.actors.subject(start, match.start() + 1)
            if actor is None or (not actor.issuers and pattern is not _STRATEGY):
                continue
            if pattern is _PLANS:
                if match["verb"] in _LOOSE:
                    continue
                _put(reader, sentence, _clip(match["what"]), "plan", "planned", actor, match.start(), "intended")
            elif pattern is _PAPER:
                kind: Instrument = "list" if match["noun"].startswith("catalog") else "guideline"
                status: Status = "draft" if "consultation" in match["what"] else "issued"
                _put(reader, sentence, _clip(match["what"]), kind, status, actor, match.start(), "issued")
            elif pattern is _STRATEGY:
                _put(reader, sentence, _clip(match["what"]), "plan", "issued", actor, match.start(), "act")
            elif len(match["what"].split()) > 3 and not match["what"].startswith("Belt"):
                _put(reader, sentence, match["what"], "law", "planned", actor, match.start(), "intended")
    for match in _AGENDA.finditer(text, start, end) if "legislative" in sentence.words else ():
        draft = re.search(r"consultation|comments|draft", text[match.end() : end]) is not None
        nobody = Actor((), "legislature", match.start(), match.start())
        _put(reader, sentence, match["what"], "law", "draft" if draft else "planned", nobody, match.start(), "intended")


_LOOSE = frozenset(
    {
        "deepen",
        "strengthen",
        "promote",
        "boost",
        "accelerate",
        "enhance",
        "improve",
        "work",
        "hold",
        "host",
        "visit",
        "meet",
        "attend",
        "celebrate",
        "cooperate",
        "support",
        "foster",
        "continue",
        "sell",
        "buy",
        "run",
        "focus",
        "make",
        "become",
        "step",
        "send",
        "deploy",
        "strike",
        "land",
        "launch",
        "explore",
        "attack",
    }
)
"""What stances are made of."""


def _goes_on(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    for match in _CONTINUES.finditer(reader.text, start, end):
        actor = reader.actors.subject(start, match.start() + 1)
        if actor is None or not actor.issuers:
            continue
        found = _put(reader, sentence, _clip(match["what"]), "other", "issued", actor, match.start(), "known")
        if found is not None:
            found.salience = "background"


def _named_thing(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    for match in _NAMED_THING.finditer(reader.text, start, end):
        actor = reader.actors.subject(start, match.start() + 1)
        if actor is None:
            continue
        if not actor.issuers and actor.name.lower() not in {"china", "the country", "the government"}:
            continue
        head = match["what"].split()[-1].lower()
        if head == "initiative" and not actor.issuers:
            continue
        if match["what"][0].isupper() and (
            head not in _NAMED_HEADS or (head == "day" and match["verb"] != "established")
        ):
            continue
        _put(
            reader, sentence, _clip(match["what"]), _kind_in(match["what"]), "issued", actor, match.start("verb"), "act"
        )


def _kind_in(title: str) -> Instrument:
    for word in re.findall(r"[\w-]+", title.lower()):
        if word in _NOUN_KINDS:
            return _NOUN_KINDS[word]
    return kind_of(title.split()[-1].lower())


def kind_of(head: str) -> Instrument:
    """The instrument that a head noun names."""
    if head in _NOUN_KINDS:
        return _NOUN_KINDS[head]
    known = nouns("en").get(head)
    if known is not None:
        return known.instrument
    things = kinds_of(head)
    return things[0].instrument if things and things[0].instrument != "none" else "other"  # type: ignore[return-value]


def _clip(title: str) -> str:
    stop = _CUT.search(title)
    return title[: stop.start() if stop else len(title)].strip(' ,."”“')


def _add(
    reader: Reader, sentence: Sentence, rule: str, title: str, verb: str, actor: Actor, at: int, *, denied: bool
) -> None:
    kind: Instrument = "decision" if denied else _kind_in(title)
    if denied:
        title = f"{title} {verb}"
    _put(reader, sentence, title, kind, "issued", actor, at, rule)


def _put(
    reader: Reader,
    sentence: Sentence,
    title: str,
    kind: Instrument,
    status: Status,
    actor: Actor,
    at: int,
    rule: str,
) -> Candidate | None:
    """The candidate, unless the sentence has told it already or it is a broad initiative."""
    if _BROAD.search(title) or len(title) < 6:
        return None
    for known in reader.found:
        if known.kept and (
            title in known.title
            or (known.title in title and len(known.title) > 12)
            or (known.evidence[-1] == sentence.span and alike(known.title, title))
        ):
            return None
    candidate = Candidate(
        rule=rule, trigger=title.split()[0], title=re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title), instrument=kind,
        head=title.split()[-1].lower(), issuers=reader.we_as_nation(actor), actor=actor.name, status=status,
        evidence=[sentence.span], strength=1, reason="told from the thing's side or in the authority's words",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(
        sentence, at, status == "planned" or rule == "intended"
    )
    candidate.action = action_of(candidate.title)
    if candidate.action == "other" and rule == "act undergone" and kind in {"other", "plan", "pilot"}:
        candidate.action = "support"
    reader.found.append(candidate)
    return candidate
