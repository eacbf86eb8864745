"""English prose: instruments that a noun phrase tells by itself, as the object of no verb of issuing.

`also approved was the sample plan`, `the government's plan to …`, `a nationwide
campaign to …`, `legislation to ban …`, `the conclusion of a trade agreement with …`.
"""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.cues import cues
from pipeline.policies.issuers import bodies_in
from pipeline.policies.phrases import Phrase, object_phrase
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader, complemented
from pipeline.policies.rule_works import SUBJECT, TELLS
from pipeline.policies.sentence import Sentence
from pipeline.policies.tokens import Token, spell

_INVERTED = regex(
    r"(?:^|, |(?<=\n)|(?<=[.!?] ))(?:[Aa]lso )?(?P<act>(?:[Aa]pproved|adopted|passed|released|unveiled|signed"
    r"|launched|announced|issued"
    r"|published|endorsed))(?: (?:at|during|by|in|on) [\w' -]{3,50}?)?"
    r" (?:was|were) (?=an? |the |two |three |its |\d)"
)
_NOMINAL = regex(
    r"\b(?P<act>adoption|approval|passage|enactment|signing|conclusion|ratification|renewal|upgrade|entry into force"
    r"|finalization) of (?=the |an? |its |their |several |two |three |new |[A-Z])"
)
_ENACTED = frozenset({"agreement", "law", "plan", "guideline", "regulation", "measures", "statement"})
_WISHED = regex(
    r"\b(?:await|hop|urg|call|seek|support|push|work|accelerat|speed|promot|toward|expedit|advanc|facilitat|negotiat"
    r"|would|will|could|may|might|should|if|early|pending|ahead|before|until|prospect)\w*\b[^.;]{0,60}$"
)
_AIMS = frozenset(
    {"plan", "program", "programme", "scheme", "campaign", "legislation", "bill", "roadmap", "package"}
    | {"incentives", "pilot", "agreement", "guideline", "guidelines", "blueprint"}
)
"""What is told by what it is to do: `a plan to …`."""
_BINDS = frozenset(
    {
        "regulations",
        "rules",
        "mandates",
        "policies",
        "laws",
        "law",
        "legislation",
        "regulation",
        "measures",
        "standards",
    }
    | {"mandate", "rule"}
)
"""What is told by what it demands: `rules that require …`."""
_DEMANDS = regex(
    r" (?:that (?:\w+ly )?(?:require|oblige|ban|bar|force|prohibit|limit|restrict|mandate|reduce|exempt|allow"
    r"|cap|compel"
    r"|forbid|let|grant|cut|raise|impose)\w*|requiring|banning|mandating|prohibiting|obliging|restricting|forcing"
    r"|exempting|capping|compelling|barring|forbidding) "
)
_PURPOSE = frozenset({"to", "aimed", "aiming", "designed"})
_PUBLIC_WORD = frozenset(
    {
        "national",
        "nationwide",
        "government",
        "state",
        "federal",
        "provincial",
        "municipal",
        "citywide",
        "government-led",
    }
    | {
        "state-run",
        "statewide",
        "countrywide",
        "government-backed",
        "government-funded",
        "cross-ministerial",
        "eu",
        "us",
    }
    | {"uk", "administrative", "presidential", "cabinet", "regional", "local"}
)
_LEGAL = frozenset({"legislation", "bill", "law", "regulations", "regulation", "mandates", "mandate", "decree"})
_GOING = regex(
    r" (?:is|are) (?:currently |now |still )?(?:passing|going|moving|being|under|pending|before|making its way"
    r"|in the works)"
)
_SOUGHT = regex(
    r"\b(?:push(?:es|ed|ing)?|back(?:s|ed|ing)?|sponsor\w*|draft(?:s|ed|ing)|weigh\w*|debat\w+|consider\w*)(?: for)?$"
)
"""`Lawmakers are pushing a bill to …`."""
_POSSESSOR = regex(
    r"(?P<owner>(?:[Tt]he )?(?:[\w-]+ ){0,3}?(?:government|administration|authorities|ministry|committee"
    r"|regulator|parliament"
    r"|commission|state|city|province|country|nation|bloc|municipality|council|central bank)|China|Beijing|Washington"
    r"|Brussels|London|Tokyo)['’]s?$"
)
_SUBJECT_BEFORE = regex(
    r"(?:^|[,;:] |\b(?:and|while|that|but|as|is|are|was|were|include|includes|including|also|under|through|with"
    r"|by|via|after|of|citing|thanks to)\s)(?:a|an|the|The|A|An|its|new)?\s?$"
)
_CLAUSE = regex(r"[^,;.:—–]{5,110}(?=[,;.:—–\s]|$)")
_NOUNS = cues(" ".join(sorted(_AIMS | _BINDS)) + " guidance provisions opinions bylaw recommendations list standard")
_ACTS = cues("adoption approval passage enactment signing conclusion ratification renewal upgrade entry finalization")
_VOTES = cues("approved adopted passed released unveiled signed launched announced issued published endorsed")
TOLD_WORDS = _VOTES | _ACTS | _NOUNS


def told(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """The instruments that the sentence's noun phrases tell by themselves."""
    if sentence.cues & _VOTES:
        _inverted(reader, sentence, taken)
    if sentence.cues & _ACTS:
        _nominal(reader, sentence, taken)
    if sentence.cues & _NOUNS:
        _owned(reader, sentence, taken)


def _inverted(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`Also approved was the 2031 cooperation plan`."""
    if " was " not in sentence.printed and " were " not in sentence.printed:
        return
    start, end = sentence.span
    match = _INVERTED.search(reader.text, start, end)
    if match is None:
        return
    tokens = sentence.tokens
    at = sentence.token_from(match.end())
    phrase = object_phrase(tokens, at) if at < len(tokens) else None
    if phrase is None or phrase.head in taken or phrase.noun.strength not in {"strong", "weak"}:
        return
    agent = reader.actors.agent(match.start("act") + len(match["act"]), end)
    candidate = reader.candidate(sentence, phrase, agent)
    candidate.trigger = match["act"]
    if agent is None and reader.found and reader.found[-1].kept:
        candidate.issuers, candidate.issued_on = reader.found[-1].issuers, reader.found[-1].issued_on
    if agent is None and not candidate.issuers and PRIVATE.search(reader.text, start, match.start()):
        candidate.drop("no public authority acts")
    reader.found.append(candidate)
    taken.update(range(phrase.first, phrase.last + 1))


def _nominal(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`after the conclusion of a trade agreement with …`."""
    start, end = sentence.span
    tokens = sentence.tokens
    for match in _NOMINAL.finditer(reader.text, start, end):
        at = sentence.token_from(match.end())
        phrase = object_phrase(tokens, at) if at < len(tokens) else None
        if (
            phrase is None
            or phrase.head in taken
            or not (complemented(phrase, tokens) or phrase.named)
            or phrase.noun.instrument
            not in {"agreement", "law", "plan", "guideline", "regulation", "measures", "statement"}
            or phrase.noun.strength == "measure"
        ):
            continue
        run = reader.text[start : match.start()].rstrip()
        if _WISHED.search(run) or PRIVATE.search(reader.text, max(start, match.start() - 40), tokens[phrase.last].end):
            continue
        agent = reader.actors.agent(tokens[phrase.last].end, end)
        near = places_in(reader.text, tokens[phrase.first].start, tokens[phrase.last].end)
        parties = [p.government for p in near if p.kind in {"country", "bloc"} and p.name != "China"]
        owner = agent or reader.actors.subject(start, match.start())
        if owner is None and not parties and phrase.noun.instrument not in {"law", "guideline", "regulation"}:
            continue
        candidate = reader.candidate(sentence, phrase, owner)
        candidate.rule, candidate.trigger = "described", match["act"]
        if phrase.noun.instrument == "agreement" and parties and owner is None:
            candidate.issuers = tuple(dict.fromkeys(parties))
        candidate.salience = "background"
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def _owned(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`the government's plan to …`, `a nationwide campaign to …`, `legislation to ban …`."""
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    for phrase in sentence.phrases:
        if phrase.first in taken or phrase.head in taken or phrase.noun.strength == "measure":
            continue
        after = tokens[phrase.head + 1].low if phrase.head + 1 < len(tokens) else ""
        head = tokens[phrase.head].low
        if phrase.noun.noun == "five-year plan":
            continue
        firm = phrase.noun.strength == "strong" or head in {"recommendations", "proposals"}
        if (
            firm
            and (phrase.noun.instrument in _ENACTED or phrase.noun.instrument in {"list", "standard"})
            and phrase.last == phrase.head
        ):
            _spoken(reader, sentence, phrase, taken)
            continue
        if head in _BILLS and _GOING.match(text, tokens[phrase.head].end):
            owner = _owner(reader, sentence, phrase)
            if owner is not None:
                draft = reader.candidate(sentence, phrase, owner)
                draft.rule, draft.status = "draft", "draft"
                reader.found.append(draft)
                taken.update(range(phrase.first, phrase.last + 1))
            continue
        aims = head in _AIMS and after in _PURPOSE and phrase.last > phrase.head
        binds = head in _BINDS and _DEMANDS.match(text, tokens[phrase.head].end, end) is not None
        if not (aims or binds) or phrase.named:
            continue
        if (
            tokens[phrase.first - 1].low in {"of", "and", "or"}
            and binds
            and phrase.first
            and "rule of" in text[start:end]
        ):
            continue
        at = tokens[phrase.first].start
        run = text[start:at].rstrip()
        owner = _owner(reader, sentence, phrase)
        own = {t.low for t in tokens[phrase.first : phrase.head]}
        public = bool(own & _PUBLIC_WORD) or ((binds or head in _LEGAL) and not phrase.definite)
        if owner is None and not public:
            continue
        if owner is None and not (phrase.first == 0 or _SUBJECT_BEFORE.search(text[start:at])):
            continue
        if FORECAST.search(run) or NEGATED.search(run[-70:]) or FUTURE.search(run) or _VOICED.search(run[-70:]):
            continue
        if PRIVATE.search(run[-50:]) or PRIVATE.search(text, at, tokens[phrase.head].end):
            continue
        candidate = reader.candidate(sentence, phrase, owner)
        candidate.rule, candidate.salience = "described", "background"
        if binds:
            rest = _CLAUSE.match(text, tokens[phrase.head].end, end)
            named = spell(text, tokens, phrase.first, phrase.head)
            candidate.title = re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", named) + (rest[0] if rest else "")
        if (head in {"legislation", "bill", "law"} and _GOING.match(text, tokens[phrase.last].end)) or (
            head == "bill" and _SOUGHT.search(run)
        ):
            candidate.status = "draft"
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def _spoken(reader: Reader, sentence: Sentence, phrase: Phrase, taken: set[int]) -> None:
    """`Zhejiang's implementation plan calls for …`: whose it is and what it does tell a plan not named before."""
    text, tokens = reader.text, sentence.tokens
    at, stop = tokens[phrase.first].start, tokens[phrase.head].end
    capital = any(t.word[0].isupper() for t in tokens[phrase.first + 1 : phrase.head]) and phrase.definite
    if (_possessed(tokens, phrase) == at and not capital) or reader.antecedent(
        tokens[phrase.head].low, phrase
    ) is not None:
        return
    owner = _owner(reader, sentence, phrase)
    tells = TELLS.match(text, stop, sentence.end)
    if owner is not None and _ACCORDING.search(text[max(sentence.start, at - 60) : at]):
        candidate = reader.candidate(sentence, phrase, owner)
        candidate.rule, candidate.salience = "described", "background"
        reader.found.append(candidate)
        return
    if owner is None and capital and not PRIVATE.search(text[at:stop]):
        owner = Actor((), "a plan with a name", at, at)
    if (
        owner is None
        or tells is None
        or tells[0].split()[-1] in _AUXILIARY
        or not SUBJECT.search(text[max(sentence.start, at - 120) : at])
    ):
        return
    candidate = reader.candidate(sentence, phrase, owner)
    candidate.rule, candidate.salience, candidate.trigger = "described", "background", tells[0].strip()
    reader.found.append(candidate)
    taken.update(range(phrase.first, phrase.head + 1))


_BILLS = frozenset({"bill", "legislation", "law", "act"})
_ACCORDING = regex(
    r"\b(?:[Aa]ccording to|[Ii]n line with|[Uu]nder|[Gg]uided by|[Ff]ollowing|[Rr]elease of|[Ii]ssuance of"
    r"|[Ii]n response to"
    r"|[Ll]aunch of|[Ii]mplementation of|[Ii]ntroduction of|[Dd]riven by|[Tt]hanks to|[Oo]utlined in) $"
)
_AUXILIARY = frozenset({"has", "have", "had", "is", "are", "was", "were", "will", "would"})
_VOICED = regex(
    r"\b(?:call\w*|urg\w*|need\w*|suggest\w*|recommend\w*|propos\w*|advocat\w*|oppos\w*|demand\w*|ask\w*"
    r"|want\w*|lack\w*"
    r"|launch\w*|develop\w*|should|must)\b[^,;]{0,60}$"
)


def _owner(reader: Reader, sentence: Sentence, phrase: Phrase) -> Actor | None:
    """The authority whose plan it is: `the ministry's plan`, `the EU plan`, `it said its plan`."""
    text, tokens = reader.text, sentence.tokens
    at, head = tokens[phrase.first].start, tokens[phrase.head].start
    low = max(sentence.start, at - 40)
    for named in bodies_in(text, low, head):
        if re.fullmatch(r"['’]?s? (?:[\w-]+ ){0,3}", text[named.end : head]):
            return Actor((named.name,), named.name, named.start, named.end)
    for place in places_in(text, low, head):
        if place.government and re.fullmatch(
            r"(?:['’]s?)? (?:government['’]s? )?(?:[\w-]+ ){0,3}", text[place.end : head]
        ):
            china = place.name == "China"
            return Actor(() if china else (place.government,), place.name, place.start, place.end)
    possessor = _POSSESSOR.search(text[low : _possessed(tokens, phrase)])
    if possessor is not None:
        return Actor((), possessor["owner"], at, at)
    if tokens[phrase.first].low in {"its", "their"}:
        before = [a for a in reader.actors.actors(sentence.start, at) if a.issuers]
        if before and not PRIVATE.search(text, before[-1].end, at) and at - before[-1].end < 60:
            return before[-1]
    return None


def _possessed(tokens: list[Token], phrase: Phrase) -> int:
    """Where the possessive inside a phrase ends; the phrase's own beginning where it has none."""
    for token in tokens[phrase.first : phrase.head]:
        if token.low.endswith(("'s", "s'")):
            return token.end
    return tokens[phrase.first].start
