"""What `the report` and `the plan` are called: documents by their own names, and by their makers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pipeline.patterns import regex
from pipeline.quotes.phrases import CAPITAL
from pipeline.text import places_of_word, words_of

_MOST = 2000
"""More documents than any article names; beyond it they are left unread, so that hostile text costs linear time."""

_REPORTS = frozenset(
    ("report", "survey", "study", "outlook", "index", "white paper", "paper", "update", "review", "monitor",
     "blue book", "bluebook", "yearbook", "bulletin", "analysis", "research", "poll")
)  # fmt: skip
_RULES = frozenset(("regulation", "rule", "measure", "provision", "code"))
_GUIDES = frozenset(("guideline", "guidance", "opinion", "recommendation"))
_PLANS = frozenset(("plan", "program", "programme", "blueprint", "outline", "roadmap", "strategy", "framework"))
_ALSO_CALLED = {
    "report": _REPORTS, "paper": frozenset(("white paper", "study")), "study": frozenset(("survey", "research")),
    "survey": frozenset(("study", "poll")), **dict.fromkeys(_RULES, _RULES), **dict.fromkeys(_GUIDES, _GUIDES),
    **dict.fromkeys(("blueprint", "roadmap", "outline", "strategy"), _PLANS),
    "notice": frozenset(("circular",)), "circular": frozenset(("notice",)),
}  # fmt: skip
"""What each noun may stand for besides a document that is called so: `the rules` are the `Interim Measures for …`."""
_ANY = frozenset(("document", "draft", "text"))

_HEADS_LAST = (
    r"(?P<last>[Rr]eport|[Ss]urvey|[Ss]tudy|White Paper|white paper|Outlook|Index|Update|Monitor|Yearbook|"
    r"Blue ?[Bb]ook|Bulletin|Plan|Guidelines?|Guidance|Measures|Regulations?|Notice|Provisions|Opinions|Rules|"
    r"Circular|Catalogue|Initiative|Framework|Blueprint|Roadmap|Strategy|Declaration|Communique|Recommendations)"
)
_YEAR = r"(?: \d{4}(?!\w)| \d\.\d(?!\w)| \((?:19|20)\d\d[^)\n]{0,8}\))"
_TITLE_WORD = r"(?:[A-Z][\w'’-]*)"
_NAMED = regex(
    rf"(?<![\w'’-])((?:(?:\d{{4}}|[A-Z][\w'’-]*|\([A-Z\d-]{{1,9}}\)|annual|government|work|global|and|of|on|the|for|"
    rf"to|in) ){{1,14}}{_HEADS_LAST}{_YEAR}?)(?![\w-])"
)
"""A name that closes with its noun: `World Trade Outlook 2026`, `Beijing AI Industry White Paper (2025)`."""
_INSTRUMENT = regex(
    rf"(?<![\w'’-])(?:{_TITLE_WORD}(?: \([A-Z\d-]{{1,9}}\))? ){{0,8}}(?P<first>Plan|Guidelines?|Measures|Regulations?|"
    rf"Notice|Provisions|Opinions|Rules|Circular|Catalogue|Outline|Report|Framework|Program(?:me)?|Recommendations) "
    rf"(?:for|on|of|to)(?: the| a| an)? {_TITLE_WORD}"
    rf"(?:,? (?:(?:and|of|for|in|on|to|from|with|by|through|under|at)(?: the| a| an)? |the |an? )?{_TITLE_WORD}"
    rf"){{0,16}}{_YEAR}?"
)
"""A name that goes on after its noun: `Action Plan for Growing Trade, Raising Wages and Training the Staff`."""
_FIVE_YEARS = regex(r"(?:\d\dth |\d\dst )?Five-Year Plan(?: \(\d{4}-\d{2,4}\))?(?! \(|\w| period)")
_MADE = (
    r"(?:report|survey|study|white paper|outlook|index|paper|analysis|(?:news |press )?release|plan|guidelines?|"
    r"notice|circular|document|statement)"
)
_MADE_BY = regex(
    rf"(?<![\w'’-])(?:[Aa]n? |[Tt]he |[Ii]ts )?((?:(?:\d{{4}}|recent|latest|new|newly released|annual|joint|market|"
    rf"research|industry|outlook|news|press|consumer|policy|work) ){{0,3}}{_MADE} (?:(?:newly |jointly |recently )?"
    r"(?:released|published|issued|compiled|conducted) )?(?:by|from)(?: the)?"
    rf"(?: (?!in |on |of |at |for )[a-z][\w-]*){{0,4}}? (?:{CAPITAL}(?: (?:of |on |for |and |the )?{CAPITAL}){{0,8}}|"
    r"(?:administration|ministry|commission|bureau|department)(?![\w-])(?! [A-Z])))"
)
"""A document that the article names by its maker: `a recent report by the Lanhai Research Center`."""
_OWNED = regex(
    rf"(?<![\w'’-])(?:{CAPITAL} ){{0,3}}{CAPITAL}(?<!China)(?:(?<='s)|(?<=’s)) (?:\d{{4}} )?(?:[a-z-]+ ){{0,3}}?"
    r"(?P<head>report|survey|study|white paper|outlook)(?![\w-])"
)
"""A document by its owner: `Lanhai Bank's latest report`."""
_INTRODUCED = regex(
    r"[AaNn](?:(?<=\b[Aa])(?:n|nother)?|(?<=\b[Nn])(?<![Tt]he [Nn])(?<![Tt]his [Nn])(?<![Ii]ts [Nn])ew) "
    r"(?:(?!of|the|in|for|on)[\w-]+ ){0,4}?"
    rf"(?P<head>{_MADE[3:-1]}|blueprint|outline|strategy|roadmap)(?![\w-])"
)
_SORT = (
    "annual|research|market|global|outlook|industry|economic|quarterly|monthly|regional|national|policy|special|"
    "financial|work|talent|consumer|employment|joint|latest|recent|health|energy|trade|country|interim|half-year"
)
_SORTS = frozenset(_SORT.split("|"))
_DATED = regex(
    r"(?<![\w'’-])(?P<name>(?:(?!The |This |That |Its |An? |In |On |As |Our |Their )[A-Z][\w&-]*"
    rf"(?: (?:20\d\d|[A-Z][\w&-]*))?|20\d\d)(?: (?:{_SORT})){{1,4}} "
    r"(?P<head>report|survey|study|outlook|white paper|budget)|"
    r"\d{4}-\d\d (?P<years>[Bb]udget))(?![\w-])"
)
"""A report with its month, year or maker before it: `May 2026 market outlook report`."""
_NOT_A_TOPIC = (
    r"(?!(?:released|issued|published|which|that|said|is|was|by|in|will|has|and|to|how)\b|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b)"
)
_ON_TOPIC = regex(
    r"(?<![\w'’-])(?P<name>(?<=[Aa] )(?:[a-z][\w-]* ){0,3}?"
    rf"(?!statement)(?P<head>{_MADE[3:-1]}) on {_NOT_A_TOPIC}(?:{_NOT_A_TOPIC}[\w'’-]+ ){{0,6}}{_NOT_A_TOPIC}[\w'’-]+|"
    rf"(?<!with )(?P<rules>(?:white paper|regulations|rules|measures|guidelines)) on {_NOT_A_TOPIC}"
    rf"(?:{_NOT_A_TOPIC}[\w'’-]+ ){{0,6}}{_NOT_A_TOPIC}[\w'’-]+)"
    r"(?=[,.]| \(| (?:released|issued|published|recently|jointly|by|in|which|that|last|this|on|is|was|will|took|"
    r"takes)\b)"
)
"""A document by what it is on: `a white paper on food safety, released on Monday`."""
_LEADING = regex(
    r"(?:(?:China(?:'s|’s)|of|on|and|for|to|in|the|In|According|To|As|For|On|At|By|From|With|Under|This|That|And|But|"
    r"While|Since|Citing|The|A|An|Its|His|Her|Their|"
    r"[A-Z]\w+(?:'s|’s)(?= (?:\d{4} )?(?:annual |draft )?(?:Government|[A-Z]\w+ Five-Year)))"
    r" )+"
)
_PROPER = regex(r" [A-Z]|^\d{4} [A-Z]|[a-z] [A-Z]")
_PLAIN = regex(
    r"(?:[Tt]he|[Tt]his|[Tt]hat|[Ii]ts|[Tt]hese)(?: (?!of |in |on |for |by )[a-z][\w-]*| \d{4}| \d+-point| AI){0,4}? "
    r"(?P<head>[Rr]eport|survey|study|index|outlook|paper|white paper|blue book|update|[Pp]lan|[Gg]uidelines?|guidance|"
    r"[Dd]ocument|[Nn]otice|[Mm]easures|[Rr]egulations?|draft|[Rr]ules|[Cc]ircular|[Pp]rovisions|[Oo]pinions|blueprint|"
    r"[Oo]utline|roadmap|strategy|framework|release|statement|declaration|program|initiative|recommendations|analysis|bulletin|"
    r"monitor|text|budget)$"
)
_PLAIN_NEW = regex(r"(?:[Aa]n?) (?:[a-z][\w-]* ){0,3}(?P<head>document|plan|guideline|report|notice|circular)$")
_TITLED = regex(r"(?:titled|named|entitled|called|known as),? (?:the )?[\"“]?$")


@dataclass(frozen=True, slots=True)
class Document:
    """A document where the article names or introduces it; one that is only `a report` has no name."""

    start: int
    end: int
    head: str
    name: str | None


def _singular(head: str) -> str:
    head = head.lower()
    return head if head in _REPORTS else head.removesuffix("s")


def read_documents(text: str) -> tuple[Document, ...]:
    """The documents that the text names, in order of their places."""
    found: dict[int, Document] = {}
    for start, end in _sentences_with_heads(text):
        found = _read_sentence(text, start, end, found)
    return tuple(sorted(found.values(), key=lambda document: document.start))


_OTHER_HEADS = (
    "notice",
    "circular",
    "catalogue",
    "document",
    "statement",
    "release",
    "initiative",
    "declaration",
    "budget",
)
_HEAD_WORDS = frozenset(
    form
    for word in (*(name.split()[-1] for name in _REPORTS), *_RULES, *_GUIDES, *_PLANS, *_OTHER_HEADS)
    for plain in (word, f"{word}s")
    for form in (plain, plain.capitalize())
)


def _sentences_with_heads(text: str) -> list[tuple[int, int]]:
    """The stretches between full stops that have a noun for a document, each once."""
    places = sorted(at for word in _HEAD_WORDS & words_of(text) for at in places_of_word(word, text))
    found: list[tuple[int, int]] = []
    for at in islice(places, _MOST):
        if found and at < found[-1][1]:
            continue
        start = max(text.rfind("\n", 0, at), text.rfind(". ", 0, at)) + 1
        stops = [stop for stop in (text.find("\n", at), text.find(". ", at)) if stop >= 0]
        found.append((start, min(stops, default=len(text) - 1) + 1))
    return found


def _read_sentence(text: str, start: int, end: int, found: dict[int, Document]) -> dict[int, Document]:
    stretch = text[start:end]
    for match in islice(_INTRODUCED.finditer(text, start, end), _MOST):
        head = _singular(
            match.group("head").rpartition(" ")[2] if "white" not in match.group("head") else "white paper"
        )
        found[match.end()] = Document(match.start(), match.end(), head, None)
    for match in islice(_MADE_BY.finditer(text, start, end) if _holds(stretch, _MAKING) else (), _MOST):
        words = re.split(
            r" (?:by|from|released|published|issued|compiled|conducted|newly|jointly|recently) ", match.group(1)
        )
        head = "white paper" if words[0].endswith("white paper") else _singular(words[0].rpartition(" ")[2])
        found.pop(match.start(1) + len(words[0]), None)
        found[match.end()] = Document(match.start(1), match.end(), head, match.group(1))
    for match in islice(_OWNED.finditer(text, start, end) if _holds(stretch, _OWNING) else (), _MOST):
        name = _by_owner(match, found.values()) or match.group()
        found[match.end()] = Document(match.start(), match.end(), match.group("head"), name)
    for match in (
        *islice(_ON_TOPIC.finditer(text, start, end) if " on " in stretch else (), _MOST),
        *islice(_DATED.finditer(text, start, end) if _may_be_dated(stretch) else (), _MOST),
    ):
        head = _singular(match.groupdict().get("rules") or match.group("head") or "budget")
        found = {end: one for end, one in found.items() if one.name or not match.start() <= one.start < match.end()}
        found[match.end()] = Document(match.start("name"), match.end(), head, match.group("name"))
    for match in islice(_NAMED.finditer(text, start, end) if _holds(stretch, _LAST_WORDS) else (), _MOST):
        name = match.group(1)
        lead = _LEADING.match(name)
        name = name[lead.end() :] if lead else name
        if (
            len(name.split()) > 2
            and "Five-Year" not in name
            and (_PROPER.search(name) or "work report" in name.lower())
        ):
            found[match.end()] = Document(match.end() - len(name), match.end(), _singular(match.group("last")), name)
    for match in islice(_INSTRUMENT.finditer(text, start, end) if _holds(stretch, _FIRST_WORDS) else (), _MOST):
        name = match.group()
        lead = _LEADING.match(name)
        name = name[lead.end() :] if lead else name
        if _is_name(name, text, match.end() - len(name)):
            found[match.end()] = Document(match.end() - len(name), match.end(), _singular(match.group("first")), name)
    for match in islice(_FIVE_YEARS.finditer(text, start, end) if "Five-Year" in stretch else (), _MOST):
        found[match.end()] = Document(match.start(), match.end(), "five-year plan", match.group())
    return found


_MAKING = (" by", " from")
_OWNING = ("'s ", "’s ")
_LAST_WORDS = (
    "eport", "urvey", "tudy", "aper", "Outlook", "Index", "Update", "Monitor", "Yearbook", "Blue", "Bulletin", "Plan",
    "Guid", "Measures", "Regulation", "Notice", "Provisions", "Opinions", "Rules", "Circular", "Catalogue",
    "Initiative", "Framework", "Blueprint", "Roadmap", "Strategy", "Declaration", "Communique", "Recommendations",
)  # fmt: skip
_FIRST_WORDS = (
    "Plan", "Guideline", "Measures", "Regulation", "Notice", "Provisions", "Opinions", "Rules", "Circular",
    "Catalogue", "Outline", "Report", "Framework", "Program", "Recommendations",
)  # fmt: skip
"""Words of which each expression needs one: looking for them costs a hundredth of trying it."""


def _holds(stretch: str, words: tuple[str, ...]) -> bool:
    return any(word in stretch for word in words)


def _may_be_dated(stretch: str) -> bool:
    return "udget" in stretch or not _SORTS.isdisjoint(stretch.split(" "))


def _by_owner(owned: re.Match[str], documents: Iterable[Document]) -> str | None:
    """`Lanhai's report` is the `report by fruit consultancy Lanhai` of the sentences before."""
    owner = re.split(r"(?:'s|’s) ", owned.group())[0]
    for document in documents:
        if document.name and document.end < owned.start() and document.head == owned.group("head"):
            _, _, maker = document.name.partition(" by ")
            if maker.endswith(owner):
                return document.name
    return None


def _is_name(name: str, text: str, start: int) -> bool:
    """Three words or more; in marks five, as fewer are a slogan's."""
    marked = start > 0 and text[start - 1] in '"“'
    return len(name.split()) > (4 if marked else 2) and "Five-Year" not in name


_ARTICLE = regex(r"(?:[Tt]he )?(?:Articles?|Chapters?|Sections?) (?:\d|[IVX]+\b)")
"""`Article 4 states`: the rules that have it say so."""
_LAWS = (*_RULES, "guideline", "plan")
_FORMAL = regex(r"(?:Action|Implementation|Work|Development|Master|Strategic) Plan| Plan (?:for|on|of|to) ")
"""Names of plans that authorities issue, against the names of schemes."""


def has_full_name(mention: str) -> bool:
    """Whether the words may be short for a document's name; most are one already, and nothing is read for them."""
    return any(form.match(mention) for form in (_PLAIN, _PLAIN_NEW, _ARTICLE)) or _OWNED.fullmatch(mention) is not None


def full_name(mention: str, at: int, documents: tuple[Document, ...], text: str) -> str | None:
    """What the document is called that `the report` at `at` stands for; None where it has no other name."""
    if new := _PLAIN_NEW.match(mention):
        return _named_after(_singular(new.group("head")), at + len(mention), documents, text)
    if _ARTICLE.match(mention):
        rules = [document.name for document in documents if document.start < at and document.head in _LAWS]
        return next((name for name in reversed(rules) if name), None)
    plain = _PLAIN.match(mention)
    if plain is None:
        return next((known.name for known in documents if known.start == at and _OWNED.fullmatch(mention)), None)
    head = _singular(plain.group("head"))
    before = documents[: bisect_left(documents, at, key=_start)]
    if "five-year" in mention.lower():
        return next((document.name for document in reversed(before) if document.head == "five-year plan"), None)
    same = [document for document in before if _may_be(document, head)]
    if same and same[-1].name:
        formal = [document.name for document in same if document.name and _FORMAL.search(document.name)]
        return formal[-1] if formal and head == "plan" else same[-1].name
    others = _ALSO_CALLED.get(head, frozenset())
    near = [document for document in before if document.head in others and document.name]
    if near:
        return near[-1].name
    if head in ("plan", "blueprint", "outline"):
        return next((document.name for document in reversed(before) if document.head == "five-year plan"), None)
    after = {
        document.name for document in documents if document.start > at and _may_be(document, head) and document.name
    }
    return after.pop() if len(after) == 1 else None


def _start(document: Document) -> int:
    return document.start


def _may_be(document: Document, head: str) -> bool:
    if head in _ANY:
        instrument = document.head in (*_RULES, *_GUIDES, *_PLANS, "notice", "circular")
        return instrument and document.name is not None and document.name[:1].isupper()
    return document.head == head or (head == "paper" and document.head == "white paper")


def _named_after(head: str, at: int, documents: tuple[Document, ...], text: str) -> str | None:
    """The name that the article gives right after it has introduced `a document`: `The plan, titled …`."""
    for document in documents[bisect_left(documents, at, key=_start) :]:
        if document.start > at + 300:
            return None
        titled = _TITLED.search(text, max(0, document.start - 14), document.start)
        if titled and document.name and (_may_be(document, head) or head == "document"):
            return document.name
    return None
