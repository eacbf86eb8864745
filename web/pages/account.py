"""Logging in and out, and one's own account: password and sessions."""

from __future__ import annotations

import asyncio
import logging
import math
import re
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.accounts.passwords import SHORTEST, PasswordError
from db.accounts.sessions import (
    TooManyAttempts,
    end_other_sessions,
    end_session,
    log_in,
    open_session,
    sessions_of,
)
from db.accounts.users import set_password, user_named
from web.access import Access
from web.addresses import Address
from web.forms import posted
from web.render import desk_of, page
from web.viewer import Viewer, viewer_of

log = logging.getLogger("policywire.web")

_LOGINS_AT_ONCE = asyncio.Semaphore(4)
_OURS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,2000}")
_NOT_AFTER_LOGIN = ("/login", "/logout")
_DONE = {"password": "Your password is changed. Every other session has ended.", "ended": "The session has ended."}
_WRONG = "That name and password do not belong together."
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


def login_page(request: Request) -> Response:
    """The form; where the site has no logins, or somebody is logged in, there is nothing to do here."""
    if not access_of(request).logins:
        return RedirectResponse("/", 303)
    return _login(request, wanted=request.query_params.get("next", ""))


async def take_login(request: Request) -> Response:
    """Begin a session and go on to what was wanted; the form again where name and password do not match."""
    form = await posted(request)
    # whoever floods the login must not keep all threads busy that answer pages
    async with _LOGINS_AT_ONCE:
        return await run_in_threadpool(_logged_in, request, form)


async def logout(request: Request) -> Response:
    """End this session, here and in the database."""
    return await _with_form(request, _logged_out)


def account(request: Request) -> Response:
    """Who one is here, the password, and the sessions that are open."""
    return _account(request)


async def change_password(request: Request) -> Response:
    """Take another password: every session ends, and a new one begins here."""
    return await _with_form(request, _changed)


async def end_sessions(request: Request) -> Response:
    """End one session of one's own, or all others."""
    return await _with_form(request, _ended)


def access_of(request: Request) -> Access:
    """How the application was told to be reached."""
    access = request.app.state.access
    assert isinstance(access, Access)
    return access


def ours(wanted: str) -> str:
    """`wanted` if it is an address of this site that one may be sent to after logging in, else the first page."""
    if not _OURS.fullmatch(wanted) or wanted.partition("?")[0] in _NOT_AFTER_LOGIN:
        return "/"
    return wanted


async def _with_form(request: Request, then: Callable[[Request, Mapping[str, str]], Response]) -> Response:
    return await run_in_threadpool(then, request, await posted(request))


def _login(request: Request, *, wanted: str, name: str = "", status: int = 200, trouble: str = "") -> Response:
    return page("login.html", status=status, heading="Log in", wanted=ours(wanted), name=name[:200], trouble=trouble)


def _logged_in(request: Request, entered: Mapping[str, str]) -> Response:
    desk, access, address = desk_of(request), access_of(request), _address(request)
    if not access.logins:
        return RedirectResponse("/", 303)
    name, wanted = entered.get("name", "").strip(), entered.get("next", "")
    try:
        with desk.writing() as db:
            user = log_in(db, name, entered.get("password", ""), address=address, now=desk.clock())
    except TooManyAttempts as error:
        log.warning("login refused", extra={"address": address, "why": "too many attempts"})
        answer = _login(request, wanted=wanted, name=name, status=429, trouble=_too_many(error))
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.wait.total_seconds())))
        return answer
    if user is None:
        log.warning("login refused", extra={"address": address, "why": "name or password"})
        return _login(request, wanted=wanted, name=name, status=401, trouble=_WRONG)
    log.info("logged in", extra={"user": name, "address": address})
    return _begun(request, user, ours(wanted))


def _begun(request: Request, user_id: int, place: str) -> Response:
    """A session under a new token, instead of the one that this browser may have had."""
    desk, access = desk_of(request), access_of(request)
    with desk.writing() as db:
        token = open_session(
            db,
            user_id,
            longest=access.longest,
            address=_address(request),
            agent=request.headers.get("user-agent", ""),
            now=desk.clock(),
            instead_of=request.cookies.get(access.cookie, ""),
        )
    answer = RedirectResponse(place, 303)
    answer.set_cookie(
        access.cookie,
        token,
        max_age=int(access.longest.total_seconds()),
        path="/",
        secure=access.https,
        httponly=True,
        samesite="lax",
    )
    return answer


def _logged_out(request: Request, entered: Mapping[str, str]) -> Response:
    viewer, access = _known(request)
    with desk_of(request).writing() as db:
        end_session(db, viewer.user_id or 0, viewer.session_id or 0)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(access.cookie, path="/", secure=access.https, httponly=True, samesite="lax")
    return answer


def _changed(request: Request, entered: Mapping[str, str]) -> Response:
    viewer, _access = _known(request)
    desk = desk_of(request)
    new = entered.get("new", "")
    if new != entered.get("again", ""):
        return _account(request, status=422, trouble="The new password was not typed the same twice.")
    try:
        with desk.writing() as db:
            now = desk.clock()
            if log_in(db, viewer.name, entered.get("current", ""), address=_address(request), now=now) is None:
                return _account(request, status=422, trouble="The current password is not right.")
            set_password(db, viewer.name, new, now=now)
    except TooManyAttempts as error:
        return _account(request, status=429, trouble=_too_many(error))
    except PasswordError as error:
        return _account(request, status=422, trouble=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    log.info("password changed", extra={"user": viewer.name, "address": _address(request)})
    assert viewer.user_id is not None
    return _begun(request, viewer.user_id, "/account?done=password")


def _ended(request: Request, entered: Mapping[str, str]) -> Response:
    viewer, _access = _known(request)
    chosen = entered.get("session", "")
    with desk_of(request).writing() as db:
        if chosen == "others":
            end_other_sessions(db, viewer.user_id or 0, viewer.session_id)
        elif re.fullmatch(r"\d{1,18}", chosen):
            end_session(db, viewer.user_id or 0, int(chosen))
    return RedirectResponse("/account?done=ended", 303)


def _account(request: Request, *, status: int = 200, trouble: str = "") -> Response:
    viewer, access = _known(request)
    desk = desk_of(request)
    with desk.reading() as db:
        user = user_named(db, viewer.name)
        held = sessions_of(db, user.id, idle=access.idle, now=desk.clock())
    return page(
        "account.html",
        status=status,
        here="account",
        heading="Your account",
        user=user,
        sessions=[{**one, "agent": agent_name(one["agent"]), "this": one["id"] == viewer.session_id} for one in held],
        shortest=SHORTEST,
        trouble=trouble,
        done="" if trouble else _DONE.get(request.query_params.get("done", ""), ""),
    )


def _known(request: Request) -> tuple[Viewer, Access]:
    access = access_of(request)
    if not access.logins:
        raise HTTPException(404, "This site has no logins: whoever sits at this machine may do everything.")
    return viewer_of(request), access


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _too_many(error: TooManyAttempts) -> str:
    minutes = max(1, math.ceil(error.wait.total_seconds() / 60))
    return f"There were too many attempts. Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}."


def agent_name(agent: str) -> str:
    """What a browser calls itself, in two words."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "a browser")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return f"{browser} on {system.replace('Mac OS X', 'macOS')}" if system else browser


ADDRESSES = (
    Address("/login", login_page, role="anyone"),
    Address("/login", take_login, role="anyone", method="POST"),
    Address("/logout", logout, method="POST"),
    Address("/account", account),
    Address("/account/password", change_password, method="POST"),
    Address("/account/sessions", end_sessions, method="POST"),
)
