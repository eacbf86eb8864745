"""English reporting clauses of a sentence: each cue is tried against the rules, then overlaps are settled."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, Attribution
from pipeline.quotes.cast import Cast
from pipeline.quotes.cue_places import find_cues, has_viewpoint, may_report
from pipeline.quotes.opinions import read_opinions, read_stressed_in
from pipeline.quotes.participles import read_participle
from pipeline.quotes.source_first import ABOUT_TO, PROGRESSIVE, read_finite
from pipeline.quotes.source_last import read_inverted, read_quoted_passive
from pipeline.quotes.tables import cue_forms
from pipeline.quotes.viewpoints import read_viewpoints


def find_attributions(text: str, start: int, end: int, cast: Cast) -> list[Attribution]:
    """The reporting clauses of one sentence, left to right; `text` has quoted words blanked."""
    opinion = text.startswith(_OPENS_OPINION, start)
    if not opinion and not may_report(text, start, end):
        return []
    found = list(read_viewpoints(text, start, end, cast)) if has_viewpoint(text, start, end) else []
    if opinion:
        found += read_opinions(text, start, end, cast)
    for match in find_cues(text, start, end):
        attribution = _read(text, start, end, match, cast, found)
        if attribution is None:
            continue
        found.append(attribution)
    found.sort(key=lambda attribution: attribution.at)
    return _trimmed(text, [attribution for attribution in found if not _inside_viewpoint(attribution, found)])


_OPENS_OPINION = ("In ", "For ", "But in ", "And in ", "Yet in ", "However, in ", "Meanwhile, in ")


def _inside_viewpoint(attribution: Attribution, found: list[Attribution]) -> bool:
    """Part of what another source reports: `The plan points to growth, according to Kong Yi`, `Chad hopes, Xi said`."""
    if attribution.post or attribution.mention is None or attribution.rule == "according-to-first":
        return False
    small = bool(attribution.lemma.takes & {"weak", "noun"})
    no_person = attribution.mention.kind in ("organization", "document", "group")
    return any(
        outer.start <= attribution.around[0]
        and (attribution.end > outer.at or (outer.post and attribution.end >= outer.end > attribution.start))
        and ((small and outer.rule == "according-to-last") or (no_person and _tells(outer)))
        for outer in found
    )


def _tells(outer: Attribution) -> bool:
    """Whether the report before a closing source is that source's own, and not what an agency says that others said."""
    by_itself = outer.mention is not None and outer.mention.kind != "document" and outer.lemma.lemma != "report"
    return (
        outer.rule in ("source-last", "inverted")
        and by_itself
        and not _PRESS.search(str(outer.mention and outer.mention.text))
    )


def _passes_on(outer: Attribution, inner: Attribution) -> bool:
    """`According to Lanhai News, a study found …`: the press passes on what the study says."""
    agency = outer.rule == "according-to-first" and outer.mention is not None and _PRESS.search(outer.mention.text)
    told = inner.mention is not None and not inner.post and bool(inner.lemma.takes & {"clause", "addressee"})
    return bool(agency) and told and inner.at - outer.start < 120 and "weak" not in inner.lemma.takes


_PRESS = regex(
    r"\b(?:News|Agency|Press|Times|Daily|Reuters|Post|Journal|Xinhua|CNN|BBC|Bloomberg|AFP|AP|CCTV|Television|Media|media|"
    r"Guardian|newspaper|reports)\b"
)


def _trimmed(text: str, found: list[Attribution]) -> list[Attribution]:
    """A report that stands after its verb ends where the next reporting clause of the sentence begins.

    A source inside the reported words (`Sun said he expects …`) is part of them.
    """
    out: list[Attribution] = []
    for attribution in _before_viewpoints(found):
        for index, earlier in enumerate(out):
            if earlier.post or not earlier.start <= attribution.around[0] < earlier.end:
                continue
            if _passes_on(earlier, attribution):
                out[index] = attribution
                break
            if attribution.mention is None or attribution.rule in ("relative", "participle", "absolute"):
                out[index] = replace(earlier, end=attribution.around[0])
            elif not attribution.post and (
                cut := _aside(text, earlier, attribution) or _next_main_clause(text, earlier.start, attribution)
            ):
                out[index] = replace(earlier, end=cut)
            else:
                break
        else:
            out.append(attribution)
    return out


def _before_viewpoints(found: list[Attribution]) -> list[Attribution]:
    """What A says ends where `…, according to B` begins; B only passes it on."""
    closing = [outer for outer in found if outer.rule == "according-to-last"]
    if not closing:
        return found
    out: list[Attribution] = []
    passed_on: list[Attribution] = []
    for attribution in found:
        for outer in closing:
            if not attribution.post and attribution.start < outer.around[0] < attribution.end:
                attribution = replace(attribution, end=outer.around[0])
                passed_on.append(outer)
        out.append(attribution)
    return [attribution for attribution in out if attribution not in passed_on]


_CONJUNCTION = regex(
    r"(?:[,;] (?:and|while|but|whereas|as|yet|though|although|even though)|;| while| whereas| but)[ ]?(?:[a-z]+ ){0,1}$"
)


_ASIDE = regex(r"(?: —|,) (?:an?|something|what) (?:[\w-]+ ){0,4}(?:that |which )?$")


def _aside(text: str, earlier: Attribution, attribution: Attribution) -> int | None:
    """Where a report ends because its source goes on to judge it: `…, a shift he described as …`."""
    mention = attribution.mention
    if mention is None or mention.kind not in ("pronoun", "surname"):
        return None
    match = _ASIDE.search(text, earlier.start, mention.start)
    return match.start() if match and FINITE.search(text, earlier.start, match.start()) else None


def _next_main_clause(text: str, start: int, attribution: Attribution) -> int | None:
    """Where a report ends because another source has the word: `A said X, while B said Y`; None inside X."""
    assert attribution.mention is not None
    match = _CONJUNCTION.search(text, start, attribution.mention.start)
    return match.start() if match else None


def _read(
    text: str, start: int, end: int, match: re.Match[str], cast: Cast, found: list[Attribution]
) -> Attribution | None:
    form = match.group().lower()
    if match.group() != form and match.start() > start + 1:
        return None
    if text.endswith(_NO_VERB_AFTER, start, match.start()) or text[start : match.start()] in _NO_VERB_FIRST:
        return None
    if form.endswith("ed") and text.startswith((" by ", "-"), match.end()):
        return None
    if form in _NOUNS_TOO or text.startswith(" tank", match.end()):
        return None
    cue = cue_forms("en")[form]
    if (
        form == cue.lemma
        and cue.lemma not in _SAID_IN_FUTURE
        and _MODAL.search(text, max(start, match.start() - 8), match.start())
        and not ABOUT_TO.search(text, max(start, match.start() - 40), match.start())
    ):
        return None
    if stressed := read_stressed_in(text, start, end, match, cue, cast):
        return stressed
    if (
        form.endswith(("ed", "seen"))
        and text.startswith(" as ", match.end())
        and _is_passive(text, start, match.start())
    ):
        return None
    if passive := read_quoted_passive(text, start, end, match, cue, cast):
        return passive
    if form.split()[0].endswith("ing") and not (
        (cue.takes.isdisjoint(("weak", "belief")) or text.startswith(" that ", match.end()))
        and PROGRESSIVE.search(text, max(start, match.start() - 24), match.start())
    ):
        return read_participle(text, start, end, match, cue, cast, found)
    return read_inverted(text, start, end, match, cue, cast) or read_finite(text, start, end, match, cue, cast, found)


_NO_VERB_AFTER = (" the ", " a ", " an ", " your ", " our ", " its ", " their ", " of ", " in ")

_NO_VERB_FIRST = frozenset(("The ", "A ", "Your ", "Our ", "Its ", "Their ", "Of ", "In "))
"""After an article, a possessive or one of these prepositions the word is a noun: `the report`, `in terms`."""

_NOUNS_TOO = frozenset(("demand", "rule", "rules", "fears", "doubts", "counter", "counters"))
"""Forms that are nouns far more often than they report: `consumer demand`, `the new rules`."""

_MODAL = regex(r"(?<!\w)(?:will|can|could|may|might|must|to) $")

_PASSIVE = regex(
    r"(?:,(?= (?:also|often|long|once|\w+ly) )|\b(?:is|are|was|were|be|been|being))"
    r"(?: (?:also|often|long|once|\w+ly))* $"
)
"""Before `described as`: `the yard, often described as …`, `is regarded as …`."""

_PASSIVE_FIRST = frozenset(("", "Long ", "Often ", "Widely ", "Once ", "Commonly ", "Generally ", "Now "))


def _is_passive(text: str, start: int, verb: int) -> bool:
    return text[start:verb] in _PASSIVE_FIRST or _PASSIVE.search(text, start, verb) is not None


_SAID_IN_FUTURE = frozenset(("say", "argue", "think", "believe", "expect"))
