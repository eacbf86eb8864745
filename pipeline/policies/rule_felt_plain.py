"""English prose: measures told by whom they concern, in one phrase with everything that tells it.

`six cities have been chosen as pilots for …`, `the pear ban, which began in 2031, will run for …`, `the rate of the
pension was raised`, `after issuing a notice on …`, `under the new policy, growers can …`.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument
from pipeline.patterns import regex
from pipeline.policies.attribution import answering
from pipeline.policies.cues import Cues, cues
from pipeline.policies.passing import BROAD, kind_of_head, local_issuer, put
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence

END = r"(?=[,;:—–](?!\d)|\.(?=\s|$)|$| (?:while|as|after|when|according|starting|beginning|from [A-Z]|since)\b)"
_CHOSEN = regex(
    r"(?P<what>(?P<np>[^;:.—–]{3,120}?),? (?:was|were|has been|have been)(?: also| officially| recently| jointly)*"
    r" (?:chosen|picked|selected|named|listed|designated|approved|included|added|removed|deleted|excluded)"
    r" (?:as|to become|for|in|to|among|from) [^,;:.—–]{0,60}?\b(?:pilots|pilot (?:cities|areas|zones|regions|programs?)"
    r"|trials?"
    r"|demonstration (?:zones?|cities|areas|bases?)|(?:list|catalog|catalogue))\b(?:(?! by )[^,;:.—–]){0,80}?)"
    r"(?:(?= by )|" + END + ")"
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
    r"|opinions)\b[^,;:.—–]{0,100}?)" + END
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
    r"\b[^,;:—–]{0,60}?)" + END
)
_PICKED = cues("chosen picked selected named listed designated approved included added removed deleted excluded")
_GATHERED = cues("batch list group round batches")
_ISSUING = cues("issuing releasing publishing unveiling promulgating enacting adopting rolling")
_POINTS = cues("article point measure step item clause")
_RUNNING = cues(
    "ban policy program scheme subsidy moratorium pilot visa waiver exemption embargo tax levy allowance campaign"
    " regulation law facility system quota"
)
_VISAS = cues("visa visas")
_MOVED = cues("raised lowered cut increased reduced lifted doubled trimmed")
_TAKEN_OFF = regex(r"\b(?:removed|deleted|excluded) from\b")
_BY_OTHERS = regex(r" by (?!\d|[A-Z][a-z]{2,8} \d|the end)")
SUPPOSED = regex(
    r"\b(?:if|should|could|might|would|must|whether|hope|hopes|called|calls|expected|likely|urge[ds]?|suggest\w*)\b"
)
_ROWS: tuple[tuple[Cues, re.Pattern[str], re.Pattern[str], Instrument | None, Action | None], ...] = (
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
    (_RUNNING, regex(r", (?:which|that) "), _IN_RUN, None, None),
    (_VISAS, regex(r" visas?, which "), _KVISA, "measures", "opening"),
)
"""Words of which one is needed, a part that is needed, the whole expression, and what it tells."""


def in_one_phrase(reader: Reader, sentence: Sentence) -> None:
    """What stands in one phrase with everything that tells it."""
    start, end = sentence.span
    text = reader.text
    for words, sign, pattern, kind, action in _ROWS:
        if not sentence.cues & words or not sign.search(sentence.printed) or reader.has_told(sentence):
            continue
        for match in pattern.finditer(text, start, end):
            if _BY_OTHERS.match(text, match.end(), end) and reader.actors.agent(match.end(), end) is None:
                continue
            if BROAD.search(match["what"]) or SUPPOSED.search(match["what"]):
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
