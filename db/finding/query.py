"""The queries that users type, as safe FTS5 expressions, or an error that says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from opencc import OpenCC

from db.connection import storable
from db.finding.fulltext import rejoin, separate

MOST_TERMS = 200
MOST_CHARACTERS = 4000
_DEEPEST = 20


class SearchError(ValueError):
    """A query that cannot be understood; says what is wrong and at which character (from 0)."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.position = position


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>[(（]) | (?P<close>[)）])
    | ["“”「」『』＂](?P<phrase>[^"“”「」『』＂]*)["“”「」『』＂](?P<star>\*?)
    | (?P<unclosed>["“”「」『』＂])
    | (?P<word>[^\s()（）"“”「」『』＂]+)""",
    re.VERBOSE,
)
_COLUMN = re.compile(r"^([a-z_]+):(.*)$", re.DOTALL)
_ALNUM = re.compile(r"[^\W_]")


def phrases(query: str, *, columns: Sequence[str] = ()) -> tuple[str, ...]:
    """The words and phrases that a query looks for, in both scripts of Chinese; those that it leaves out are not there.

    A beginning ends with `*`. Raises `SearchError` as `to_match` does.
    """
    found: dict[str, None] = {}
    before = ""
    for token in _tokens(query, columns):
        if token.what in ("term", "near") and before != "not":
            for said, star in re.findall(r'"([^"]*)"(\*?)', token.match):
                found[rejoin(said).strip() + star] = None
        before = token.what
    return tuple(found)


def plain_words(query: str) -> tuple[str, ...]:
    """The words of a query that has nothing but words; empty for one with phrases, brackets or operators."""
    found = query.split()
    plain = all(_ALNUM.search(word) and not re.search(r"^[-]|[\"“”「」『』＂()（）:*]", word) for word in found)
    return tuple(found) if plain and not {"AND", "OR", "NOT"} & set(found) else ()


@dataclass(frozen=True, slots=True)
class _Token:
    what: Literal["open", "close", "and", "or", "not", "near", "term"]
    match: str
    at: int


def to_match(query: str, *, columns: Sequence[str] = ()) -> str:
    """A safe FTS5 MATCH expression for a user's query.

    Understood: words (all must occur), `"phrases"` in any quotation marks, `AND`, `OR`, `NOT`, `-word`, brackets,
    `prefix*`, `NEAR(a b, 5)`, and `column:word` for the names in `columns`. A Chinese run is a phrase, looked for in
    simplified and in traditional characters. Raises `SearchError`, which says what is wrong and where; the result never
    makes SQLite complain.
    """
    return _to_match(query, tuple(columns))


@lru_cache(maxsize=4096)  # a thousand watch rules are asked of every new article
def _to_match(query: str, columns: tuple[str, ...]) -> str:
    if len(query) > MOST_CHARACTERS:
        raise SearchError(f"the query is longer than {MOST_CHARACTERS:,} characters", MOST_CHARACTERS)
    tokens = _tokens(query, columns)
    if sum(token.what == "term" for token in tokens) > MOST_TERMS:
        raise SearchError(f"the query has more than {MOST_TERMS} words", 0)
    if not tokens:
        raise SearchError("the query has no word to look for", 0)
    expression, rest = _either(tokens, 0, 0, len(query))
    if rest < len(tokens):
        raise SearchError("this bracket closes nothing", tokens[rest].at)
    return expression


def _tokens(query: str, columns: Sequence[str]) -> list[_Token]:
    found: list[_Token] = []
    prefix: tuple[str, int] | None = None
    at = 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        assert match is not None, "every character begins a token"
        start, at = at, match.end()
        if match["space"]:
            continue
        if match["unclosed"]:
            raise SearchError("this quotation mark is never closed", start)
        if match["phrase"] is not None:
            if _ALNUM.search(match["phrase"]):
                found.append(_Token("term", _scoped(prefix, _phrase(match["phrase"], match["star"])), start))
            prefix = None
        elif match["open"]:
            if prefix:
                raise SearchError(f"`{prefix[0]}:` takes a word or a phrase, no brackets", prefix[1])
            found.append(_Token("open", "(", start))
        elif match["close"]:
            found.append(_Token("close", ")", start))
        elif match["word"].upper() == "NEAR" and query[at : at + 1] == "(":
            near, at = _near(query, start)
            found.append(_Token("near", near, start))
        else:
            prefix = _word(match["word"], start, columns, prefix, found, query[at : at + 1])
    if prefix:
        raise SearchError(f"`{prefix[0]}:` needs a word after it", prefix[1])
    return found


def _word(
    word: str, start: int, columns: Sequence[str], prefix: tuple[str, int] | None, found: list[_Token], following: str
) -> tuple[str, int] | None:
    """Add what a bare word means; gives the column it names for the next term, if it does."""
    if prefix is None and word in ("AND", "OR", "NOT"):
        found.append(_Token(word.lower(), word, start))  # type: ignore[arg-type]
        return None
    if prefix is None and word[0] == "-" and (_ALNUM.search(word) or following):
        found.append(_Token("not", "NOT", start))
        word, start = word[1:], start + 1
    scope = _COLUMN.match(word)
    if scope and scope[1] in columns:
        prefix, word = (scope[1], start), scope[2]
        if not word:
            return prefix
    if not _ALNUM.search(word):
        return None
    star = "*" if word.endswith("*") else ""
    found.append(_Token("term", _scoped(prefix, _phrase(word, star)), start))
    return None


def _near(query: str, start: int) -> tuple[str, int]:
    end = query.find(")", start)
    if end < 0:
        raise SearchError("NEAR( is never closed", start)
    inner = re.fullmatch(r"([^,]*)(?:,\s*(\d{1,3})\s*)?", query[start + 5 : end])
    if inner is None:
        raise SearchError("NEAR takes words and a distance: NEAR(export licence, 5)", start)
    printed = [phrase or word for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', inner[1])]
    terms = [_quoted(term) for term in printed if _ALNUM.search(term)]
    if len(terms) < 2:
        raise SearchError("NEAR needs at least two words", start)
    return f"NEAR({' '.join(terms)}, {inner[2] or 10})", end + 1


def _phrase(text: str, star: str) -> str:
    """The phrase in the script in which it was typed, or in the other one of Chinese."""
    forms = dict.fromkeys(_quoted(form) + star for form in (text, *_other_script(text)))
    return f"({' OR '.join(forms)})" if len(forms) > 1 else next(iter(forms))


def _quoted(text: str) -> str:
    return '"' + separate(text.replace('"', " ")).strip("\x1f ") + '"'


def _other_script(text: str) -> tuple[str, ...]:
    if text.isascii():
        return ()
    simplified, traditional = _converters()
    clean = storable(text)
    return simplified.convert(clean), traditional.convert(clean)


@cache
def _converters() -> tuple[OpenCC, OpenCC]:
    return OpenCC("t2s"), OpenCC("s2t")


def _scoped(prefix: tuple[str, int] | None, term: str) -> str:
    return f"{prefix[0]} : {term}" if prefix else term


def _either(tokens: list[_Token], at: int, depth: int, end: int) -> tuple[str, int]:
    parts = []
    while True:
        part, at = _both(tokens, at, depth, end)
        parts.append(part)
        if at >= len(tokens) or tokens[at].what != "or":
            return " OR ".join(parts), at
        at += 1


def _both(tokens: list[_Token], at: int, depth: int, end: int) -> tuple[str, int]:
    wanted: list[str] = []
    unwanted: list[str] = []
    while at < len(tokens) and tokens[at].what not in ("or", "close"):
        token = tokens[at]
        if token.what == "and":
            if not wanted and not unwanted:
                raise SearchError("AND needs a word before it", token.at)
            at += 1
            if at < len(tokens) and tokens[at].what == "and":
                raise SearchError("AND needs a word after it", token.at)
            if at >= len(tokens) or tokens[at].what in ("or", "close"):
                raise SearchError("AND needs a word after it", token.at)
            continue
        if token.what == "not":
            part, at = _one(tokens, at + 1, depth, token.at, "NOT needs a word after it")
            unwanted.append(part)
        else:
            part, at = _one(tokens, at, depth, token.at, "a word is missing here")
            wanted.append(part)
    where = tokens[at].at if at < len(tokens) else end
    if not wanted:
        if unwanted:
            raise SearchError("NOT only takes away: it needs a word to look for beside it", where)
        raise SearchError("a word is missing here", where)
    expression = " AND ".join(wanted)
    if len(wanted) > 1 and unwanted:
        expression = f"({expression})"
    for part in unwanted:
        expression = f"({expression}) NOT {part}"
    return (f"({expression})" if len(wanted) + len(unwanted) > 1 else expression), at


def _one(tokens: list[_Token], at: int, depth: int, before: int, missing: str) -> tuple[str, int]:
    if at >= len(tokens) or tokens[at].what not in ("open", "term", "near"):
        raise SearchError(missing, tokens[at].at if at < len(tokens) else before)
    token = tokens[at]
    if token.what != "open":
        return token.match, at + 1
    if depth >= _DEEPEST:
        raise SearchError(f"brackets go more than {_DEEPEST} deep", token.at)
    expression, at = _either(tokens, at + 1, depth + 1, token.at)
    if at >= len(tokens):
        raise SearchError("this bracket is never closed", token.at)
    return f"({expression})", at + 1
