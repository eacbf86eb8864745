"""English prose: measures told by whom they concern, not by who made them.

`citizens of Pearland can enter without a visa`, `schools will be required to stop charging fees`, `the zone got the
green light from the cabinet`, `the city is giving buyers a subsidy of 15,000 yuan`, `the ministry has made labels
mandatory`.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.cues import cues
from pipeline.policies.duty_told import TOLD_SO
from pipeline.policies.issuers import bodies_in
from pipeline.policies.passing import local_issuer, put
from pipeline.policies.reading import FORECAST, NEGATED, PRIVATE, Reader
from pipeline.policies.rule_duties import dates_told
from pipeline.policies.rule_felt_plain import END, SUPPOSED, in_one_phrase
from pipeline.policies.sentence import Sentence

_FROM_NOW = regex(
    r"\b(?:[Ss]tarting|[Bb]eginning|[Ee]ffective|[Ff]rom|[Ss]ince|[Aa]s of|now|no longer|[Uu]nder the (?:new|revised"
    r"|updated|latest|adjusted|program|policy|scheme|plan)|policy|newly)\b"
)
_MAY = regex(
    r"\b(?P<who>[^,;:.—–]{3,120}?) (?:can|may|will be able to|are able to|have been able to|could)(?: now| also|"
    r" then)? (?P<what>"
    r"(?:enter|visit|stay in|transit|travel to|travel within) [^,;:.—–]{0,60}?\b(?:without (?:a )?visas?|visa-free"
    r"|visa free)"
    r"[^,;:—–]{0,80}?"
    r"|(?:buy|purchase|own) (?:an unlimited number of|unlimited|any number of|up to \w+|one more|a second|two)"
    r" (?:[\w-]+ ){0,3}?(?:homes?|houses?|apartments?|units?|propert(?:y|ies)|cars?|vehicles?)\b[^,;:.—–]{0,80}?"
    rf"|(?:work|study|reside|settle|register|live) [^,;:.—–]{{0,60}}?\bwithout (?:an? |the"
    rf" )?[^,;:.—–]{{3,60}}?){END}"
)
_LET = regex(
    r"(?P<who>[^,;:.—–]{3,140}?) (?P<aux>are|is|were|was|have been|has been|will be|are being)"
    r"(?: (?P<now>now|also|newly|temporarily|no longer|once again))* (?P<what>(?P<how>allowed|permitted|authorized"
    r"|required|ordered|told"
    r"|instructed|obliged|banned|barred|prohibited|exempted|exempt|forbidden)(?: (?:to|from) )[a-z][^;:—–]{6,150}?)"
    + END
)
_GIVES = regex(
    r"(?:(?: has| have)?(?: also)?(?: begun| started)? (?:to )?| (?:is|are)(?: now| also)? | has been | will(?:"
    r" also)? )"
    r"(?P<how>offer(?:s|ed|ing)?|giv(?:e|es|ing)|gave|given|grant(?:s|ed|ing)?|award(?:s|ed|ing)?|provid(?:e|es|ed"
    r"|ing)"
    r"|reward(?:s|ed|ing)?|subsidiz(?:e|es|ed|ing)|reimburs(?:e|es|ed|ing)|compensat(?:e|es|ed|ing)) "
    r"(?P<what>(?P<whom>[^,;:.—–]{3,90}?) (?:with )?(?:an? |up to |as much as |one-time |one-off |cash |free "
    r"|monthly |annual "
    r"|grants? of |subsid(?:y|ies) of |rewards? of |interest |the |first |half-price |\w+ days of )*"
    r"(?P<sum>subsid(?:y|ies)|grants?|rewards?|allowances?|bonus(?:es)?|vouchers?|rebates?|lodging|accommodation"
    r"|housing"
    r"|office space|(?:RMB ?)?\d[\d.,]*(?: million)? (?:yuan|percent of [^,;:.—–]{3,40}))\b[^;:—–]{0,110}?)" + END
)
_WON = regex(
    r"(?P<what>(?P<np>(?:[Tt]he |[Aa]n? |[Ii]ts |[Tt]wo |[Tt]hree )?[^,;:.—–]{4,100}?) (?:has |have |had |was |were"
    r" )?(?:also )?"
    r"(?:got|gotten|received|won|obtained|secured|gained|given|granted) (?:the |a |an |official |formal |final )*"
    r"(?:green light|go-ahead|nod|approvals?|clearance|permission|consent)) (?:from|by|of) (?:the )?"
)
_MANDATORY = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently |jointly )*(?P<what>(?:made|make) (?!it\b|them\b|him\b"
    r"|her\b)[^,;:.—–]{4,90}?"
    r" (?:mandatory|compulsory|obligatory|tax-free|tax-exempt|duty-free|free of charge|optional)\b[^,;:.—–]{0,80}?)"
    + END
)
_ASKS = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |jointly )*(?P<what>(?:asked|told|required|directed)"
    r" (?:all |major |some |local |leading |large |central |"
    r"centrally administered |State-owned |listed |online |delivery |food delivery |e-commerce |commercial "
    r"|domestic |\d[\d,]* |two |three |four |five |six |seven |eight |nine |ten |dozens of |[a-z-]+ "
    r"(?=operators))*(?P<who>SOEs|enterprises|platforms?|banks|lenders"
    r"|companies|firms|insurers|schools|universities|hospitals|operators|governments|authorities|automakers"
    r"|brokerages) to [a-z][^,;:—–]{6,120}?)" + END
)
FELT_WORDS = cues(
    "can may able could allowed permitted authorized required ordered told instructed obliged banned barred"
    " prohibited"
    " exempted exempt forbidden offer offers offered offering give gives giving gave given grant grants granted"
    " granting"
    " award awards awarded awarding provide provides provided providing reward rewards rewarded rewarding subsidizes"
    " subsidize subsidized subsidizing reimburse reimburses reimbursing compensate compensates green ahead nod"
    " approval approvals"
    " clearance permission consent mandatory compulsory obligatory optional pilots pilot trial trials demonstration"
    " batch"
    " list which issuing releasing publishing unveiling promulgating enacting adopting rolling under according point"
    " article measure step item clause raised lowered increased reduced lifted doubled trimmed cut asked"
)
_BENEFITS = cues(
    "visa visas homes home houses house apartments apartment units unit property properties cars car vehicles vehicle"
    " without"
)
_CHARGED = cues("allowed permitted authorized required ordered told instructed obliged banned barred prohibited"
                " exempted exempt forbidden")  # fmt: skip
_GIVING = cues(
    "offer offers offered offering give gives giving gave given grant grants granted granting award awards awarded"
    " awarding"
    " provide provides provided providing reward rewards rewarded rewarding subsidizes subsidize subsidized"
    " subsidizing"
    " reimburse reimburses reimbursed reimbursing compensate compensates compensated compensating"
)
_CONSENT = cues("green ahead nod approval approvals clearance permission consent")
_ASKED = cues("asked told")
_FORCED = cues("mandatory compulsory obligatory optional free exempt")
_PUBLIC_SIDE = regex(
    r"\b(?:China|Chinese|country|nation|nationwide|city|province|municipal\w*|provincial|government|authorit\w+"
    r"|regulators?|ministry"
    r"|State|policy|districts?|local|domestic)\b"
)
_CONCERNED = regex(
    r"\b(?:compan(?:y|ies)|firms|enterprises|platforms|schools|universities|hospitals|exporters|importers|producers"
    r"|manufacturers"
    r"|makers|banks|lenders|insurers|brokerages|residents|citizens|families|buyers|households|drivers|operators"
    r"|developers|providers"
    r"|institutions|retailers|merchants|shops|restaurants|employers|investors|travelers|tourists|foreigners"
    r"|nationals|holders"
    r"|departments|authorities|governments|imports|products|goods|vehicles|fruits?|beef|poultry|blueberries"
    r"|students|workers"
    r"|taxpayers|funds|minors|carriers|airlines|hotels|clinics|farms|ships|vessels|entities|organizations|agencies"
    r"|museums|stores|malls|factories"
    r"|mines|plants|kindergartens|ports|teachers|doctors|couriers)\b"
)
_STANDS = regex(r", (?:which|that) (?:\w+ly )?(?:began|started|took|went|came|was|entered|runs|ran)\b")
_ENTRY = regex(r"\w+ to (?:enter|be imported|be sold|be exported)\b.{0,20}(?:China|Chinese|domestic|mainland)")


_MAY_DO = regex(
    r" (?:can|may|will be able to|are able to|could)(?: now| also| then)? (?:enter|visit|stay|transit|travel|buy"
    r"|purchase|own|work|study|reside|settle|register|live) "
)
_IS_LET = regex(
    r" (?:are|is|were|was|have been|has been|will be|are being)"
    r"(?: (?:now|also|newly|temporarily|no longer|once again))*"
    r" (?:allowed|permitted|authorized|required|ordered|told|instructed|obliged|banned|barred|prohibited|exempted"
    r"|exempt|forbidden) (?:to|from) "
)
_GIVEN = cues(
    "subsidy subsidies grant grants reward rewards allowance allowances bonus bonuses voucher vouchers rebate rebates"
    " lodging accommodation housing office yuan percent"
)
_WINS = regex(
    r" (?:got|gotten|received|won|obtained|secured|gained|given|granted) (?:the |a |an |official |formal |final )*"
    r"(?:green light|go-ahead|nod|approvals?|clearance|permission|consent) (?:from|by|of) "
)
"""What the expressions above turn on: they begin with any words, and are not tried where this part is missing."""


def felt(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells by whom they concern."""
    before = len(reader.found)
    if sentence.cues & _BENEFITS:
        _may(reader, sentence)
    if sentence.cues & _CHARGED:
        _let(reader, sentence)
    for candidate in reader.found[before:]:
        candidate.reason = TOLD_SO
    if sentence.cues & _GIVING:
        _gives(reader, sentence)
    if sentence.cues & _CONSENT:
        _won(reader, sentence)
    if sentence.cues & _FORCED:
        _does(reader, sentence, _MANDATORY, "decision")
    if sentence.cues & _ASKED:
        _does(reader, sentence, _ASKS, "order")
    in_one_phrase(reader, sentence)
    for candidate in reader.found[before:]:
        if not _STANDS.search(sentence.printed):
            candidate.rule = "act"
        candidate.issued_on, candidate.effective_on = dates_told(reader, sentence, candidate.status == "planned")


def may_feel(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    return sentence.has(FELT_WORDS)


def _told(reader: Reader, sentence: Sentence) -> bool:
    """Whether a record just before, or of this sentence, holds it already."""
    return any(c.kept and 0 <= sentence.start - c.evidence[-1][1] < 700 for c in reader.found) or reader.has_told(
        sentence
    )


def _may(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    if not _MAY_DO.search(sentence.printed) or _told(reader, sentence):
        return
    if not _FROM_NOW.search(reader.text, start, end):
        return
    for match in _MAY.finditer(reader.text, start, end):
        if not NEGATED.search(reader.text[start : match.start("what")].rstrip()[-30:].replace("may", "")):
            issuers = () if "visa" in match["what"] else local_issuer(reader, sentence)
            action: Action | None = "opening" if "visa" in match["what"] else None
            put(reader, sentence, match["what"], "measures", issuers, "", match.end(), action=action)


def _let(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    if '"' in sentence.printed or "“" in sentence.printed:
        return
    if not _IS_LET.search(sentence.printed) or _told(reader, sentence):
        return
    for match in _LET.finditer(reader.text, start, end):
        run = reader.text[start : match.start("what")]
        if not (_CONCERNED.search(match["who"].lower()) or _ENTRY.match(match["what"])) or SUPPOSED.search(run):
            continue
        fresh = match["now"] in {"now", "newly", "temporarily"} or match["aux"] in {"have been", "has been", "will be"}
        dated = bool(sentence.dates) or _FROM_NOW.search(reader.text, start, end) is not None
        if not (fresh or dated) or not (dated or _PUBLIC_SIDE.search(reader.text, start, end)):
            continue
        future = match["aux"] == "will be"
        before = len(reader.found)
        put(
            reader,
            sentence,
            match["what"],
            "other" if future else "decision",
            local_issuer(reader, sentence),
            "",
            match.end(),
        )
        for candidate in reader.found[before:]:
            candidate.status = "planned" if future else "issued"


def _authority(reader: Reader, sentence: Sentence, at: int) -> Actor | None:
    actor = reader.actors.subject(sentence.start, at + 1) or reader.actors.subject(sentence.start, at)
    if actor is None or PRIVATE.search(reader.text, actor.end, at):
        return None
    return actor if actor.issuers or re.search(r"government|authorit|district|city|province", actor.name) else None


def _gives(reader: Reader, sentence: Sentence) -> None:
    """`the city is giving buyers of pears a subsidy of 15,000 yuan`."""
    start, end = sentence.span
    if not sentence.cues & _GIVEN or reader.has_told(sentence):
        return
    for match in _GIVES.finditer(reader.text, start, end):
        actor = _authority(reader, sentence, match.start("how")) or _authority(reader, sentence, match.start())
        run = reader.text[start : match.start("how")]
        if actor is None or FORECAST.search(run.rstrip()) or NEGATED.search(run.rstrip()) or SUPPOSED.search(run):
            continue
        issuers = actor.issuers
        if "local " in run:
            issuers = local_issuer(reader, sentence) or issuers
        title = reader.text[match.start("how") : match.end("what")]
        put(reader, sentence, title, "other", issuers, actor.name, match.end(), action="support")
        return


def _won(reader: Reader, sentence: Sentence) -> None:
    """`The zone got the green light from the cabinet.`"""
    start, end = sentence.span
    for match in _WON.finditer(reader.text, start, end) if _WINS.search(sentence.printed) else ():
        body = next((b for b in bodies_in(reader.text, match.end(), end) if b.start == match.end()), None)
        if (
            body is None
            or _possesses(reader.text, body.end)
            or SUPPOSED.search(match["what"])
            or reader.has_told(sentence)
        ):
            continue
        put(reader, sentence, match["what"], "decision", (body.name,), body.name, match.end())


_PANEL = regex(r"['’]s (?:[a-z]+ ){0,2}(?:panel|advisory|ethics|expert)")


def _possesses(text: str, at: int) -> bool:
    """Whether `'s` follows: the consent is that of a panel or council of the body's, and not its own."""
    return _PANEL.match(text, at) is not None


def _does(reader: Reader, sentence: Sentence, pattern: re.Pattern[str], kind: Instrument) -> None:
    start, end = sentence.span
    if reader.has_told(sentence):
        return
    for match in pattern.finditer(reader.text, start, end):
        actor = _authority(reader, sentence, match.start())
        if actor is None and pattern is _MANDATORY:
            actor = reader.actors.subject(start, match.start() + 1)
        if actor is not None and not SUPPOSED.search(reader.text, start, match.start("what")):
            put(reader, sentence, match["what"], kind, actor.issuers, actor.name, match.end(), action="regulation")
            return
