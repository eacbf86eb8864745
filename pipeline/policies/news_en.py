"""Announcements that English prose reports, sentence by sentence.

Rules, in the order tried: `issued` (authority + verb of issuing + noun phrase, active or passive), `planned` (the same
after will, plans to …), `measure` (authority + imposes, bans, fines, launches
a probe …), `in force` (came into effect), `described` (a definite instrument with a complement of its own), `dated`
(one with its year before it), `work` (a name in title case with a verb beside it), `public money`, `trade-in program`,
`rate`, `standing policy`, and the kinds of instrument with names of their own: document numbers, five-year plans, work
reports, negative lists. What no noun for instruments tells: `act` (an authority does what acts.csv lists), `intended`
(laws, budgets and decisions by their noun), `standing measure` and `known` (measures and programs in force, named in
passing). Each module `rule_*` holds a family; what they share is in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.act_words import may_act
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.cues import Cues, cues, cues_telling
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dating import entry
from pipeline.policies.finish_en import finish, settle_action
from pipeline.policies.issuers import place_of
from pipeline.policies.phrases import NOUNS
from pipeline.policies.reading import Reader
from pipeline.policies.rule_acts import acts, acts_beside
from pipeline.policies.rule_cited import CITED_WORDS, cited
from pipeline.policies.rule_context import CONTEXT_WORDS, context
from pipeline.policies.rule_deeds import deeds
from pipeline.policies.rule_described import (
    FORCE_WORDS,
    NOMINAL_WORDS,
    REVISION_WORDS,
    described,
    in_force,
    nominal_act,
    revising,
)
from pipeline.policies.rule_detailed import detailed
from pipeline.policies.rule_drafts import DRAFT_WORDS, drafts
from pipeline.policies.rule_duties import DUTY_WORDS, duties, held_by_documents, may_bind
from pipeline.policies.rule_felt import FELT_WORDS, felt, may_feel
from pipeline.policies.rule_held import HELD_WORDS, held, may_hold
from pipeline.policies.rule_intended import INTENDED_WORDS, intended
from pipeline.policies.rule_issued import coordinated, issuing
from pipeline.policies.rule_known import KNOWN_WORDS
from pipeline.policies.rule_known import known as known_by_name
from pipeline.policies.rule_money import MONEY_WORDS, money
from pipeline.policies.rule_named import named
from pipeline.policies.rule_owned import may_own, owned
from pipeline.policies.rule_reported import REPORT_WORDS, may_report, reported
from pipeline.policies.rule_standing import STANDING_WORDS, standing
from pipeline.policies.rule_told import TOLD_WORDS, told
from pipeline.policies.rule_voices import VOICE_WORDS, may_voice, voices
from pipeline.policies.rule_votes import VOTE_WORDS, votes
from pipeline.policies.rule_works import works
from pipeline.policies.sameness import more_exact
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import either
from pipeline.policies.work_names import HEADS

_LIKELY = (
    "plan", "polic", "rule", "report", "illion", "law", "list", "order", "program", "control", "fund", "standard",
    "platform", "measure", "announce", "agreement", "strategy", "guideline", "guidance", "regulation", "decree",
    "notice", "circular", "catalog", "decision", "ruling", "memorand", "protocol", "treaty", "pilot", "trial", "tariff",
    "duty", "duties", "sanction", "restriction", "curb", "subsid", "investigat", "probe", "opinions",
    "provisions", "scheme", "campaign", "blueprint", "roadmap", "directive", "legislation", "statement", "incentive",
    "visa", "resolution", "recommendation", "proposal", "exempt", "decid", "recognised", "recognized", "professions",
    "declaration", "package", "steps", "tax", "voucher", "quota", "waiver", "requirement", "limits", "agenda", "vision",
    "charter", "convention", "draft", "communique", "blockade", "embargo", "impos", "document", "budget",
    "consultation", "norms", "mandate", "approval", "permission", "clearance",
    "licen", "quotas", "statute", "proclam", "funding", "truce", "reform",
)  # fmt: skip
"""Parts of the words without which a sentence tells no measure, the commonest first."""
_CAPITALIZED = frozenset(
    {"mechanism", "framework", "ordinance", "compact", "consensus", "recommendation", "masterplan", "fta"}
)
_CAPITAL = regex(r" (?:Mechanism|Framework|Ordinance|Compact|Consensus|Recommendation|Masterplan|FTA)\b")
_PAIRS = (
    "trade-in",
    "an initiative to ",
    "white paper",
    "road map",
    "judicial interpretation",
    "position paper",
    "minimum wage",
    "retirement age",
)
_FIRST_OF_PAIR = ("trade", "initiative", "white", "road", "judicial", "position", "minimum", "retirement")
_LIKELY_PART = regex(either((part, part) for part in _LIKELY))
_LIKELY_WORD = regex(r"\b(?:acts?|bill|ban|fine[ds]?|rates?|accord|code|pact)\b|\bban")
_SAYS = regex(r",? (?:said|announced)\b")
_ENTERS = ("effect", " force", " apply from", " applies from", " implemented ", " enforced ")
_MOST_TOKENS = 400
"""A longer sentence is a table or a list; no rule looks at it."""
_NAMING = cues("codenamed code named called dubbed titled entitled known")
_NAMES_IT = regex(
    r"(?:, |\bis |\bwas )(?:code-?named|named|called|dubbed|titled|entitled|known as) [\"“](?P<name>[^\"”“]{3,80})[\"”]"
)


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page that reports, in text order; several of one instrument are still apart."""
    reader = Reader(article)
    for start, end in evidence_sentences(article.text):
        if len(reader.found) >= LIMIT:
            break
        sentence = Sentence(article.text, start, end, reader.today)
        if _likely(sentence):
            read(reader, sentence)
        elif may_act(sentence):
            read_acts(reader, sentence)
        elif (
            may_voice(sentence)
            or may_hold(sentence)
            or may_own(sentence)
            or may_feel(sentence)
            or may_bind(sentence)
            or may_report(sentence)
        ):
            read_voices(reader, sentence)
        else:
            pass_over(reader, sentence)
        if reader.found and any(map(sentence.printed.__contains__, _ENTERS)):
            entry(reader, sentence)
    held_by_documents(reader)
    for candidate in reader.found:
        if candidate.kept:
            settle_action(reader, candidate)
    return reader.found


def _likely(sentence: Sentence) -> bool:
    """Whether a word of the sentence may tell a measure: most sentences have none and are not read."""
    if sentence.cues & _TELLING:
        return True
    if not sentence.cues & _PAIRED:
        return False
    low = sentence.printed.lower()
    return any(pair in low for pair in _PAIRS) or _CAPITAL.search(sentence.printed) is not None


def _tells(word: str) -> bool:
    return _LIKELY_PART.search(word) is not None or _LIKELY_WORD.match(word) is not None


def _tells_beside(word: str) -> bool:
    """Whether it tells a measure beside another word, or with a capital."""
    return word.endswith(_FIRST_OF_PAIR) or word in _CAPITALIZED


_TELLING = cues_telling(_tells)
_PAIRED = cues_telling(_tells_beside)


def pass_over(reader: Reader, sentence: Sentence) -> None:
    """A sentence without a word of ours: it can only date the measure that the one before it told."""
    known = reader.found[-1] if reader.found else None
    if known is not None and known.issued_on is None and known.evidence[-1][1] + 3 >= sentence.start:
        reader.actors.enter(*sentence.span)
        _answered_for(reader, sentence)


def read_acts(reader: Reader, sentence: Sentence) -> None:
    """A sentence without a noun of ours, but with an authority and a verb of what authorities do."""
    _without_noun(reader, sentence, by_acts=True)


def read_voices(reader: Reader, sentence: Sentence) -> None:
    """A sentence without a noun or an act of ours, that may tell of one from the other side."""
    _without_noun(reader, sentence, by_acts=False)


def _without_noun(reader: Reader, sentence: Sentence, *, by_acts: bool) -> None:
    if sentence.printed[-1] == "?" or len(sentence.printed) > _MOST_TOKENS * 6:
        return
    before = len(reader.found)
    reader.actors.enter(*sentence.span)
    _answered_for(reader, sentence)
    if by_acts:
        _asked(reader, sentence, _INTENDED)
        if not any(c.kept for c in reader.found[before:]):
            acts(reader, sentence)
    _from_other_sides(reader, sentence)
    for candidate in reader.found[before:]:
        finish(reader, candidate, sentence)


def _from_other_sides(reader: Reader, sentence: Sentence) -> None:
    """Measures told passively, as a noun, by whose they are or by whom they concern."""
    _asked(reader, sentence, _SIDES_FIRST)
    owned(reader, sentence)
    _asked(reader, sentence, _SIDES_LAST)


_Rule = Callable[[Reader, Sentence], None]
_RuleOfPhrases = Callable[[Reader, Sentence, set[int]], None]


def _asked(reader: Reader, sentence: Sentence, rules: tuple[tuple[Cues, _Rule], ...]) -> None:
    """Those of the rules of whose words the sentence has one."""
    for words, rule in rules:
        if sentence.cues & words:
            rule(reader, sentence)


def _whatever_taken(rule: _Rule) -> _RuleOfPhrases:
    """A rule that does not mind which phrases others have taken."""
    return lambda reader, sentence, _taken: rule(reader, sentence)


_INTENDED: tuple[tuple[Cues, _Rule], ...] = ((INTENDED_WORDS, intended),)
_IN_PASSING: tuple[tuple[Cues, _Rule], ...] = ((STANDING_WORDS, standing), (KNOWN_WORDS, known_by_name))
_SIDES_FIRST: tuple[tuple[Cues, _Rule], ...] = ((VOICE_WORDS, voices), (HELD_WORDS, held))
_SIDES_LAST: tuple[tuple[Cues, _Rule], ...] = ((FELT_WORDS, felt), (DUTY_WORDS, duties), (REPORT_WORDS, reported))
_RULES: tuple[tuple[Cues, _RuleOfPhrases], ...] = (
    (NOMINAL_WORDS, nominal_act),
    (FORCE_WORDS, in_force),
    (REVISION_WORDS, revising),
    (HEADS, works),
    (MONEY_WORDS, _whatever_taken(money)),
    (NOUNS, described),
    (TOLD_WORDS, told),
    (DRAFT_WORDS, drafts),
    (VOTE_WORDS, _whatever_taken(votes)),
    (CITED_WORDS, _whatever_taken(cited)),
    (CONTEXT_WORDS, _whatever_taken(context)),
    (INTENDED_WORDS, _whatever_taken(intended)),
)
"""The rules in the order tried, each with words without one of which it can find nothing."""


def read(reader: Reader, sentence: Sentence) -> None:
    """One sentence through all rules; what they find goes to `reader.found`."""
    if sentence.printed[-1] == "?" or (len(sentence.printed) > _MOST_TOKENS and len(sentence.tokens) > _MOST_TOKENS):
        return
    taken: set[int] = set()
    before = len(reader.found)
    reader.actors.enter(*sentence.span)
    _answered_for(reader, sentence)
    if detailed(reader, sentence):
        return
    for verb in sentence.verbs if sentence.cues & NOUNS else ():
        candidate, phrase = issuing(reader, sentence, verb)
        if candidate is not None:
            reader.found.append(candidate)
            if phrase is not None and candidate.kept:
                taken.update(range(phrase.first, phrase.last + 1))
                taken.update(coordinated(reader, sentence, candidate, phrase))
    if not any(c.kept for c in reader.found[before:]):
        deeds(reader, sentence)
    _name_it(reader, sentence)
    named(reader, sentence)
    for words, rule in _RULES:
        if sentence.cues & words:
            rule(reader, sentence, taken)
    if reader.has_told(sentence):
        acts_beside(reader, sentence)
    else:
        acts(reader, sentence)
        _asked(reader, sentence, _IN_PASSING)
    _from_other_sides(reader, sentence)
    for candidate in reader.found[before:]:
        finish(reader, candidate, sentence)


def _name_it(reader: Reader, sentence: Sentence) -> None:
    """`The plan, dubbed "Sample Cities", …`: the instrument told last gets the name."""
    naming = _NAMES_IT.search(sentence.printed) if sentence.cues & _NAMING else None
    if naming is None:
        return
    for candidate in reversed(reader.found):
        if (
            candidate.kept
            and candidate.strength < 3
            and candidate.evidence
            and sentence.start - candidate.evidence[0][0] < 800
        ):
            candidate.title, candidate.strength = naming["name"], 3
            candidate.add_evidence(sentence.span)
            return


def _answered_for(reader: Reader, sentence: Sentence) -> None:
    """The sentence after an undated lead, `The European Commission said on Tuesday …`, dates it."""
    start, end = sentence.span
    if start > 900 or not reader.found:
        return
    known = next((c for c in reversed(reader.found[-6:]) if c.kept), None)
    if known is None or known.issued_on or known.status not in {"issued", "draft"} or known.evidence[-1][1] + 3 < start:
        return
    for actor in reader.actors.actors(start, end):
        said = _SAYS.match(reader.text, actor.end, min(end, actor.end + 30))
        place = place_of(actor.issuers[0]) if said is not None and actor.issuers else None
        if place is None or (known.issuers and place_of(known.issuers[0]) != place):
            continue
        when = next((w for w in sentence.dates if 0 <= w.start - actor.end < 16), None)
        if when is not None:
            known.issued_on = when.value
        if not known.issuers or more_exact(actor.issuers, known.issuers):
            known.issuers = actor.issuers
        known.add_evidence(sentence.span)
        return
