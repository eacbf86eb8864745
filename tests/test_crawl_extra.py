"""Listings that the configuration adds to a source: crawled like its own, below its own domain only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo_desk import DemoDesk, column, set_up
from tests.spiders_loopback import Site, loopback

XIAMEN = "http://xiamen.chinadaily.com.cn"
INVEST = "https://investinchina.chinadaily.com.cn"
EXTRA = f"""
[[sources.china_daily.extra]]
name = "xiamen/news"
url = "{XIAMEN}/news.html"
floor = 2
max_age_days = 30

[[sources.china_daily.extra]]
name = "invest"
url = "{INVEST}/news"
"""


def desk_for(folder: Path, site: Site | None, extra: str) -> DemoDesk:
    network = ""
    if site is not None:
        hosts = site.connect_to("xiamen.chinadaily.com.cn", "investinchina.chinadaily.com.cn")
        lines = "\n".join(f'"{asked}" = "{real}"' for asked, real in hosts.items())
        network = f'[network]\ndelay = 0\nca_file = "{site.ca_file}"\n[network.connect_to]\n{lines}\n'
    return set_up(folder, None, rest=network + extra)


def micro_story(title: str, text: str) -> str:
    return (
        f"<html><body><h1>{title}</h1><div class='info'>chinadaily.com.cn| Updated: Nov 18, 2026</div>"
        f"<div class='article'><p>{text}</p></div></body></html>"
    )


def test_micro_sites_of_the_configuration_are_crawled(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        site.add(
            f"{XIAMEN}/news.html",
            "<ul><li><a href='2026-11/18/c_600001.htm'>Quay reopens</a></li>"
            "<li><a href='2026-11/17/c_600002.htm'>Tea counted</a></li>"
            "<li><a href='http://sanya.chinadaily.com.cn/2026-11/17/c_600003.htm'>Elsewhere</a></li></ul>",
        )
        slug = f"{INVEST}/s/202611/18/WS6b054a00498e079e68021001/port-fees-fall.html"
        site.add(f"{INVEST}/news", f"<p><a href='{slug}'>Port fees fall</a></p>")
        site.add(f"{XIAMEN}/2026-11/18/c_600001.htm", micro_story("Quay reopens", "The quay on the island is open."))
        site.add(
            f"{XIAMEN}/2026-11/17/c_600002.htm", micro_story("Tea counted", "Tea trees were counted in the hills.")
        )
        site.add(slug, micro_story("Port fees fall", "Fees for small ships fall by half."))
        desk = desk_for(tmp_path / "desk", site, EXTRA)
        sections = ("--section", "xiamen/news", "--section", "invest")
        done = desk.run("crawl", "china_daily", *sections, "--as-of", "2026-11-20")
    assert done.status == 0, done.out + done.err
    assert not any("sanya" in url for url in site.asked)
    with desk.database() as db:
        assert column(db, "SELECT title FROM articles_latest ORDER BY title") == [
            "Port fees fall",
            "Quay reopens",
            "Tea counted",
        ]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (
            '[[sources.mofcom.extra]]\nname = "x"\nurl = "http://xiamen.chinadaily.com.cn/"\n',
            "sources.mofcom.extra[0].url: must be http(s)://HOST/… with a host of mofcom.gov.cn, "
            "not 'http://xiamen.chinadaily.com.cn/'",
        ),
        (
            EXTRA + '[[sources.china_daily.extra]]\nname = "invest"\nurl = "https://govt.chinadaily.com.cn/news"\n',
            "sources.china_daily.extra[2].name: china_daily has a section 'invest' already",
        ),
        (
            '[[sources.china_daily.extra]]\nname = "x y"\nurl = "http://a.chinadaily.com.cn/"\n',
            "sources.china_daily.extra[0].name",
        ),
        (
            '[[sources.china_daily.extra]]\nname = "x"\nurl = "a.chinadaily.com.cn"\n',
            "sources.china_daily.extra[0].url",
        ),
        (
            '[[sources.china_daily.extra]]\nname = "x"\nurl = "http://a.chinadaily.com.cn/"\nflor = 3\n',
            "sources.china_daily.extra[0].flor: unknown key (did you mean 'floor'?)",
        ),
    ],
)
def test_a_listing_that_cannot_be_added_is_told_in_one_line(tmp_path: Path, extra: str, said: str) -> None:
    done = desk_for(tmp_path, None, extra).run("crawl", "mofcom", "--as-of", "2026-11-20")
    assert done.status == 2
    assert said in done.err
    assert len(done.lines) == 1
