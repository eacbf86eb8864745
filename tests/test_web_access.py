"""Who may do what on a site with logins: every route against its role, logging in and out, sessions."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from db.accounts.sessions import PER_ACCOUNT_AND_ADDRESS
from db.accounts.users import disable, set_role
from db.connection import row, value
from tests.db_samples import Desk
from tests.web_desk import HOME, Reader, filled, site
from tests.web_logins import ROLES, SECRETS, Clock, logged_in, site_with_logins, with_users
from web.access import Access
from web.addresses import Needs
from web.pages.account import agent_name, ours

PEOPLE = (None, "Rea", "Vero", "Ada")
RANK = ["anyone", "reader", "reviewer", "admin"]
CONFIRMED = {
    "/login": "anyone",
    "/healthz": "anyone",
    "/unsubscribe/{token}": "anyone",
    "/static": "anyone",
    "/review": "reviewer",
    "/review/suggest": "reviewer",
    "/review/undo": "reviewer",
    "/review/{id}": "reviewer",
    "/review/add": "reviewer",
    "/review/batches": "reviewer",
    "/review/batches/{batch:int}": "reviewer",
    "/review/second": "reviewer",
    "/review/second/{sample:int}/{position:int}": "reviewer",
    "/mail": "reviewer",
    "/mail/again": "reviewer",
    "/mail/{id}": "reviewer",
    "/quality/samples": "reviewer",
    "/linking/{id}": "reviewer",
    "/sources/issues/{id}/close": "reviewer",
    "/sources/{source}/run": "admin",
}
"""Paths that are not for readers, said once more here: opening a page to others takes two hands."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return with_users(filled(tmp_path / "policywire.sqlite"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def closed(desk: Desk, clock: Clock) -> Reader:
    return site_with_logins(desk, clock=clock)


def doors(reader: Reader) -> list[tuple[Route | Mount, Needs]]:
    found: list[tuple[Route | Mount, Needs]] = reader.app.state.doors
    assert len(found) > 12
    return found


def asked(route: Route | Mount) -> tuple[str, str]:
    """A method and an address that the route answers to."""
    if isinstance(route, Mount):
        return "GET", f"{route.path}/site.css"
    method = "POST" if "POST" in (route.methods or ()) else "GET"
    return method, re.sub(r"\{[^}]*\}", "q000000000000000", re.sub(r"\{[^}]*:int\}", "1", route.path))


@pytest.mark.parametrize("name", PEOPLE)
def test_every_route_lets_in_whom_its_role_says_and_nobody_else(closed: Reader, name: str | None) -> None:
    role = ROLES[name] if name else "anyone"
    for route, needed in doors(closed):
        browser = logged_in(closed, name) if name else Reader(closed.app)
        method, path = asked(route)
        answer = browser.ask(method, path, headers={"origin": HOME})
        if RANK.index(role) >= RANK.index(needed):
            assert answer.status_code not in (401, 403), (path, role)
            assert not answer.headers.get("location", "").startswith("/login?"), (path, role)
        elif name is None and method == "GET":
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/login"), path
        else:
            assert answer.status_code == (401 if name is None else 403), (path, role)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_routes_are_exactly_those_with_a_role(closed: Reader) -> None:
    assert closed.app.routes == [route for route, _needed in doors(closed)]
    assert {needed for _route, needed in doors(closed)} <= set(get_args(Needs))


def test_what_is_not_for_readers_is_what_was_meant(closed: Reader) -> None:
    assert {route.path: needed for route, needed in doors(closed) if needed != "reader"} == CONFIRMED


def test_a_route_that_was_added_without_a_role_cannot_be_reached(closed: Reader) -> None:
    closed.app.routes.append(Route("/back-door", lambda request: PlainTextResponse("inside")))
    assert Reader(closed.app).get("/back-door").headers["location"] == "/login?next=%2Fback-door"
    answer = logged_in(closed, "Ada").get("/back-door")
    assert answer.status_code == 404
    assert "inside" not in answer.text


def test_without_logins_whoever_sits_at_the_machine_may_do_everything(desk: Desk) -> None:
    reader = site(desk)
    for path in ("/", "/review", "/sources"):
        assert reader.get(path).status_code == 200
    assert reader.get("/login").headers["location"] == "/"
    assert reader.get("/account").status_code == 404
    assert reader.post("/login", {"name": "Ada", "password": SECRETS["Ada"]}).headers.get("set-cookie") is None


def test_one_comes_to_the_page_that_was_wanted(closed: Reader) -> None:
    wanted = closed.get("/search?q=出口&in=quotes")
    assert wanted.status_code == 303
    form = closed.get(wanted.headers["location"]).text
    place = re.search(r'name="next" value="([^"]*)"', form)
    assert place is not None
    assert place[1] == "/search?q=%E5%87%BA%E5%8F%A3&amp;in=quotes"
    answer = closed.post(
        "/login", {"name": "rea", "password": SECRETS["Rea"], "next": "/search?q=%E5%87%BA%E5%8F%A3&in=quotes"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=%E5%87%BA%E5%8F%A3&in=quotes")
    assert closed.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example",
        "\n//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/a\\b",
        "/login?next=//evil.example",
        "/logout",
        "/" + "x" * 3000,
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_logging_in(closed: Reader, wanted: str) -> None:
    assert ours(wanted) == "/"
    answer = closed.post("/login", {"name": "Rea", "password": SECRETS["Rea"], "next": wanted})
    assert answer.headers["location"] == "/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(closed: Reader, desk: Desk) -> None:
    disable(desk.db, "Vero", now=Clock().now)
    tried = [("Rea", "no such password"), ("Nobody", "no such password"), ("Vero", SECRETS["Vero"])]
    answers = [closed.post("/login", {"name": name, "password": word}) for name, word in tried]
    assert {answer.status_code for answer in answers} == {401}
    assert (
        len({answer.text.replace(f'value="{name}"', "") for answer, (name, _) in zip(answers, tried, strict=True)}) == 1
    )
    assert "do not belong together" in answers[0].text
    assert all("set-cookie" not in answer.headers for answer in answers)
    assert all("no such password" not in answer.text for answer in answers)


def test_too_many_guesses_are_answered_with_when_to_try_again(closed: Reader, clock: Clock) -> None:
    for _ in range(PER_ACCOUNT_AND_ADDRESS):
        assert closed.post("/login", {"name": "Rea", "password": "no such password"}).status_code == 401
    stopped = closed.post("/login", {"name": "Rea", "password": SECRETS["Rea"]})
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "900")
    assert "Try again in 15 minutes" in stopped.text
    clock.now += timedelta(minutes=15)
    assert closed.post("/login", {"name": "Rea", "password": SECRETS["Rea"]}).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_forms(desk: Desk) -> None:
    plain = logged_in(site_with_logins(desk), "Rea")
    assert list(plain.cookies) == ["policywire"]
    secure = Reader(site_with_logins(desk, base_url="https://desk.example.org").app)
    sent = {"host": "desk.example.org", "origin": "https://desk.example.org"}
    sent["content-type"] = "application/x-www-form-urlencoded"
    body = f"name=Rea&password={SECRETS['Rea'].replace(' ', '+')}".encode()
    cookie = secure.ask("POST", "/login", headers=sent, body=body).headers["set-cookie"]
    assert cookie.startswith("__Host-policywire=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax", "Secure",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("desk.example.org", "https://desk.example.org", 401),
        ("desk.example.org", "http://desk.example.org", 403),
        ("desk.example.org", "https://evil.example", 403),
        ("desk.example.org:8443", "https://desk.example.org", 403),
        ("evil.example", "https://evil.example", 400),
        ("127.0.0.1:8350", "http://127.0.0.1:8350", 401),
    ],
)
def test_the_site_answers_to_its_own_name_and_takes_its_own_forms(
    desk: Desk, host: str, origin: str, status: int
) -> None:
    reader = site_with_logins(desk, base_url="https://desk.example.org")
    answer = reader.ask("POST", "/logout", headers={"host": host, "origin": origin})
    assert answer.status_code == status


def test_logging_in_begins_a_session_of_its_own_and_ends_the_one_before(closed: Reader) -> None:
    closed.cookies["policywire"] = "a-token-that-somebody-else-chose"
    closed.post("/login", {"name": "Rea", "password": SECRETS["Rea"]})
    first = closed.cookies["policywire"]
    assert first != "a-token-that-somebody-else-chose"
    closed.post("/login", {"name": "Rea", "password": SECRETS["Rea"]})
    old = Reader(closed.app, {"policywire": first})
    assert closed.get("/").status_code == 200
    assert old.get("/").status_code == 303


def test_logging_out_ends_the_session_on_the_server(closed: Reader) -> None:
    browser = logged_in(closed, "Rea")
    token = browser.cookies["policywire"]
    answer = browser.post("/logout", {})
    assert answer.headers["location"] == "/login"
    assert 'policywire=""' in answer.headers["set-cookie"]
    assert Reader(closed.app, {"policywire": token}).get("/").status_code == 303


def test_a_session_ends_when_it_is_idle_and_stays_while_it_is_used(closed: Reader, clock: Clock) -> None:
    browser, idle = logged_in(closed, "Rea"), logged_in(closed, "Rea")
    for _ in range(4):
        clock.now += timedelta(days=1)
        assert browser.get("/").status_code == 200
    assert idle.get("/").status_code == 303
    clock.now += timedelta(days=27)
    assert browser.get("/").status_code == 303


def test_a_disabled_user_is_out_and_another_role_holds_from_the_next_page(closed: Reader, desk: Desk) -> None:
    browser = logged_in(closed, "Vero")
    assert browser.get("/review").status_code == 200
    set_role(desk.db, "Vero", "reader")
    refused = browser.get("/review")
    assert refused.status_code == 403
    assert "you are Vero, reader" in refused.text
    disable(desk.db, "Vero", now=Clock().now)
    assert browser.get("/").status_code == 303


def test_a_form_that_comes_after_the_session_is_told_that_nothing_was_stored(closed: Reader, desk: Desk) -> None:
    identity = value(desk.db, "SELECT id FROM quotes LIMIT 1")
    answer = closed.post(f"/review/{identity}", {"decision": "accept"})
    assert answer.status_code == 401
    assert "nothing was stored" in answer.text


def test_one_changes_the_password_and_every_other_session_ends(closed: Reader) -> None:
    browser, other = logged_in(closed, "Rea"), logged_in(closed, "Rea")
    before = browser.cookies["policywire"]
    new = "a new and longer sentence"
    wrong = {"current": "no such password", "new": new, "again": new}
    for form, said in (
        (wrong, "current password is not right"),
        ({**wrong, "current": SECRETS["Rea"], "again": new + "!"}, "not typed the same twice"),
        ({"current": SECRETS["Rea"], "new": "short", "again": "short"}, "at least 12 characters, not 5"),
    ):
        answer = browser.post("/account/password", form)
        assert (answer.status_code, said in answer.text) == (422, True)
    answer = browser.post("/account/password", {"current": SECRETS["Rea"], "new": new, "again": new})
    assert answer.headers["location"] == "/account?done=password"
    assert "Your password is changed" in browser.get("/account?done=password").text
    assert browser.cookies["policywire"] != before
    assert Reader(closed.app, {"policywire": before}).get("/").status_code == 303
    assert other.get("/").status_code == 303
    assert Reader(closed.app).post("/login", {"name": "Rea", "password": new}).status_code == 303


def test_one_sees_and_ends_one_s_own_sessions_and_nobody_else_s(closed: Reader, desk: Desk) -> None:
    browser, other, foreign = logged_in(closed, "Rea"), logged_in(closed, "Rea"), logged_in(closed, "Ada")
    page = browser.get("/account").text
    assert page.count('<tr><th scope="row">') == 2
    ids = {name: row(desk.db, _NEWEST, [name]) for name in ("Rea", "Ada")}
    assert ids["Rea"] is not None
    assert ids["Ada"] is not None
    browser.post("/account/sessions", {"session": str(ids["Ada"]["id"])})
    assert foreign.get("/").status_code == 200
    browser.post("/account/sessions", {"session": str(ids["Rea"]["id"])})
    assert other.get("/").status_code == 303
    third = logged_in(closed, "Rea")
    third.post("/account/sessions", {"session": "others"})
    assert (browser.get("/").status_code, third.get("/").status_code) == (303, 200)


_NEWEST = "SELECT max(s.id) AS id FROM sessions AS s JOIN users AS u ON u.id = s.user_id WHERE u.name = ?"


def test_the_frame_names_who_is_logged_in_and_offers_what_that_person_may(closed: Reader) -> None:
    reader, reviewer = logged_in(closed, "Rea").get("/").text, logged_in(closed, "Vero").get("/").text
    assert '<a class="mast-who" href="/account">Rea</a>' in reader
    assert 'href="/review"' not in reader.partition("<main")[0]
    assert 'href="/review"' in reviewer.partition("<main")[0]
    assert 'href="/account"' not in closed.get("/login").text


def test_pages_are_not_kept_where_people_log_out(closed: Reader) -> None:
    assert logged_in(closed, "Rea").get("/").headers["cache-control"] == "private, no-store"


def test_a_database_that_is_gone_is_told_at_the_door(closed: Reader, desk: Desk) -> None:
    browser = logged_in(closed, "Rea")
    desk.db.close()
    desk.path.unlink()
    assert browser.get("/").status_code == 503


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("<script>", "a browser"),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, said: str) -> None:
    assert agent_name(agent) == said


def test_only_a_site_with_logins_answers_to_its_public_name() -> None:
    assert "desk.example.org" in Access(logins=True, base_url="https://desk.example.org").hosts
    assert "desk.example.org" not in Access(base_url="https://desk.example.org").hosts
