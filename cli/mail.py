"""Watch rules and mail: `alerts preview`, `alerts send`, `alerts retry` and `alerts test`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from cli.boundary import Refused, config_of, database, examples, rules_of, told
from logs import log_to_stderr

if TYPE_CHECKING:
    from sqlite_utils import Database

    from alerts.rules import Rule
    from config import Config


@click.group(epilog=examples('policywire alerts preview "Export controls" --days 30', "policywire alerts send"))
def alerts() -> None:
    """Watch rules and mail: what a rule would have matched, sending what is due, a test mail."""


@alerts.command(epilog=examples('policywire alerts preview "Export controls" --days 90'))
@click.argument("rule")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back to look.")
@click.pass_context
def preview(context: click.Context, rule: str, days: int) -> None:
    """Show what a rule would have matched of the articles of the last days, why, and how many mails it would have sent.

    RULE is the name of a rule of the configuration or of the site, or the number of one of the site.
    """
    from alerts.preview import preview as look_back

    config = config_of(context)
    with told(), database(config, "ro") as db:
        chosen = chosen_rule(config, db, rule)
        found = look_back(db, chosen, datetime.now(UTC), days=days, base_url=config.site.base_url)
    for mail in reversed(found.mails):
        for match in mail.matches:
            said = (
                match.record["title"] if match.kind != "quote" else f"{match.record['speaker']}: {match.record['text']}"
            )
            click.echo(f"{match.kind}: {said}\n    {match.record['url']}\n    because {'; '.join(match.why)}")
    least = "" if found.whole else "at least "
    mails = len(found.mails) * len(chosen.to)
    click.echo(f"{least}{found.matches} matches in {found.articles} articles: would have sent {least}{mails} mails")


def chosen_rule(config: Config, db: Database, named: str) -> Rule:
    """The rule of that name, of the configuration or of the site, or of that number. Refuses one that there is not."""
    from alerts.rules import rule_of
    from db.rules import CONFIGURATION, rules_in_service, rules_named, stored_rule

    ours = {rule.name: rule for rule in rules_of(config)}
    if named in ours:
        return ours[named]
    there = [one for one in rules_named(db, named) if one.owner != CONFIGURATION]
    if not there and named.isdecimal() and (numbered := stored_rule(db, int(named[:18]))) and not numbered.deleted_at:
        there = [numbered]
    if len(there) > 1:
        raise Refused(f"{named!r} is the name of rules {', '.join(str(one.id) for one in there)}: give the number")
    if not there:
        names = [*ours, *(one.name for one in rules_in_service(db) if one.owner != CONFIGURATION)]
        raise Refused(f"no rule is named {named!r}; there are: {', '.join(map(repr, names[:50])) or 'none'}")
    return rule_of(there[0].settings)


@alerts.command(epilog=examples("policywire alerts send"))
@click.pass_context
def send(context: click.Context) -> None:
    """Send all mail that is due, once, and say how it went; exit status 1 if the server cannot be used."""
    from config import Secrets
    from jobs.desk import Desk

    config = config_of(context)
    with told():
        log_to_stderr(config.logging.level, config.logging.format)
        with database(config, "ro"):
            pass  # a missing database is told as such and not made
        desk = Desk(config=config, password=Secrets().password())
        desk.compose()
        done = desk.deliver(insist=True)
    held = f", {done.held} held" if done.held else ""
    click.echo(f"{done.sent} sent, {done.postponed} postponed, {done.buried} given up{held}")
    if done.full:
        click.echo("as many as may go out a minute have gone; the rest is due ([mail] per_minute)")
    if done.error:
        click.echo(f"policywire: mail server: {done.error}", err=True)
    sys.exit(1 if done.error or done.buried else 0)


@alerts.command(
    epilog=examples("policywire alerts retry", "policywire alerts retry 17 18", "policywire alerts retry --all")
)
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**62), metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All dead letters.")
@click.pass_context
def retry(context: click.Context, ids: tuple[int, ...], everything: bool) -> None:
    """Make mails that were given up due again, by their numbers or all of them; they keep their Message-ID.

    Without a number: list them.
    """
    from db.mailing.letters import dead_letters, revive_all
    from db.outbox import message, outbox_counts, revive

    config = config_of(context)
    if ids and everything:
        raise Refused("give numbers or --all, not both")
    with told(), database(config, "rw") as db:
        now = datetime.now(UTC)
        if not ids:
            dead = dead_letters(db)
            for letter in dead:
                click.echo(_letter_line(letter))
            more = outbox_counts(db).dead - len(dead)
            if more > 0:
                click.echo(f"… and {more:,} more")
            if everything:
                click.echo(f"{revive_all(db, now=now)} due again; `policywire alerts send` sends them")
            elif dead:
                click.echo("name some by their numbers, or give --all, to make them due again")
            else:
                click.echo("no dead letters")
            return
        unknown = [one for one in ids if (found := message(db, one)) is None or found["state"] != "dead"]
        if unknown:
            raise Refused(
                f"no dead letter {', '.join(map(str, unknown))}; `policywire alerts retry` lists all there are"
            )
        for one in dict.fromkeys(ids):
            found = message(db, one)
            if found is not None and revive(db, one, now=now):
                click.echo(_letter_line(found))
    click.echo(f"{len(set(ids))} due again; `policywire alerts send` sends them")


def _letter_line(letter: dict[str, Any]) -> str:
    return f"{letter['id']} to {letter['recipient']}: {letter['subject']} (was: {letter['last_error']})"


@alerts.command("test", epilog=examples("policywire alerts test me@example.org"))
@click.argument("address")
@click.pass_context
def send_test(context: click.Context, address: str) -> None:
    """Send a test mail to ADDRESS with the configured server, at once and past the outbox."""
    from alerts.probe import send_probe
    from alerts.smtp import ServerUnusable
    from config import ConfigError, Secrets, check_address
    from jobs.desk import mail_server

    config = config_of(context)
    with told():
        check_address(address)
        try:
            send_probe(mail_server(config), Secrets().password(), address, datetime.now(UTC))
        except ServerUnusable as error:
            raise ConfigError(f"[mail]: no mail could be sent: {error}") from error
    click.echo(f"sent to {address} through {config.mail.host}:{config.mail.port}")
