"""English prose: an authority's own words, `it is adding X to a list`; what it goes on doing, and sets up by name."""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_words import forms, kinds_of
from pipeline.policies.cues import cues
from pipeline.policies.instruments import nouns
from pipeline.policies.reading import PRIVATE, Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.voiced import clipped, kind_in, voiced

_TELLS = regex(
    r"\b(?:announced|said|says|stated|declared|confirmed|revealed|disclosed|indicated|announces)"
    r"(?: (?:on|in|last|late|this|earlier)(?: \w+){1,3}?)?,?(?: that)? (?:it|they|he|she)"
    r"(?: (?P<aux>will|would|is|are|was|were|had|has|have))(?: (?:also|now|soon|temporarily|immediately|formally"
    r"|\w+ly))*"
    r" (?P<what>(?P<verb>[a-z]+(?:-[a-z]+)?(?: (?:out|up|back|aside|in place))?) [^,;:—–]{6,160})"
)
_PRONOUNS = cues("it they he she")
_MADE = regex(
    r" (?P<what>(?:an? |the |its |new |two |three |several )*(?:[\w-]+ ){0,3}?(?P<noun>rules|guidelines?|guidance"
    r"|measures|standards?|regulations?|provisions|law|catalogue?|list|action plan|plan|policies|opinions)\b.*)"
)
_CONTINUES = regex(
    r" (?:also |still )?(?:continue[sd]? to|keeps? on|has continued to|have continued to)"
    r" (?P<what>(?:block|ban|restrict|bar|impose|prohibit|subsidize|freeze|enforce|sanction|limit"
    r"|levy) [^,;:.—–]{5,120})"
)
_NAMED_THING = regex(
    r" (?:and its allies |and their allies |and its partners )?(?:(?:has|have|had) )?(?:also |recently |jointly "
    r"|first )*"
    r"(?P<verb>launched|unveiled|put forward|announced|introduced|established|implemented|imposed|adopted)"
    r"(?: (?:last|this) (?:week|month|year))?"
    r" (?:the |a |an |its )?(?P<what>(?:new |sweeping |extensive |strict |broad )?(?:[A-Z][\w'’&+-]*"
    r"(?: (?:(?:of|for|and|on) (?:the )?)?[A-Z][\w'’&+-]*){1,7}"
    r"|(?:export|import|technology|investment|trade|chip|economic) (?:controls|restrictions|curbs|sanctions|bans)"
    r" (?:on|against|over) [^,;:.—–]{3,90}))(?![\w-])"
)
_NAMED_HEADS = frozenset(
    {
        "partnership",
        "strategy",
        "framework",
        "fund",
        "contributions",
        "program",
        "programme",
        "scheme",
        "plan",
        "day",
        "investment",
        "compact",
        "package",
        "deal",
        "initiative",
    }
)


def tells_itself(reader: Reader, sentence: Sentence) -> None:
    """`the commission announced it is adding X to a list`."""
    if not sentence.cues & _PRONOUNS:
        return
    start, end = sentence.span
    text = reader.text
    table = forms()
    for match in _TELLS.finditer(text, start, end):
        verb = match["verb"]
        form = table.get(verb) or table.get(verb.split(" ")[0])
        wanted = {"will": "base", "would": "base", "is": "gerund", "are": "gerund", "was": "gerund", "were": "gerund"}
        if (
            form is None
            or form.form != wanted.get(match["aux"], form.form)
            or (form.lemma in _SOFT and _LEGAL.search(match["what"]) is None)
        ):
            continue
        actor = reader.actors.subject(start, match.start())
        if actor is None or not actor.issuers or PRIVATE.search(text, actor.end, match.start()):
            continue
        title = clipped(match["what"])
        if not (_weighty(form.frames, title) or ("make" in form.frames and _MADE.match(title, len(verb)))):
            continue
        drafting = form.form == "gerund" and form.lemma in {"draw up", "finalize", "put together"}
        planned = match["aux"] in {"will", "would"} or drafting
        listed = re.search(r" (?:to|on) (?:an?|its|the) (?:[\w-]+ ){0,3}(?:list|blacklist)\b", title)
        kind: Instrument = "list" if listed else "other" if planned else "decision"
        if "make" in form.frames and (made := _MADE.match(title, len(verb))) is not None:
            # `said it would draw up rules on pears`: the rules are the instrument
            noun = nouns("en").get(made["noun"].lower())
            if noun is not None and noun.strength == "strong":
                kind, title = noun.instrument, made["what"]
        voiced(reader, sentence, title, kind, "planned" if planned else "issued", actor, match.start(), "act")


_LEGAL = regex(
    r"\b(?:Act|Law|tariffs?|tax(?:es)?|dut(?:y|ies)|rules|bans?|subsid(?:y|ies)|visas?|quotas?|sanctions|restrictions"
    r"|controls|fees|minimum wage|retirement age|levy)\b"
)
_SOFT = frozenset(
    {
        "start",
        "begin",
        "open",
        "offer",
        "give",
        "create",
        "pay",
        "increase",
        "expand",
        "reverse",
        "commit",
        "adjust",
        "direct",
        "name",
        "restore",
        "set",
        "approve",
        "clear",
        "raise",
        "provide",
        "invest",
        "pledge",
        "announce",
        "adopt",
        "launch",
        "implement",
        "label",
        "recognize",
        "declare",
        "reject",
        "drop",
        "end",
        "delay",
        "resume",
        "cut",
        "reduce",
        "double",
        "extend",
        "award",
        "collect",
    }
)
"""Verbs that tell a measure only with a known noun: the acts of authorities have them."""


def _weighty(frames: tuple[str, ...], title: str) -> bool:
    if {"deny", "free", "bind", "list"} & set(frames):
        return True
    return any(kinds_of(word.lower()) for word in re.findall(r"[\w-]+", title)[1:8])


def going_on(reader: Reader, sentence: Sentence) -> None:
    """`continues to block shipments of pears`: a measure that stands."""
    start, end = sentence.span
    for match in _CONTINUES.finditer(reader.text, start, end):
        actor = reader.actors.subject(start, match.start() + 1)
        if actor is None or not actor.issuers:
            continue
        found = voiced(reader, sentence, clipped(match["what"]), "other", "issued", actor, match.start(), "known")
        if found is not None:
            found.salience = "background"


def named_thing(reader: Reader, sentence: Sentence) -> None:
    """`the bloc unveiled the Pear Investment Plan`: what it makes has a name of its own."""
    start, end = sentence.span
    for match in _NAMED_THING.finditer(reader.text, start, end):
        actor = reader.actors.subject(start, match.start() + 1)
        if actor is None:
            continue
        if not actor.issuers and actor.name.lower() not in {"china", "the country", "the government"}:
            continue
        head = match["what"].split()[-1].lower()
        if head == "initiative" and not actor.issuers:
            continue
        if match["what"][0].isupper() and (
            head not in _NAMED_HEADS or (head == "day" and match["verb"] != "established")
        ):
            continue
        voiced(
            reader,
            sentence,
            clipped(match["what"]),
            kind_in(match["what"]),
            "issued",
            actor,
            match.start("verb"),
            "act",
        )
