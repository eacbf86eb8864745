"""English prose: measures by whose they are, sums that were set aside, and plans and laws cited by name.

`the Samplish government's freeze on licenses`, `quit the Pear Treaty`, `the district's subsidy program for orchards`,
`30 million yuan has been allocated to …`, `the 2031 US Pear Strategy`, `according to an action plan for …, Huli plans`.
"""

from __future__ import annotations

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.laws import first_words, known_laws
from pipeline.policies.passing import BROAD, STOP, kind_of_head, put
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.rule_named import PREP_LEGAL
from pipeline.policies.sentence import Sentence

_ALLOCATED = regex(
    r"(?P<what>(?:[Mm]ore than |[Nn]early |[Aa]bout |[Aa]round |[Oo]ver |[Aa] total of |[Uu]p to )?(?:[€$£¥]|US\$"
    r"|RMB )?\d[\d.,]*"
    r"(?: (?:million|billion|trillion))?(?: (?:yuan|euros?|dollars?|pounds?|yen|won))?(?: \([^()]{3,24}\))?)"
    r" (?:has|have|was|were|will be|is|are)(?: also| already| been| being)* (?P<verb>allocated|earmarked"
    r"|set aside|disbursed"
    r"|distributed|handed out)(?P<tail> (?:to|for|in) [^,;.:—–]{3,100})"
)
_RECEIVED = regex(
    r"\b(?P<who>[^,;.:—–]{3,60}?) (?:has |have )?(?:also )?received (?P<what>(?:nearly |more than |about |up to "
    r"|over |some )?"
    r"(?:[€$£¥]|RMB )?\d[\d.,]*(?: (?:million|billion))?(?: (?:yuan|euros?|dollars?|pounds?))(?: \([^()]{3,24}\))?"
    r" (?:in|of|worth of) (?:[\w-]+ ){0,4}?(?:subsid(?:y|ies)|grants?|vouchers?|rebates?|government (?:support|funding)"
    r"|fiscal (?:support|funds)|incentives)\b[^,;.:—–]{0,60})"
)
_GIVER = regex(r"\b(?:government|municipal|district|provincial|city|authorit\w+|bureau|ministry)\b")
_OWNED_ACT = regex(
    r"(?P<who>\b(?:[A-Z][\w]+ )?(?:government|administration|ministry|parliament|authorities|cabinet|Congress"
    r"|Commission)"
    r"|\b[A-Z][a-z]+|US|UK|EU)['’]s? (?:[a-z-]+ )?(?P<what>(?P<how>freeze|seizure|takeover|closure|shutdown"
    r"|withdrawal|suspension"
    r"|cancellation|dismantling|blacklisting|nationalization|abolition|easing|relaxation|lifting|exemption|waiver"
    r"|scrapping"
    r"|repeal|expulsion|halving|tightening|designation|revocation|restoration) (?:of|on|from|for) [^,;.:—–]{4,100}?)"
    + STOP
)
_LEAVES = regex(
    r" (?:(?:has|have|had) )?(?:also |formally |recently |officially )*(?:withdrew from|withdrawn from"
    r"|pulled out of|quit|exited"
    r"|rejoined|joined|acceded to|ratified) (?P<what>(?:the )?(?:[A-Z][\w'-]+|\d{4})(?: (?:(?:of|for|on|and|to"
    r"|against) (?:the )?)?"
    r"[A-Z][\w'-]+){0,8}(?P<head>Agreement|Accord|Treaty|Convention|Organization|Council|Pact|Protocol|UNESCO"
    r"|Deal)?)(?![\w'’])"
)
_FREE_ENTRY = regex(
    r"\b(?P<what>(?:(?:unilateral|mutual|expanded|new|30-day|15-day) )*(?P<noun>visa-free|zero-tariff|duty-free"
    r"|tariff-free)"
    r" (?:policy|entry|access|treatment|arrangements?|measures?) (?:for|to|with|on) (?:(?:citizens|nationals"
    r"|passport holders"
    r"|visitors|travelers|tourists|imports|goods|products|exports|all|most)(?: of| from| in)? )?"
    r"(?:the |all |its )?(?:[A-Z][\w-]+|\d+ [\w-]+|least[ -]developed)(?: (?:and |of )?[\w-]+){0,4}?)" + STOP
)
_PLACE_SCHEME = regex(
    r"(?P<who>[A-Z][\w'-]+(?: [A-Z][\w-]+)?)['’]s? (?P<what>(?:[a-z\d][\w-]* ){0,4}(?P<noun>scheme|program"
    r"|programme|pilot|subsid(?:y|ies)"
    r"|zero-tariff policy|visa-free policy|tax incentives|talent policy|subsidy policy|ban|catalog(?:ue)?)"
    rf" (?:on|for|to|of|that|aimed at) [^,;.:—–]{{4,90}}?){STOP}"
)
_UNDER_STATE = regex(
    r"\b(?:[Uu]nder|[Tt]hrough|[Tt]hanks to|as part of) (?:an?|the) (?P<what>(?:new |recent )?(?:national"
    r"|nationwide|State|state"
    r"|municipal|provincial|district|federal|government|government-funded|government-backed|citywide) (?:[\w-]+ ){0,4}?"
    r"(?P<noun>program|programme|scheme|policy|pilot|campaign|initiative)(?: (?:for|to|of|that|on) [^,;.:—–]{4,80}?)?)"
    + STOP
)
_MADE_ZONE = regex(
    r"\b(?:was|were|has been|have been)(?: also| officially| recently)* (?P<what>(?:designated|approved|selected"
    r"|named|listed)"
    r" (?:as|to become|to be)? ?(?:an?|one of the|the|among the)(?: [\w-]+){0,5}? (?:pilot|demonstration"
    r"|free trade|bonded)"
    r"(?: [\w-]+){0,3}? (?:zone|city|cities|area|areas|zones|base|park|region)\b[^,;.:—–]{0,60})"
)
_NAMED_YEAR = regex(
    r"\b(?:[Tt]he |[Ii]ts |[A-Z]\w+['’]s )?(?P<what>[\"“](?P<name>(?:[A-Z][\w-]+ )(?:(?:in |of "
    r"|for )?[A-Z][\w-]+ ){0,3}20\d\d)[\"”]"
    r"(?: (?P<noun>strategy|plan|program|programme|blueprint|roadmap|policy|action plan|scheme))?)(?! [A-Z])"
)
_STATE_STRATEGY = regex(
    r"\b(?P<what>(?:20\d\d )?(?P<who>US|UK|EU|American|Japanese|German|British|Indian|Australian|French"
    r"|European)(?:['’]s?)?"
    r" (?:20\d\d )?(?:[A-Z]\w+ ){1,4}(?:Strategy|Doctrine|Framework|Roadmap|Blueprint|Action Plan))\b(?! [A-Z])"
)
_ACCORDING = regex(
    r"\b[Aa]ccording to (?:an?|the)(?: (?P<ord>city|province|municipal|provincial|national|local)['’]?s?)? "
    r"(?P<what>(?:[a-z-]+ ){0,3}?(?P<noun>(?:action|implementation|work|development|three-year) plan|guidelines?"
    r"|opinions"
    r"|blueprint|circular|notice|work plan|roadmap) (?:for|on|to|about|of) [^,;:.—–]{8,120}), (?=[A-Z]\w+|the )"
)
_TRADE_IN = regex(
    r"(?:China['’]s|the country['’]s|the nation['’]s|[Tt]he (?:national|government['’]s"
    r"|nationwide)) (?P<what>(?:consumer goods |"
    r"large-scale )?trade-in (?P<noun>program|programme|policy|scheme|subsidies))\b"
)
_WARFARE = regex(r"\b(?:troops|forces|soldiers|Strait|warships|airspace|hostages|of \d+ days|ambassadors?|envoys?)\b")
_RANKED = regex(r" by (?:readers|voters|visitors|users|magazine|experts|an? )| (?:director|chief|head|manager)\b")
_DONE = cues(
    "freeze seizure takeover closure shutdown withdrawal suspension cancellation dismantling blacklisting"
    " nationalization"
    " abolition easing relaxation lifting exemption waiver scrapping repeal expulsion halving tightening designation"
    " revocation restoration"
)
_LEFT = cues("withdrew withdrawn quit exited rejoined joined acceded ratified pulled")
_MADE = cues("designated approved selected named listed")
_MARKED = regex(r"[\"“]")
_HEAD_NAMED = regex(r"Strategy|Doctrine|Framework|Roadmap|Blueprint|Action Plan")
_GOVERNS = regex(r"government|administration|ministry|parliament|authorities|cabinet|Congress|Commission")
_OWNS = cues(
    "freeze seizure takeover closure shutdown withdrawal suspension cancellation dismantling blacklisting"
    " nationalization"
    " abolition easing relaxation lifting exemption waiver scrapping repeal expulsion halving tightening designation"
    " revocation restoration withdrew withdrawn quit exited rejoined joined acceded ratified pulled zero visa duty"
    " tariff scheme"
    " program programme pilot subsidy subsidies policy ban catalog catalogue incentives designated approved"
    " selected named"
    " listed campaign initiative"
)
_ASSEMBLIES = frozenset({"United Nations", "UNESCO", "APEC", "ASEAN", "African Union", "World Trade Organization"})
"""What all have agreed on is named as a principle more often than as a measure."""
_LAWS = cues(first_words)
_STATUTES = cues("act bill law regulation directive deal mechanism rule plan policy instrument")
_STRATEGIES = cues("strategy doctrine framework roadmap blueprint plan")
_PAPERS = cues("plan guideline guidelines opinions blueprint circular notice roadmap")
_PROGRAMS = cues("program programme scheme policy pilot campaign initiative")
_OF_STATE = cues("national nationwide state municipal provincial district federal government citywide")
_ALLOTTED = cues("allocated earmarked aside disbursed distributed handed")
_GOT = cues("received")
_CURRENCIES = cues("yuan euro euros dollar dollars pound pounds")
_SUMS = _ALLOTTED | _GOT
_NAMES = cues(
    "act bill law regulation directive deal mechanism rule instrument strategy doctrine framework roadmap"
    " blueprint plan according trade-in trade"
)


def _owned(reader: Reader, sentence: Sentence) -> None:
    """`the government's freeze on licenses`, `quit the Pear Treaty`, `zero-tariff treatment for pears from …`."""
    start, end = sentence.span
    text = reader.text
    printed = sentence.printed
    possessed = "'s" in printed or "’s" in printed
    for match in _OWNED_ACT.finditer(text, start, end) if sentence.cues & _DONE else ():
        near = [p for p in places_in(text, max(start, match.start() - 12), match.end("who")) if p.government]
        body = next((b for b in bodies_in(text, start, match.end("who")) if b.end == match.end("who")), None)
        issuers = (country_of(body),) if body else (near[-1].government,) if near else ()
        if _WARFARE.search(match["what"]):
            continue
        if (issuers or _GOVERNS.search(match["who"])) and not PRIVATE.search(match["what"][:30]):
            put(reader, sentence, match["what"], "decision", issuers, match["who"], match.end())
    for match in _LEAVES.finditer(text, start, end) if sentence.cues & _LEFT else ():
        actor = reader.actors.subject(start, match.start() + 1)
        run = text[start : match.start()]
        if actor is None or not actor.issuers or FORECAST.search(run) or NEGATED.search(run[-50:]):
            continue
        joined = " joined " in f" {match[0]} "
        if match["head"] or (len(match["what"].split()) > 2 and not joined):
            put(reader, sentence, match[0].strip(), "decision", actor.issuers, actor.name, match.end())
    for match in _FREE_ENTRY.finditer(text, start, end) if "-free " in printed or "zero-t" in printed else ():
        run = text[start : match.start()].rstrip()
        if not NEGATED.search(run[-50:]) and not FUTURE.search(run):
            put(reader, sentence, match["what"], "measures", (), "", match.end(), action="opening")
    for match in _PLACE_SCHEME.finditer(text, start, end) if possessed else ():
        place = next(
            (p for p in places_in(text, *match.span("who")) if p.end == match.end("who") and p.government), None
        )
        if place is not None and not BROAD.search(match["what"]):
            issuers = () if place.name == "China" else (place.government,)
            put(
                reader,
                sentence,
                match["what"],
                kind_of_head(match["noun"].split()[-1]),
                issuers,
                place.name,
                match.end(),
            )
    for match in (
        _UNDER_STATE.finditer(text, start, end) if sentence.cues & _PROGRAMS and sentence.cues & _OF_STATE else ()
    ):
        if not BROAD.search(match["what"]) and len(match["what"].split()) > 2:
            put(reader, sentence, match["what"], kind_of_head(match["noun"]), (), "", match.end())
    for match in _MADE_ZONE.finditer(text, start, end) if sentence.cues & _MADE else ():
        if _RANKED.search(match["what"]):
            continue
        put(reader, sentence, match["what"], "decision", (), "", match.end(), action="opening")


def _sums(reader: Reader, sentence: Sentence) -> None:
    """`nearly 30 million yuan has been allocated to …`, `his firm received 1 million yuan in pear subsidies`."""
    start, end = sentence.span
    text = reader.text
    for match in _ALLOCATED.finditer(text, start, end) if sentence.cues & _ALLOTTED else ():
        if PRIVATE.search(text, start, end) or FORECAST.search(text[start : match.start()]):
            continue
        if any(c.kept and c.head in {"budget", "work report"} for c in reader.found):
            continue
        put(reader, sentence, match["what"] + match["tail"], "other", (), "", match.end(), action="support")
    for match in _RECEIVED.finditer(text, start, end) if sentence.cues & _GOT and sentence.cues & _CURRENCIES else ():
        if _GIVER.search(text, start, end) is None:
            continue
        put(reader, sentence, match["what"], "other", (), "", match.end(), action="support")


def _names(reader: Reader, sentence: Sentence) -> None:
    """Plans, strategies and programs that a name of their own or `according to` cites."""
    start, end = sentence.span
    text = reader.text
    printed = sentence.printed
    for match in _NAMED_YEAR.finditer(text, start, end) if "20" in printed and _MARKED.search(printed) else ():
        if match["noun"] or "China" in match["name"]:
            put(reader, sentence, match["what"], "plan", (), "", match.end(), action="support")
    for match in (
        _STATE_STRATEGY.finditer(text, start, end)
        if sentence.cues & _STRATEGIES and _HEAD_NAMED.search(printed)
        else ()
    ):
        land = next((p for p in places_in(text, *match.span("who")) if p.government), None)
        put(reader, sentence, match["what"], "other" if "Plan" not in match["what"] else "plan",
             (land.government,) if land else (), "", match.end())  # fmt: skip
    for at, stop, name, maker in (
        known_laws(text, start, end) if sentence.cues & _STATUTES and sentence.cues & _LAWS else ()
    ):
        if maker in _ASSEMBLIES or PREP_LEGAL.search(text[max(start, at - 40) : at]):
            continue
        named = next((c for c in reader.found if c.kept and name in c.title), None)
        if named is not None:
            named.add_evidence(sentence.span)
            continue
        kind: Instrument = "law" if name.endswith(("Act", "Bill", "Law")) else kind_of_head(name.split()[-1].lower())
        put(reader, sentence, name, kind, (maker,), maker, stop, named=True)
    for match in _ACCORDING.finditer(text, start, end) if sentence.cues & _PAPERS and "ccording to " in printed else ():
        owner = next((p for p in places_in(text, match.end(), end) if p.start == match.end() and p.government), None)
        china = owner is None or owner.kind == "country"
        issuers = () if china or owner is None else (owner.government,)
        put(reader, sentence, match["what"], kind_of_head(match["noun"].split()[-1]), issuers, "", match.end("what"))
    for match in _TRADE_IN.finditer(text, start, end) if "trade-in" in printed else ():
        put(reader, sentence, match["what"], "plan", (), "", match.end(), action="support")


def owned(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence names as somebody's, and the sums, plans and laws that it cites."""
    if sentence.cues & _OWNS:
        _owned(reader, sentence)
    if sentence.cues & _SUMS:
        _sums(reader, sentence)
    if sentence.cues & _NAMES or "“" in sentence.printed or '"' in sentence.printed:
        _names(reader, sentence)


def may_own(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these phrases."""
    return sentence.has(_OWNS) or (sentence.has(_SUMS) and "illion" in sentence.printed)
