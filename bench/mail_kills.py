#!/usr/bin/env python3
"""Kill -9 the storing and sending of mail again and again, at random and at named moments; look for what is lost.

    python bench/mail_kills.py [--kills 300] [--seed 1]

Prints one JSON object: the `kills` by the point at which they struck, how many articles, matches and different mails
there were, how many `repeats` arrived (each under the Message-ID of the first), and `problems`: a match lost or told by
no mail, something half written, a repeat that says something else. Exit status 0: there is none.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.mail_kills import run_and_look


def main() -> int:
    """Kill, send, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    options = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory(prefix="policywire-mail-kills-") as folder:
        found = run_and_look(Path(folder), kills=options.kills, seed=options.seed)
    told = {"ok": not found.problems, "seed": options.seed, **asdict(found), "seconds": round(time.monotonic() - began)}
    print(json.dumps(told, indent=1))
    return 0 if not found.problems else 1


if __name__ == "__main__":
    sys.exit(main())
