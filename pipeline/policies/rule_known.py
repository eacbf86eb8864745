"""English prose: programs and money that a phrase with a public adjective names, whatever the sentence says of them.

`a national program to improve care`, `a month-long campaign to …`, `government subsidies on phones`, `the recently
announced support of 1 trillion yuan`, `the conclusion of two pear agreements`, `with leaders
signing an agreement`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.places import places_in
from pipeline.policies.reading import FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

_STOP = (
    r"(?=[,;:—–\"”]|\.(?!\d)|$"
    r"| (?:which|that|while|as|after|has|have|is|are|was|were|will|said|says|in 20|since|despite)\b)"
)
_PROGRAM = regex(
    r"\b(?P<what>(?:[Aa]n?|[Tt]he|[Ii]ts) (?:[a-z-]+ ){0,2}?(?:national|nationwide|citywide|province-wide|provincewide"
    r"|provincial|municipal|government|government-(?:led|backed|funded|run)|State-(?:led|backed|funded|run)"
    r"|state-(?:led"
    r"|backed|funded"
    r"|run)|(?:month|year|decade|week)-?long|(?:two|three|four|five|six|ten|\d+)-(?:month|year|day|week))"
    r" (?:[a-z-]+ ){0,3}?(?P<noun>program|programme|campaign|scheme|drive|crackdown|pilot)"
    rf" (?:to|for|aimed at|against|that) [^,;.:—–]{{4,100}}?){_STOP}"
)
_FOUNDED = regex(
    r"\b(?P<what>(?:[Aa]n? |[Tt]he )?(?:national|state|State|provincial|municipal|central|government"
    r"|sovereign)(?: [a-z&-]+){0,4}?"
    r" (?P<noun>funds?|pool|platform|program|mechanism|scheme)),?(?: which)?(?: was)? (?:established|launched"
    r"|set up|created|unveiled)"
    r" (?:last|in|by|this|earlier)\b"
)
_LAUNCH_OF = regex(
    r"\b(?:launch|introduction|rollout|implementation|imposition) of (?P<what>(?:an? |the )?(?:national|nationwide"
    r"|new|State|state"
    r"|provincial|citywide|annual) (?:[a-z-]+ ){0,3}?(?P<noun>subsid(?:y|ies)|tax|levy|scheme|program|fund|campaign"
    r"|cap|allowance"
    rf"|rebate|fee|tariffs?|quota|visa) (?:for|on|to) [^,;.:—–]{{3,70}}?){_STOP}"
)
_SUBSIDY = regex(
    r"\b(?P<what>(?:government|State|state|fiscal|national|central government) (?P<noun>subsidies|rebates|vouchers"
    r"|coupons)"
    rf" (?:on|for|to) [^,;.:—–]{{3,60}}?){_STOP}"
)
_RECENT = regex(
    r"\b(?:recently|newly|previously|just) (?:announced|approved|introduced|launched|unveiled|imposed|adopted)"
    r" (?P<what>(?:[a-z0-9-]+ ){0,3}?(?P<noun>support|stimulus|package|subsidies|funds?|tariffs|ban|tax cuts?"
    r"|tax breaks?"
    r"|restrictions|sanctions|export controls|stimulus package|visa-free policy|quotas?|pilot|campaign)"
    rf" (?:of|on|for|to|against|worth) (?:[^,;.:—–]|[.,](?=\d)){{3,90}}?){_STOP}"
)
_CONCLUDED = regex(
    r"\b(?:conclusion|signing|ratification|renewal) of (?P<what>(?:the |an? |several |two |three |many |new )?"
    r"(?:[\w-]+ ){0,3}?(?P<noun>agreements?|treat(?:y|ies)|memorand(?:a|ums?)(?: of understanding)?|pacts?|accords?)"
    rf"(?: (?:with|between|on|to|for) [^,;.:—–]{{3,70}}?)?){_STOP}"
)
_LEADERS_SIGN = regex(
    r"\b(?:leaders|ministers|presidents|governments|countries|(?:both|two) sides|members|officials)(?: also| then)?"
    r" (?:signing|inking|concluding|adopting|issuing) (?P<what>(?:an?|the|several|two|three) (?:[\w-]+ ){0,3}?"
    r"(?P<noun>agreements?|treat(?:y|ies)|memorand(?:a|ums?)(?: of understanding)?|pact|statement|declaration"
    r"|documents)"
    rf"(?: (?:to|on|with|for) [^,;.:—–]{{3,90}}?)?){_STOP}"
)
KNOWN_WORDS = cues(
    "program programme campaign scheme drive crackdown pilot subsidies rebates vouchers coupons recently newly"
    " previously"
    " just launch introduction rollout implementation imposition fund funds pool platform mechanism conclusion"
    " signing ratification renewal inking concluding adopting"
    " issuing"
)
_FRAMES = (
    (_PROGRAM, (cues("program programme campaign scheme drive crackdown pilot"),)),
    (
        _FOUNDED,
        (
            cues("fund funds pool platform program mechanism scheme"),
            cues("national state provincial municipal central government sovereign"),
            cues("established launched set created unveiled"),
        ),
    ),
    (_LAUNCH_OF, (cues("launch introduction rollout implementation imposition"),)),
    (_SUBSIDY, (cues("subsidies rebates vouchers coupons"),)),
    (
        _RECENT,
        (
            cues("recently newly previously just"),
            cues("announced approved introduced launched unveiled imposed adopted"),
        ),
    ),
    (_CONCLUDED, (cues("conclusion signing ratification renewal"),)),
    (_LEADERS_SIGN, (cues("signing inking concluding adopting issuing"),)),
)
"""Each with sets of words; it needs one of every set."""
_KINDS: dict[str, Instrument] = {
    "program": "plan", "programme": "plan", "campaign": "plan", "scheme": "plan", "drive": "plan", "crackdown": "plan",
    "pilot": "pilot", "statement": "statement", "declaration": "statement", "ban": "decision", "tariffs": "decision",
}  # fmt: skip
_AGREED = regex(r"agreement|treat|memorand|pact|accord|documents")
_ASKED = regex(
    r"\b(?:like|need(?:s|ed)?|want(?:s|ed)?|propos\w+|suggest\w+|recommend\w+|urg\w+|call\w* for|discuss\w*|such as"
    r"|no|any"
    r"|possible|through|negotiat\w+|talks? on|towards?|pending)(?: \w+){0,4}$"
)

_WILL_START = regex(
    r"\b(?:will|plans? to|is to|are to)\b[^;]* (?:launch|start|begin|introduce|roll out|run|carry out)$"
)


def known(reader: Reader, sentence: Sentence) -> None:
    """The programs, sums and agreements that the sentence names by what they are."""
    start, end = sentence.span
    text = reader.text
    for pattern, needed in _FRAMES:
        for match in (
            pattern.finditer(text, start, end) if sentence.cues & needed[0] and all(map(sentence.has, needed)) else ()
        ):
            run = text[start : match.start()].rstrip()
            title = re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", match["what"].strip())
            if any(c.kept and (alike(c.title, title) or c.evidence[0] == sentence.span) for c in reader.found):
                continue
            planned = _WILL_START.search(run) is not None
            if _ASKED.search(run) or NEGATED.search(run) or FUTURE.search(run) or PRIVATE.search(run[-40:]):
                continue
            noun = match["noun"]
            kind: Instrument = "agreement" if _AGREED.search(noun) else _KINDS.get(noun, "other")
            parties = [
                p
                for p in (places_in(text, *match.span("what")) if kind == "agreement" else ())
                if p.kind in {"country", "bloc"} and p.name != "China"
            ]
            candidate = Candidate(
                rule="known", trigger=noun, title=title, instrument=kind, head=noun,
                issuers=tuple(dict.fromkeys(p.government for p in parties)),
                evidence=[sentence.span], strength=1, reason="named by a public adjective or a noun of signing",
            )  # fmt: skip
            if planned:
                candidate.status, candidate.rule = "planned", "planned"
            candidate.action = action_of(title)
            reader.found.append(candidate)
