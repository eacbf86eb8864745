"""English prose: works in title case, `the Sample Protection Law`, where a verb beside the name says what became of it.

The head word of the name tells the kind (works.csv). A name alone is no announcement: a law that is only cited as the
basis of something else stays out, one that was adopted, amended, signed or took effect is told.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.issuers import Mention, bodies_in
from pipeline.policies.places import Place, places_in
from pipeline.policies.reading import FORECAST, FUTURE, HELD, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.tokens import spell
from pipeline.policies.work_names import JOINING, name_around, parties_of, printed_heads, to_mark, work_heads

_PAST = (
    r"(?:adopted|issued|enacted|passed|signed|approved|released|published|unveiled|promulgated|endorsed|amended"
    r"|revised|launched|introduced|inked|concluded|ratified|formulated|reached|announced|updated)"
)
_AFTER = regex(
    rf",? ?[\"”]?,? ?(?:which |that )?(?:(?:was|were|has been|had been|have been) )?(?:also )?(?:\w+ly "
    rf"|first )?{_PAST}\b"
    r"(?! (?:a|an|the|its|their)\b)"
)
_FORCE = regex(
    r",? ?[\"”]?,? ?(?:which |that )?(?:has |have |had |officially |formally |will )*"
    r"(?:took effect|takes effect|taken effect|take effect|c[ao]mes? into (?:effect|force)|entered into force"
    r"|went into effect|effective (?:from|on|since))"
)
_SAYS = regex(
    r",? ?(?:which |that )?(?:also |explicitly |clearly |further |now )?"
    r"(?:requires?|stipulates?|mandates?|prohibits?|bans?|specif(?:y|ies)|stat(?:es?)|obliges?|defines?|bars?)\b"
)
TELLS = regex(
    r"(?: \d\.\d)?(?: \(\d{4}(?:[-–]\d{2,4})?\)|[-–]\d{4})?[\"”]?(?:, which|, that)?"
    r"(?: (?:also|now|further|explicitly|clearly|currently|already|for the first time))*"
    r" (?:(?:has|have|had|is|are|was|were|will|would|aims?|seeks?|brought|gave|made|set|put|laid|allow(?:s|ed)?"
    r"|affirm(?:s|ed)|call(?:s|ed) (?:for|on)|commit(?:s|ted)|contain(?:s|ed)|cover(?:s|ed)|creat(?:es|ed)"
    r"|endors(?:es|ed)"
    r"|emphasi[sz](?:es|ed)|encourag(?:es|ed)|enabl(?:es|ed)|envision(?:s|ed)|envisag(?:es|ed)|establish(?:es|ed)"
    r"|exempt(?:s|ed)|expand(?:s|ed)|extend(?:s|ed)|focus(?:es|ed)|gives|grant(?:s|ed)|guarante(?:es|ed)"
    r"|highlight(?:s|ed)|identif(?:ies|ied)|impos(?:es|ed)|includ(?:es|ed)|introduc(?:es|ed)|lays|lists|listed"
    r"|limit(?:s|ed)|makes|mark(?:s|ed)|offer(?:s|ed)|outlin(?:es|ed)|plac(?:es|ed)|pledg(?:es|ed)"
    r"|prioriti[sz](?:es|ed)"
    r"|promis(?:es|ed)|promot(?:es|ed)|propos(?:es|ed)|protect(?:s|ed)|provid(?:es|ed)|puts|reaffirm(?:s|ed)"
    r"|recogni[sz](?:es|ed)|reflect(?:s|ed)|regulat(?:es|ed)|represent(?:s|ed)?|restrict(?:s|ed)|sets|shifts?|shifted"
    r"|signal(?:s|ed)|spells|stress(?:es|ed)|strengthen(?:s|ed)|support(?:s|ed)|target(?:s|ed)|treats|underlin(?:es|ed)"
    r"|underscor(?:es|ed)|urg(?:es|ed)|replac(?:es|ed)|amend(?:s|ed)|focused|end(?:s|ed)|cuts?|stress|emphasize"
    r"|call for|outline|highlight|require|propose|encourage|seek|direct(?:s|ed)"
    r"|order(?:s|ed))\b)"
)
"""What is told of a document as the subject of its clause."""
SUBJECT = regex(
    r"(?:^[\"“]?|[,;:—–\"“] ?|\b(?:and|that|while|as|because|but|although|since|meanwhile,|where|when|how|of)\b )"
    r"(?:[Tt]he |[Ii]ts |[Bb]oth |[Tt]his |[Aa]n? |both the )?(?:(?:new|landmark|sweeping|revised|updated|first"
    r"|amended) )*"
    r"(?:[A-Z][\w.]*(?: [A-Z]\w+)?['’]s? (?:new |revised |updated |landmark )*)?(?:the (?:country|nation|bloc"
    r"|union)['’]s )?"
    r"[\"“]?$"
)
_UNDER_OWN = regex(
    r"\b(?P<by>[Uu]nder|[Tt]hrough|[Aa]s part of|[Gg]uided by|[Tt]hanks to|[Bb]uilding on|[Vv]ia|[Ff]ollowing"
    r"|[Ii]n line"
    r" with|[Aa]ligns? with|[Ii]n|[Oo]utlined in|[Aa]ccording to|[Bb]ased on|[Dd]riven by|[Bb]acked by)"
    r" (?P<whose>its|their|the|[A-Z]\S*['’]s?|the \w+['’]s?|(?:the )?[A-Z]\S* [A-Z]\S*['’]s?) (?:new |own "
    r"|updated )?[\"“]?$"
)
_FOLLOWED = frozenset({"guided by", "as part of", "outlined in", "according to", "in line with", "driven by"})
_OWNED = regex(r"[A-Z]\S*['’]s? ")
_PENDING = regex(
    r"[\"”]?,? (?:(?:which|that) )?(?:is|are|was|were) (?:currently |now |still )?(?:being (?:debated|reviewed"
    r"|discussed|considered|examined|scrutinized)|before (?:the )?[A-Za-z]+|going through"
    r"|passing through|making its way through"
    r"|under (?:review|discussion|consideration|debate))\b"
)
"""`The Sample Bill, which is being debated in parliament`."""
_DRAFTED = regex(r"\bdraft(?:ed)? (?:amendments?|revisions?|changes|version)(?: (?:to|of|on))?(?: the)?$")
"""`review a draft amendment to the Sample Law`: the amendment is on its way."""
_LISTED = regex(
    r"\b(?P<act>enacted|adopted|introduced|issued|passed|promulgated|formulated|released|rolled out|unveiled|published"
    r"|signed|established)\b[^;]{3,120}?\b(?:including|such as|like|namely|among them)(?: the| its)? ?[\"“]?$"
)
_IN_THE = regex(r"\b[Ii]n the $")
_LAWS = frozenset({"law", "act", "bill", "code", "regulation", "regulations", "ordinance", "provisions", "measures"})
_CHINESE_OWNER = regex(r"China|the (?:country|nation)", re.IGNORECASE)
_OF_ALL = frozenset({"charter", "covenant", "constitution"})
"""Works so old and wide that to name them is to name a principle."""
_REVISES = regex(
    r"\b(?P<act>(?:revis|amend|updat|overhaul|moderniz)(?:e|ing)|amending|amend|modernize|draft(?:ing)?"
    r"|formulat(?:e|ing)"
    r"|enact(?:ing)?|introduc(?:e|ing)|adopt(?:ing)?|pass(?:ing)?|ratify(?:ing)?|releas(?:e|ing)|issu(?:e|ing)"
    r"|publish(?:ing)?|unveil(?:ing)?)"
    r"(?: (?:the|its|a|an|their|new|draft|landmark|[A-Z][\w.]*['’]s|the (?:bloc|country|nation)['’]s))*[ \"“]*$"
)
_INTENDS = regex(
    r"\b(?:will|would|shall|plans?|planned|planning|aims?|intends?|set|sets out|vowed|pledged|seeks?"
    r"|considering|mulling"
    r"|preparing|expected|prepares|proposes|proposed|moved|moves|decided|work|working|continue)\b[^.;]{0,110}$"
)
_PROPOSED = regex(r"\b(?P<act>proposed|tabled|drafted|put forward)(?: (?:the|its|a|an|their|new))*[ \"“]*$")
_BEFORE = regex(
    rf"\b(?P<act>{_PAST}|(?:adoption|promulgation|enactment|issuance|release|introduction|publication) of"
    r"|formulating|(?:amendments?|revisions?|changes) (?:to|of))"
    r"(?: on \w+(?: \d+)?| in \d{4})?(?: (?:the|its|a|an|their|new|draft|landmark|first))*"
    r"(?: [\w-]+(?: [\w-]+){0,5}, the)?"
    r" ?[\"“]? ?$"
)
_LAUNCHED = regex(r"(?:unveiled|launched|introduced|released|published|announced|updated|formulated|issued)$")
_CITED = regex(r"\b(?:in accordance with|according to|under|pursuant to|citing|violat\w+|based on)(?: the)?$")
_BROKEN = regex(r"\b(?:breach(?:es|ing|ed)?|violat(?:es|ed|ing|ions?)|infring\w+)\b[^;]*$")
_NATION = regex(r"\b(?:[Tt]he (?:country|nation|government|bloc|union)|China)['’]s (?:\w+ )?[\"“]?$")
_JOINT = regex(r"\b[Jj]oint\b|\b[Bb]etween\b")
_LINK = regex(r",? ?(?:and )?(?:the )?")
_ASSEMBLY = regex(
    r"\b(?:[Mm]eeting|[Ss]ummit|[Ll]egislature|[Pp]arliament|[Ll]awmakers|[Ss]ession|[Aa]ssembly|[Cc]ongress|[Ss]enate"
    r"|[Cc]abinet|[Ll]eaders|[Mm]inisters|[Cc]ountries|members|[Cc]ommittee)\b"
)
_CHINA = regex(r"\b(?:China|[Tt]he (?:country|nation|government))\b(?!['’])")


def works(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """The works of state that the sentence says were adopted, issued, amended, signed or put into force."""
    printed = printed_heads()
    if not any(head in sentence.printed for word in sentence.words & printed.keys() for head in printed[word]):
        return
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    heads = work_heads()
    shared: tuple[int, str] | None = None
    for i, token in enumerate(tokens):
        if token.word not in heads or i in taken or token.low == "body":
            continue
        first, last = name_around(tokens, i)
        if first == i and (last == i or tokens[i + 1].low not in JOINING):
            # a head alone, or a first name: `Bill Sample`
            continue
        last = to_mark(text, tokens, first, last)
        at, stop = tokens[first].start, tokens[last].end
        act = _act(text, start, at, stop, end)
        kind, public = heads[token.word]
        parties = parties_of(text, at, stop)
        told = (
            None
            if act
            else _told(
                reader,
                sentence,
                (at, stop),
                kind,
                public=public or _JOINT.search(text, at, stop) is not None,
                head=token.low,
            )
        )
        if act is None and shared is not None and _LINK.fullmatch(text, shared[0], at):
            act = shared[1]
        act = act or (told[0] if told else None)
        if act is None or _CITED.search(text, max(start, at - 30), at):
            continue
        shared = (stop, act)
        candidate = _candidate(reader, sentence, (first, last), kind)
        candidate.trigger, candidate.head = act, token.low
        if parties:
            candidate.issuers = parties
        if told is not None:
            candidate.rule, candidate.status = told[1], told[2]
            candidate.actor = candidate.actor or told[3]
            if told[1] == "described":
                candidate.issuers = candidate.issuers if parties else _owner(reader, sentence, at, stop)[0]
                if not candidate.issuers and told[3]:
                    named = [a for a in reader.actors.actors(start, end) if a.name == told[3]]
                    candidate.issuers = named[0].issuers if named else ()
                candidate.salience = "background"
        if not public and not candidate.issuers and candidate.actor is None:
            candidate.issuers, candidate.actor = _owner(reader, sentence, at, stop)
        run = text[start:at].rstrip()
        if told is None and _DRAFTED.search(run):
            candidate.status = "draft"
            if FUTURE.search(run[: run.rfind(" review")] if " review" in run else run):
                candidate.issued_on = None
        if act != "in" and (FORECAST.search(run) or NEGATED.search(run[-60:])):
            candidate.drop("wished, denied or supposed")
        elif not (public or candidate.issuers or candidate.actor) or (
            candidate.actor is None and not candidate.issuers and _LAUNCHED.match(act)
        ):
            candidate.drop("no public authority acts")
        elif _BROKEN.search(run) and _SAYS.match(text, stop, end):
            candidate.drop("a law that somebody broke")
        elif PRIVATE.search(run[-60:]) and not candidate.issuers and not public:
            candidate.drop("issued by no public authority")
        reader.found.append(candidate)
        taken.update(range(first, last + 1))


def _told(
    reader: Reader, sentence: Sentence, span: tuple[int, int], kind: Instrument, *, public: bool, head: str
) -> tuple[str, str, Status, str | None] | None:
    """What a sentence tells of a work beside no word of issuing: trigger, rule, status and who stands behind it."""
    start, end = sentence.span
    text = reader.text
    at, stop = span
    lead = text[max(start, at - 170) : at]
    if "Five-Year Plan" in text[at:stop]:
        return None
    owner = _owner(reader, sentence, at, stop)[1]
    revises = _REVISES.search(lead)
    if revises is not None and _INTENDS.search(lead[: revises.start()]):
        return revises["act"], "planned", "planned", owner
    proposed = _PROPOSED.search(lead)
    if proposed is not None and head in {"act", "bill", "law"}:
        return proposed["act"], "work", "draft", owner or "lawmakers"
    listed = _LISTED.search(lead)
    if listed is not None and public and not _CITED.search(lead[: listed.start()]):
        actor = reader.actors.subject(start, at - len(lead) + listed.start("act")) or reader.actors.joined_subject(
            start, at - len(lead) + listed.start("act")
        )
        if actor is not None:
            return listed["act"], "work", "issued", actor.name
    under = _UNDER_OWN.search(lead)
    if (
        under is not None
        and kind != "agreement"
        and (under["whose"] != "the" or under["by"].lower() in _FOLLOWED or _OWNED.match(text, at, stop))
    ):
        whose = owner or (_own(reader, sentence) if under["whose"] in {"its", "their"} else None)
        if whose and not (head in _LAWS and _CHINESE_OWNER.search(whose)):
            return under["by"].lower(), "described", "issued", whose
    if (
        head in _LAWS
        and _IN_THE.search(lead)
        and re.match(r",? (?:there|which|that|are|is|the|it)\b|,", text[stop:end])
    ):
        return "in", "described", "issued", owner
    pending = _PENDING.match(text, stop, end) if head in {"bill", "act", "law"} else None
    if pending is not None:
        aside = "which" in pending[0] or "that" in pending[0]
        return pending[0].strip(" ,"), "described" if aside else "work", "draft", owner or "lawmakers"
    tells = TELLS.match(text, stop, end)
    if tells is None or head in _OF_ALL or not (public or owner):
        return None
    if SUBJECT.search(lead) is None and not (owner and tells[0].lstrip(' ()0123456789-–."”').startswith(", which")):
        return None
    return tells[0].strip(" ,"), "described", "issued", owner


def _own(reader: Reader, sentence: Sentence) -> str | None:
    """Who `its` stands for: the authority that the sentence names, a company's own plan left out."""
    text = reader.text
    if PRIVATE.search(text, sentence.start, sentence.end):
        return None
    named = [a for a in reader.actors.actors(*sentence.span) if a.issuers]
    return named[0].name if named else None


def _owner(reader: Reader, sentence: Sentence, at: int, stop: int) -> tuple[tuple[str, ...], str | None]:
    """Whose work it is: the authority or place that possesses the name, or that the name begins with."""
    text = reader.text
    low = max(sentence.start, at - 40)
    beside: tuple[Mention | Place, ...] = (*bodies_in(text, low, at), *places_in(text, low, at))
    for named in beside:
        if re.fullmatch(r"['’]s? (?:\w+ ){0,2}[\"“]?", text[named.end : at]):
            government = named.name if isinstance(named, Mention) else named.government
            return ((government,) if government and named.name != "China" else ()), named.name
    if nation := _NATION.search(text, low, at):
        return (), nation[0]
    within: tuple[Mention | Place, ...] = (*bodies_in(text, at, stop), *places_in(text, at, stop))
    for named in within:
        if named.start == at or (named.start == at + 5 and text[at : at + 2] == "20"):
            government = named.name if isinstance(named, Mention) else named.government
            return ((government,) if government and named.name != "China" else ()), named.name
    return (), None


def _act(text: str, start: int, at: int, stop: int, end: int) -> str | None:
    """The words that say what became of the work: after its name, or before it."""
    after = _AFTER.match(text, stop, end) or _FORCE.match(text, stop, end) or _SAYS.match(text, stop, end)
    if after is not None:
        return after[0].strip(" ,")
    before = _BEFORE.search(text[max(start, at - 110) : at].rstrip() + " ")
    return before["act"] if before else None


def _candidate(
    reader: Reader,
    sentence: Sentence,
    span: tuple[int, int],
    kind: Instrument,
) -> Candidate:
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    at = tokens[span[0]].start
    title = spell(text, tokens, *span)
    actor = reader.actors.subject(start, at) or reader.actors.joined_subject(start, at)
    lead = text[start:at]
    issuers: tuple[str, ...] = actor.issuers if actor else ()
    name = actor.name if actor else None
    if not issuers:
        agent = reader.actors.agent(tokens[span[1]].end, end)
        named = [b for b in bodies_in(text, start, at) if b.end > at - 160]
        if agent is not None:
            issuers, name = agent.issuers, agent.name
        elif named and (_ASSEMBLY.search(lead) or "Standing Committee" in lead):
            issuers, name = (named[0].name,), named[0].name
        elif assembly := _ASSEMBLY.search(lead) or _CHINA.search(lead):
            name = assembly[0]
    candidate = Candidate(
        rule="work", trigger="", title=title, instrument=kind, issuers=issuers, actor=name,
        evidence=[sentence.span], strength=3, reason="a name in title case with a verb that says what became of it",
    )  # fmt: skip
    run = lead.rstrip()
    if FUTURE.search(run[-60:]):
        candidate.status, candidate.rule = "planned", "planned"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, tokens[span[1]].end, False)
    if candidate.issued_on is None and (held := HELD.search(lead)):
        candidate.issued_on = held["year"]
    year = re.match(r"20\d\d\b", title)
    if candidate.issued_on is None and year and not title.endswith(year[0]):
        candidate.issued_on = year[0]
    return candidate
