"""The command `policywire`: reads its arguments, wires the parts together, says in one line what went wrong.

What is heavy (scrapy, the site) is imported by the command that needs it: `extract` must start at once.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

import click

from cli.archived import archive
from cli.articles import extract, parse
from cli.boundary import examples, one_line
from cli.desk import backup, demo, export, serve
from cli.job import crawl
from cli.mail import alerts
from cli.reprocess import reprocess
from cli.rules import rules
from cli.running import run
from cli.status import status
from cli.upkeep import upkeep
from cli.user import user

VERSION = "0.1.0"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=examples("policywire demo", "policywire crawl mofcom --since 2026-09-01", "policywire status"),
)
@click.version_option(VERSION, prog_name="policywire")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file; else $POLICYWIRE_CONFIG, else ./policywire.toml, else the defaults.",
)
@click.pass_context
def policywire(context: click.Context, config_file: Path | None) -> None:
    """A watch desk for Chinese trade and industry policy: announcements and quoted executives, with their evidence."""
    context.obj = config_file


for _command in (
    demo, crawl, parse, extract, reprocess, run, serve, user, rules, alerts, status, backup, export, archive, upkeep,
):  # fmt: skip
    policywire.add_command(_command)


def main() -> None:
    """Entry point of the console script: what a user can put right is one line on standard error and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=stream.errors)  # what others read on is UTF-8 in every locale
    try:
        sys.exit(policywire.main(prog_name="policywire", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        wanted = f"; see `{error.ctx.command_path} --help`" if error.ctx else ""
        click.echo(f"policywire: {one_line(error.format_message())}{wanted}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # the reader has gone (`policywire extract … | head`); nothing is lost and nobody is there to tell
        _leave_stdout()
        sys.exit(1)
    except OSError as error:
        if error.errno not in _FULL or error.filename is not None:
            raise
        _leave_stdout()
        click.echo(f"policywire: standard output cannot be written ({error.strerror}); make room", err=True)
        sys.exit(2)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _leave_stdout() -> None:
    """Let what is still buffered for standard output go nowhere, so that the interpreter ends without a complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
