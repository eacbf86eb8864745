"""English prose: drafts and agendas, `Sampleland is drafting a ban`, `the legislative agenda includes a pear law`."""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.cues import cues
from pipeline.policies.reading import NEGATED, Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.voiced import clipped, kind_of, voiced

_DRAFTS = regex(
    r",?(?: (?:is|are|has been|have been|was|were))?(?: also| now| currently| reportedly| already| still)*"
    r" (?P<how>drafting|drawing up|formulating|devising|finalizing|preparing|pushing(?: for)?|pushing through"
    r"|working on"
    r"|considering|mulling|weighing|amending|revising|advancing"
    r"|prepar(?:es|ed|ing) to (?:review|issue|introduce|release|unveil|launch|adopt|vote on|deliberate)|(?:is"
    r"|are) (?:set"
    r"|due|about|poised|scheduled) to (?:review|vote on|deliberate|examine|debate))"
    r" (?P<what>(?:(?:an?|the|its|new|two|three|several) )?(?:[\w'’-]+ ){0,4}?(?P<noun>bans?|legislation|laws?|bills?"
    r"|rules?|regulations?|guidelines?|measures|policy|policies|restrictions|tariffs|sanctions|amendments?|directive"
    r"|standards?|export controls|curbs|catalog(?:ue)?|framework|strategy|roadmap|blueprint|executive order|order"
    r"|decree|[A-Z]\w+ Act|Act|decision|subsidies)\b"
    r"(?: (?:on|for|to|against|of|governing|regulating|that would|concerning|banning|requiring|aimed at)"
    r" [^,;:.—–]{3,110}|(?=[,.;])))"
)
_PUSHES_NAME = regex(
    r" (?:(?:is|are|has been|have been) )?(?:also |now )?(?:pushing|advancing|promoting|considering|debating|reviewing)"
    r" (?:for |through |ahead with )?(?:the |an? )?(?P<what>(?:[A-Z][\w'’-]+ )(?:(?:of|on|for|and|the) "
    r"|[A-Z][\w'’-]+ )*"
    r"[A-Z][\w'’-]+)(?=,? which|,? a bill|,? legislation)"
)
_PLANS = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |formally |on \w+day )*(?:announced|unveiled|outlined|revealed"
    r"|confirmed|set out"
    r"|laid out)(?: (?:on|in) [A-Z]\w+(?: \d{1,2})?)?"
    r" (?P<what>(?:(?:its|new|detailed|ambitious|sweeping) )*plans to (?P<verb>[a-z]+)\b [^,;:.—–]{8,140})"
)
_AGENDA = regex(
    r"\b[Ll]egislative (?:agenda|plan|program|work plan)(?: for (?:this year|20\d\d)| this year)?"
    r" (?:also )?(?:includes|covers|lists|features)(?: (?:the )?(?:drafting|formulating|formulation of|revising"
    r"|revision of"
    r"|amending|enacting|enactment of|review of|reviewing))? (?:an? |the )?(?P<what>(?:[\w'’-]+ ){0,6}?(?:law|laws|code"
    r"|regulations?|Law|Code))\b"
)
_STRATEGY = regex(
    r" (?:has |have )?(?:also |already )?(?:implemented|launched|adopted|introduced|unveiled|formulated"
    r"|rolled out) (?:an? |the |its )"
    r"(?P<what>(?:[\w-]+ )?(?:national|nationwide|comprehensive|\w+-year|long-term)(?: [\w-]+){0,3} (?:strategy"
    r"|plan|blueprint"
    r"|roadmap|framework) (?:on|for|to) [^,;:.—–]{4,100})"
)
_PAPER = regex(
    r" (?:(?:has|have|had) )?(?:also |recently |jointly )*(?:issued|released|published|unveiled) (?:an? |the |its )?"
    r"(?P<what>(?:[\w'’-]+ ){0,5}?(?P<noun>(?:policy |consultation |work |working |guiding |normative "
    r"|supporting )+documents?"
    r"|document|catalog(?:ue)?)(?: (?:on|for|to|supporting|outlining|covering|listing|of|detailing"
    r"|promoting) [^,;.:—–]{4,110}))"
)
_PLANNED = (
    (_PUSHES_NAME, cues("pushing advancing promoting considering debating reviewing")),
    (_PLANS, cues("plans")),
    (_STRATEGY, cues("strategy plan blueprint roadmap framework")),
    (_PAPER, cues("document documents catalog catalogue")),
)
"""Each with the words of which it needs one."""
LEGISLATIVE = cues("legislative")
_DRAFTED = cues(
    "ban bans legislation law laws bill bills rule rules regulation regulations guideline guidelines measure measures"
    " policy policies restrictions tariffs sanctions amendment amendments directive standard standards controls curbs"
    " catalog catalogue framework strategy roadmap blueprint order decree act decision subsidies"
)


def drafting(reader: Reader, sentence: Sentence) -> None:
    """`Sampleland is drafting a ban on pears`: what is being written, weighed or debated."""
    start, end = sentence.span
    text = reader.text
    for match in _DRAFTS.finditer(text, start, end) if sentence.cues & _DRAFTED else ():
        actor = reader.actors.subject(start, match.start() + 1) or reader.actors.subject(start, match.start("how"))
        if actor is None or not actor.issuers or NEGATED.search(text[start : match.start()].rstrip()[-50:]):
            continue
        how = match["how"]
        noun = match["noun"].split()[-1].lower()
        if how.startswith(("preparing", "working", "advancing")) and noun in {
            "measures",
            "policy",
            "policies",
            "decision",
        }:
            continue
        under_review = re.search(r"(?:review|vote|deliberat|examin|debat)", how) is not None
        law = noun in {"law", "laws", "bill", "bills", "legislation", "act", "amendment", "amendments"}
        kind: Instrument = "law" if law else "order" if noun in {"ban", "bans", "order"} else kind_of(noun)
        status: Status = "draft" if (under_review or how == "amending") and "draft" in match["what"] else "planned"
        voiced(
            reader,
            sentence,
            clipped(re.sub(r"^(?:the|its) ", "", match["what"])),
            kind,
            status,
            actor,
            match.start(),
            "intended",
        )


def plans_and_agendas(reader: Reader, sentence: Sentence) -> None:
    """`announced plans to build …`, `the legislative agenda includes …`, `adopted a national strategy on …`."""
    start, end = sentence.span
    text = reader.text
    for pattern, needed in _PLANNED:
        for match in pattern.finditer(text, start, end) if sentence.cues & needed else ():
            actor = reader.actors.subject(start, match.start() + 1)
            if actor is None or (not actor.issuers and pattern is not _STRATEGY):
                continue
            if pattern is _PLANS:
                if match["verb"] in _LOOSE:
                    continue
                voiced(reader, sentence, clipped(match["what"]), "plan", "planned", actor, match.start(), "intended")
            elif pattern is _PAPER:
                kind: Instrument = "list" if match["noun"].startswith("catalog") else "guideline"
                status: Status = "draft" if "consultation" in match["what"] else "issued"
                voiced(reader, sentence, clipped(match["what"]), kind, status, actor, match.start(), "issued")
            elif pattern is _STRATEGY:
                voiced(reader, sentence, clipped(match["what"]), "plan", "issued", actor, match.start(), "act")
            elif len(match["what"].split()) > 3 and not match["what"].startswith("Belt"):
                voiced(reader, sentence, match["what"], "law", "planned", actor, match.start(), "intended")
    for match in _AGENDA.finditer(text, start, end) if sentence.cues & LEGISLATIVE else ():
        draft = re.search(r"consultation|comments|draft", text[match.end() : end]) is not None
        nobody = Actor((), "legislature", match.start(), match.start())
        voiced(
            reader, sentence, match["what"], "law", "draft" if draft else "planned", nobody, match.start(), "intended"
        )


_LOOSE = frozenset(
    {
        "deepen",
        "strengthen",
        "promote",
        "boost",
        "accelerate",
        "enhance",
        "improve",
        "work",
        "hold",
        "host",
        "visit",
        "meet",
        "attend",
        "celebrate",
        "cooperate",
        "support",
        "foster",
        "continue",
        "sell",
        "buy",
        "run",
        "focus",
        "make",
        "become",
        "step",
        "send",
        "deploy",
        "strike",
        "land",
        "launch",
        "explore",
        "attack",
    }
)
"""What stances are made of."""
