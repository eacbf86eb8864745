"""Finds the State Council's English releases: one listing and its pages, newest first.

How sure (2026-11): no page of the site was at hand. [S]: several programs that read it, by different people, agree and
addresses to 2026-10 are quoted elsewhere. [A]: one program says so. What is [A] is not crawled by default.
- [S] `/policies/latestreleases/`, then `page_2.html` and so on; plain HTML, links without a scheme.
- [A] The site's live pages go back to about October 2022; older addresses redirect to its home page.
- [A] /robots.txt is answered with the home page: no rules.
"""

from __future__ import annotations

from datetime import timedelta

from spiders.site import Discovery, Section, Source

SITE = "https://english.www.gov.cn"

SOURCE = Source(
    name="state_council",
    discovery=Discovery,
    domain="english.www.gov.cn",
    hosts=frozenset({"english.www.gov.cn"}),
    sections=(
        Section(name="latest", url=f"{SITE}/policies/latestreleases/", floor=5, default=True, max_age_days=14),
        Section(name="policy-watch", url=f"{SITE}/policies/policywatch/", floor=5),
        Section(name="featured", url=f"{SITE}/policies/featured/", floor=1),
        Section(name="news", url=f"{SITE}/news/", floor=5),
    ),
    delay=3.0,
    every=timedelta(hours=1),
)
