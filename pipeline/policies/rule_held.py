"""English prose: measures in force that a noun phrase names, with whose they are or what became of them.

`earlier FCC bans on drones`, `the ministry's restrictions on pears`, `the rollout of pear insurance`, `the closure of
the pear agency`, `under the province's catalog of 40 trades`, `each family has received a subsidy of …`, `special
customs operations were launched in …`. They stand in the background of a story.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument
from pipeline.policies.act_words import kinds_of
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.instruments import nouns
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence, cues

_STOP = (
    r"(?=[,;.:—–\"”]|$| (?:has|have|had|is|are|was|were|will|would|could|may|might|can|that|which|who|while|as"
    r"|after|when"
    r"|because|since|remain|took|began|precipitated|led|said|says|in (?:early |late |mid-)?20\d\d|last|earlier|this"
    r"|designed|aimed)\b)"
)
_TAIL = rf"(?: (?:on|against|of|for|to|in|over|with) [^,;.:—–\"”]{{3,90}}?)?{_STOP}"
_BODY_HOLDS = re.compile(
    r"(?:['’]s?)? (?P<what>(?:(?:earlier|recent|previous|sweeping|new|blanket|broad|temporary|nationwide|partial"
    r"|latest|total)"
    r" )*(?:bans?|(?:export|import|trade|investment|visa|entry|travel|chip|price) (?:restrictions|controls|curbs"
    r"|bans?|caps?)"
    r"|restrictions|curbs|tariffs|moratorium|embargo|subsid(?:y|ies)|blacklist|crackdown)"
    rf" (?:on|against|of|for) [^,;.:—–]{{3,90}}?){_STOP}"
)
_BECAME = re.compile(
    r"\b(?P<lead>(?:[Tt]he|[Ii]ts|['’]s|official|formal|nationwide|full|recent|gradual|phased) )"
    r"(?P<what>(?P<how>rollout|roll-out|release|launch|introduction|promulgation|enactment|adoption|establishment"
    r"|closure"
    r"|shutdown|dismantling|removal|abolition|suspension|repeal|lifting|imposition|expansion|extension"
    r"|cancellation|halving"
    r"|freeze|freezing|reinstatement|scrapping)"
    rf" of (?P<thing>(?:(?:the|an?|its|all|China['’]s|the country['’]s) )?[^,;.:—–\"”]{{5,120}}?)){_STOP}"
)
_DATED = re.compile(r" in (?:early |late )?(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d\b| (?:last|this) (?:year|month|week)\b")
_WISHED = re.compile(
    r"(?:\bto [a-z]+|\b(?:accelerat|promot|facilitat|advanc|call|advocat|urg|support|need|ensur|push|seek|propos"
    r"|plan|help"
    r"|speed|step|enabl|drive|driv|includ|oppos|against|require|expedit|await|discuss|consider|for|toward|towards)\w*)"
    r"(?: up| for| of)?(?: the| a| an| its)?(?: \w+)?$"
)
_UNDER = re.compile(
    r"\b(?:[Uu]nder|[Tt]hrough|[Tt]hanks to|as part of|[Aa]s part of|[Ww]ith) (?P<who>(?:the |an? )?"
    r"(?:[A-Z][\w-]+(?: [A-Z][\w-]+){0,3}|(?:local |municipal |provincial |central |federal |Chinese |national )*"
    r"(?:government|city|province|district|county|region|ministry|country|nation|state|authorities))['’]s?)"
    r" (?P<what>(?:[\w-]+ ){0,4}?(?P<noun>catalog(?:ue)?|scheme|program|programme|policy|policies|campaign|rules|list"
    r"|framework"
    r"|initiative|reform|pilot|regulations?|guidelines?|subsidy program)"
    rf"(?: (?:of|for|to|on|that|aimed at|under which) [^,;.:—–\"”]{{4,100}}?)?){_STOP}"
)
_BENEFIT = re.compile(
    r"\b(?P<what>(?:[Ee]ach|[Ee]very|[Ee]ligible|[Qq]ualified|[Ss]elected|[Ii]ndividual"
    r"|[Nn]ew) [^,;.:—–]{3,60}? (?:(?:has|have)"
    r" received|receives?|can (?:also )?(?:receive|get|claim|apply for)|is eligible for|are eligible for|is entitled to"
    r"|are entitled to) (?:an? |up to |one-time |monthly |annual |cash |government |rent |financial )*"
    r"(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|bonus(?:es)?|rewards?|support|tax (?:credit"
    r"|refund)s?|coupons?)"
    r"\b[^,;:—–]{0,90}?)(?=[,;:—–]|\.(?=\s|$)|$)"
)
_STAY = re.compile(
    r"\b(?:can|could)(?: also| now)? (?P<what>(?:stay|live|lodge|ride|travel|use|visit|park|study"
    r"|work)\b[^,;:.—–]{0,40}?"
    r"\b(?:for free|free of charge|rent-free|visa-free|free for|at no cost|tax-free|duty-free)\b[^,;:.—–]{3,120})"
)
_PUBLIC = re.compile(
    r"\b(?:government|municipal|district|provincial|city|state|State|local authorit\w+|public|authorities|policy|scheme"
    r"|program|yuan)\b"
)
_UNAGENTED = re.compile(
    r"(?:^|[,;] (?:and )?|\band |\b(?:after|since|while|as|when) )(?!as |while |since |when |after "
    r"|and )(?P<what>(?:[Tt]he |[Aa]n? |[Ii]ts |[Tt]hese |[Aa]ll )?"
    r"(?P<np>(?:(?!when|after|since|while|that|which|who|before|where|because|has|have|is|are"
    r"|was)[\w'’-]+ ){0,7}?(?P<noun>(?:customs|closure) operations|visa exemptions?|visa-free (?:policy|entry"
    r"|treatment"
    r"|transit|access)|(?:care|health|medical|unemployment|pension|social|injury|basic) insurance(?: (?:system"
    r"|program|scheme))?"
    r"|tariffs?|import duties|duties|subsid(?:y|ies)|quotas?|(?:export|import|purchase|price|entry|travel|visa"
    r"|market access)"
    r" (?:restrictions|controls|curbs|bans?|caps?)|sanctions|minimum wage|retirement age|tax (?:rate|breaks"
    r"|incentives|relief"
    r"|exemptions?|credits?)|property tax|carbon tax|free trade (?:zone|port)|pilot (?:program|scheme|project"
    r"|zone)s?|insurance pilot"
    r"|(?:loan|relending|refinancing|subsidy|relief) (?:program|scheme|facility)"
    r"|trade-in (?:program|policy|scheme)|reforms?|regulations|rules|law|legislation)(?: (?:on|for|of|against)"
    r" [^,;.:—–]{3,60}?)?)"
    r" (?:was|were|has been|have been|had been)(?: also| already| first| recently| officially| \w+ly)*"
    r" (?P<verb>launched|introduced|piloted|implemented|rolled out|put in place|adopted|extended|expanded"
    r"|scrapped|abolished"
    r"|lifted|waived|cut|lowered|raised|reduced|eased|relaxed|imposed|tightened|enacted|removed|eliminated"
    r"|suspended|halved"
    r"|doubled|phased out|exempted)\b(?P<tail>(?: (?:in|on|across|for|to|from|nationwide|by) [^,;.:—–]{2,70})?))"
    r"(?=[,;.:—–]|$| and | making)"
)
_ALLOCATED = re.compile(
    r"(?P<what>(?:[Mm]ore than |[Nn]early |[Aa]bout |[Aa]round |[Oo]ver |[Aa] total of |[Uu]p to )?(?:[€$£¥]|US\$"
    r"|RMB )?\d[\d.,]*"
    r"(?: (?:million|billion|trillion))?(?: (?:yuan|euros?|dollars?|pounds?|yen|won))?(?: \([^()]{3,24}\))?)"
    r" (?:has|have|was|were|will be|is|are)(?: also| already| been| being)* (?P<verb>allocated|earmarked"
    r"|set aside|disbursed"
    r"|distributed|handed out)(?P<tail> (?:to|for|in) [^,;.:—–]{3,100})"
)
_RECEIVED = re.compile(
    r"\b(?P<who>[^,;.:—–]{3,60}?) (?:has |have )?(?:also )?received (?P<what>(?:nearly |more than |about |up to "
    r"|over |some )?"
    r"(?:[€$£¥]|RMB )?\d[\d.,]*(?: (?:million|billion))?(?: (?:yuan|euros?|dollars?|pounds?))(?: \([^()]{3,24}\))?"
    r" (?:in|of|worth of) (?:[\w-]+ ){0,4}?(?:subsid(?:y|ies)|grants?|vouchers?|rebates?|government (?:support|funding)"
    r"|fiscal (?:support|funds)|incentives)\b[^,;.:—–]{0,60})"
)
_GIVER = re.compile(r"\b(?:government|municipal|district|provincial|city|authorit\w+|bureau|ministry)\b")
_ELIGIBLE = re.compile(
    r"\b(?:is|are|was|were|be|become|becomes)(?: also| now| all)* (?:eligible for|entitled to) (?P<what>(?:an? "
    r"|up to |one-time )?"
    r"(?:[\w-]+ ){0,5}?(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|office space|housing"
    r"|accommodation|loans?"
    r"|tax (?:breaks?|credits?|cuts?|refunds?|exemptions?)|bonus(?:es)?|training"
    r"|rent reductions?)\b[^;:—–]{0,100}?)(?=[,;:—–]"
    r"(?!\d)|\.(?=\s|$)|$)"
)
_OWNED_ACT = re.compile(
    r"(?P<who>\b(?:[A-Z][\w]+ )?(?:government|administration|ministry|parliament|authorities|cabinet|Congress"
    r"|Commission)"
    r"|\b[A-Z][a-z]+|US|UK|EU)['’]s? (?:[a-z-]+ )?(?P<what>(?P<how>freeze|seizure|takeover|closure|shutdown"
    r"|withdrawal|suspension"
    r"|cancellation|dismantling|blacklisting|nationalization|abolition|easing|relaxation|lifting|exemption|waiver"
    r"|scrapping"
    r"|repeal|expulsion|halving|tightening|designation|revocation|restoration) (?:of|on|from|for) [^,;.:—–]{4,100}?)"
    + _STOP
)
_LEAVES = re.compile(
    r" (?:(?:has|have|had) )?(?:also |formally |recently |officially )*(?:withdrew from|withdrawn from"
    r"|pulled out of|quit|exited"
    r"|rejoined|acceded to|ratified) (?P<what>(?:the )?(?:[A-Z][\w'-]+|\d{4})(?: (?:(?:of|for|on|and|to"
    r"|against) (?:the )?)?"
    r"[A-Z][\w'-]+){0,8}(?P<head>Agreement|Accord|Treaty|Convention|Organization|Council|Pact|Protocol|UNESCO"
    r"|Deal)?)(?![\w'’])"
)
_FREE_ENTRY = re.compile(
    r"\b(?P<what>(?:(?:unilateral|mutual|expanded|new|30-day|15-day) )*(?P<noun>visa-free|zero-tariff|duty-free"
    r"|tariff-free)"
    r" (?:policy|entry|access|treatment|arrangements?|measures?) (?:for|to|with|on) (?:(?:citizens|nationals"
    r"|passport holders"
    r"|visitors|travelers|tourists|imports|goods|products|exports|all|most)(?: of| from| in)? )?"
    r"(?:the |all |its )?(?:[A-Z][\w-]+|\d+ [\w-]+|least[ -]developed)(?: (?:and |of )?[\w-]+){0,4}?)" + _STOP
)
_PLACE_SCHEME = re.compile(
    r"(?P<who>[A-Z][\w'-]+(?: [A-Z][\w-]+)?)['’]s? (?P<what>(?:[a-z\d][\w-]* ){1,4}(?P<noun>scheme|program"
    r"|programme|pilot|subsid(?:y|ies)"
    r"|zero-tariff policy|visa-free policy|tax incentives|talent policy|subsidy policy|ban|catalog(?:ue)?)"
    rf" (?:on|for|to|of|that|aimed at) [^,;.:—–]{{4,90}}?){_STOP}"
)
_UNDER_STATE = re.compile(
    r"\b(?:[Uu]nder|[Tt]hrough|[Tt]hanks to|as part of) (?:an?|the) (?P<what>(?:new |recent )?(?:national"
    r"|nationwide|State|state"
    r"|municipal|provincial|district|federal|government|government-funded|government-backed|citywide) (?:[\w-]+ ){0,4}?"
    r"(?P<noun>program|programme|scheme|policy|pilot|campaign|initiative)(?: (?:for|to|of|that|on) [^,;.:—–]{4,80}?)?)"
    + _STOP
)
_MADE_ZONE = re.compile(
    r"\b(?:was|were|has been|have been)(?: also| officially| recently)* (?P<what>(?:designated|approved|selected"
    r"|named|listed)"
    r" (?:as|to become|to be)? ?(?:an?|one of the|the|among the)(?: [\w-]+){0,5}? (?:pilot|demonstration"
    r"|free trade|bonded)"
    r"(?: [\w-]+){0,3}? (?:zone|city|cities|area|areas|zones|base|park|region)\b[^,;.:—–]{0,60})"
)
_NAMED_YEAR = re.compile(
    r"\b(?:[Tt]he |[Ii]ts |[A-Z]\w+['’]s )?(?P<what>[\"“](?P<name>(?:[A-Z][\w-]+ )(?:(?:in |of "
    r"|for )?[A-Z][\w-]+ ){0,3}20\d\d)[\"”]"
    r"(?: (?P<noun>strategy|plan|program|programme|blueprint|roadmap|policy|action plan|scheme))?)(?! [A-Z])"
)
_STATE_STRATEGY = re.compile(
    r"\b(?P<what>(?:20\d\d )?(?P<who>US|UK|EU|American|Japanese|German|British|Indian|Australian|French"
    r"|European)(?:['’]s?)?"
    r" (?:20\d\d )?(?:[A-Z]\w+ ){1,4}(?:Strategy|Doctrine|Framework|Roadmap|Blueprint|Action Plan))\b(?! [A-Z])"
)
_ACCORDING = re.compile(
    r"\b[Aa]ccording to (?:an?|the)(?: (?P<ord>city|province|municipal|provincial|national|local)['’]?s?)? "
    r"(?P<what>(?:[a-z-]+ ){0,3}?(?P<noun>(?:action|implementation|work|development|three-year) plan|guidelines?"
    r"|opinions"
    r"|blueprint|circular|notice|work plan|roadmap) (?:for|on|to|about|of) [^,;:.—–]{8,120}), (?=[A-Z]\w+|the )"
)
_TRADE_IN = re.compile(
    r"(?:China['’]s|the country['’]s|the nation['’]s|[Tt]he (?:national|government['’]s"
    r"|nationwide)) (?P<what>(?:consumer goods |"
    r"large-scale )?trade-in (?P<noun>program|programme|policy|scheme|subsidies))\b"
)
_PROGRAM_RUNS = re.compile(
    r"^(?P<what>The (?P<noun>program|programme|policy|scheme|pilot|subsidy|reform|insurance|system))"
    r" (?:was|has been|is being)(?: \w+ly| first)? (?P<verb>piloted|trialed|rolled out|introduced|extended|expanded)\b"
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
_OF_STATE = frozenset({"agency", "ministry", "department"})
_ENDS = cues(
    "closure shutdown dismantling abolition suspension removal repeal lifting cancellation freeze freezing scrapping"
)
_HOW = cues(
    "rollout roll release launch introduction promulgation enactment adoption establishment closure shutdown"
    " dismantling"
    " removal abolition suspension repeal lifting imposition expansion extension cancellation halving freeze freezing"
    " reinstatement scrapping"
)
_HELD = cues(
    "ban bans restrictions controls curbs tariffs moratorium embargo subsidy subsidies blacklist crackdown caps cap"
)
_UNDERS = cues("under through thanks part with Under")
_GETS = cues("receive receives received get claim apply eligible entitled can could")
_BEEN = cues("was were been")
_BROAD = re.compile(
    r"\b(?:Belt and Road|BRI|AI Plus|AI ?\+|Global (?:\w+ )*(?:Development|Security|Civilization|Governance)|diplomatic"
    r"|relations|ties|partnership|dialogue|network|alliance|consensus|commitments|reform and opening|Strait|innovation"
    r"|model|models|product|products|brand|company|companies|university|school|hospital)\b"
)
_KINDS: dict[str, Instrument] = {
    "insurance": "other", "policy": "measures", "policies": "measures", "strategy": "plan", "initiative": "plan",
    "mechanism": "other", "system": "other", "reform": "measures", "framework": "plan", "catalog": "list",
    "catalogue": "list", "list": "list", "program": "plan", "programme": "plan", "scheme": "plan", "pilot": "pilot",
    "campaign": "plan", "rules": "measures", "restrictions": "other", "controls": "other", "curbs": "other",
}  # fmt: skip


def held(reader: Reader, sentence: Sentence) -> None:
    """The measures in force that the sentence names in passing."""
    if sentence.has(_HELD):
        _body_holds(reader, sentence)
    if sentence.has(_HOW):
        _became(reader, sentence)
    if sentence.has(_UNDERS):
        _under(reader, sentence)
    if sentence.has(_GETS):
        _benefit(reader, sentence)
    if sentence.has(_BEEN):
        _unagented(reader, sentence)
    if sentence.has(_OWNS):
        _owned(reader, sentence)
    if sentence.has(_SUMS):
        _sums(reader, sentence)
    if sentence.has(_NAMES) or "“" in sentence.printed or '"' in sentence.printed:
        _names(reader, sentence)


def _body_holds(reader: Reader, sentence: Sentence) -> None:
    """`earlier FCC bans on drones`, `the ministry's restrictions on pears`."""
    start, end = sentence.span
    text = reader.text
    for body in bodies_in(text, start, end):
        match = _BODY_HOLDS.match(text, body.end, end)
        if match is None or _WISHED.search(text[max(start, body.start - 40) : body.start].rstrip()):
            continue
        noun = next(w for w in reversed(match["what"].split(" on ")[0].split()) if w)
        kind: Instrument = "order" if noun.startswith("ban") else "other"
        title = text[body.start : match.end("what")]
        _put(reader, sentence, title, kind, (country_of(body),), text[body.start : body.end], match.end())


def _became(reader: Reader, sentence: Sentence) -> None:
    """`the rollout of pear insurance`, `the release of a dedicated pear strategy in 2031`."""
    start, end = sentence.span
    text = reader.text
    for match in _BECAME.finditer(text, start, end):
        run = text[start : match.start()].rstrip()
        if _WISHED.search(run[-44:]) or FORECAST.search(run) or FUTURE.search(run) or NEGATED.search(run[-60:]):
            continue
        thing = match["thing"]
        head = _head(thing)
        if head not in _MAKES or _BROAD.search(thing) or PRIVATE.search(thing):
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
        if ends and not issuers and owner is not None:
            issuers = owner.issuers
        _put(reader, sentence, title, "decision" if ends else _kind(head), issuers, "", match.end())


def _under(reader: Reader, sentence: Sentence) -> None:
    """`under the province's catalog of 40 trades`."""
    start, end = sentence.span
    text = reader.text
    for match in _UNDER.finditer(text, start, end):
        at = match.end("who") - (2 if match["who"].endswith("s") else 1)
        place = next((p for p in places_in(text, match.start("who"), at) if p.end == at and p.government), None)
        body = next((b for b in bodies_in(text, match.start("who"), at) if b.end == at), None)
        issuers: tuple[str, ...] = ()
        if body is not None:
            issuers = (country_of(body),)
        elif place is not None and place.name != "China":
            issuers = (place.government,)
        elif place is None and not re.search(
            r"(?:government|city|province|district|county|ministry|authorities)['’]", match["who"]
        ):
            continue
        words = match["what"].split()
        if _BROAD.search(match["what"]):
            continue
        if len(words) < 2 or (len(words) < 3 and not issuers):
            continue
        if (
            issuers == ()
            and (home := reader.actors.home_before(match.start()))
            and re.search(r"(?:city|province|district|region)['’]", match["who"])
        ):
            issuers = (home.government,)
        _put(reader, sentence, match["what"], _kind(match["noun"].lower()), issuers, match["who"], match.end())


def _benefit(reader: Reader, sentence: Sentence) -> None:
    """`each family has received a subsidy of …`, `can stay for free at a government-run hostel`."""
    start, end = sentence.span
    text = reader.text
    for pattern in (_BENEFIT, _STAY, _ELIGIBLE):
        for match in pattern.finditer(text, start, end):
            if _PUBLIC.search(match["what"]) is None and _PUBLIC.search(text, start, match.start()) is None:
                continue
            _put(reader, sentence, match["what"], "other", (), "", match.end(), action="support")


def _unagented(reader: Reader, sentence: Sentence) -> None:
    """`special customs operations were launched in …`: nobody but an authority does it."""
    start, end = sentence.span
    text = reader.text
    for match in _UNAGENTED.finditer(text, start, end):
        run = text[start : match.start()]
        if NEGATED.search(run.rstrip()[-40:]) or PRIVATE.search(match["np"]):
            continue
        if match["noun"] in _VAGUE and not re.match(r"[Tt]h|[Nn]ew ", match["what"]):
            continue
        undone = match["verb"] in _UNDOES
        kind: Instrument = "decision" if undone else _kind(match["noun"].split()[-1].lower())
        title = match["what"] if undone or "operations" in match["noun"] else match["np"]
        _put(reader, sentence, title, kind, (), "", match.end())


_VAGUE = frozenset({"reforms", "reform", "regulations", "rules", "law", "legislation", "subsidies", "tariffs", "duties",
                    "sanctions", "quotas"})  # fmt: skip


def _owned(reader: Reader, sentence: Sentence) -> None:
    """`the government's freeze on licenses`, `quit the Pear Treaty`, `zero-tariff treatment for pears from …`."""
    start, end = sentence.span
    text = reader.text
    for match in _OWNED_ACT.finditer(text, start, end):
        near = [p for p in places_in(text, max(start, match.start() - 12), match.end("who")) if p.government]
        body = next((b for b in bodies_in(text, start, match.end("who")) if b.end == match.end("who")), None)
        issuers = (country_of(body),) if body else (near[-1].government,) if near else ()
        if (issuers or _GOVERNS.search(match["who"])) and not PRIVATE.search(match["what"][:30]):
            _put(reader, sentence, match["what"], "decision", issuers, match["who"], match.end())
    for match in _LEAVES.finditer(text, start, end):
        actor = reader.actors.subject(start, match.start() + 1)
        run = text[start : match.start()]
        if actor is None or not actor.issuers or FORECAST.search(run) or NEGATED.search(run[-50:]):
            continue
        if match["head"] or len(match["what"].split()) > 2:
            _put(reader, sentence, match[0].strip(), "decision", actor.issuers, actor.name, match.end())
    for match in _FREE_ENTRY.finditer(text, start, end):
        run = text[start : match.start()].rstrip()
        if not NEGATED.search(run[-50:]) and not FUTURE.search(run):
            _put(reader, sentence, match["what"], "measures", (), "", match.end(), action="opening")
    for match in _PLACE_SCHEME.finditer(text, start, end):
        place = next(
            (p for p in places_in(text, *match.span("who")) if p.end == match.end("who") and p.government), None
        )
        if place is not None and not _BROAD.search(match["what"]):
            issuers = () if place.name == "China" else (place.government,)
            _put(reader, sentence, match["what"], _kind(match["noun"].split()[-1]), issuers, place.name, match.end())
    for match in _UNDER_STATE.finditer(text, start, end):
        if not _BROAD.search(match["what"]) and len(match["what"].split()) > 2:
            _put(reader, sentence, match["what"], _kind(match["noun"]), (), "", match.end())
    for match in _MADE_ZONE.finditer(text, start, end):
        _put(reader, sentence, match["what"], "decision", (), "", match.end(), action="opening")


_GOVERNS = re.compile(r"government|administration|ministry|parliament|authorities|cabinet|Congress|Commission")
_OWNS = cues(
    "freeze seizure takeover closure shutdown withdrawal suspension cancellation dismantling blacklisting"
    " nationalization"
    " abolition easing relaxation lifting exemption waiver scrapping repeal expulsion halving tightening designation"
    " revocation restoration withdrew withdrawn quit exited rejoined acceded ratified pulled zero visa duty"
    " tariff scheme"
    " program programme pilot subsidy subsidies policy ban catalog catalogue incentives designated approved"
    " selected named"
    " listed campaign initiative"
)


def _sums(reader: Reader, sentence: Sentence) -> None:
    """`nearly 30 million yuan has been allocated to …`, `his firm received 1 million yuan in pear subsidies`."""
    start, end = sentence.span
    text = reader.text
    for match in _ALLOCATED.finditer(text, start, end):
        if PRIVATE.search(text, start, end) or FORECAST.search(text[start : match.start()]):
            continue
        _put(reader, sentence, match["what"] + match["tail"], "other", (), "", match.end(), action="support")
    for match in _RECEIVED.finditer(text, start, end):
        if _GIVER.search(text, start, end) is None:
            continue
        _put(reader, sentence, match["what"], "other", (), "", match.end(), action="support")


def _names(reader: Reader, sentence: Sentence) -> None:
    """Plans, strategies and programs that a name of their own or `according to` cites."""
    start, end = sentence.span
    text = reader.text
    for match in _NAMED_YEAR.finditer(text, start, end):
        if match["noun"] or "China" in match["name"]:
            _put(reader, sentence, match["what"], "plan", (), "", match.end(), action="support")
    for match in _STATE_STRATEGY.finditer(text, start, end):
        land = next((p for p in places_in(text, *match.span("who")) if p.government), None)
        _put(reader, sentence, match["what"], "other" if "Plan" not in match["what"] else "plan",
             (land.government,) if land else (), "", match.end())  # fmt: skip
    for match in _ACCORDING.finditer(text, start, end):
        owner = next((p for p in places_in(text, match.end(), end) if p.start == match.end() and p.government), None)
        china = owner is None or owner.kind == "country"
        issuers = () if china or owner is None else (owner.government,)
        _put(reader, sentence, match["what"], _kind(match["noun"].split()[-1]), issuers, "", match.end("what"))
    for match in _TRADE_IN.finditer(text, start, end):
        _put(reader, sentence, match["what"], "plan", (), "", match.end(), action="support")


_SUMS = cues("allocated earmarked aside disbursed distributed handed received")
_NAMES = cues("strategy doctrine framework roadmap blueprint plan according trade-in trade")
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


def _head(thing: str) -> str:
    own = re.sub(r"^(?:the|an?|its|all|China['’]s|the country['’]s) ", "", thing)
    front = re.split(r" (?:of|for|on|in|to|against|with|by|from|between) ", own)[0]
    return front.split()[-1].lower()


def _kind(head: str) -> Instrument:
    if head in _KINDS:
        return _KINDS[head]
    known = nouns("en").get(head)
    if known is not None:
        return known.instrument
    things = kinds_of(head)
    return things[0].instrument if things else "other"  # type: ignore[return-value]


def _put(
    reader: Reader, sentence: Sentence, title: str, kind: Instrument, issuers: tuple[str, ...], actor: str, at: int,
    action: Action | None = None,
) -> None:  # fmt: skip
    title = re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title.strip(" ,."))
    if title.count('"') + title.count("“") + title.count("”") != 2:
        title = title.strip('"”“')
    if len(title) < 6:
        return
    for known in reader.found:
        if known.kept and (
            title in known.title
            or (known.title in title and len(known.title) > 12)
            or alike(known.title, title)
            or (known.evidence[-1] == sentence.span and known.title.split()[-1] in title)
        ):
            return
    candidate = Candidate(
        rule="known", trigger=title.split()[0], title=title, instrument=kind, head=title.split()[-1].lower(),
        issuers=issuers, actor=actor or None, evidence=[sentence.span], strength=1,
        reason="a measure in force, named in passing",
    )  # fmt: skip
    candidate.issued_on, _ = reader.dates_of(sentence, at, False)
    candidate.action = action or action_of(title)
    reader.found.append(candidate)


def may_hold(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these phrases."""
    words = sentence.words
    return (
        not words.isdisjoint(_HOW)
        or not words.isdisjoint(_HELD)
        or (not words.isdisjoint(_GETS) and _FREE.search(sentence.printed) is not None)
        or (not words.isdisjoint(_BEEN) and "operations" in words)
        or not words.isdisjoint(_OWNS)
        or (not words.isdisjoint(_SUMS) and "illion" in sentence.printed)
    )


_FREE = re.compile(r"subsid|allowance|voucher|grant|for free|free of charge|visa-free|coupon")
