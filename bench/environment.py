"""The peers' environment, bench/.peers, made and filled on first use: nothing of theirs is installed with us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PEERS = ROOT / "bench" / ".peers"


def peer_python(name: str) -> Path:
    """Python of the environment, with what bench/peers/requirements-`name`.txt lists installed in it."""
    python, requirements = PEERS / "bin" / "python", ROOT / "bench" / "peers" / f"requirements-{name}.txt"
    done = PEERS / requirements.name
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--upgrade", "pip"], check=True)
    if not done.exists() or done.read_text(encoding="utf-8") != requirements.read_text(encoding="utf-8"):
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(requirements)], check=True)
        done.write_text(requirements.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def one_core() -> dict[str, str]:
    """The environment variables of a peer that would otherwise calculate on several cores."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
