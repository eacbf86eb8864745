"""English prose: what an assembly is to vote on.

`Parliament will vote on a supplementary budget next month`, `member states are to vote on the proposed tariffs`. A vote
on a motion, a person or an election is none; one on what the story has told is a sentence about that.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.act_words import kind_of_noun
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.phrases import object_phrase
from pipeline.policies.reading import NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

VOTE_WORDS = cues("vote")
_VOTES = regex(
    r"\b(?:will|is to|are to|is set to|are set to|is due to|are due to|is expected to|are expected to"
    r"|is scheduled to|are scheduled to|plans? to)(?: \w+ly| also| then| soon)? (?:vote on|put to (?:a|the) vote) "
    r"(?:whether to )?(?P<what>[^,;.:—–]{4,110}?)"
    r"(?=[,;.:—–]|$| (?:on|by|before|at|next|this|later|in|after|when|which|that|as|early|late) (?:\w|\d))"
)
_WHO = regex(
    r"\b(?P<who>[Pp]arliament|[Ll]awmakers|[Ll]egislators|[Ll]egislature|[Ss]enate|[Cc]ongress|[Hh]ouse|MEPs|MPs"
    r"|[Cc]abinet|[Cc]ouncil|[Cc]ommittee|[Cc]ommission|[Mm]inisters|[Mm]ember (?:states|countries)|[Cc]ountries"
    r"|[Ss]enators|[Aa]ssembly|[Dd]iet|[Bb]undestag)\b"
)
_NO_MEASURE = regex(
    r"\b(?:confidence|no-confidence|censure|impeachment|candidates?|nomin\w+|president|speaker|leader|chair\w*"
    r"|resolution condemning|ceasefire|membership|independence|it|them|him|her)\b"
)
_MAKES = regex(
    r"(?:ban|bar|impose|raise|lower|cut|scrap|abolish|extend|lift|approve|adopt|ratify|introduce|allow|end|suspend"
    r"|cap) "
)


def votes(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence says an assembly is to vote on."""
    text, (start, end) = reader.text, sentence.span
    for match in _VOTES.finditer(text, start, end):
        title = match["what"].strip(' "“”')
        if (
            _NO_MEASURE.search(title)
            or PRIVATE.search(text, start, match.start())
            or NEGATED.search(text, start, match.start())
        ):
            continue
        actor = reader.actors.subject(start, match.start())
        who = _WHO.search(text, start, match.start())
        if actor is None and who is None:
            continue
        at = sentence.token_from(match.start("what"))
        phrase = object_phrase(sentence.tokens, at) if at < len(sentence.tokens) else None
        making = _MAKES.match(title)
        named = phrase is not None or making is not None or kind_of_noun(title.split()[-1].lower()) != "other"
        if not named and _REFORMS.search(title) is None:
            continue
        known = next((c for c in reversed(reader.found) if c.kept and alike(c.title, title)), None)
        if known is None and phrase is not None and phrase.definite:
            known = reader.antecedent(sentence.tokens[phrase.head].low, phrase)
        if _OWN.match(title):
            # `vote on its own version of the bill`: another than the one told
            known = None
        if known is not None:
            known.add_evidence(sentence.span)
            continue
        if title.split()[0].lower() in {"the", "this", "that", "these"} and len(title.split()) < 3:
            continue
        candidate = Candidate(
            rule="planned", trigger="vote on", title=title,
            instrument="decision" if making else phrase.noun.instrument if phrase else "other",
            head="vote", issuers=actor.issuers if actor else (), status="planned",
            actor=actor.name if actor else who["who"] if who else None,
            evidence=[sentence.span], strength=1, reason="an assembly is to vote on it",
        )  # fmt: skip
        candidate.action = action_of(title)
        reader.found.append(candidate)


_OWN = regex(r"(?:its|their) own |an? (?:rival|separate|different|similar) ")
_REFORMS = regex(
    r"\b(?:budget|reform|overhaul|proposals?|package|tariffs?|duties|tax|levy|sanctions|treaty|deal|pact|accord)s?\b"
)
