"""Who may use the site: `user add`, `list`, `password`, `role`, `disable` and `enable`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from cli.boundary import Refused, config_of, database, examples, told

# as `db.accounts.users.ROLES`, which is imported by the commands that need it; a test compares them
ROLES = ("reader", "reviewer", "admin")
_ROLE = click.Choice(ROLES)


@click.group(
    epilog=examples("policywire user add ana --role reviewer", "policywire user list", "policywire user disable ana")
)
def user() -> None:
    """Who may log in to the site, and as what: reader, reviewer or admin, each including those before it."""


@user.command(
    epilog=examples(
        "policywire user add ana --role reviewer", "policywire user add ana --role reader < password-in-its-first-line"
    )
)
@click.argument("name")
@click.option("--role", type=_ROLE, required=True, help="What the user may do.")
@click.option("--email", help="Where the user can be written to.")
@click.pass_context
def add(context: click.Context, name: str, role: str, email: str | None) -> None:
    """Add a user. The password is asked for, or read from the first line of standard input."""
    from db.accounts.passwords import check_password
    from db.accounts.users import add_user, checked_name

    config = config_of(context)
    with told():
        shown = checked_name(name)  # before anybody types a password for nothing
        password = _password(f"Password for {shown}")
        check_password(password, shown)
        config.storage.database.parent.mkdir(parents=True, exist_ok=True)
        with database(config, "create") as db:
            added = add_user(db, shown, role, password, email=email, now=datetime.now(UTC))  # type: ignore[arg-type]
    click.echo(f"{added.name} may log in as {added.role}")
    if not config.site.logins:
        click.echo("policywire: the site asks nobody to log in yet: set logins = true under [site]", err=True)


@user.command("list", epilog=examples("policywire user list", "policywire user list --json | jq -r '.[].name'"))
@click.option("--json", "as_json", is_flag=True, help="One JSON list for machines.")
@click.pass_context
def list_users(context: click.Context, as_json: bool) -> None:
    """Show every user: name, role, since when, last seen."""
    from db.accounts.users import users

    config = config_of(context)
    with told(), database(config, "ro") as db:
        found = users(db)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        state = f"disabled since {one.disabled_at}" if one.disabled_at else f"last seen {one.seen_at or 'not lately'}"
        address = f", {one.email}" if one.email else ""
        click.echo(f"{one.name:20} {one.role:8}  since {one.created_at}, {state}{address}")
    if not found:
        click.echo("nobody yet: `policywire user add NAME --role admin`")


@user.command(epilog=examples("policywire user password ana"))
@click.argument("name")
@click.pass_context
def password(context: click.Context, name: str) -> None:
    """Give a user another password (asked for, or the first line of standard input); every session of the user ends."""
    from db.accounts.users import set_password, user_named

    config = config_of(context)
    with told(), database(config, "rw") as db:
        known = user_named(db, name)
        set_password(db, known.name, _password(f"New password for {known.name}"), now=datetime.now(UTC))
    click.echo(f"{known.name} has another password; {_sessions(known.sessions)}")


@user.command(epilog=examples("policywire user role ana admin"))
@click.argument("name")
@click.argument("role", type=_ROLE)
@click.pass_context
def role(context: click.Context, name: str, role: str) -> None:
    """Give a user another role; it holds from the next page on."""
    from db.accounts.users import set_role

    config = config_of(context)
    with told(), database(config, "rw") as db:
        changed = set_role(db, name, role)  # type: ignore[arg-type]
    click.echo(f"{changed.name} is {changed.role}")


@user.command(epilog=examples("policywire user disable ana"))
@click.argument("name")
@click.pass_context
def disable(context: click.Context, name: str) -> None:
    """Let a user in no longer; every session of the user ends. The name stays beside what the user decided."""
    from db.accounts.users import disable as shut_out
    from db.accounts.users import user_named

    config = config_of(context)
    with told(), database(config, "rw") as db:
        known = user_named(db, name)
        shut_out(db, known.name, now=datetime.now(UTC))
    click.echo(f"{known.name} is disabled; {_sessions(known.sessions)}")


@user.command(epilog=examples("policywire user enable ana"))
@click.argument("name")
@click.pass_context
def enable(context: click.Context, name: str) -> None:
    """Let a user in again, with the password and role of before."""
    from db.accounts.users import enable as let_in

    config = config_of(context)
    with told(), database(config, "rw") as db:
        known = let_in(db, name)
    click.echo(f"{known.name} may log in as {known.role}")


def _sessions(ended: int) -> str:
    return f"{ended} {'session' if ended == 1 else 'sessions'} ended"


def _password(prompt: str) -> str:
    """The password from the terminal, twice and unseen, or from the first line of standard input; never from argv."""
    if sys.stdin.isatty():
        given: str = click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True)
        return given
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise Refused("the password on standard input is no UTF-8 text") from error
    if not line.rstrip("\r\n"):
        raise Refused("no password: type it when asked, or give it as the first line of standard input")
    return line.rstrip("\r\n")
