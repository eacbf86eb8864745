"""Whether the parsers have stopped reading what they read: the share of newest pages of one shape that they refuse."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from urllib.parse import urlsplit

from db.health.limits import Limits
from db.health.model import HealthState, PageRead, Seen, Verdict


def shape_of(url: str) -> str:
    """Host and first part of the path with numbers folded: `www.chinadaily.com.cn/a`."""
    parts = urlsplit(url)
    first = parts.path.strip("/").split("/")[0] if parts.path.count("/") > 1 else ""
    return f"{(parts.hostname or '').lower()}/{re.sub(r'[0-9]+', 'N', first)}"[:120]


def judge_layouts(pages: Sequence[PageRead], limits: Limits, standing: HealthState) -> Verdict | None:
    """The shape of which most of the newest pages could not be read, if there is one; `pages` are newest first."""
    shapes: dict[str, list[PageRead]] = defaultdict(list)
    for page in pages:
        if len(shapes[page.shape]) < limits.layout_pages:
            shapes[page.shape].append(page)
    changed = standing == "changed_layout"
    bad = {shape: held for shape, held in shapes.items() if _is_bad(held, limits, changed=changed)}
    if not bad:
        return None
    shape, held = max(bad.items(), key=lambda one: sum(page.failed for page in one[1]))
    return _verdict(shape, held)


def _is_bad(pages: Sequence[PageRead], limits: Limits, *, changed: bool) -> bool:
    """Whether most of the newest pages have failed, and of the newest few; once told, until those few are all read."""
    few = pages[: limits.layout_newest // 2]
    if sum(page.failed for page in pages) < limits.layout_least:
        return False
    if changed:
        return _share(few) >= limits.layout_until
    return min(_share(few), _share(pages[: limits.layout_newest])) >= limits.layout_share


def _share(pages: Sequence[PageRead]) -> float:
    return sum(page.failed for page in pages) / len(pages)


def _verdict(shape: str, pages: Sequence[PageRead]) -> Verdict:
    failed = [page for page in pages if page.failed]
    selector = Counter(page.selector for page in failed).most_common(1)[0][0]
    layout = next((page.layout for page in pages if page.layout), None)
    first = failed[-1]
    before = [page for page in pages[pages.index(first) + 1 :] if not page.failed] or [
        page for page in pages if not page.failed
    ]
    named = f" (layout {layout})" if layout else ""
    return Verdict(
        state="changed_layout",
        reasons=(f"{len(failed)} of the last {len(pages)} pages of {shape}{named} could not be read: {selector}",),
        layout=layout or shape,
        selector=selector,
        last_good=Seen(url=before[0].url, page=before[0].page) if before else None,
        first_bad=Seen(url=first.url, page=first.page),
    )
