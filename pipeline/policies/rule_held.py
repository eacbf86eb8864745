"""English prose: measures in force that a noun phrase names, with whose they are or what became of them.

`earlier FCC bans on drones`, `the ministry's restrictions on pears`, `the rollout of pear insurance`, `the closure of
the pear agency`, `under the province's catalog of 40 trades`, `each family has received a subsidy of …`, `special
customs operations were launched in …`. They stand in the background of a story.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.passing import BROAD, STOP, kind_of_head, put
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence, cues

_BODY_HOLDS = regex(
    r"(?:['’]s?)? (?P<what>(?:(?:earlier|recent|previous|sweeping|new|blanket|broad|temporary|nationwide|partial"
    r"|latest|total)"
    r" )*(?:bans?|(?:export|import|trade|investment|visa|entry|travel|chip|price) (?:restrictions|controls|curbs"
    r"|bans?|caps?)"
    r"|restrictions|curbs|tariffs|moratorium|embargo|subsid(?:y|ies)|blacklist|crackdown)"
    rf" (?:on|against|of|for) [^,;.:—–]{{3,90}}?){STOP}"
)
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
_WISHED = regex(
    r"(?:\bto [a-z]+|\b(?:accelerat|promot|facilitat|advanc|call|advocat|urg|support|need|ensur|push|seek|propos"
    r"|plan|help"
    r"|speed|step|enabl|drive|driv|includ|oppos|against|require|expedit|await|discuss|consider|for|toward"
    r"|towards)\w*)"
    r"(?: up| for| of)?(?: the| a| an| its)?(?: \w+)?$"
)
_UNDER = regex(
    r"\b(?:[Uu]nder|[Tt]hrough|[Tt]hanks to|as part of|[Aa]s part of|[Ww]ith) (?P<who>(?:the |an? )?"
    r"(?:[A-Z][\w-]+(?: [A-Z][\w-]+){0,3}|(?:local |municipal |provincial |central |federal |Chinese |national )*"
    r"(?:government|city|province|district|county|region|ministry|country|nation|state|authorities))['’]s?)"
    r" (?P<what>(?:[\w-]+ ){0,4}?(?P<noun>catalog(?:ue)?|scheme|program|programme|policy|policies|campaign|rules|list"
    r"|framework"
    r"|initiative|reform|pilot|regulations?|guidelines?|subsidy program)"
    rf"(?: (?:of|for|to|on|that|aimed at|under which) [^,;.:—–\"”]{{4,100}}?)?){STOP}"
)
_BENEFIT = regex(
    r"\b(?P<what>(?:[Ee]ach|[Ee]very|[Ee]ligible|[Qq]ualified|[Ss]elected|[Ii]ndividual"
    r"|[Nn]ew) [^,;.:—–]{3,60}? (?:(?:has|have)"
    r" received|receives?|can (?:also )?(?:receive|get|claim|apply for)|is eligible for|are eligible for|is"
    r" entitled to"
    r"|are entitled to) (?:an? |up to |one-time |monthly |annual |cash |government |rent |financial )*"
    r"(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|bonus(?:es)?|rewards?|support|tax (?:credit"
    r"|refund)s?|coupons?)"
    r"\b[^,;:—–]{0,90}?)(?=[,;:—–]|\.(?=\s|$)|$)"
)
_STAY = regex(
    r"\b(?:can|could)(?: also| now)? (?P<what>(?:stay|live|lodge|ride|travel|use|visit|park|study"
    r"|work)\b[^,;:.—–]{0,40}?"
    r"\b(?:for free|free of charge|rent-free|visa-free|free for|at no cost|tax-free|duty-free)\b[^,;:.—–]{3,120})"
)
_WHICH_WAS = regex(
    r"\b(?:[Tt]he|[Aa]n?|[Ii]ts) (?P<what>(?:[\w-]+ ){0,3}?(?:tax|visa|visa-free|subsidy|insurance|trade-in"
    r"|refund|pension|voucher"
    r"|childcare|housing|customs|pilot|tariff|quota) (?:[\w-]+ ){0,2}?(?P<noun>program|programme|policy|scheme"
    r"|system|treatment"
    r"|exemption|arrangement|pilot))(?: for [\w -]{3,40}?)?, which (?:was|has been)(?: \w+ly| first)?"
    r" (?:expanded|extended|introduced|launched|rolled out|piloted|scrapped|adopted|implemented)\b"
)
_PUBLIC_GIVER = regex(
    r"\b(?:government|municipal|district|provincial|local authorit\w+|county|city['’]s|state-funded|authorities)\b"
)
_CLAIMS = regex(
    r"\b(?:can|may)(?: also)? (?:receive|get|claim|apply for|enjoy|obtain) (?P<what>(?:an? |up to |as much as "
    r"|one-time )*"
    r"(?:[€$£¥]|RMB )?(?:\d[\d.,]* (?:million |percent )?(?:yuan |euros? |dollars? )?(?:\([^()]{3,24}\) )?(?:in "
    r"|of |worth of )?)?"
    r"(?:[\w-]+ ){0,4}?(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|coupons?|rent reductions?"
    r"|housing support"
    r"|interest-free loans?)\b(?:[^;:.—–,]|,(?=\d)){0,80})"
)
_PUBLIC = regex(
    r"\b(?:government|municipal|district|provincial|city|state|State|local authorit\w+|public|authorities|policy"
    r"|scheme"
    r"|program|yuan)\b"
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
_ELIGIBLE = regex(
    r"\b(?:is|are|was|were|be|become|becomes)(?: also| now| all)* (?:eligible for|entitled to) (?P<what>(?:an? "
    r"|up to |one-time )?"
    r"(?:[\w-]+ ){0,5}?(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|office space|housing"
    r"|accommodation|loans?"
    r"|tax (?:breaks?|credits?|cuts?|refunds?|exemptions?)|bonus(?:es)?|training"
    r"|rent reductions?)\b[^;:—–]{0,100}?)(?=[,;:—–]"
    r"(?!\d)|\.(?=\s|$)|$)"
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
_SCHEMES = cues(
    "catalog catalogue scheme program programme policy policies campaign rules list framework initiative reform pilot"
    " regulation regulations guideline guidelines"
)
_DONE = cues(
    "launched introduced piloted implemented rolled put adopted extended expanded scrapped abolished lifted waived cut"
    " lowered raised reduced eased relaxed imposed tightened enacted removed eliminated suspended halved doubled phased"
    " exempted"
)
_PAID = cues(
    "subsidy subsidies allowance allowances voucher vouchers grant grants rebate rebates bonus bonuses reward rewards"
    " support credit credits refund refunds coupon coupons"
)
_FOR_FREE = cues("free cost")
_ENTITLED = cues("eligible entitled")
_UNDERS = cues("under through thanks part with Under")
_GETS = cues("receive receives received get claim apply eligible entitled can could")
_BEEN = cues("was were been")
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
_FREE = regex(r"subsid|allowance|voucher|grant|for free|free of charge|visa-free|coupon")


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
        put(reader, sentence, title, kind, (country_of(body),), text[body.start : body.end], match.end())


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


def _under(reader: Reader, sentence: Sentence) -> None:
    """`under the province's catalog of 40 trades`."""
    start, end = sentence.span
    text = reader.text
    possessed = "'" in sentence.printed or "’" in sentence.printed
    for match in _UNDER.finditer(text, start, end) if possessed and sentence.has(_SCHEMES) else ():
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
        if BROAD.search(match["what"]):
            continue
        if len(words) < 2 or (len(words) < 3 and not issuers):
            continue
        if (
            issuers == ()
            and (home := reader.actors.meant.home_before(match.start()))
            and re.search(r"(?:city|province|district|region)['’]", match["who"])
        ):
            issuers = (home.government,)
        put(reader, sentence, match["what"], kind_of_head(match["noun"].lower()), issuers, match["who"], match.end())


def _benefit(reader: Reader, sentence: Sentence) -> None:
    """`each family has received a subsidy of …`, `can stay for free at a government-run hostel`."""
    start, end = sentence.span
    text = reader.text
    told = any(c.kept and 0 <= start - c.evidence[-1][1] < 600 for c in reader.found)
    for match in () if told or reader.has_told(sentence) else _CLAIMS.finditer(text, start, end):
        if _PUBLIC_GIVER.search(text, start, end):
            put(reader, sentence, match["what"], "other", _giver(reader, sentence), "", match.end(), action="support")
    for pattern, needed in ((_BENEFIT, _PAID), (_STAY, _FOR_FREE), (_ELIGIBLE, _ENTITLED)):
        for match in pattern.finditer(text, start, end) if sentence.has(needed) else ():
            if _PUBLIC.search(match["what"]) is None and _PUBLIC.search(text, start, match.start()) is None:
                continue
            put(reader, sentence, match["what"], "other", _giver(reader, sentence), "", match.end(), action="support")


def _giver(reader: Reader, sentence: Sentence) -> tuple[str, ...]:
    """The government of the city or province that the sentence speaks of."""
    kinds = {"municipality", "province", "region", "city", "sar"}
    local = [p.government for p in places_in(reader.text, *sentence.span) if p.government and p.kind in kinds]
    return (local[0],) if local else ()


def _unagented(reader: Reader, sentence: Sentence) -> None:
    """`special customs operations were launched in …`: nobody but an authority does it."""
    start, end = sentence.span
    text = reader.text
    for match in _WHICH_WAS.finditer(text, start, end) if ", which " in sentence.printed else ():
        put(reader, sentence, match["what"], kind_of_head(match["noun"]), (), "", match.end())
    for match in _UNAGENTED.finditer(text, start, end) if sentence.has(_DONE) else ():
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


def may_hold(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these phrases."""
    words = sentence.words
    return (
        not words.isdisjoint(_HOW)
        or not words.isdisjoint(_HELD)
        or (not words.isdisjoint(_GETS) and _FREE.search(sentence.printed) is not None)
        or (not words.isdisjoint(_BEEN) and "operations" in words)
    )
