"""The sheet that every mail is written on: templates with their styles inlined, by day, by night and on a phone.

Everything that comes from a page is hostile: made inert and escaped wherever a template puts it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from alerts.dates import day
from alerts.passages import in_signs
from db.inert import cut, inert, language_of

SUBJECT_LENGTH = 150
LARGEST = 100_000
"""Bytes of a mail in HTML: Gmail shows the first 102 kB and a link to the rest."""

_TEMPLATES = Path(__file__).parent / "templates"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A mail's subject and its two bodies."""

    subject: str
    text: str
    html: str


def render(template: str, subject: str, letter: Any) -> Composed:
    """A letter put into the template of that name, as text and as HTML with its styles inlined."""
    environment = _environment()
    html = environment.get_template(f"{template}.html.j2").render(letter=letter, style=_style())
    return Composed(
        subject=one_line(subject, SUBJECT_LENGTH),
        text=environment.get_template(f"{template}.txt.j2").render(letter=letter),
        html=_inliner().inline(html),
    )


def fitting(made: Callable[[int], Composed], most: int) -> Composed:
    """A mail of at most so many parts, and of fewer where mail programs would cut it; `made` makes one of so many."""
    composed = made(most)
    while most > 1 and (size := len(composed.html.encode("utf-8", "replace"))) > LARGEST:
        most = max(1, min(most - 1, most * LARGEST // size))
        composed = made(most)
    return composed


def one_line(text: str, length: int) -> str:
    """`text` without control and format characters, white space folded, cut at `length` characters."""
    if len(text) <= length and text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    safe = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    safe = "".join(c for c in safe if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    safe = " ".join(safe.split())
    return safe if len(safe) <= length else safe[: length - 1].rstrip() + "…"


def with_way_out(text: str, html: str | None, address: str) -> tuple[str, str | None]:
    """The bodies of a mail with the address at which its recipient leaves the rule, in the footers."""
    link = f'<br><a href="{escape(address)}" style="color: #8f4e12">Stop these mails</a>'
    return f"{text.rstrip()}\nStop these mails: {address}\n", html and html.replace(_WAY_OUT, link)


_WAY_OUT = "<!--way out-->"
"""Where the templates leave room for it; no text of a page becomes a comment."""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(cut=cut, day=day, lang=language_of, signs=in_signs)
    return made


def _finalized(value: object) -> object:
    return inert(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, extra_css=_sheet("mail"))


@cache
def _style() -> Markup:
    """The style element: the night's colours twice, for Outlook on the web says by an attribute that it is dark."""
    dark = [line for line in _sheet("dark").splitlines() if line]
    return Markup(
        "\n".join(
            (
                ":root { color-scheme: light dark; supported-color-schemes: light dark; }",
                "@media (prefers-color-scheme: dark) {", *dark, "}",
                *(_within("[data-ogsc]", line) for line in dark),
                "@media (max-width: 480px) {", _sheet("narrow"), "}",
            )
        )
    )  # fmt: skip


def _within(attribute: str, rule: str) -> str:
    selectors, brace, values = rule.partition(" {")
    return ", ".join(f"{attribute} {one}" for one in selectors.split(", ")) + brace + values


def _sheet(name: str) -> str:
    return _COMMENT.sub("", (_TEMPLATES / f"{name}.css").read_text(encoding="utf-8")).strip()
