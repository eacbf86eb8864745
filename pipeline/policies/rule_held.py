"""English prose: measures in force that a noun phrase names, with whose they are or what became of them.

`earlier FCC bans on drones`, `the ministry's restrictions on pears`, `under the province's catalog of 40 trades`, `each
family has received a subsidy of …`. They stand in the background of a story.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.passing import BROAD, STOP, kind_of_head, put
from pipeline.policies.places import places_in
from pipeline.policies.reading import Reader
from pipeline.policies.rule_held_done import WISHED, as_a_noun, without_agent
from pipeline.policies.sentence import Sentence

_BODY_HOLDS = regex(
    r"(?:['’]s?)? (?P<what>(?:(?:earlier|recent|previous|sweeping|new|blanket|broad|temporary|nationwide|partial"
    r"|latest|total)"
    r" )*(?:bans?|(?:export|import|trade|investment|visa|entry|travel|chip|price) (?:restrictions|controls|curbs"
    r"|bans?|caps?)"
    r"|restrictions|curbs|tariffs|moratorium|embargo|subsid(?:y|ies)|blacklist|crackdown)"
    rf" (?:on|against|of|for) [^,;.:—–]{{3,90}}?){STOP}"
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
_ELIGIBLE = regex(
    r"\b(?:is|are|was|were|be|become|becomes)(?: also| now| all)* (?:eligible for|entitled to) (?P<what>(?:an? "
    r"|up to |one-time )?"
    r"(?:[\w-]+ ){0,5}?(?:subsid(?:y|ies)|allowances?|vouchers?|grants?|rebates?|office space|housing"
    r"|accommodation|loans?"
    r"|tax (?:breaks?|credits?|cuts?|refunds?|exemptions?)|bonus(?:es)?|training"
    r"|rent reductions?)\b[^;:—–]{0,100}?)(?=[,;:—–]"
    r"(?!\d)|\.(?=\s|$)|$)"
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
_PAID = cues(
    "subsidy subsidies allowance allowances voucher vouchers grant grants rebate rebates bonus bonuses reward rewards"
    " support credit credits refund refunds coupon coupons"
)
_FOR_FREE = cues("free cost")
_ENTITLED = cues("eligible entitled")
_UNDERS = cues("under through thanks part with Under")
_GETS = cues("receive receives received get claim apply eligible entitled can could")
_MAY = cues("can may")
_TAKES = cues("receive get claim apply enjoy obtain")
_BEEN = cues("was were been")
_OPERATIONS = cues("operations")
_FREE = regex(r"subsid|allowance|voucher|grant|for free|free of charge|visa-free|coupon")
HELD_WORDS = _HELD | _HOW | _UNDERS | _GETS | _BEEN


def held(reader: Reader, sentence: Sentence) -> None:
    """The measures in force that the sentence names in passing."""
    if sentence.cues & _HELD:
        _body_holds(reader, sentence)
    if sentence.cues & _HOW:
        as_a_noun(reader, sentence)
    if sentence.cues & _UNDERS:
        _under(reader, sentence)
    if sentence.cues & _GETS:
        _benefit(reader, sentence)
    if sentence.cues & _BEEN:
        without_agent(reader, sentence)


def _body_holds(reader: Reader, sentence: Sentence) -> None:
    """`earlier FCC bans on drones`, `the ministry's restrictions on pears`."""
    start, end = sentence.span
    text = reader.text
    for body in bodies_in(text, start, end):
        match = _BODY_HOLDS.match(text, body.end, end)
        if match is None or WISHED.search(text[max(start, body.start - 40) : body.start].rstrip()):
            continue
        noun = next(w for w in reversed(match["what"].split(" on ")[0].split()) if w)
        kind: Instrument = "order" if noun.startswith("ban") else "other"
        title = text[body.start : match.end("what")]
        put(reader, sentence, title, kind, (country_of(body),), text[body.start : body.end], match.end())


def _under(reader: Reader, sentence: Sentence) -> None:
    """`under the province's catalog of 40 trades`."""
    start, end = sentence.span
    text = reader.text
    possessed = "'" in sentence.printed or "’" in sentence.printed
    for match in _UNDER.finditer(text, start, end) if possessed and sentence.cues & _SCHEMES else ():
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
    told = reader.told_within(600, start)
    claims = sentence.cues & _MAY and sentence.cues & _TAKES and not told and not reader.has_told(sentence)
    for match in _CLAIMS.finditer(text, start, end) if claims else ():
        if _PUBLIC_GIVER.search(text, start, end):
            put(reader, sentence, match["what"], "other", _giver(reader, sentence), "", match.end(), action="support")
    for pattern, needed in ((_BENEFIT, _PAID), (_STAY, _FOR_FREE), (_ELIGIBLE, _ENTITLED)):
        for match in pattern.finditer(text, start, end) if sentence.cues & needed else ():
            if _PUBLIC.search(match["what"]) is None and _PUBLIC.search(text, start, match.start()) is None:
                continue
            put(reader, sentence, match["what"], "other", _giver(reader, sentence), "", match.end(), action="support")


def _giver(reader: Reader, sentence: Sentence) -> tuple[str, ...]:
    """The government of the city or province that the sentence speaks of."""
    kinds = {"municipality", "province", "region", "city", "sar"}
    local = [p.government for p in places_in(reader.text, *sentence.span) if p.government and p.kind in kinds]
    return (local[0],) if local else ()


def may_hold(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these phrases."""
    return (
        sentence.has(_HOW | _HELD)
        or (sentence.has(_GETS) and _FREE.search(sentence.printed) is not None)
        or (sentence.has(_BEEN) and sentence.has(_OPERATIONS))
    )
