"""What the rules for English prose share: the article, its authorities, and what was found so far."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.model import Article, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors import Actors
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import dates_in, reference
from pipeline.policies.issuers import bodies, bodies_in
from pipeline.policies.phrases import Phrase
from pipeline.policies.sameness import periods_apart, same_instrument
from pipeline.policies.sentence import Sentence
from pipeline.policies.sentence_dates import dates_beside
from pipeline.policies.tables import words
from pipeline.policies.tail import Tail
from pipeline.policies.tokens import Token, Verb, spell, verbs_of

AUX_PASSIVE = words("aux_passive")
PERFECT = words("perfect")
FUTURE = Tail(
    r"(?:\b(?:will|would|shall|plans? to|planned to|planning to|aims? to|intends? to"
    r"|is to|are to|is set to|are set to|is expected to|are expected to"
    r"|vowed to|pledged to|promised to|going to|about to|is considering|are considering"
    r"|is preparing to|proposes? to|proposed to|try to|seeks? to|hopes? to|efforts"
    r" to|threatened to|threatens to))(?: \w+ly| also| soon| further| jointly| be|"
    r" try to|,[^,]{3,80},)*$",
    "will", "would", "shall", "to", "considering", "ly", "also", "soon", "further", "jointly", "be", ",",
)  # fmt: skip
FORECAST = Tail(
    r"\b(?:likely|unlikely|probably|expected|may|might|could|should)(?: to)?(?: \w+ly| also)*$",
    "ly", "expected", "may", "might", "could", "should", "to", "also",
)  # fmt: skip
NEGATED = regex(
    r"\b(?:not|never|no|without|[Ii]f|[Uu]nless|[Ww]hether|should|could|may|might|would|must|call(?:s"
    r"|ed)? (?:for|on)|urg(?:e|es|ed|ing)|suggest\w*|recommend\w*|hop(?:e|es|ed|ing)"
    r" (?:that|to)|expect(?:s|ed)? that)\b[^,;.]{0,40}$"
)
PRIVATE = regex(
    (
        r"\b(?:compan(?:y|ies)|firms?|automakers?|carmakers?|groups?|corp|inc|ltd|executives?"
        r"|ceo|universit(?:y|ies)|hospitals?|startups?|banks?|brands?|researchers?"
        r"|scientists|teams?|institutes?|associations?|organizers?|players?|developers?"
        r"|manufacturers?|enterprises|businesses|analysts?|experts?|chamber|court|police"
        r"|airlines?|operators?|giants?|platforms?)\b"
    ),
    re.IGNORECASE,
)
_GROUPS = {"guidelines": "guideline", "guidance": "guideline", "opinions": "guideline", "policies": "measures"} | {
    "policy": "measures", "regulations": "regulation",
}  # fmt: skip
"""Head nouns that may point back to one another: `the guidance` after `a guideline`."""
_ANY_RULES = frozenset({"rules", "regulation", "regulations", "measures", "provisions"})
_RULES_CALLED = frozenset({"rules", "regulation", "regulations", "measures", "provisions", "law", "ordinance", "bylaw"})
"""`The updated rules` after a regulation or a law was named."""
_REPORT_OF = regex(r"[^.;]{0,40}?(?: for the first time)? (?:in|of|for) (?P<year>20\d\d)\b")
_LAST_YEARS = regex(r"\blast year['’]s (?:annual |draft )?$", re.IGNORECASE)
_THIS_YEARS = regex(r"\bthis year['’]s (?:annual |draft )?$", re.IGNORECASE)
_OWNED = regex(r"^(?:the |its )?(?:China['’]s |country['’]s |nation['’]s )?")
_CONFERENCE = regex(r"[Pp]ress [Cc]onference|发布会")
_TURN = regex(r"(?:^|\n\n)\[?(?P<label>[A-Z][\w.&' -]{1,40})\]?: ")
JOINED = Tail(r"\band(?: \w+ly| also| then)?$", "and", "ly", "also", "then")
_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul"
    r"|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2})"
)
_LEAD_WORDS = regex(rf"^(?:(?:on )?{_DAY},? )?(?:[Tt]he |[Ii]ts |their |this |these )?")
_MIDDLE_DATE = regex(rf" on {_DAY}(?= (?:to|for|aimed|that)\b)")
_YEAR_AFTER = regex(r"(?<=[a-z]) in (?:19|20)\d\d$")
PLAIN = words("plain")


_ANNOUNCED_THAT = regex(
    r" (?:has )?(?:announced|confirmed)(?: (?:on )?\w+day| on [A-Z]\w+ \d{1,2})? that (?:the country|China|it)\b"
)
HELD = regex(r"\b(?P<year>20\d\d) (?:[\w'’-]+ ){0,5}(?:Meeting|Summit|Session|Conference)\b")
_OPENING = regex(r"(?:In an? [^,;.]{3,80}, )?(?:[Tt]he |China['’]s )?")
_TELLS = regex(r"(?: also| has)? (?:said|announced|confirmed)(?: [^,;.]{2,50}?)? that\b")
_SAYS = regex(
    r",? (?:said|announced|says)(?: in an? (?:[a-z]+ ){0,2}(?:statement|notice|circular|announcement|document|release)"
    r"| on its (?:official )?(?:website|social media account|WeChat account))?"
    r"(?: released| issued| published)?(?: on)? ?"
)


class Reader:
    """The state of one article while it is read, sentence after sentence: `the plan` finds the plan that it means."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text
        self.actors = Actors(article)
        self._union: str | None = None
        self.found: list[Candidate] = []
        self.seen: dict[str, tuple[str, tuple[int, int]]] = {}
        """Head noun -> the fullest phrase with it that no verb of issuing took, and its sentence."""
        title = re.search(r"\((?P<day>[^()]*\d{4})\)\s*$", article.title or "")
        self.today = article.published
        if title:
            dated = dates_in(title["day"], 0, len(title["day"]), article.published)
            if dated and len(dated[0].value) == 10:
                self.today = dated[0].value
        self.conference = (
            _CONFERENCE.search(article.title or "") is not None and _TURN.search(article.text[:3000]) is not None
        )
        self.ministry = article.source == "mofcom" or "MOFCOM" in (article.title or "")

    def has_number(self, sentence: Sentence, phrase: Phrase) -> bool:
        """Whether the noun is the first word of a document number, which has a rule of its own."""
        at = sentence.tokens[phrase.head].start
        return any(n.start <= at < n.end for n in sentence.numbers)

    def antecedent(self, low: str, phrase: Phrase) -> Candidate | None:
        """The instrument named before that a definite phrase with this head noun means."""
        for candidate in reversed(self.found):
            if not candidate.kept or candidate.rule in {"number", "five-year plan"}:
                continue
            if candidate.head == low or _GROUPS.get(candidate.head, candidate.head) == _GROUPS.get(low, low):
                return candidate
            if (
                candidate.instrument == "plan"
                and low in {"plan", "campaign", "program", "programme", "scheme"}
                and candidate.head in {"plan", "campaign"}
            ):
                return candidate
        if low in _ANY_RULES:
            return next(
                (c for c in reversed(self.found) if c.kept and c.rule != "number" and c.head in _RULES_CALLED), None
            )
        return None

    def has_told(self, sentence: Sentence) -> bool:
        """Whether a record has been kept whose last evidence is this sentence."""
        return sentence.span in [c.evidence[-1] for c in self.found if c.kept and c.evidence]

    def told_within(self, letters: int, start: int) -> bool:
        """Whether a record has been kept whose last evidence ends less than so many letters before `start`."""
        ends = [c.evidence[-1][1] for c in self.found if c.kept and c.evidence and c.evidence[-1][1] <= start]
        return bool(ends) and start - max(ends) < letters

    def similar(self, candidate: Candidate) -> Candidate | None:
        """The first kept candidate that is the same instrument."""
        for known in self.found:
            if (
                known.kept
                and known is not candidate
                and known.instrument == candidate.instrument
                and same_instrument(known, candidate)
            ):
                return known
        return None

    def wider(self, phrase: Phrase, start: int) -> Candidate | None:
        """`The implementation plan for …` right after `a policy released by …`: the wider word meant the plan."""
        if not phrase.definite:
            return None
        for known in reversed(self.found):
            if (
                known.kept
                and known.head in {"policy", "policies", "document", "measures"}
                and known.strength == 1
                and known.rule == "issued"
            ):
                return known if start - known.evidence[0][0] < 700 else None
        return None

    def candidate(self, sentence: Sentence, phrase: Phrase, actor: Actor | None, verb: Verb | None = None) -> Candidate:
        """A candidate of this phrase, with title, kind, issuers and dates."""
        start = sentence.start
        tokens = sentence.tokens
        title = re.sub(
            r"^(?:The|the|its|Its|their|this|these) ", "", spell(self.text, tokens, phrase.first, phrase.last)
        )
        if phrase.named:
            title = _YEAR_AFTER.sub("", title)
        kind = phrase.noun.instrument
        candidate = Candidate(
            rule="issued",
            trigger=spell(self.text, tokens, verb.first, verb.last) if verb else tokens[phrase.head].word,
            title=title,
            instrument=kind,
            head=tokens[phrase.head].low,
            issuers=self.we_as_nation(actor) if actor else (),
            actor=actor.name if actor else None,
            evidence=[sentence.span],
            possessed=tokens[phrase.first].low in {"its", "the", "their"},
            strength=3 if phrase.named else 2 if phrase.noun.strength == "strong" else 1,
            reason="a verb of issuing with a noun for instruments",
        )
        anchor = tokens[verb.first].start if verb else tokens[phrase.head].end
        planned = verb is not None and FUTURE.search(self.text[start : tokens[verb.first].start].rstrip()) is not None
        candidate.issued_on, candidate.effective_on = self.dates_of(sentence, anchor, planned)
        held = HELD.search(self.text[start:anchor]) if candidate.issued_on is None and verb and not planned else None
        if held is not None:
            candidate.issued_on = held["year"]
        return candidate

    def dates_of(self, sentence: Sentence, anchor: int, planned: bool) -> tuple[str | None, str | None]:
        """The date of issue nearest to the verb, and the date of effect that its words announce."""
        return dates_beside(sentence, anchor, planned, lambda at: self._body_says(sentence, at))

    def _body_says(self, sentence: Sentence, at: int) -> bool:
        """Whether the `said` right before `at` is that of an authority: its day is that of what it tells."""
        return any(
            actor.issuers and _SAYS.fullmatch(self.text, actor.end, at) for actor in self.actors.actors(*sentence.span)
        )

    def last_body(self, at: int) -> tuple[str, ...]:
        """The central body that the text named last before `at`: who `the authority` is."""
        named = [m.name for m in bodies_in(self.text, max(0, at - 2500), at) if m.kind == "central"]
        return (named[-1],) if named else ()

    def coordinate(self, tokens: list[Token], verb: Verb, start: int) -> Actor | None:
        """The subject of the verb before, where `and` joins this one to it; else who a pronoun stands for."""
        run = self.text[start : tokens[verb.first].start]
        if JOINED.search(run.rstrip()):
            for other in verbs_of(tokens[: verb.first]):
                actor = self.actors.subject(start, tokens[group_start(tokens, other.first)].start)
                if actor is not None:
                    return actor
            actor = self.actors.joined_subject(start, tokens[verb.first].start)
            if actor is not None:
                return actor
        return self.pronoun(run.rstrip(), start)

    def pronoun(self, run: str, start: int) -> Actor | None:
        """Who a pronoun at the end of `run` stands for."""
        if re.search(
            r"(?:^|[\s,])(?:[Ii]t|which|that|[Tt]hey)(?: has| have| had| also| will| would)*(?: \w+ly)*$", run
        ):
            floor = self.text.rfind("\n\n", 0, start)
            if floor == start - 2 and _OPENS.match(run):
                # `They also approved …` opens a paragraph: who the one before spoke of
                floor = self.text.rfind("\n\n", 0, floor)
            actors = [
                a for a in self.actors.actors(max(0, floor, start - 400), start + len(run)) if a.issuers or a.name
            ]
            if actors and not PRIVATE.search(self.text[actors[-1].end : start + len(run)]):
                before = self.text[max(0, floor, actors[-1].start - 140) : actors[-1].start]
                if _WHERE.search(before) and PRIVATE.search(before):
                    # `The firm will sell pears in China. It has …`: the firm has
                    return None
                return actors[-1]
        return None

    def we_as_nation(self, actor: Actor) -> tuple[str, ...]:
        """In a comment on another country's measure `we` is the country, in a press conference the ministry."""
        if actor.name.lower() == "we" and re.search(r"[Cc]omments? on", self.article.title or ""):
            return ()
        return actor.issuers

    def attributed(self, sentence: Sentence) -> tuple[str, ...]:
        """`China has issued …, the ministry said`: the ministry answers for what its country is said to have done."""
        start = sentence.start
        for actor in self.actors.actors(*sentence.span):
            if not actor.issuers or actor.name.lower() == "we":
                continue
            before, after = self.text[max(start, actor.start - 24) : actor.start], self.text[actor.end : actor.end + 24]
            if _ANNOUNCED_THAT.match(self.text, actor.end, sentence.end):
                return actor.issuers
            if re.search(r"(?:according to|, said|, announced by) (?:the |China['’]s )?$", before) or (
                re.search(r", (?:the |China['’]s )?$", before) and re.match(r" (?:said|announced)\b", after)
            ):
                return actor.issuers
        return ()

    def teller(self, sentence: Sentence) -> tuple[str, ...]:
        """`The ministry said on Monday that pears will be …`: the body that opens the sentence answers for it."""
        for actor in self.actors.actors(*sentence.span):
            if actor.issuers and _OPENING.fullmatch(self.text, sentence.start, actor.start):
                told = _TELLS.match(self.text, actor.end, sentence.end)
                body = bodies().get(actor.issuers[0])
                return actor.issuers if told and body is not None and body.kind in {"central", "local"} else ()
        return ()

    def in_quotes(self, start: int) -> bool:
        """Whether the sentence goes on with what somebody says in marks, deep in the story."""
        if start < 1000:
            return False
        opening = self.text.rfind("\n\n", 0, start) + 1
        before = self.text[opening:start]
        if self.text[start] in '"“':
            return True
        return before.count('"') % 2 == 1 or before.count("“") > before.count("”")

    def year_of_report(self, at: int, stop: int, end: int, *, local: bool) -> str | None:
        """The year of the Government Work Report at `at`, which comes out in March, a city's or province's in January.

        The one printed after it, else the story's own; in January and February the national one spoken of is last
        year's, unless it is `this year's`.
        """
        told = _REPORT_OF.match(self.text, stop, end)
        if told is not None:
            return told["year"]
        year, month, _ = reference(self.today)
        if year is None:
            return None
        before = self.text[max(0, at - 28) : at]
        if _LAST_YEARS.search(before):
            return str(year - 1)
        if not local and month is not None and month < 3 and not _THIS_YEARS.search(before):
            return str(year - 1)
        return str(year)

    def union(self) -> str | None:
        """The organisation of states that the story names most, at least three times."""
        if self._union is None:
            names = Counter(m.name for m in bodies_in(self.text, 0, len(self.text)) if m.kind == "international")
            best = names.most_common(1)
            self._union = best[0][0] if best and best[0][1] >= 3 else ""
        return self._union or None

    def mention(
        self, rule: str, title: str, kind: Instrument, head: str, sentence: Sentence, status: Status
    ) -> Candidate | None:
        """A candidate of a kind with names of its own; None where it was named before and only gains a sentence."""
        known = next(
            (
                c
                for c in self.found
                if c.kept and c.head == head and c.instrument == kind and not periods_apart(title, c.title)
            ),
            None,
        )
        if known is not None:
            known.add_evidence(sentence.span)
            return None
        candidate = Candidate(
            rule=rule, trigger=title, title=_OWNED.sub("", title), instrument=kind, head=head, status=status,
            evidence=[sentence.span], strength=3, salience="background",
            reason="a kind of instrument with a name of its own",
        )  # fmt: skip
        self.found.append(candidate)
        return candidate


_OPENS = regex(r"(?:It|They)(?: has| have| had| also| will| would)*(?: \w+ly)*$")


_WHERE = regex(r"\b(?:in|into|across|from|to|for|with|outside|within|throughout) (?:the )?$")


def bare(title: str) -> str:
    """A title without its article and without the day that stands in it."""
    return _MIDDLE_DATE.sub("", _LEAD_WORDS.sub("", title))


def group_start(tokens: list[Token], i: int) -> int:
    """The first token of the verb group that ends at token `i`: auxiliaries and adverbs included."""
    while i > 0 and (
        tokens[i - 1].low
        in AUX_PASSIVE
        | PERFECT
        | {"will", "would", "also", "recently", "jointly", "newly", "just", "already", "to", "not", "never"}
        or (tokens[i - 1].low.endswith("ly") and len(tokens[i - 1].low) > 4)
    ):
        i -= 1
    return i


def noun_before(tokens: list[Token], i: int) -> bool:
    """Whether a word or a comma stands before token `i`."""
    return i > 0 and (tokens[i - 1].low == "," or tokens[i - 1].word[0].isalnum())


def complemented(phrase: Phrase, tokens: list[Token]) -> bool:
    """Whether words of its own say which instrument it is: a complement, or two words before the noun."""
    if phrase.last > phrase.head:
        return True
    own = [t for t in tokens[phrase.first : phrase.head] if t.low not in PLAIN and t.low[0].isalpha()]
    return len(own) >= 2
