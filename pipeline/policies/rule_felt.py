"""English prose: measures told by whom they concern, not by who made them.

`citizens of Pearland can enter without a visa`, `schools will be required to stop charging fees`, `the zone got the
green light from the cabinet`, `the city is giving buyers a subsidy of 15,000 yuan`, `the ministry has made labels
mandatory`, `six cities have been chosen as pilots for …`, `the pear ban, which began in 2031, will run for …`.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.attribution import answering
from pipeline.policies.issuers import bodies_in
from pipeline.policies.passing import BROAD, kind_of_head, local_issuer, put
from pipeline.policies.reading import FORECAST, NEGATED, PRIVATE, Reader
from pipeline.policies.rule_duties import TOLD_SO, dates_told
from pipeline.policies.sentence import Sentence, cues

_END = r"(?=[,;:—–](?!\d)|\.(?=\s|$)|$| (?:while|as|after|when|according|starting|beginning|from [A-Z]|since)\b)"
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
    rf" )?[^,;:.—–]{{3,60}}?){_END}"
)
_LET = regex(
    r"(?P<who>[^,;:.—–]{3,140}?) (?P<aux>are|is|were|was|have been|has been|will be|are being)"
    r"(?: (?P<now>now|also|newly|temporarily|no longer|once again))* (?P<what>(?P<how>allowed|permitted|authorized"
    r"|required|ordered|told"
    r"|instructed|obliged|banned|barred|prohibited|exempted|exempt|forbidden)(?: (?:to|from) )[a-z][^;:—–]{6,150}?)"
    + _END
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
    r"|office space|(?:RMB ?)?\d[\d.,]*(?: million)? (?:yuan|percent of [^,;:.—–]{3,40}))\b[^;:—–]{0,110}?)" + _END
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
    + _END
)
_CHOSEN = regex(
    r"(?P<what>(?P<np>[^;:.—–]{3,120}?),? (?:was|were|has been|have been)(?: also| officially| recently| jointly)*"
    r" (?:chosen|picked|selected|named|listed|designated|approved|included|added|removed|deleted|excluded)"
    r" (?:as|to become|for|in|to|among|from) [^,;:.—–]{0,60}?\b(?:pilots|pilot (?:cities|areas|zones|regions|programs?)"
    r"|trials?"
    r"|demonstration (?:zones?|cities|areas|bases?)|(?:list|catalog|catalogue))\b(?:(?! by )[^,;:.—–]){0,80}?)"
    r"(?:(?= by )|" + _END + ")"
)
_BATCH = regex(
    r"(?P<what>(?:[Tt]he |[Aa] )?(?:(?:new|latest|first|second|third|fourth|fifth|sixth|\w+th) )?(?:list|batch"
    r"|group|round)s? of "
    r"(?:[\w.,'’-]+ ){0,9}?(?:cities|zones|areas|projects|products|enterprises|companies|firms|bases|parks|counties"
    r"|regions|models"
    r"|pilots|apps|items|drugs|standards|games|cases)\b[^,;:.—–]{0,60}?) (?:was|were|has been|have been) "
    r"(?:jointly |officially |recently )?(?:announced|released|unveiled|published|issued|made public|designated"
    r"|approved)\b"
)
_IN_RUN = regex(
    r"(?P<what>(?:[Tt]he |[Aa]n? |[Ii]ts )(?:[\w'’-]+ ){1,5}?(?P<noun>ban|policy|program|scheme|subsidy|moratorium"
    r"|pilot|visa"
    r"|waiver|exemption|embargo|tax|levy|allowance|campaign|regulation|law|facility|system|quota)), (?:which|that)"
    r" (?:first |officially |formally )*(?:began|started|took effect|went into effect|came into force|entered into"
    r" force"
    r"|went into force|was introduced|was launched|was imposed|was rolled out|runs|ran|expires|will expire|took force"
    r"|has been in (?:place|force|effect)) (?:in|on|from|since|last|until|through|at) "
)
_KVISA = regex(r"\b(?P<what>(?:an? |the |new )*[A-Z] visas?), which (?:was|were) (?:introduced|launched)")
_AFTER_ISSUE = regex(
    r"\b(?:after|by|upon|following|before)(?: jointly| recently)? (?:issuing|releasing|publishing|unveiling"
    r"|promulgating"
    r"|enacting|adopting|rolling out) (?P<what>(?:an?|the|its|new|two|three) (?:[\w'’-]+ ){0,5}?(?P<noun>notice"
    r"|circular"
    r"|guidelines?|regulations?|rules|plan|policy|policies|measures|law|catalog|document"
    r"|opinions)\b[^,;:.—–]{0,100}?)" + _END
)
_UNDER_NEW = regex(
    r"^(?:[Uu]nder|[Aa]ccording to|[Ww]ith|[Tt]hanks to) the (?:new|revised|updated|latest|adjusted|expanded"
    r"|preferential) "
    r"(?:[\w-]+ ){0,3}?(?P<noun>policy|policies|scheme|program|rules|regulations?|measures|standards?|law"
    r"|arrangement|system), "
    r"(?P<what>[^;:]{12,170}?\b(?:will|can|may|must|shall|need to|have to|are|is) [^;:]{6,120}?)\.?$"
)
_ITS_POINTS = regex(
    r"\b(?:[Tt]he (?:city|province|region|district|municipality|country|nation|government|county|ministry)"
    r"|[A-Z]\w+)['’]s? "
    r"(?P<what>(?:new |recent )?\d+-(?:article|point|measure|step|item|clause) (?P<noun>policy|plan|package"
    r"|guideline|policy package"
    r"|action plan|program|document|set of measures)(?: (?:to|for|on|of|aimed at) [^,;:.—–]{4,90}?)?)"
    r"(?= (?:encourages?|supports?|offers?|provides?|includes?|says?|calls?|covers?|sets?|stipulates?|aims?|allows?"
    r"|outlines?|requires?|is|was|will|has)\b"
    r"|[,;:.—–]|$)"
)
_RAISED = regex(
    r"(?P<what>(?:[Tt]he |[Ii]ts )?(?:[\w'’-]+ ){0,4}?(?P<noun>standards?|rates?|quotas?|thresholds?|ceilings?"
    r"|ratios?|age|levels?|lines?)"
    r" (?:of|for|on) (?:[\w'’-]+ ){0,5}?(?:pensions?|allowances?|subsidies|insurance|reimbursement|benefits|wages?"
    r"|loans|mortgages|deposits"
    r"|tax|taxation|exemption|retirement|assistance)\b(?: (?:for|of|in) [^,;:.—–]{3,50}?)?"
    r" (?:was|were|has been|have been|will be) (?:further |also )?(?:raised|lowered|cut|increased|reduced|lifted"
    r"|doubled|trimmed)"
    r"\b[^,;:—–]{0,60}?)" + _END
)
_ASKS = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |jointly )*(?P<what>(?:asked|told|required|directed)"
    r" (?:all |major |some |local |leading |large |central |"
    r"centrally administered |State-owned |listed |online |delivery |food delivery |e-commerce |commercial "
    r"|domestic |\d[\d,]* |two |three |four |five |six |seven |eight |nine |ten |dozens of |[a-z-]+ "
    r"(?=operators))*(?P<who>SOEs|enterprises|platforms?|banks|lenders"
    r"|companies|firms|insurers|schools|universities|hospitals|operators|governments|authorities|automakers"
    r"|brokerages) to [a-z][^,;:—–]{6,120}?)" + _END
)
_CUES = cues(
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
_FORCED = cues("mandatory compulsory obligatory optional free exempt")
_PICKED = cues("chosen picked selected named listed designated approved included added removed deleted excluded")
_GATHERED = cues("batch list group round batches")
_ISSUING = cues("issuing releasing publishing unveiling promulgating enacting adopting rolling")
_POINTS = cues("article point measure step item clause")
_WHICH = cues("which that")
_MOVED = cues("raised lowered cut increased reduced lifted doubled trimmed")
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
_TAKEN_OFF = regex(r"\b(?:removed|deleted|excluded) from\b")
_BY_OTHERS = regex(r" by (?!\d|[A-Z][a-z]{2,8} \d|the end)")
_STANDS = regex(r", (?:which|that) (?:\w+ly )?(?:began|started|took|went|came|was|entered|runs|ran)\b")
_ENTRY = regex(r"\w+ to (?:enter|be imported|be sold|be exported)\b.{0,20}(?:China|Chinese|domestic|mainland)")
_SUPPOSED = regex(
    r"\b(?:if|should|could|might|would|must|whether|hope|hopes|called|calls|expected|likely|urge[ds]?|suggest\w*)\b"
)


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
_ROWS: tuple[tuple[frozenset[str], re.Pattern[str], re.Pattern[str], Instrument | None, Action | None], ...] = (
    (
        _PICKED,
        regex(
            r" (?:was|were|has been|have been)(?: also| officially| recently| jointly)*"
            r" (?:chosen|picked|selected|named|listed|designated|approved|included|added|removed|deleted|excluded)"
            r" (?:as|to|for|in|among|from) "
            r"[^,;:.—–]{0,70}?\b(?:pilot|trial|demonstration|list|catalog)"
        ),
        _CHOSEN,
        "decision",
        None,
    ),
    (
        _GATHERED,
        regex(
            r" (?:was|were|has been|have been) (?:jointly |officially |recently )?(?:announced|released|unveiled"
            r"|published|issued|made public|designated|approved)\b"
        ),
        _BATCH,
        "list",
        None,
    ),
    (
        _MOVED,
        regex(
            r" (?:was|were|has been|have been|will be) (?:further |also )?(?:raised|lowered|cut|increased|reduced"
            r"|lifted|doubled|trimmed)\b"
        ),
        _RAISED,
        "decision",
        None,
    ),
    (_POINTS, regex(r"\d-(?:article|point|measure|step|item|clause) "), _ITS_POINTS, None, None),
    (_ISSUING, regex(r"\b(?:after|by|upon|following|before) "), _AFTER_ISSUE, None, None),
    (_WHICH, regex(r", (?:which|that) "), _IN_RUN, None, None),
    (_WHICH, regex(r" visas?, which "), _KVISA, "measures", "opening"),
)
"""Words of which one is needed, a part that is needed, the whole expression, and what it tells."""


def felt(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells by whom they concern."""
    if not sentence.has(_CUES):
        return
    before = len(reader.found)
    if sentence.has(_BENEFITS):
        _may(reader, sentence)
    if sentence.has(_CHARGED):
        _let(reader, sentence)
    for candidate in reader.found[before:]:
        candidate.reason = TOLD_SO
    if sentence.has(_GIVING):
        _gives(reader, sentence)
    if sentence.has(_CONSENT):
        _won(reader, sentence)
    if sentence.has(_FORCED):
        _does(reader, sentence, _MANDATORY, "decision")
    if "asked" in sentence.words or "told" in sentence.words:
        _does(reader, sentence, _ASKS, "order")
    _plain(reader, sentence)
    for candidate in reader.found[before:]:
        if not _STANDS.search(sentence.printed):
            candidate.rule = "act"
        candidate.issued_on, candidate.effective_on = dates_told(reader, sentence, candidate.status == "planned")


def may_feel(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    return sentence.has(_CUES)


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
        if not (_CONCERNED.search(match["who"].lower()) or _ENTRY.match(match["what"])) or _SUPPOSED.search(run):
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
    if not sentence.has(_GIVEN) or reader.has_told(sentence):
        return
    for match in _GIVES.finditer(reader.text, start, end):
        actor = _authority(reader, sentence, match.start("how")) or _authority(reader, sentence, match.start())
        run = reader.text[start : match.start("how")]
        if actor is None or FORECAST.search(run.rstrip()) or NEGATED.search(run.rstrip()) or _SUPPOSED.search(run):
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
            or _SUPPOSED.search(match["what"])
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
        if actor is not None and not _SUPPOSED.search(reader.text, start, match.start("what")):
            put(reader, sentence, match["what"], kind, actor.issuers, actor.name, match.end(), action="regulation")
            return


def _plain(reader: Reader, sentence: Sentence) -> None:
    """What stands in one phrase with everything that tells it."""
    start, end = sentence.span
    text = reader.text
    for words, sign, pattern, kind, action in _ROWS:
        if not sentence.has(words) or not sign.search(sentence.printed) or reader.has_told(sentence):
            continue
        for match in pattern.finditer(text, start, end):
            if _BY_OTHERS.match(text, match.end(), end) and reader.actors.agent(match.end(), end) is None:
                continue
            if BROAD.search(match["what"]) or _SUPPOSED.search(match["what"]):
                continue
            actor = reader.actors.agent(match.end(), end)
            if actor is None and pattern is _AFTER_ISSUE:
                actor = next(iter(reader.actors.actors(start, match.start())), None)
                if actor is None:
                    continue
            if actor is None and _TAKEN_OFF.search(match["what"]):
                actor = answering(reader, sentence)
                if actor is None:
                    continue
            if pattern is _BATCH and actor is None:
                continue
            noun = kind or kind_of_head(match["noun"].split()[-1].lower())
            title = re.sub(r"^(?:[Aa]n? |[Ii]ts )", "", match["what"])
            put(
                reader,
                sentence,
                title,
                noun,
                actor.issuers if actor else (),
                actor.name if actor else "",
                match.end(),
                action=action,
            )
            break
    new = _UNDER_NEW.match(sentence.printed) if not any(c.kept for c in reader.found) else None
    if new is not None and re.search(
        r"subsid|tax|yuan|percent|government|China|city|province|duties|visa", new["what"]
    ):
        put(
            reader,
            sentence,
            new["what"].split(", ")[0],
            kind_of_head(new["noun"]),
            local_issuer(reader, sentence),
            "",
            end,
        )
