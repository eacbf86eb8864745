"""The peers' environments, bench/.peers/<name>, made on first use: nothing of theirs is installed with us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PEERS = ROOT / "bench" / "peers"
ENVIRONMENTS = ROOT / "bench" / ".peers"


def peer_python(name: str) -> Path:
    """Python of an environment with what bench/peers/`name`/requirements.txt lists; ours where there is no such file.

    Ends the program where the packages cannot be had.
    """
    requirements = PEERS / name / "requirements.txt"
    if not requirements.exists():
        return Path(sys.executable)
    folder = ENVIRONMENTS / name
    python, done = folder / "bin" / "python", folder / "requirements.txt"
    wanted = requirements.read_text(encoding="utf-8")
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        print(f"{folder.relative_to(ROOT)} is being made, once", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "-r", str(requirements)]
        if (run := subprocess.run(install, capture_output=True, text=True, check=False)).returncode:
            raise SystemExit(f"{requirements.relative_to(ROOT)} could not be installed: {run.stderr.strip()[-1000:]}")
        done.write_text(wanted, encoding="utf-8")
    return python


def one_core() -> dict[str, str]:
    """The environment variables of a peer that would otherwise calculate on several cores."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
