"""Charts of what bench/results holds, as SVG that is the same for the same figures, byte for byte.

White ground and dark ink, so that they read on a light page and on a dark one; the digest of what was drawn stands in
the file, by which a test sees that a chart is older than its figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

Figures = Mapping[str, Any]
_INK: Final = "#24292f"
_LINE: Final = ("#0969da", "#bc4c00", "#1a7f37", "#8250df")
_SIZE: Final = (5.2, 3.4)


def charts_of(
    results: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, Figures, Callable[[Any, Figures], None]]]:
    """Name, figures and pen of every chart that the results allow."""
    growth = results.get("growth", {}).get("figures")
    if growth:
        for name, cost in growth["costs"].items():
            yield f"growth-{name}", {"sizes": growth["sizes"], **cost}, _growth
    longest = "memory" if "memory" in results else "scale"
    memory = results.get(longest, {}).get("figures", {}).get("memory")
    if memory and "samples" in memory:
        yield "memory", memory, _memory


def digest(name: str, figures: Figures) -> str:
    """Of what is drawn."""
    return hashlib.sha256(json.dumps([name, figures], sort_keys=True).encode()).hexdigest()[:16]


def draw_all(results: Mapping[str, Mapping[str, Any]], folder: Path) -> Iterator[Path]:
    """Draw the charts that are not there, or of other figures; those drawn."""
    for name, figures, pen in charts_of(results):
        path = folder / f"{name}.svg"
        if not path.exists() or digest(name, figures) not in path.read_text(encoding="utf-8"):
            folder.mkdir(parents=True, exist_ok=True)
            draw(path, name, figures, pen)
            yield path


def draw(path: Path, name: str, figures: Figures, pen: Callable[[Any, Figures], None]) -> None:
    """One chart."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    style = {
        "svg.hashsalt": name, "svg.fonttype": "path", "font.size": 9, "text.color": _INK, "axes.labelcolor": _INK,
        "axes.edgecolor": "#8c959f", "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
        "axes.spines.right": False, "axes.grid": True, "grid.color": "#d0d7de", "grid.linewidth": 0.6,
        "legend.frameon": False, "figure.facecolor": "white", "axes.facecolor": "white",
    }  # fmt: skip
    with mpl.rc_context(style):
        figure, axes = pyplot.subplots(figsize=_SIZE, layout="constrained")
        pen(axes, figures)
        told = {"Date": None, "Creator": None, "Description": f"policywire bench {digest(name, figures)}"}
        figure.savefig(path, format="svg", metadata=told)
        pyplot.close(figure)


def _growth(axes: Any, figures: Figures) -> None:
    """What a job costs against the number of articles, both on logarithmic axes."""
    sizes, values = figures["sizes"], figures["values"]
    axes.loglog(
        sizes, values, "o-", color=_LINE[0], linewidth=1.8, label=f"measured: grows as n^{figures['exponent']:.2f}"
    )
    linear = [values[0] * size / sizes[0] for size in sizes]
    axes.loglog(sizes, linear, ":", color="#8c959f", linewidth=1.2, label="were it to grow as n")
    axes.set_title(figures["says"], fontsize=10, loc="left", color=_INK)
    axes.set_xlabel("articles in the database")
    axes.set_ylabel(figures["unit"])
    axes.set_ylim(min(values) / 3, max(max(values) * 30, min(values) * 100))
    axes.legend(loc="upper left")


def _memory(axes: Any, figures: Figures) -> None:
    """Memory while pages are read, one line a run."""
    for colour, pages, samples in zip(_LINE, figures["pages"], figures["samples"], strict=False):
        done = [100 * at / max(1, len(samples) - 1) for at in range(len(samples))]
        axes.plot(done, samples, color=colour, linewidth=1.5, label=f"{pages:,} pages")
    axes.set_title("Memory of all processes of a reprocess", fontsize=10, loc="left", color=_INK)
    axes.set_xlabel("per cent of its time")
    axes.set_ylabel("MiB")
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower right")
