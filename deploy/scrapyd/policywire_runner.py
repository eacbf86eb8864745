"""Lets scrapyd run `policywire crawl`: `runner = policywire_runner` in scrapyd.conf, and this folder on PYTHONPATH.

scrapyd calls `python -m policywire_runner crawl SOURCE -s SETTING=… -a ARGUMENT=…` and `… list`. A job's arguments are
the options of `policywire crawl` (`-d since=2026-09-01`), its log goes to the file that scrapyd shows. Scrapy's own
settings are not taken: the configuration file of the machine (POLICYWIRE_CONFIG) says how it crawls.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

OPTIONS = ("since", "until", "section", "query")
"""What a job may say."""
IGNORED = ("_job", "_version")
"""What scrapyd says of the job itself."""


def main(arguments: Sequence[str]) -> int:
    """Do what scrapyd asks for; exit status 0 where the crawl went well."""
    if arguments[:1] == ["list"]:
        from pipeline.sources import TITLES

        print("\n".join(TITLES))
        return 0
    if len(arguments) < 2 or arguments[0] != "crawl":
        print(f"scrapyd may ask for `crawl SOURCE` and `list`, not for {' '.join(arguments)!r}", file=sys.stderr)
        return 2
    settings, given = pairs(arguments[2:], "-s"), pairs(arguments[2:], "-a")
    if unknown := sorted(set(given) - {*OPTIONS, *IGNORED}):
        print(f"a job has no argument {', '.join(unknown)}; known are: {', '.join(OPTIONS)}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "cli"]
    if config := os.environ.get("POLICYWIRE_CONFIG"):
        command += ["--config", config]
    command += ["crawl", "--quiet", *(f"--{name}={value}" for name, value in given.items() if name in OPTIONS)]
    with ExitStack() as stack:
        log = stack.enter_context(Path(settings["LOG_FILE"]).open("ab")) if "LOG_FILE" in settings else None
        process = subprocess.Popen([*command, "--", arguments[1]], stdout=log, stderr=log)
        for number in (signal.SIGTERM, signal.SIGINT):  # the crawl ends cleanly, and we with it
            signal.signal(number, lambda told, _frame: process.send_signal(told))
        return process.wait()


def pairs(arguments: Sequence[str], flag: str) -> dict[str, str]:
    """`-a name=value` as a table."""
    found = (after for before, after in pairwise(arguments) if before == flag)
    return {name: value for name, _, value in (one.partition("=") for one in found)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
