"""The shape of the project: who may import whom, what is packaged, whose names are free."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    "pipeline", "annexes", "readers", "spiders", "archive", "db", "alerts", "web", "demo", "cli", "config", "ingest",
    "logs", "scheduler", "jobs",
)  # fmt: skip
EVERYTHING = frozenset(OURS)
MAY_IMPORT: dict[str, frozenset[str]] = {
    "pipeline": frozenset({"pipeline"}),
    "annexes": frozenset({"annexes", "pipeline", "db"}),
    "readers": frozenset({"readers", "pipeline"}),
    "spiders": frozenset({"spiders", "pipeline"}),
    "archive": frozenset({"archive", "pipeline"}),
    "db": frozenset({"db", "pipeline"}),
    "alerts": frozenset({"alerts", "db", "pipeline.model", "pipeline.sources"}),
    "web": frozenset({"web", "db", "alerts", "pipeline.model", "pipeline.sources"}),
    "ingest": frozenset({"ingest", "pipeline", "annexes", "readers", "archive", "db"}),
    "config": frozenset(),
    "logs": frozenset(),
    "demo": EVERYTHING - {"cli", "scheduler"},
    "jobs": EVERYTHING - {"cli", "demo", "scheduler"},
    "scheduler": EVERYTHING - {"cli", "demo"},
    "cli": EVERYTHING,
}
CONFIG_READERS = {"scheduler", "jobs", "cli", "demo"}


def _modules() -> list[Path]:
    files = [path for name in OURS for path in (ROOT / name).rglob("*.py")]
    return sorted(files + [ROOT / f"{name}.py" for name in OURS if (ROOT / f"{name}.py").exists()])


def _imports(path: Path) -> set[str]:
    """Dotted names of our own modules that the file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


def _allowed(imported: str, allowed: frozenset[str]) -> bool:
    return any(imported == name or imported.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_the_table_allows(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    wrong = sorted(name for name in _imports(path) if not _allowed(name, MAY_IMPORT[part]))
    if part not in CONFIG_READERS:
        wrong += sorted(name for name in _imports(path) if name.split(".")[0] == "config")
    assert wrong == []


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [str(p.relative_to(ROOT)) for p in _modules() if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []


def test_the_package_holds_exactly_our_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert sorted(name.removesuffix(".py") for name in listed) == sorted(OURS)


def test_no_other_distribution_provides_one_of_our_names() -> None:
    taken = {
        name: [d for d in dists if d != "policywire"]
        for name, dists in metadata.packages_distributions().items()
        if name in OURS
    }
    assert {name: dists for name, dists in taken.items() if dists} == {}


def test_constraints_pin_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if line and not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert wrong == []


def test_every_dependency_has_its_line_of_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [d for extra in project["optional-dependencies"].values() for d in extra]
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=\[;]", dependency)[0].strip() for dependency in wanted]
    assert [name for name in names if f"`{name}`" not in reasons] == []


def test_extract_loads_neither_scrapy_nor_the_site() -> None:
    code = (
        "import sys, cli, pipeline.extract\n"
        "heavy = {'scrapy', 'twisted', 'datasette', 'starlette', 'sqlite_utils', 'apscheduler'}\n"
        "heavy |= {'web', 'spiders', 'db', 'demo'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
