"""Passwords: Argon2id, checked a few at a time because each check takes 64 MiB; what a password must be."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
"""Characters of a password; a longer one is no safer and costs time to read."""

_FEWEST_LETTERS = 5
_AT_ONCE = threading.BoundedSemaphore(2)
_HASHER = PasswordHasher()
"""The second recommended choice of RFC 9106 (64 MiB, 3 passes), as argon2-cffi keeps it."""


class PasswordError(ValueError):
    """A password that cannot be taken; the message says what to change."""


def check_password(password: str, name: str) -> None:
    """Raises PasswordError for a new password of the user `name` that is too short, too long or no secret."""
    told = normal(password)
    if len(told) < SHORTEST:
        raise PasswordError(f"the password must have at least {SHORTEST} characters, not {len(told)}")
    if len(told) > LONGEST:
        raise PasswordError(f"the password must have at most {LONGEST} characters, not {len(told)}")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in told):
        raise PasswordError("the password holds a control character: take letters, digits, signs and spaces")
    if len(set(told)) < _FEWEST_LETTERS:
        raise PasswordError(f"the password must have at least {_FEWEST_LETTERS} different characters")
    if normal(name).casefold() in told.casefold() and len(told) < len(name) + SHORTEST:
        raise PasswordError("the password must not be the name with a few characters more")


def hashed(password: str) -> str:
    """What is kept of a password: salt, parameters and hash in one text."""
    with _AT_ONCE:
        return _HASHER.hash(normal(password).encode("utf-8", "replace"))


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` is the one of `kept`; without one it takes as long and is no."""
    told = normal(password[: 4 * LONGEST]).encode("utf-8", "replace")
    with _AT_ONCE:
        nobodys = _nobodys()
        try:
            return _HASHER.verify(nobodys if kept is None else kept, told) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether `kept` was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def normal(text: str) -> str:
    """The same password however a keyboard composed its letters (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


@cache
def _nobodys() -> str:
    """A hash with today's parameters, so that an unknown name takes as long as a known one."""
    return _HASHER.hash(b"nobody")
