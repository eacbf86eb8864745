"""Who looks at a page: the name that stands beside a decision, and what that person may do."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from functools import cache

from starlette.requests import Request

from web.addresses import Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person at the site."""

    name: str
    role: Needs


def viewer_of(request: Request) -> Viewer:
    """Who asks. Without logins the site answers to loopback only, and whoever sits there may do everything."""
    viewer = request.scope.get("viewer") or _whoever_sits_here()
    assert isinstance(viewer, Viewer)
    return viewer


@cache
def _whoever_sits_here() -> Viewer:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no name for this user id on the machine, as in a container
        name = "analyst"
    return Viewer(name=name, role="admin")
