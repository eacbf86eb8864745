"""Puts what bench/results holds between marks in the docs: tables, charts, single figures; nothing is typed by hand.

`<!-- bench:NAME -->…<!-- /bench -->` holds the block NAME (`BLOCKS`, `bench/tables.toml`), and
`<!-- bench:pipeline.parse_ms -->…<!-- /bench -->` one figure of one result. Only what stands between marks is replaced.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bench.machine import BUSY
from bench.peer_tables import body_table, page_table, quote_table, settings_table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
CHARTS = ROOT / "docs" / "img" / "bench"
_MARKED: Final = re.compile(r"<!-- bench:([\w.]+) -->(.*?)<!-- /bench -->", re.DOTALL)

Results = Mapping[str, Mapping[str, Any]]
"""By the bench's name, what its file holds."""


def results_in(folder: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """Every result that is kept."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def pages() -> list[Path]:
    """The pages that may hold marks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def render_all() -> Iterator[Path]:
    """Draw every chart, write every page that has changed; the pages and charts written."""
    from bench.charts import draw_all

    results = results_in()
    yield from draw_all(results, CHARTS)
    for path in pages():
        text = path.read_text(encoding="utf-8")
        new = rendered(text, results)
        if new != text:
            path.write_text(new, encoding="utf-8")
            yield path


def rendered(text: str, results: Results) -> str:
    """A page with what its marks ask for between them; ValueError for a mark that asks for what there is not."""

    def put(found: re.Match[str]) -> str:
        name = found[1]
        if "." in name:
            said = one_figure(name, results)
        else:
            if name not in BLOCKS:
                raise ValueError(f"no block is called {name}; there are: {', '.join(BLOCKS)}")
            said = f"\n{BLOCKS[name](results).strip()}\n"
        return f"<!-- bench:{name} -->{said}<!-- /bench -->"

    return _MARKED.sub(put, text)


def one_figure(name: str, results: Results) -> str:
    """`pipeline.parse_ms` as it is printed."""
    bench, *path = name.split(".")
    value: Any = results.get(bench, {}).get("figures")
    for part in path:
        if isinstance(value, list) and part.lstrip("-").isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return "?" if value is None else printed(value)


def printed(value: Any) -> str:
    """Three digits that count; whole numbers whole."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, int) or (isinstance(value, float) and abs(value) >= 100):
        return f"{value:,.0f}"
    if isinstance(value, float):
        return f"{float(f'{value:.3g}'):.10g}"
    return str(value)


# -- blocks -----------------------------------------------------------------------------------------------------------


def _machine(results: Results) -> str:
    """On what, when, at which commit; and which results come from a busy machine."""
    lines, told = [], {}
    for name, one in results.items():
        told.setdefault(
            (one["date"], one["commit"], json.dumps(one["machine"]), json.dumps(one["versions"])), []
        ).append(name)
    for (date, commit, machine, versions), names in sorted(told.items()):
        m, v = json.loads(machine), json.loads(versions)
        which = "all benches" if len(told) == 1 else ", ".join(f"`{name}`" for name in names)
        lines.append(
            f"- {date}, commit `{commit}`, {m['processor']}, {m['cores']} cores, {m['memory_gib']:.0f} GiB, "
            f"{m['kernel']}; {', '.join(f'{name} {number}' for name, number in v.items())}: {which}."
        )
    for name, one in results.items():
        if said := [warning for warning in one["warnings"] if not warning.startswith("busy")]:
            lines.append(f"- `{name}`: {'; '.join(said)}.")
    busy = [(name, one["processors_of_others"]) for name, one in results.items() if one["processors_of_others"] > BUSY]
    if busy:
        names = ", ".join(f"`{name}` ({took:.1f})" for name, took in busy)
        lines.append(f"- Other programs took part of the processors while these ran: {names}.")
    return "\n".join(lines) or "Nothing was measured yet: `make bench`."


def _aims(results: Results) -> str:
    """Every figure that has an aim or a floor, with what was printed."""
    floors = json.loads((ROOT / "bench" / "floors_speed.json").read_text(encoding="utf-8"))["usual"]
    lines = ["| | aim | printed | CI's floor or limit |", "| --- | --- | --- | --- |"]
    for key, floor in floors.items():
        if "aim" not in floor:
            continue
        value = one_figure(key, results)
        least = "least" in floor
        met = value != "?" and (float(value.replace(",", "")) >= floor["aim"]) == least
        aim = f"at {'least' if least else 'most'} {printed(floor['aim'])}"
        bound = printed(floor["least" if least else "most"])
        told = "not measured yet" if value == "?" else f"**{value}**" if met else f"{value}, missed"
        lines.append(f"| `{key}` | {aim} | {told} | {bound} |")
    return "\n".join(lines)


def _plain(rows: list[list[str]], bench: str) -> Callable[[Results], str]:
    """A table of single figures: label, name of the figure, unit."""

    def table(results: Results) -> str:
        if bench not in results:
            return _not_yet(bench)
        lines = [f"`{results[bench]['command']}` printed", "", "| | |", "| --- | --- |"]
        for label, figure, unit in rows:
            lines.append(f"| {label} | {one_figure(f'{bench}.{figure}', results)}{f' {unit}' if unit else ''} |")
        return "\n".join(lines)

    return table


def _not_yet(bench: str) -> str:
    return f"*Not measured yet: `python bench/run.py {bench}`.*"


def _growth(results: Results) -> str:
    """One table of all jobs, one chart each."""
    if "growth" not in results:
        return _not_yet("growth")
    figures = results["growth"]["figures"]
    sizes = figures["sizes"]
    lines = [
        f"`{results['growth']['command']}` printed",
        "",
        f"| | {' | '.join(f'{size:,} articles' for size in sizes)} | grows as |",
        f"| --- |{' --- |' * (len(sizes) + 1)}",
        f"| database | {' | '.join(f'{printed(mb)} MB' for mb in figures['database_mb'])} | |",
    ]
    for name, cost in figures["costs"].items():
        values = " | ".join(printed(value) for value in cost["values"])
        lines.append(f"| {cost['says']}, {cost['unit']} | {values} | n^{cost['exponent']:.2f} |")
        del name
    lines += ["", *_pictures([(f"growth-{name}", cost["says"]) for name, cost in figures["costs"].items()])]
    return "\n".join(lines)


def _pictures(charts: list[tuple[str, str]]) -> Iterator[str]:
    """Charts, two in a row."""
    yield "| | |"
    yield "| --- | --- |"
    for at in range(0, len(charts), 2):
        cells = [f"![{says}](img/bench/{name}.svg)" for name, says in charts[at : at + 2]]
        yield f"| {' | '.join(cells)} |" if len(cells) == 2 else f"| {cells[0]} | |"


def _scale(results: Results) -> str:
    """Engines beside each other, and memory."""
    if "scale" not in results:
        return _not_yet("scale")
    figures = results["scale"]["figures"]
    lines = [
        f"`{results['scale']['command']}` printed, over {figures['pages']:,} pages, into an empty database:",
        "",
        "| engine | seconds | processor seconds | pages a second | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for engine in figures["engines"].values():
        lines.append(
            f"| `reprocess {engine['options']}` | {printed(engine['seconds'])} | {printed(engine['cpu_seconds'])} | "
            f"{printed(engine['pages_per_second'])} | {engine.get('says', '')} |"
        )
    if "memory" in figures:
        lines += ["", f"Peak memory of all processes together: {_peaks(figures['memory'])}."]
    if "memory" in results:
        longer = results["memory"]
        told = f"`{longer['command']}` printed, at commit `{longer['commit']}`"
        lines += ["", f"{told}: {_peaks(longer['figures']['memory'])}."]
    if "memory" in figures or "memory" in results:
        lines += ["", "![Memory](img/bench/memory.svg)"]
    return "\n".join(lines)


def _peaks(memory: Mapping[str, Any]) -> str:
    told = zip(memory["pages"], memory["peak_mib"], strict=True)
    return ", ".join(f"{peak:,.0f} MiB over {pages:,} pages" for pages, peak in told)


def _site(results: Results) -> str:
    """Pages of the site by kind."""
    if "site" not in results:
        return _not_yet("site")
    figures = results["site"]["figures"]
    lines = [
        f"`{results['site']['command']}` printed, of {figures['rows']['articles']:,} articles, {figures['readers']} "
        f"readers and {figures['asked']:,} pages, of which {figures['errors']} failed:",
        "",
        "| | median | 95 in 100 within |",
        "| --- | --- | --- |",
        f"| all pages | **{printed(figures['p50_ms'])} ms** | **{printed(figures['p95_ms'])} ms** |",
    ]
    rows = [*figures["pages"].items(), ("one reader alone, without a pause", figures["one_reader"])]
    lines += [f"| {kind} | {printed(one['p50_ms'])} ms | {printed(one['p95_ms'])} ms |" for kind, one in rows]
    return "\n".join(lines)


def _export(results: Results) -> str:
    """The formats beside each other."""
    if "export" not in results:
        return _not_yet("export")
    lines = [
        f"`{results['export']['command']}` printed",
        "",
        "| format | rows | seconds | MB | memory at a tenth of the rows | at the end |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in results["export"]["figures"]:
        first, *_, last = one["rss_mib"]
        lines.append(
            f"| {one['format']} | {one['rows']:,} | {one['seconds']} | {one['bytes'] / 1e6:,.0f} | {first:.0f} MiB | "
            f"{last:.0f} MiB |"
        )
    return "\n".join(lines)


def _peers(table: Callable[[Mapping[str, Any]], str]) -> Callable[[Results], str]:
    """One of the tables of bench/peer_tables.py."""
    return lambda results: table(results["peers"]["figures"]) if "peers" in results else _not_yet("peers")


def _news_year(results: Results) -> str:
    """What a year of Common Crawl's news would take."""
    from bench.news_year import table

    return table(results)


def _commands(_: Results) -> str:
    """Every bench, its usual command and its long one."""
    from bench.benches import BENCHES
    from bench.run import command

    lines = ["| bench | `make bench` runs | in full |", "| --- | --- | --- |"]
    for one in BENCHES:
        usual = "–" if one.usual is None else f"`{command(one, one.usual)}`"
        full = f"`{command(one, one.full)}`" if one.full and one.full != one.usual else "the same"
        lines.append(f"| {one.says} | {usual} | {full} |")
    return "\n".join(lines)


def _tables() -> Iterator[tuple[str, Callable[[Results], str]]]:
    """The plain tables that bench/tables.toml describes."""
    described = tomllib.loads((ROOT / "bench" / "tables.toml").read_text(encoding="utf-8"))
    for name, table in described.items():
        yield name, _plain(table["rows"], table.get("bench", name))


BLOCKS: Final[Mapping[str, Callable[[Results], str]]] = {
    "machine": _machine,
    "aims": _aims,
    "commands": _commands,
    "growth": _growth,
    "scale": _scale,
    "site": _site,
    "export": _export,
    "peers_pages": _peers(page_table),
    "peers_quotes": _peers(quote_table),
    "peers_bodies": _peers(body_table),
    "peers_settings": _peers(settings_table),
    "news_year": _news_year,
    **dict(_tables()),
}
