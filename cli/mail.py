"""Watch rules and mail: `alerts preview`, `alerts send`, `alerts retry` and `alerts test`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import click

from cli.boundary import Refused, config_of, database, examples, rules_of, told
from logs import log_to_stderr


@click.group(epilog=examples('policywire alerts preview "Export controls" --days 30', "policywire alerts send"))
def alerts() -> None:
    """Watch rules and mail: what a rule would have matched, sending what is due, a test mail."""


@alerts.command(epilog=examples('policywire alerts preview "Export controls" --days 90'))
@click.argument("rule")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back to look.")
@click.pass_context
def preview(context: click.Context, rule: str, days: int) -> None:
    """Show what a rule of the configuration would have matched, and why."""
    from alerts.rules import preview as matches_of

    config = config_of(context)
    with told(), database(config, "ro") as db:
        chosen = next((r for r in rules_of(config) if r.name == rule), None)
        if chosen is None:
            names = ", ".join(repr(r.name) for r in config.rules) or "none"
            raise Refused(f"no rule is named {rule!r}; the configuration has: {names}")
        articles: set[str] = set()
        count = 0
        for match in matches_of(db, chosen, datetime.now(UTC) - timedelta(days=days)):
            count += 1
            articles.add(match.record.get("article_id", match.record["id"]))
            said = (
                match.record["speaker"] + ": " + match.record["text"]
                if match.kind == "quote"
                else match.record["title"]
            )
            click.echo(f"{match.kind}: {said}\n    {match.record['url']}\n    because {'; '.join(match.why)}")
    click.echo(f"{count} matches in {len(articles)} articles: would have sent {len(articles) * len(chosen.to)} mails")


@alerts.command(epilog=examples("policywire alerts send"))
@click.pass_context
def send(context: click.Context) -> None:
    """Send all mail that is due, once, and say how it went; exit status 1 if the server cannot be used."""
    from config import Secrets
    from scheduler import Desk

    config = config_of(context)
    with told():
        log_to_stderr(config.logging.level, config.logging.format)
        with database(config, "ro"):
            pass  # a missing database is told as such and not made
        done = Desk(config=config, password=Secrets().password()).deliver()
    click.echo(f"{done.sent} sent, {done.postponed} postponed, {done.buried} given up")
    if done.error:
        click.echo(f"policywire: mail server: {done.error}", err=True)
    sys.exit(1 if done.error or done.buried else 0)


@alerts.command(epilog=examples("policywire alerts retry", "policywire alerts retry 17 18"))
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@click.pass_context
def retry(context: click.Context, ids: tuple[int, ...]) -> None:
    """Make mails that were given up due again (all of them if none is named); they keep their Message-ID."""
    from db.outbox import dead_letters, revive

    config = config_of(context)
    with told(), database(config, "rw") as db:
        dead = dead_letters(db)
        for letter in dead:
            if not ids or letter["id"] in ids:
                revive(db, letter["id"], now=datetime.now(UTC))
                click.echo(
                    f"{letter['id']} to {letter['recipient']}: {letter['subject']} (was: {letter['last_error']})"
                )
        unknown = sorted(set(ids) - {letter["id"] for letter in dead})
    if unknown:
        raise Refused(f"no dead letter {', '.join(map(str, unknown))}; run `policywire alerts retry` for all there are")
    click.echo(f"{len(ids) or len(dead)} due again; `policywire alerts send` sends them")


@alerts.command("test", epilog=examples("policywire alerts test me@example.org"))
@click.argument("address")
@click.pass_context
def send_test(context: click.Context, address: str) -> None:
    """Send a test mail to ADDRESS with the configured server, at once and past the outbox."""
    from alerts.deliver import ServerUnusable, send_probe
    from config import ConfigError, Secrets, check_address
    from scheduler import mail_server

    config = config_of(context)
    with told():
        check_address(address)
        try:
            send_probe(mail_server(config), Secrets().password(), address, datetime.now(UTC))
        except ServerUnusable as error:
            raise ConfigError(f"[mail]: no mail could be sent: {error}") from error
    click.echo(f"sent to {address} through {config.mail.host}:{config.mail.port}")
