"""What an address of the site is: its path, what answers there, and who may ask; whatever says no role has no place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

Needs = Literal["anyone", "reader", "reviewer", "admin"]
"""Who may ask: each includes those after it."""

_RANKS: dict[str, int] = {"anyone": 0, "reader": 1, "reviewer": 2, "admin": 3}


def includes(role: Needs, needed: Needs) -> bool:
    """Whether somebody of `role` may do what `needed` may."""
    return _RANKS[role] >= _RANKS[needed]


@dataclass(frozen=True, slots=True)
class Address:
    """One address; each module of `web.pages` lists its own as ADDRESSES, in the order in which they are tried."""

    path: str
    endpoint: Callable[[Request], object]
    role: Needs = "reader"
    method: Literal["GET", "POST"] = "GET"

    def route(self) -> Route:
        """As Starlette takes it."""
        return Route(self.path, self.endpoint, methods=[self.method])


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtree:
    """Everything below a path, answered by an application of its own that only ever reads."""

    path: str
    app: ASGIApp
    role: Needs

    def route(self) -> Mount:
        """As Starlette takes it."""
        return Mount(self.path, self.app)
