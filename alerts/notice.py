"""A mail to the operator: what has happened, the facts, what to do, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.sheet import Composed, render
from db.inert import web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything that a mail to the operator holds, ready for the templates."""

    headline: str
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    preheader: str
    language: str = "en"


def compose_notice(
    title: str,
    *,
    facts: Sequence[tuple[str, object]] = (),
    paragraphs: Sequence[str] = (),
    links: Sequence[tuple[str, str]] = (),
) -> Composed:
    """The mail `policywire: <title>`: a table of `facts` (label and value), `paragraphs`, and `links` (label, address).

    Facts whose value is None or empty are left out, and so are links that are no web address. What comes from a page
    needs no escaping here.
    """
    notice = Notice(
        headline=title,
        facts=tuple((label, str(value)) for label, value in facts if value is not None and value != ""),
        paragraphs=tuple(paragraphs),
        links=tuple((label, address) for label, address in links if web_address(address)),
        preheader=paragraphs[0] if paragraphs else "; ".join(f"{label}: {value}" for label, value in facts),
    )
    return render("notice", f"policywire: {title}", notice)
