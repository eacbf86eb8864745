"""English prose: measures told by what an authority or its paper lets, stops, exempts or has made available.

`the country has put pears under export control`, `the ministry stopped issuing permits`, `exporters now need a license
from the bureau`, `a new policy in Huli subsidizes presses`, `the ban on pears has come into force`.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.cues import Cues, cues
from pipeline.policies.duty_told import END, SUPPOSED, document_told, put_duty
from pipeline.policies.issuers import bodies_in
from pipeline.policies.passing import kind_of_head, local_issuer
from pipeline.policies.reading import NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence

_CONSULTS = regex(
    r" (?:(?:is|are|was|were|has|have|began|started) )?(?:now |been |also )?(?:consult(?:ing|ed)|solicit(?:ing|ed)"
    r"|seek(?:ing)?"
    r"|sought) (?:the public|public (?:opinions?|comments?|feedback)|opinions|comments|feedback)(?: from the"
    r" public)? on "
    r"(?P<what>[^,;:.—–]{6,140}?)" + END
)
_STOPPED = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently |temporarily )*(?P<what>(?:stopped|stop|ceased|begun|began"
    r"|started|start|suspended"
    r"|resumed|resume) (?:approving|issuing|accepting|charging|collecting|granting|requiring|levying|purchasing)"
    r" [^,;:.—–]{4,110}?)" + END
)
_CHINA_LETS = regex(
    r"(?:^|[,.] )(?:China|The country|The nation|the country) (?:has|have)(?: also| recently)? (?P<what>(?:allowed"
    r"|permitted|authorized)"
    r" (?:[\w-]+ ){0,4}?(?:investors|companies|firms|residents|banks|insurers|funds|institutions|hospitals"
    r"|universities|travelers"
    r"|citizens|enterprises|exporters|importers|brokerages|visitors|foreigners|students|workers)"
    r" to [a-z][^,;:.—–]{4,110}?)" + END
)
_ACCESS = regex(
    r"(?P<what>[A-Z][^,;:.—–]{3,90}? (?:gained|won|obtained|secured|has gained|have gained|been granted|were"
    r" granted|was granted) "
    r"(?:full |official )?(?:market )?access to (?:the Chinese|China's|the domestic|the mainland)(?: market)?)\b"
)
_APART = regex(
    r"(?P<what>(?:[Aa]|[Tt]he) (?:[\w-]+ ){0,4}?(?P<noun>regulation|law|standard|decree|rule)s? (?:on|for|to|of)"
    r" [^,;:.—–]{3,80}),"
    r" [^,;:.—–]{3,90}, (?:will be implemented|will come into force|will take effect|takes effect|took effect|came"
    r" into force"
    r"|will enter into force|was implemented|comes into force)\b"
)
_LICENSE = regex(
    r"(?P<what>[A-Z][^,;:.—–]{4,110}? (?:now need|now needs|will need|must obtain|must apply for|must now obtain"
    r"|will require"
    r"|now requires?) (?:an? )?(?:[\w-]+ ){0,2}?(?:licenses?|permits?|approvals?|clearance)) (?:from|of|by|issued"
    r" by) (?:the )?"
)
_UNDER_CONTROL = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently |formally )*(?P<what>(?:put|placed|place|bring|brought) (?!it\b"
    r"|them\b)"
    r"[^,;:.—–]{3,90}? under (?:an? |the |strict |stricter |temporary |national |unified )*(?:export controls?"
    r"|export bans?"
    r"|price controls?"
    r"|license management|licensing|quota management|[a-z-]+ closure|closure|quarantine|sanctions?|state management"
    r"|protection|supervision|control"
    r"|regulation|lockdown|management)\b[^,;:.—–]{0,60}?)" + END
)
_EASIER = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently )*(?P<what>(?:made|make) it (?:easier|simpler|cheaper|harder"
    r"|possible) for"
    r" [^;:.—–]{4,60}? to [^,;:.—–]{4,90}?)" + END
)
_NEW_DOES = regex(
    r"(?:^|[.,] )(?P<what>(?:[Aa]|[Tt]he|[Aa]nother) (?:new|newly issued|recent|revised|updated|latest)"
    r" (?:[\w-]+ ){0,3}?(?P<noun>policy|rule|regulation|law|program|scheme|guideline|circular|notice|standard"
    r"|measure)"
    r"(?: (?:in|by|from|issued by|of|on|for) [^,;:.—–]{3,60}?)?) (?:that )?(?:subsidizes|allows|bans|requires"
    r"|offers|gives"
    r"|provides|exempts|lets|stipulates|bars|permits|mandates|covers|grants|prohibits|limits|caps|waives|orders"
    r"|rewards)\b"
)
BAN_STANDS = regex(
    r"(?P<what>(?:[Aa] |[Tt]he )?(?:nationwide |national |citywide |blanket |total |partial |temporary |new |city "
    r"|provincial )*"
    r"(?P<noun>ban|tax|levy|moratorium|policy|subsidy|quota|cap|exemption|waiver|allowance|curbs?) (?:on|for|of)"
    r" [^,;:.—–]{3,80}?)"
    r" (?:has been|have been|was|is|will be|remains|will remain|came|went|took|will take|takes) (?:in |into"
    r" )?(?:force|effect|place)"
    r"\b"
)
_BODY_PAPER = regex(
    r" (?P<noun>document|notice|circular|plan|guideline|regulation|statement on the rules) (?:said|showed|says"
    r"|shows)\b"
)
_AVAILABLE = regex(
    r"(?P<what>[^,;:.—–]{0,60}?\b(?:subsid(?:y|ies)|vouchers?|coupons?|grants?|loans?|rebates?|funds?|allowances?"
    r"|tax refunds?)"
    r"(?: (?:of|for|worth) [^,;:.—–]{3,40}?)? (?:has|have|had|will) (?:also )?(?:been|be) made available"
    r"[^,;:.—–]{0,80}?)" + END
)
_RECIPROCAL = regex(
    r" (?P<what>(?:will |has agreed to |have agreed to |agreed to )?(?:allow|grant|let|granted|allowed|waive|waived"
    r"|offer|exempt)"
    r" (?:each other['’]s |all |ordinary |holders of |visas for )?[^,;:.—–]{0,60}?\b(?:citizens|passport holders"
    r"|nationals|visitors"
    r"|travelers|tourists)\b[^,;:.—–]{0,60}?(?:without visas?|visa-free|visa free|from visa"
    r" requirements)\b[^,;:.—–]{0,50}?)" + END
)
_WHILE_ISSUING = regex(
    r", (?:jointly )?(?:issuing|releasing|publishing|unveiling|promulgating) (?P<what>(?:an?|new|two|three)"
    r" (?:[\w'’-]+ ){0,5}?"
    r"(?P<noun>notice|circular|guidelines?|regulations?|rules|measures|catalog|opinions)\b[^,;:.—–]{0,100}?)" + END
)
_LICENSES = cues("license licenses permit permits approval approvals clearance")
_NEEDS = cues("need needs must require requires")
_VISAS = cues("visa visas")
_UNDER = cues("under")
_EASED = cues("easier simpler possible")
_ACCESSES = cues("access")
_MADE = cues("made")
_TO_HAND = cues("available")
_NEW = cues("new newly recent revised updated latest")
_DOES = cues(
    "subsidizes allows bans requires offers gives provides exempts lets stipulates bars permits mandates covers"
    " grants"
    " prohibits limits caps waives orders rewards"
)
_STANDS = cues("force effect place")
_ISSUING = cues("issuing releasing publishing unveiling promulgating")
_ASKING = cues("consulting consulted soliciting solicited seeking sought")
_TURNS = cues("approving issuing accepting charging collecting granting requiring levying purchasing")
_LETTING = cues("allowed permitted authorized")
_FORCE = cues("effect force implemented")
_DONE: tuple[tuple[Cues, re.Pattern[str], Instrument, Action | None], ...] = (
    (_UNDER, _UNDER_CONTROL, "decision", None),
    (_EASED, _EASIER, "measures", None),
    (_VISAS, _RECIPROCAL, "agreement", "opening"),
    (_ASKING, _CONSULTS, "measures", None),
    (_TURNS, _STOPPED, "decision", None),
)
"""What an authority does: words of which one is needed, the whole expression, and what it tells."""
_DONE_WORDS = _UNDER | _EASED | _VISAS | _ASKING | _TURNS


def by_authorities(reader: Reader, sentence: Sentence) -> None:
    """What an authority puts under control, stops, makes easier or asks to be licensed."""
    start, end = sentence.span
    text = reader.text
    for match in _LICENSE.finditer(text, start, end) if sentence.cues & _LICENSES and sentence.cues & _NEEDS else ():
        body = next((b for b in bodies_in(text, match.end(), end) if b.start == match.end()), None)
        if body is not None and not SUPPOSED.search(match["what"]):
            action: Action = "export_control" if re.search(r"[Ee]xport", match["what"]) else "regulation"
            put_duty(reader, sentence, match["what"], "measures", action, (body.name,))
            return
    for needed, pattern, kind, act in _DONE if sentence.cues & _DONE_WORDS else ():
        for match in pattern.finditer(text, start, end) if sentence.cues & needed else ():
            actor = reader.actors.subject(start, match.start() + 1)
            run = text[start : match.start("what")]
            if actor is None or PRIVATE.search(text, actor.end, match.start()) or NEGATED.search(run.rstrip()):
                continue
            if pattern is not _UNDER_CONTROL and pattern is not _RECIPROCAL and not actor.issuers:
                continue
            planned = match["what"].startswith("will ") or text[: match.start("what")].endswith(" will ")
            status: Status = "draft" if pattern is _CONSULTS else "planned" if planned else "issued"
            put_duty(reader, sentence, match["what"], kind, act, actor.issuers, status)
            return


def by_papers(reader: Reader, sentence: Sentence) -> None:
    """What a policy or paper does, or what has come into force or been made available, whoever made it."""
    start, end = sentence.span
    text = reader.text
    near = document_told(reader, sentence)
    for asked, pattern in (
        (sentence.cues & _LETTING, _CHINA_LETS),
        (sentence.cues & _ACCESSES, _ACCESS),
        (not near and sentence.cues & _FORCE, _APART),
    ):
        match = pattern.search(text, start, end) if asked else None
        if match is not None:
            kind = kind_of_head(match["noun"]) if pattern is _APART else "decision"
            put_duty(reader, sentence, match["what"], kind, None if pattern is _APART else "opening", ())
            return
    does = not near and sentence.cues & _NEW and sentence.cues & _DOES
    for match in _NEW_DOES.finditer(text, start, end) if does else ():
        if not PRIVATE.search(match["what"]):
            put_duty(reader, sentence, match["what"], kind_of_head(match["noun"]), None, local_issuer(reader, sentence))
            return
    if not near and sentence.cues & _STANDS:
        for match in BAN_STANDS.finditer(text, start, end):
            put_duty(reader, sentence, match["what"], kind_of_head(match["noun"]), None, local_issuer(reader, sentence))
            return
    if sentence.cues & _TO_HAND and sentence.cues & _MADE:
        for match in _AVAILABLE.finditer(text, start, end):
            if not PRIVATE.search(match["what"]):
                put_duty(reader, sentence, match["what"], "other", "support", local_issuer(reader, sentence))
                return
    for match in _WHILE_ISSUING.finditer(text, start, end) if sentence.cues & _ISSUING else ():
        actors = [a for a in reader.actors.actors(start, match.start()) if a.issuers]
        if actors and not PRIVATE.search(text, start, actors[0].start):
            put_duty(reader, sentence, match["what"], kind_of_head(match["noun"]), None, actors[0].issuers)
            return
    if not near:
        for body in bodies_in(text, start, end):
            paper = _BODY_PAPER.match(text, body.end, end)
            if paper is not None:
                put_duty(
                    reader,
                    sentence,
                    text[body.start : paper.end("noun")],
                    kind_of_head(paper["noun"]),
                    None,
                    (body.name,),
                )
                return
