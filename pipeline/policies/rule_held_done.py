"""English prose: measures told as something that has been done, by nobody who is named.

`the rollout of pear insurance`, `the release of a dedicated pear strategy in 2031`, `special customs operations were
launched in …`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.cues import cues
from pipeline.policies.passing import BROAD, STOP, kind_of_head, put
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence

_BECAME = regex(
    r"\b(?P<lead>(?:[Tt]he|[Ii]ts|['’]s|official|formal|nationwide|full|recent|gradual|phased) )"
    r"(?P<what>(?P<how>rollout|roll-out|release|launch|introduction|promulgation|enactment|adoption|establishment"
    r"|closure"
    r"|shutdown|dismantling|removal|abolition|suspension|repeal|lifting|imposition|expansion|extension"
    r"|cancellation|halving"
    r"|freeze|freezing|reinstatement|scrapping)"
    rf" of (?P<thing>(?:(?:the|an?|its|all|China['’]s|the country['’]s) )?[^,;.:—–\"”]{{5,120}}?)){STOP}"
)
_DATED = regex(r" in (?:early |late )?(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d\b| (?:last|this) (?:year|month|week)\b")
WISHED = regex(
    r"(?:\bto [a-z]+|\b(?:accelerat|promot|facilitat|advanc|call|advocat|urg|support|need|ensur|push|seek|propos"
    r"|plan|help"
    r"|speed|step|enabl|drive|driv|includ|oppos|against|require|expedit|await|discuss|consider|for|toward"
    r"|towards)\w*)"
    r"(?: up| for| of)?(?: the| a| an| its)?(?: \w+)?$"
)
_WHICH_WAS = regex(
    r"\b(?:[Tt]he|[Aa]n?|[Ii]ts) (?P<what>(?:[\w-]+ ){0,3}?(?:tax|visa|visa-free|subsidy|insurance|trade-in"
    r"|refund|pension|voucher"
    r"|childcare|housing|customs|pilot|tariff|quota) (?:[\w-]+ ){0,2}?(?P<noun>program|programme|policy|scheme"
    r"|system|treatment"
    r"|exemption|arrangement|pilot))(?: for [\w -]{3,40}?)?, which (?:was|has been)(?: \w+ly| first)?"
    r" (?:expanded|extended|introduced|launched|rolled out|piloted|scrapped|adopted|implemented)\b"
)
_UNAGENTED = regex(
    r"(?:^|(?<=[.!?”\"] )|(?<=\n)|[,;] (?:and )?|\band |\b(?:after|since|while|as|when) )(?!as |while |since "
    r"|when |after "
    r"|and )(?P<what>(?:[Tt]he |[Aa]n? |[Ii]ts |[Tt]hese |[Aa]ll )?"
    r"(?P<np>(?:(?!(?:when|after|since|while|that|which|who|before|where|because|has|have|is|are"
    r"|was)\b(?!-))[\w'’-]+ ){0,7}?(?P<noun>(?:customs|closure) operations|visa exemptions?|visa-free (?:policy|entry"
    r"|treatment"
    r"|transit|access)|(?:care|health|medical|unemployment|pension|social|injury|basic) insurance(?: (?:system"
    r"|program|scheme))?"
    r"|tariffs?|import duties|duties|subsid(?:y|ies)|quotas?|(?:export|import|purchase|price|entry|travel|visa"
    r"|market access)"
    r" (?:restrictions|controls|curbs|bans?|caps?)|sanctions|minimum wage|retirement age|tax (?:rate|breaks"
    r"|incentives|relief"
    r"|exemptions?|credits?)|property tax|carbon tax|free trade (?:zone|port)|(?:pilot|trial) (?:program|scheme"
    r"|project|zone)s?|insurance pilot"
    r"|financial instruments?|policy tools?"
    r"|(?:loan|relending|refinancing|subsidy|relief) (?:program|scheme|facility)"
    r"|trade-in (?:program|policy|scheme)|reforms?|regulations|rules|law|legislation)(?: (?:on|for|of|against"
    r"|allowing|permitting|enabling|covering|offering)"
    r" [^,;.:—–]{3,80}?)?)"
    r" (?:was|were|has been|have been|had been)(?: also| already| first| recently| officially| \w+ly)*"
    r" (?P<verb>launched|introduced|piloted|implemented|rolled out|put in place|adopted|extended|expanded"
    r"|scrapped|abolished"
    r"|lifted|waived|cut|lowered|raised|reduced|eased|relaxed|imposed|tightened|enacted|removed|eliminated"
    r"|suspended|halved"
    r"|doubled|phased out|exempted)\b(?P<tail>(?: (?:in|on|across|for|to|from|nationwide|by) [^,;.:—–]{2,70})?))"
    r"(?=[,;.:—–]|$| and | making)"
)
_MAKES = frozenset(
    {
        "strategy",
        "mechanism",
        "insurance",
        "subsidies",
        "subsidy",
        "tax",
        "program",
        "programme",
        "initiative",
        "scheme",
        "pilot",
        "system",
        "act",
        "law",
        "regulations",
        "regulation",
        "measures",
        "guidelines",
        "guideline",
        "plan",
        "policy",
        "quotas",
        "restrictions",
        "tariffs",
        "sanctions",
        "duties",
        "ban",
        "bans",
        "controls",
        "curbs",
        "agency",
        "ministry",
        "department",
        "fund",
        "framework",
        "allowance",
        "agreement",
        "treaty",
        "zone",
        "port",
        "visas",
        "fees",
        "quota",
        "exemptions",
        "rules",
        "operations",
        "embargo",
    }
)
_NEEDS_NAME = frozenset(
    {
        "mechanism",
        "system",
        "program",
        "programme",
        "initiative",
        "scheme",
        "framework",
        "fund",
        "plan",
        "strategy",
        "agreement",
        "zone",
        "agency",
        "department",
        "policy",
        "act",
        "law",
    }
)
_GIVES = frozenset(
    {"insurance", "subsidies", "subsidy", "fund", "allowance", "program", "scheme", "initiative", "strategy"}
)
_OF_STATE = frozenset({"agency", "ministry", "department"})
_ENDS = frozenset(
    {"closure", "shutdown", "dismantling", "abolition", "suspension", "removal", "repeal", "lifting", "cancellation",
     "freeze", "freezing", "scrapping"}
)  # fmt: skip
_DONE = cues(
    "launched introduced piloted implemented rolled put adopted extended expanded scrapped abolished lifted waived cut"
    " lowered raised reduced eased relaxed imposed tightened enacted removed eliminated suspended halved doubled phased"
    " exempted"
)
_VAGUE = frozenset(
    {
        "reforms",
        "reform",
        "regulations",
        "rules",
        "law",
        "legislation",
        "subsidies",
        "tariffs",
        "duties",
        "sanctions",
        "quotas",
    }
)
_UNDOES = frozenset(
    {
        "extended",
        "expanded",
        "scrapped",
        "abolished",
        "lifted",
        "waived",
        "cut",
        "lowered",
        "raised",
        "reduced",
        "eased",
        "relaxed",
        "tightened",
        "removed",
        "eliminated",
        "suspended",
        "halved",
        "doubled",
        "phased out",
        "exempted",
    }
)


def as_a_noun(reader: Reader, sentence: Sentence) -> None:
    """`the rollout of pear insurance`, `the release of a dedicated pear strategy in 2031`."""
    start, end = sentence.span
    text = reader.text
    for match in _BECAME.finditer(text, start, end):
        run = text[start : match.start()].rstrip()
        if WISHED.search(run[-44:]) or FORECAST.search(run) or FUTURE.search(run) or NEGATED.search(run[-60:]):
            continue
        thing = match["thing"]
        head = _head(thing)
        if head not in _MAKES or BROAD.search(thing) or PRIVATE.search(thing):
            continue
        ends = match["how"] in _ENDS
        if head in _OF_STATE and not ends:
            continue
        own = re.sub(r"^(?:the|an?|its|all|China['’]s|the country['’]s) ", "", thing).split()
        named = sum(word[0].isupper() for word in own) >= 2
        dated = _DATED.match(text, match.end(), end) is not None
        if head in _NEEDS_NAME and not (named or dated or (ends and head in _OF_STATE and len(own) > 1)):
            continue
        if len(own) < 2 or (head == "initiative" and not dated):
            continue
        title = match["what"] if ends else thing
        owner = next(
            (a for a in reversed(reader.actors.actors(*sentence.span)) if a.issuers and a.end <= match.start()), None
        )
        land = next((p for p in places_in(text, match.start(), end) if p.government and p.kind == "country"), None)
        issuers: tuple[str, ...] = (land.government,) if land and land.name != "China" and ends else ()
        if ends and not issuers and owner is None:
            continue
        grows = action_of(title) == "other" and head in _GIVES
        if ends and not issuers and owner is not None:
            issuers = owner.issuers
        put(
            reader,
            sentence,
            title,
            "decision" if ends else kind_of_head(head),
            issuers,
            "",
            match.end(),
            action="support" if grows and not ends else None,
        )


def without_agent(reader: Reader, sentence: Sentence) -> None:
    """`special customs operations were launched in …`: nobody but an authority does it."""
    start, end = sentence.span
    text = reader.text
    for match in _WHICH_WAS.finditer(text, start, end) if ", which " in sentence.printed else ():
        put(reader, sentence, match["what"], kind_of_head(match["noun"]), (), "", match.end())
    for match in _UNAGENTED.finditer(text, start, end) if sentence.cues & _DONE else ():
        run = text[start : match.start()]
        if NEGATED.search(run.rstrip()[-40:]) or PRIVATE.search(match["np"]):
            continue
        if match["noun"] in _VAGUE and not re.match(r"[Tt]he(?:se)? |[Nn]ew ", match["what"]):
            continue
        undone = match["verb"] in _UNDOES
        kind: Instrument = "decision" if undone else kind_of_head(match["noun"].split()[-1].lower())
        title = match["what"] if undone or "operations" in match["noun"] else match["np"]
        put(reader, sentence, title, kind, (), "", match.end())


def _head(thing: str) -> str:
    own = re.sub(r"^(?:the|an?|its|all|China['’]s|the country['’]s) ", "", thing)
    front = re.split(r" (?:of|for|on|in|to|against|with|by|from|between) ", own)[0]
    return front.split()[-1].lower()
