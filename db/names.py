"""Canonical addresses, ids, times and digests: how the same thing gets the same name twice."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

CHINA = timezone(timedelta(hours=8))
"""The zone that both sources print their times in."""

_BIG5_GATEWAY = re.compile(r"^/gate/big5/([^/]+)(/.*)?$")
_STATIC_PAGE = re.compile(r"\.(?:s?html?|pdf|docx?|xlsx?|zip|jpe?g|png)$", re.IGNORECASE)
_TRACKING = re.compile(r"^(?:utm_\w+|spm|from|share\w*|fbclid|gclid|ivk_sa|timestamp|isappinstalled)$", re.IGNORECASE)
_SPACE_AND_CONTROL = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_ESCAPED_SPACE = re.compile(r"%(?:20|C2%A0|E3%80%80)", re.IGNORECASE)
_AS_IT_IS = "%/:@!$&'()*+,;=~"
"""Signs that stand in a path as they are; a listing may print others plainly that a request escapes."""


def canonical_url(url: str) -> str:
    """The address under which a page is known: https, lower-case host, no default port, fragment or tracking.

    Letters that a request escapes are escaped, so that a story counts as had under the address that a listing printed.
    The query of a static page is dropped, because both sites answer the same page whatever follows the `?`;
    elsewhere its parameters are sorted. MOFCOM's traditional-script gateway
    (`big5.mofcom.gov.cn/gate/big5/HOST/PATH`) is the page behind it.
    """
    parts = urlsplit(_SPACE_AND_CONTROL.sub("", url))
    host = (parts.hostname or "").rstrip(".")
    path = parts.path or "/"
    behind = _BIG5_GATEWAY.match(path)
    if behind and host.startswith("big5."):
        host, path = behind[1].lower(), behind[2] or "/"
    try:
        port = parts.port
    except ValueError:
        port = None
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = _ESCAPED_SPACE.sub("", quote(re.sub(r"/{2,}", "/", path), safe=_AS_IT_IS, errors="replace"))
    if _STATIC_PAGE.search(path) or not parts.query:
        return f"https://{host}{path}"
    kept = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    return f"https://{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def is_gateway(url: str) -> bool:
    """Whether an address is that of the traditional-script gateway, which shows the page behind it in other letters."""
    parts = urlsplit(url)
    return (parts.hostname or "").startswith("big5.") and _BIG5_GATEWAY.match(parts.path) is not None


def article_id(canonical: str) -> str:
    """`a` and 15 hex digits of the canonical address."""
    return "a" + _hex(unquote(canonical))


def statement_id(kind: Literal["quote", "policy"], article: str, evidence: str, nth: int) -> str:
    """`q` or `p` and 15 hex digits of article, kind, evidence text and which one of its like it is (from 0)."""
    return kind[0] + _hex("\x1f".join((article, kind, evidence, str(nth))))


def annex_id(article: str, canonical: str) -> str:
    """`f` and 15 hex digits of the article and the file's canonical address."""
    return "f" + _hex("\x1f".join((article, unquote(canonical))))


def linked_id(letter: Literal["i", "n", "o"], key: str) -> str:
    """The id of an instrument (`i`), a person (`n`) or an organization (`o`) with that key."""
    return letter + _hex(key)


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def digest(*parts: str) -> str:
    """32 hex digits of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def body_digest(body: bytes) -> str:
    """32 hex digits of the bytes of a page or file."""
    return hashlib.sha256(body).hexdigest()[:32]


def nfkc(text: str) -> str:
    """`text` with letters, digits and signs of one width (NFKC).

    Signs of Chinese prose are replaced first, each by what it decomposes to: what is left needs no more than a look.
    """
    if text.isascii():
        return text
    for sign, plain in _WIDE:
        if sign in text:
            text = text.replace(sign, plain)
    return unicodedata.normalize("NFKC", text)


_WIDE = tuple((sign, unicodedata.normalize("NFKC", sign)) for sign in "，：．；（）！？％…\u3000\xa0")


def folded(text: str) -> str:
    """`text` without what differs between copies of the same words: width, case, white space, control characters."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_SIGN).decode()
    bare = "".join(nfkc(text).split())
    if not bare.isprintable():  # it nearly always is: the expression would make half a thousand cuts in a story
        bare = _SPACE_AND_CONTROL.sub("", bare)
    return bare.casefold()


def words_of(text: str) -> list[str]:
    """The words of `text`, folded; each Chinese character is one."""
    plain = text if text.isascii() else nfkc(text).casefold()
    if plain.isascii():  # a third of the time
        return plain.encode().translate(_WORDS).decode().split()
    words: list[str] = []
    for run in _RUN.findall(plain):
        if "\u3400" <= run[0] <= "\u9fff":
            words.extend(run)
        else:
            words.append(run)
    return words


_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
"""Chinese characters, each of them a word, or one other word."""
_LOWER = bytes(range(256)).lower()
_NO_SIGN = bytes([*range(33), 127])
"""White space and control characters."""
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_WORDS = bytes(_LOWER[sign] if sign in _LETTERS else 32 for sign in range(256))


def utc(moment: datetime) -> str:
    """An aware time as `2026-03-01T09:30:00Z`."""
    if moment.tzinfo is None:
        raise ValueError(f"time without zone: {moment}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(prefix: str | None) -> str | None:
    """The UTC time at which a printed ISO prefix begins, in Chinese time where it names no zone; None if it is none."""
    if not prefix:
        return None
    try:
        if len(prefix) == 4:
            found = datetime(int(prefix), 1, 1, tzinfo=CHINA)
        elif len(prefix) == 7:
            found = datetime(int(prefix[:4]), int(prefix[5:]), 1, tzinfo=CHINA)
        elif len(prefix) == 10:
            day = date.fromisoformat(prefix)
            found = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        else:
            found = datetime.fromisoformat(prefix)
            found = found if found.tzinfo else found.replace(tzinfo=CHINA)
        return utc(found)
    except (ValueError, OverflowError):
        return None
