"""Who looks at a page: the name that stands beside a decision, and what that person may do."""

from __future__ import annotations

import getpass
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from starlette.requests import Request

from web.addresses import Needs, includes


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person at the site."""

    name: str
    role: Needs
    user_id: int | None = None
    """The account; none where the site has no logins."""
    session_id: int | None = None

    def may(self, needed: Needs) -> bool:
        """Whether this person may do what `needed` may."""
        return includes(self.role, needed)


CURRENT: ContextVar[Viewer | None] = ContextVar("viewer", default=None)
"""Who asks in this request, for the frame of each page; set by `web.doors` alone."""


def viewer_of(request: Request) -> Viewer:
    """Who asks. There is somebody on every page that is not for anyone: `web.doors` lets nobody else through."""
    viewer = request.scope["viewer"]
    assert isinstance(viewer, Viewer)
    return viewer


@cache
def whoever_sits_here() -> Viewer:
    """Without logins the site answers to loopback only, and whoever sits there may do everything."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no name for this user id on the machine, as in a container
        name = "analyst"
    return Viewer(name=name, role="admin")
