"""Watch rules of the site: `rules list`, `rules export`, `rules import` and `rules check`."""

from __future__ import annotations

import getpass
import json
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.boundary import Refused, config_of, configured_rules, database, examples, keep_rules, told

if TYPE_CHECKING:
    from sqlite_utils import Database

    from alerts.rules import Rule
    from db.rules import StoredRule


@click.group(
    epilog=examples(
        "policywire rules list",
        "policywire rules export > rules.toml",
        "policywire rules import rules.toml --owner ana",
    )
)
def rules() -> None:
    """Watch rules: which there are, out of the site as TOML and into it, and what is wrong with any."""


@rules.command("list", epilog=examples("policywire rules list", "policywire rules list --json | jq '.[].name'"))
@click.option("--json", "as_json", is_flag=True, help="One JSON list for machines.")
@click.pass_context
def list_rules(context: click.Context, as_json: bool) -> None:
    """Show every rule: number, name, owner, when it sends and to whom, and what it did in 30 days."""
    from alerts.rules import rule_of
    from db.matches import figures
    from db.rules import rules_in_service
    from db.unsubscriptions import unsubscribed

    config = config_of(context)
    now = datetime.now(UTC)
    with told(), database(config, "rw") as db:
        keep_rules(config, db)
        found = [(one, figures(db, one.id, since=now - timedelta(days=30))) for one in rules_in_service(db)]
        left = {one.id: unsubscribed(db, one.id) for one, _did in found}
    if as_json:
        shown = [
            {
                "id": one.id, "owner": one.owner, **one.settings, "works": rule_of(one.settings).works(now),
                "last_match_at": did.last_match_at, "matches_30d": did.matches, "waiting": did.waiting,
                "unsubscribed": [gone.recipient for gone in left[one.id]],
            }
            for one, did in found
        ]  # fmt: skip
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for one, did in found:
        rule = rule_of(one.settings)
        state = "" if rule.works(now) else f", paused{f' until {rule.resumes_on}' if rule.resumes_on else ''}"
        click.echo(f"{one.id:5}  {rule.name}  ({one.owner}{state})")
        click.echo(f"       {_when(rule)} to {', '.join(rule.to)}")
        click.echo(
            f"       {did.matches} matches in 30 days, last {did.last_match_at or 'never'}, {did.waiting} waiting"
        )
        for gone in left[one.id]:
            click.echo(f"       {gone.recipient} has unsubscribed {gone.left_at} (`policywire rules readmit`)")
    if not found:
        click.echo("no rules yet: `policywire rules import FILE`, [[rules]] in policywire.toml, or /rules on the site")


@rules.command(epilog=examples("policywire rules readmit 7 ben@example.org"))
@click.argument("rule", type=click.IntRange(min=1))
@click.argument("address")
@click.pass_context
def readmit(context: click.Context, rule: int, address: str) -> None:
    """Let in again the recipient ADDRESS, who has left RULE (its number) by the link in its mails."""
    from db.rules import stored_rule
    from db.unsubscriptions import let_in_again, unsubscribed

    config = config_of(context)
    with told(), database(config, "rw") as db:
        if stored_rule(db, rule) is None:
            raise Refused(f"there is no rule {rule}; see `policywire rules list`")
        if not let_in_again(db, rule, address, by=_me(), now=datetime.now(UTC)):
            gone = ", ".join(one.recipient for one in unsubscribed(db, rule)) or "nobody"
            raise Refused(f"{address} has not unsubscribed from rule {rule}; {gone} has")
    click.echo(f"{address} is told again by rule {rule}, from the next match on")


@rules.command(epilog=examples("policywire rules export > rules.toml", "policywire rules export --owner ana"))
@click.option("--owner", help="Only the rules of this owner.")
@click.pass_context
def export(context: click.Context, owner: str | None) -> None:
    """Write the site's rules as TOML to standard output. Those of the configuration stand in their own file."""
    import tomli_w

    from db.rules import CONFIGURATION, rules_in_service

    config = config_of(context)
    with told(), database(config, "ro") as db:
        found = [one for one in rules_in_service(db) if one.origin != CONFIGURATION and owner in (None, one.owner)]
    if owner is not None and not found:
        raise Refused(f"{owner} has no rules on the site; see `policywire rules list`")
    click.echo(tomli_w.dumps({"rules": [{"owner": one.owner, **one.settings} for one in found]}), nl=False)


@rules.command("import", epilog=examples("policywire rules import rules.toml", "policywire rules import - --owner ana"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--owner", help="Whose the rules are that name no owner; else whoever runs this.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.pass_context
def import_rules(context: click.Context, file: Path, owner: str | None, dry_run: bool) -> None:
    """Bring the rules of FILE into the site: new ones are made, others of the same owner and name are changed.

    All of them or none. Rules that FILE does not have are left as they are.
    """
    from db import transaction

    config = config_of(context)
    done = {"made": 0, "changed": 0, "the same": 0}
    with told():
        given = _rules_in(file)
        with database(config, "rw") as db, suppress(_OnlyTried), transaction(db):
            for rule, whose in given:
                done[_bring_in(db, rule, whose or owner or _me())] += 1
            if dry_run:
                raise _OnlyTried
    said = ", ".join(f"{number} {what}" for what, number in done.items())
    click.echo(f"{said}{' (nothing was done)' if dry_run else ''}")


class _OnlyTried(Exception):
    """Takes everything back that was done to try it."""


@rules.command(epilog=examples("policywire rules check", "policywire rules check rules.toml"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_context
def check(context: click.Context, file: Path | None) -> None:
    """Say what is wrong with the rules of FILE, or with all of the configuration and the site; exit status 1 if any."""
    from alerts.rules import faults, rule_of
    from db.rules import CONFIGURATION, rules_in_service

    config = config_of(context)
    with told():
        if file is not None:
            checked = [rule for rule, _whose in _rules_in(file, checked=False)]
        else:
            # of the configuration what stands in its file now, not what was brought in when something last ran
            checked = list(configured_rules(config))
            with database(config, "ro") as db:
                checked += [rule_of(one.settings) for one in rules_in_service(db) if one.origin != CONFIGURATION]
    wrong = [(rule, fault) for rule in checked for fault in faults(rule)]
    for rule, fault in wrong:
        click.echo(f"rule {rule.name!r}: {fault.field}: {fault.message}")
    click.echo(f"{len(checked)} rules, {len({rule.name for rule, _fault in wrong}) or 'nothing'} wrong")
    sys.exit(1 if wrong else 0)


def _rules_in(file: Path, *, checked: bool = True) -> list[tuple[Rule, str | None]]:
    """The rules of a file (`-`: standard input) and whose they are. Raises ConfigError and RuleError."""
    from alerts.rules import Rule, check_rules
    from config import load_rules

    found = []
    for settings in load_rules(Path("/dev/stdin") if str(file) == "-" else file):
        values: dict[str, Any] = settings.model_dump()
        whose = values.pop("owner")
        found.append((Rule(**values), whose))
    if checked:
        check_rules(rule for rule, _whose in found)
    return found


def _bring_in(db: Database, rule: Rule, owner: str) -> str:
    from alerts.rules import MOST_RULES, settings_of
    from db.rules import CONFIGURATION, RuleConflict, add_rule, change_rule, rules_named

    if owner.casefold() == CONFIGURATION:
        raise Refused(f"rule {rule.name!r}: {CONFIGURATION} is no owner: those rules stand in policywire.toml")
    there: StoredRule | None = next(
        (one for one in rules_named(db, rule.name) if one.owner == owner and one.origin != CONFIGURATION), None
    )
    now = datetime.now(UTC)
    if there is not None:
        changed = change_rule(db, there.id, settings_of(rule), by=_me(), now=now)
        return "changed" if changed else "the same"
    try:
        add_rule(db, settings_of(rule), owner=owner, by=_me(), now=now, most=MOST_RULES)
    except RuleConflict as error:
        raise Refused(str(error)) from error
    return "made"


def _me() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this user id on the machine, as in a container
        return "operator"


def _when(rule: Rule) -> str:
    if rule.frequency == "daily":
        return f"daily at {rule.at} {rule.zone}"
    if rule.frequency == "weekly":
        return f"weekly on {rule.weekday} at {rule.at} {rule.zone}"
    return rule.frequency
