"""The post that an English article prints beside a name: after it, before it, or in front between commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.patterns import regex
from pipeline.quotes.phrases import (
    CAPITAL,
    has_organization_word,
    is_chinese_name,
    is_place,
    last_match,
    strong_name,
    title_words,
)
from pipeline.quotes.posts import holds_a_seat_only, is_describer, of_a_state, split_post
from pipeline.quotes.tables import cue_forms, nouns


@cache
def openers() -> frozenset[str]:
    """Capitalised words that open a sentence and are no part of the name that follows."""
    return frozenset(nouns("opener"))


FIRST_SEGMENT = regex(
    r"(?: \((?:left|right|center|middle|front|pictured|L|R|C|\d{2}|"
    r"(?:second|third|first) from (?:left|right))\))?"
    r"(?:, (?:\d{2}|PhD|MD|MBA|JP)(?=,))?(?:, | — (?=an? |the |[a-z-]+ (?:of|at) |(?:co-)?founder ))(?:also )?"
    r"((?:[^,.;:\"“”—]|(?<=[ .][A-Z])\.(?= [A-Z](?!(?:e|he|t|n|hey|s|t) ))|\.(?=\w)|"
    r"(?<= Co)\.?,?(?= Ltd|Ltd)|(?<= Inc)\.(?=,)){3,220})"
)

_IS_POST = regex(r" (?:is|was|serves as|has been|became|works as) ((?:also )?(?:(?:a|an|the) )?[^,.;:\"“”]{3,120})")

_ARTICLE = regex(r"(?:also )?(?:a|an|the) ")

TITLE_START = regex(
    r"(?:also |who (?:is|was|serves as|acts as|works as|has been|has served as) |and )?"
    r"(?:a|an|the|its|his|one of|former|then|"
    r"\d{2}-year-old|[a-z]|[A-Z][\w-]*(?:(?:'s|’s)? |$))"
)

WORD_BACK = regex(r"[\w&'’.\-]+$")


def word_before(text: str, floor: int, at: int) -> re.Match[str] | None:
    """The word that ends one character before `at`, not reaching left of `floor`."""
    end = max(floor, at - 1)
    return WORD_BACK.search(text, max(floor, text.rfind(" ", floor, end) + 1), end)


_OFFICE_BEFORE = regex(
    r"((?:(?:[A-Z][\w-]* ){0,5}(?:Representative|Minister|Premier|Secretary|Governor|Mayor|Councilor) and )?"
    r"(?:[A-Z][\w'’-]* ){0,3}(?:(?:Vice-)?Minister|[Ss]pokes(?:man|woman|person)|(?:Under-)?Secretary|"
    r"Secretary-General|Commissioner|Ambassador|Governor|Chancellor|Mayor|Director(?:[- ]General)?|President|Chairman|"
    r"Chairwoman|Head|Dean) (?:of|for|to)(?: the)? (?:[A-Z][\w'’-]*(?:,| and| for| of| of the)? ){1,9}|"
    r"(?:[A-Z][\w'’-]* ){0,2}Consul[- ]General in (?:[A-Z][\w'’-]* ){1,3})$"
)
_OFFICES = (
    "inister", "pokes", "Secretary", "Commissioner", "Ambassador", "Governor", "Chancellor", "Mayor", "Director",
    "President", "Chair", "Head", "Dean", "Consul",
)  # fmt: skip
_OFFICE_LINKS = (" of ", " for ", " to ", " in ")
"""One of each is in every such office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as it stands beside a name."""

    title: str | None = None
    organization: str | None = None
    state: bool = False
    seated: bool = False
    described: str | None = None


def _office_before(text: str) -> re.Match[str] | None:
    linked = any(link in text for link in _OFFICE_LINKS)
    return _OFFICE_BEFORE.search(text) if linked and any(office in text for office in _OFFICES) else None


def post_at(text: str, start: int, end: int) -> Post:
    """The post that stands after the name, else before it."""
    before = post_before(text, start)
    if before and of_a_state(before):
        title, body = split_post(before)
        if title and body is None:
            return Post(title=title, state=True)
    segment = FIRST_SEGMENT.match(text, end)
    if segment and TITLE_START.match(segment.group(1)) and not _is_report(segment.group(1)):
        phrase, stop = _whole_list(text, segment)
        title, body = split_post(phrase)
        if title:
            body = _with_next_body(text, body, stop)
            if body and (inner := _INNER.match(body)):
                title, body = f"{title} of the {inner.group(1)}", inner.group(2)
            return Post(
                title=title,
                organization=body,
                state=of_a_state(phrase),
                seated=holds_a_seat_only(phrase),
                described=_description(text, stop),
            )
    if before:
        title, body = split_post(before)
        if title:
            state = of_a_state(before)
            body = body or (None if state else _of_body(text, end) or _whose(text, start))
            return Post(title=title, organization=body, state=state, seated=holds_a_seat_only(before))
    if fronted := _fronted(text, start, end):
        title, body = split_post(fronted)
        if title:
            return Post(title=title, organization=body, state=of_a_state(fronted))
    is_post = _IS_POST.match(text, end)
    if is_post and (_ARTICLE.match(is_post.group(1)) or title_words().match(is_post.group(1))):
        title, body = split_post(is_post.group(1))
        if body or _ARTICLE.match(is_post.group(1)):
            return Post(title=title, organization=body, seated=holds_a_seat_only(is_post.group(1)))
    if of_body := _of_body(text, end):
        return Post(organization=of_body)
    if owner := _OWNER.search(text, max(0, start - 60), start):
        return Post(organization=owner.group(1)) if has_organization_word(owner.group(1)) else Post()
    if led := _LED.match(text, end):
        named = led.group(1) or _TRAILING.sub("", led.group(2))
        return Post(organization=named) if led.group(1) or has_organization_word(named) else Post()
    if text.find(" first ", end, end + 60) >= 0 and (first := _FIRST_AS.match(text, end)):
        office = first.group(1)
        return Post(title=office, state=office in _NEW_OFFICES) if title_words().fullmatch(office) else Post()
    return Post()


def _is_report(segment: str) -> bool:
    """Whether what follows a name is no post of its own: a verb, a clause, or the next person with a post."""
    first = segment.split(" ", 1)[0]
    if first in _CLAUSES or (first in nouns("stop") and not segment.startswith("who ")):
        return True
    if first in cue_forms("en"):
        return not title_words().match(segment)
    if (head := title_words().search(segment)) is None:
        return False
    if _BEFORE_HEAD.search(_WHO_HAS.sub("", segment[: head.start()])) or _FINITE_NEXT.match(segment, head.end()):
        return True
    return head.group()[:1].isupper() and _is_somebody(segment[head.end() :])


_CLAUSES = frozenset(
    ("where", "when", "whose", "making", "including", "along", "together", "alongside", "since", "until")
)
_WHO_HAS = regex(r"^who (?:has been|has served as|acts as|works as) ")
_BEFORE_HEAD = regex(
    r"(?:^who (?:is|was) | )(?:on|in|at|by|with|from|to|into|over|has|have|had|will|was|were|are)(?: |$)"
)
_FINITE_NEXT = regex(r" (?:is|was|were|are|has|have|had|will|would|said|told|says)\b")
_NAME_NEXT = regex(rf" ({CAPITAL}(?: {CAPITAL}){{1,3}})")


def _is_somebody(rest: str) -> bool:
    """Whether another person's name follows a capital post: `, Premier Li Wen` is no apposition."""
    match = _NAME_NEXT.match(rest)
    if match is None:
        return False
    words = match.group(1).split()
    return is_chinese_name(words[:2]) or is_chinese_name(words[:3]) or strong_name(words)


_LISTED = regex(
    r"(?:, [\w&'’-]+(?: [\w&'’-]+){0,2}){1,4}?,? and (?!also\b|the\b|an?\b|h?is\b)[\w'’-]+"
    r"(?:[^,.;:\"“”—]|\.(?=\w)){0,140}"
)

_OPEN_LIST = regex(
    r" (?:(?:[Dd]epartment|[Mm]inistry|[Bb]ureau|[Oo]ffice|[Dd]ivision|[Ss]chool|[Cc]ollege|[Ii]nstitute|[Ff]aculty|"
    r"[Cc]ommission|[Cc]ent(?:er|re)|[Aa]dministration|[Aa]gency|[Aa]uthority|[Cc]ommittee) "
    r"(?:of|for)(?: the)? [\w'’-]+(?: [\w'’-]+)?|"
    r"(?:of|for) (?:(?:the|an?) )?[a-z][\w'’-]*(?: [a-z][\w'’-]*)?|(?:for|of) [A-Z][\w'’-]*)$"
)

_LIST_NAME = regex(r"(?:of|at) (?:the )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2}$")

_LIST_HEAD = regex(
    r" and (?:[A-Z][\w'’-]* ){1,4}(?:Organi[sz]ation|Commission|Administration|Department|Office|Council)\b"
)


def _whole_list(text: str, segment: re.Match[str]) -> tuple[str, int]:
    """A post whose field is a list goes on behind the comma: `head of the Department of Science, Trade and Finance`."""
    phrase, stop = segment.group(1), segment.end()
    if text.startswith(", and ", stop) and (last := last_match(title_words(), phrase)) and last.end() == len(phrase):
        ahead = FIRST_SEGMENT.match(text, stop)
        if ahead and title_words().match(ahead.group(1).removeprefix("and ")):
            return f"{phrase} {ahead.group(1)}", ahead.end()
    if text[stop : stop + 2] != ", " or (more := _LISTED.match(text, stop)) is None:
        return phrase, stop
    item = more.group()[2:].split(",")[0].split(" and ")[0]
    if item.split()[0] in cue_forms("en") or item.split()[0].endswith("ed") or item.split()[0] in nouns("stop"):
        return phrase, stop
    same_case = item[:1].islower() == phrase.rsplit(" ", 1)[-1][:1].islower()
    head = _OPEN_LIST.search(phrase)
    if title_words().match(item) and (last := last_match(title_words(), phrase)) and last.end() == len(phrase):
        head = last
    if not same_case or is_chinese_name(item.split()):
        return phrase, stop
    if head and head.group().startswith((" for ", " of ")) and item[:1].isupper() and not is_place(item):
        return phrase, stop
    if head or (_LIST_NAME.search(phrase) and _LIST_HEAD.search(more.group())):
        whole = phrase + more.group()
        return (_LIST_END.sub("", whole), stop + len(more.group())) if len(whole) < 260 else (phrase, stop)
    return phrase, stop


_LIST_END = regex(r" (?:said|says|told|noted|added)\b.*$")

_DESCRIBED = regex(
    r"(?:,| ?—| ?–| ?-) (?:an?|the) ((?:[\w'’-]+ ){0,7}?[\w'’-]+)"
    r"(?=[,.;—]| (?:of|for|in|that|which|with|representing|based|and|whose|\w+ing) )"
)


def _description(text: str, at: int) -> str | None:
    """What the words behind a body say that it is: `Lanhai, a Nairobi-based think tank`."""
    match = _DESCRIBED.match(text, at)
    return match.group(1) if match else None


_FRONT = regex(r"(?:^|[.\n\"“”;:—] ?|, |\b(?:[Aa]ccording to|said|says|of|by|with|from|and) )")
_FRONTED = regex(
    r"(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|(?:[A-Z][\w.-]*[ -]){0,4}[A-Z][\w.-]*(?:'s|’s|(?<=s)'|(?<=s)’)) "
    r"[^,.;:\"“”]{3,120}$"
)
_FINITE = regex(r"\b(?:is|was|were|are|has|have|had|will|said|told|[a-z]{3,}ed)\b")


def _fronted(text: str, start: int, end: int) -> str | None:
    """A post that stands before the name, between commas: `Norland's trade commissioner, Ada Holm, said`."""
    if text[start - 2 : start] != ", " or text[end : end + 1] not in (",", "."):
        return None
    before = text[max(0, start - 180) : start - 2]
    for front in reversed(list(_FRONT.finditer(before))):
        phrase = _FRONTED.match(before, front.end())
        if phrase and title_words().search(phrase.group()) and not _FINITE.search(phrase.group()):
            return phrase.group()
    return None


_PROFESSOR = regex(r"(?<!\w)Prof(?:essor|\.)? $")


def is_professor(text: str, start: int) -> bool:
    """Whether the name is printed with the academic form of address."""
    return _PROFESSOR.search(text, max(0, start - 12), start) is not None


_WHOSE = regex(rf"(?<![\w'’-])({CAPITAL}(?: {CAPITAL}){{0,5}}), whose [\w ,-]{{3,60}} $")


def _whose(text: str, start: int) -> str | None:
    """The body of `Lanhai Foods, whose president Lin Wei said`."""
    if text.find(", whose ", max(0, start - 80), start) < 0:
        return None
    match = _WHOSE.search(text[max(0, start - 160) : start])
    return match.group(1) if match else None


def _of_body(text: str, end: int) -> str | None:
    """The body that follows a name by a preposition: `Lin Wei of Lanhai Securities`."""
    match = _OF_BODY.match(text, end)
    named = _TRAILING.sub("", match.group(1)) if match else ""
    return named if named and has_organization_word(named) else None


_TRAILING = regex(r"(?: (?:of|for|and|&|the|de|at))+$")
_OF_BODY = regex(
    rf"(?: (?:of|from|at|with)|, (?:representing|from))(?: the)? ((?>{CAPITAL}(?: (?:{CAPITAL}|of|for|and|&|the|de|at|"
    rf"\([A-Z][\w]*\))){{0,10}}))(?=,? [a-z]|[,.;—]|$)"
)

_OWNER = regex(rf"(?<![\w'’.-])({CAPITAL}(?: {CAPITAL}){{0,3}})(?<!'s)(?<!’s)(?:'s|’s) $")
"""`OpenAI's` before the name of somebody without a post."""
_FIRST_AS = regex(r" [^.;:\n]{0,60}?\b(?:his|her) first [\w -]{3,40}? as (?:the )?(?:new )?([a-z]+(?:-[a-z]+)?)\b")
"""A new holder of an office: `Li said in his first speech as premier`."""
_NEW_OFFICES = ("premier", "president", "chancellor", "minister", "king", "queen")
_INNER = regex(r"((?:Department|Division|Bureau|Office) of [^,]+), (?:the )?([A-Z].*)")
_LED = regex(
    rf", who (?:(?:led|leads|heads|headed) (?:an?|the) ((?:{CAPITAL} ?){{1,6}}) (?:team|mission|delegation)|"
    rf"(?:heads|leads|runs|founded|co-founded|owns|chairs|(?:works|lectures|teaches|studies) (?:for|at|with)|oversees) "
    rf"(?:the )?((?>{CAPITAL}(?: (?:{CAPITAL}|of|for|and|&|the|\([A-Z]\w*\))){{0,9}})))"
)

_NEXT_BODY = regex(rf", ((?:the )?{CAPITAL}(?: (?:{CAPITAL}|of|for|and|&|the|on|at|\([A-Z]\w*\))){{0,14}})\.?,")


def _with_next_body(text: str, body: str | None, at: int) -> str | None:
    """The body with the one in the next segment: `head of research, China Academy of …,`."""
    match = _NEXT_BODY.match(text, at)
    if match is None or not has_organization_word(match.group(1)) or (body and body.startswith("the ")):
        return body
    return f"{body}, {match.group(1)}" if body else match.group(1)


_RANK = regex(
    r"(?<![\w-])(?:Admiral|(?<!Attorney )(?<!Consul )(?<!Director )(?<!Secretary )General|Colonel|Captain|Major|"
    r"Lieutenant|Dr|Professor|Sir) $"
)
"""Stands between a post and its holder's name: `command chief Admiral Rao`."""


def post_before(text: str, start: int) -> str:
    """The words before a name that form its post: `BYD founder and CEO` before `Wang Chuanfu`."""
    if rank := _RANK.search(text, max(0, start - 12), start):
        start = rank.start()
    at = start
    floor = max(0, start - 120)
    last = text[text.rfind(" ", floor, max(floor, start - 1)) + 1 : start]
    if (last[:1].isupper() or last in ("and ", "for ")) and (of_field := _office_before(text[floor:start])):
        return of_field.group(1).strip()
    titled, office = False, last[:1].isupper() and title_words().fullmatch(last.strip()) is not None
    while at > floor and text[at - 1] == " ":
        word = word_before(text, floor, at)
        if word is None or not _belongs_to_post(word.group(), titled):
            break
        titled = titled or bool(title_words().fullmatch(word.group()))
        if not titled:
            two = word_before(text, floor, word.start())
            if not (two and title_words().fullmatch(text[two.start() : word.end()])):
                break
            titled = True
        if office and at < start and word.group().islower() and not _before_office(word.group()):
            break
        if titled and word.group() in _LINKS and not _links_posts(text, floor, word.start(), text[word.end() : start]):
            break
        at = word.start()
    phrase = text[at:start].strip()
    phrase = _LINK.sub("", phrase)
    first, _, rest = phrase.partition(" ")
    return rest if first in openers() and rest else ("" if first in openers() else phrase)


_GRADES = frozenset(
    ("visiting", "acting", "incoming", "outgoing", "founding", "managing", "leading", "sitting", "serving")
)


def _before_office(word: str) -> bool:
    """Whether a small word may stand before an office with a capital: `then`, `visiting`, `and`, `prominent`."""
    if word in _LINKS or word in _GRADES or word in _TIMES or word.endswith(("'s", "’s")):
        return True
    return is_describer(word) or title_words().fullmatch(word) is not None


_TIMES = frozenset(("former", "then", "late", "deputy", "vice", "newly", "current", "ex", "interim", "caretaker"))


def _belongs_to_post(word: str, titled: bool) -> bool:
    if not titled:
        return True
    if word.endswith("ing") and word.islower() and word not in _GRADES and word not in nouns("describer"):
        return False
    return word not in nouns("stop") and not word.endswith((".", ",")) and not (word.endswith("ed") and word.islower())


_LINK = regex(r"^(?:and|of|the|for|The|&) ")
_LINKS = frozenset(("and", "of", "for", "&"))


def _links_posts(text: str, floor: int, at: int, after: str) -> bool:
    """Whether `and`, `of` or `for` at `at` stands inside a post: after another post, or between capital words of it."""
    word = WORD_BACK.search(text, floor, max(floor, at - 1))
    if word is None:
        return False
    if title_words().fullmatch(word.group()):
        return True
    if text[at : at + 3] == "for" or not word.group()[:1].isupper():
        return False
    first = after.strip().split(" ", 1)[0]
    before = WORD_BACK.search(text, floor, max(floor, word.start() - 1))
    named = before is not None and is_chinese_name([before.group(), word.group()])
    return first[:1].isupper() and not is_place(first) and not named and not is_place(word.group())
