"""What an address of the site is: its path, the function behind it, and who may ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.routing import Route

Needs = Literal["anyone", "reader", "reviewer", "admin"]
"""Who may ask: each includes those after it."""


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
