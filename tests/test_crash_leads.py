"""A crawl that is killed on the way to what only a story leads to comes there the next time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.demo_desk import DemoDesk, column, set_up
from tests.spiders_loopback import MOFCOM_HOSTS, Answer, Site, loopback
from tests.test_spiders_mofcom import WWW, article, article_url, publish

LED_TO = article_url("/zcfb/zgdwjjmywg", 777)
DISTINCT = "第{0}号说明只谈{0}号窗口的{0}项手续，与其他各号都不相同。"


def _desk(folder: Path, site: Site) -> DemoDesk:
    lines = "\n".join(f'"{asked}" = "{real}"' for asked, real in site.connect_to(*MOFCOM_HOSTS).items())
    network = f'[network]\ndelay = 0\nca_file = "{site.ca_file}"\n[network.connect_to]\n{lines}\n'
    return set_up(folder, None, rest=network)


def _crawl(desk: DemoDesk) -> subprocess.Popen[bytes]:
    return desk.start("crawl", "mofcom", "--section", "rcxwfb", "--as-of", "2026-11-18")


@pytest.mark.parametrize("way", ["link", "script"])
def test_what_only_a_story_leads_to_is_not_lost(tmp_path: Path, way: str) -> None:
    with loopback(tmp_path) as site:
        publish(site)
        leading = article_url("/xwfb/rcxwfb", 7)
        if way == "link":
            site.add(leading, article("关于说明（7）", f'<a href="{LED_TO}">商务部公告</a>'))
        else:
            site.add(leading, f'<html><body><script>location.href="{LED_TO}"</script></body></html>')
        desk = _desk(tmp_path / "desk", site)
        first = _crawl(desk)
        # the page that it leads to is never answered: the crawl dies while it waits for it
        site.pages[LED_TO] = Answer(b"", before=first.kill)
        first.wait(60)
        assert LED_TO in site.asked, desk.log
        site.add(LED_TO, article("商务部公告2026年第77号", DISTINCT.format(77)))
        assert _crawl(desk).wait(60) == 0, desk.log
    with desk.database() as db:
        stored = set(column(db, "SELECT url FROM articles"))
        assert LED_TO in stored
        assert (leading in stored) == (way == "link")
        assert f"{WWW}/xwfb/rcxwfb" in next(iter(stored - {LED_TO}))
