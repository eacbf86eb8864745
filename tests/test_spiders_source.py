"""The table of sources: every address in it is one that the source may contact."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.sites import site_of
from spiders.connect import is_public, split_address
from spiders.crawl import CrawlOptions, check
from spiders.middlewares import allowed_host
from spiders.site import Section, Source
from spiders.source import SOURCES

ALL = list(SOURCES.values())


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.name)
def test_every_section_lies_on_a_host_of_its_source(source: Source) -> None:
    for section in source.sections:
        assert allowed_host(section.url.format(year=2026), source.hosts), section.url
    assert all(source.owns(host) for host in source.hosts)
    names = [section.name for section in source.sections]
    assert len(names) == len(set(names))
    assert any(section.default for section in source.sections)
    assert all(section.floor > 0 for section in source.sections if section.default)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.name)
def test_a_source_is_found_and_read_by_the_two_modules_of_its_name(source: Source) -> None:
    assert SOURCES[source.name] is source
    article = import_module(f"pipeline.articles.{source.name}")
    pages = {site_of(section.url.format(year=2026)) for section in source.sections}
    assert {site.layouts for site in pages} == {article.LAYOUTS}


def test_the_large_sources_have_both_languages() -> None:
    assert {source.name: set(source.languages) for source in ALL} == {
        "china_daily": {"en", "zh"},
        "mofcom": {"zh", "en"},
        "state_council": {"en"},
    }


def test_sections_are_chosen_by_name_and_an_unknown_one_is_named_with_what_there_is() -> None:
    source = SOURCES["china_daily"]
    assert [section.name for section in source.chosen(("world/china-us", "business/money"))] == [
        "world/china-us",
        "business/money",
    ]
    with pytest.raises(ValueError, match="no section 'sports'; it has: business/economy"):
        source.chosen(("sports",))


def extra(url: str, name: str = "xiamen/news") -> Section:
    return Section(name=name, url=url, floor=2, default=True)


def test_a_section_that_the_configuration_adds_brings_its_host_along() -> None:
    source = SOURCES["china_daily"].with_section(extra("http://xiamen.chinadaily.com.cn/news.html"))
    assert "xiamen.chinadaily.com.cn" in source.hosts - SOURCES["china_daily"].hosts
    assert source.chosen(())[-1].name == source.chosen(("xiamen/news",))[0].name == "xiamen/news"
    assert "xiamen.chinadaily.com.cn" not in SOURCES["china_daily"].hosts


@pytest.mark.parametrize(
    "url",
    ["https://xchinadaily.com.cn/a", "https://chinadaily.com.cn.evil.example/", "https://www.mofcom.gov.cn/",
     "https://a@xiamen.chinadaily.com.cn/", "https://xiamen.chinadaily.com.cn:8443/", "ftp://xiamen.chinadaily.com.cn/",
     "https://xiamen.chinadaily.com.cn:x/", "https:///news"],
)  # fmt: skip
def test_a_section_outside_the_domain_of_its_source_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^url: must be http\(s\)://HOST/… with a host of chinadaily\.com\.cn, not"):
        SOURCES["china_daily"].with_section(extra(url))


def test_two_sections_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="name: china_daily has a section 'business/tech' already"):
        SOURCES["china_daily"].with_section(extra("http://xiamen.chinadaily.com.cn/", name="business/tech"))


@pytest.mark.parametrize(
    ("source", "options", "says"),
    [
        ("mofcom", CrawlOptions(query="pears"), "mofcom has no search"),
        ("china_daily", CrawlOptions(query=" "), "at least one word"),
        ("china_daily", CrawlOptions(since=date(2026, 2, 1), until=date(2026, 1, 1)), "lies after"),
        ("china_daily", CrawlOptions(until=date(2026, 1, 1)), "needs --since"),
        ("china_daily", CrawlOptions(sections=("x",)), "no section 'x'"),
        ("china_daily", CrawlOptions(connect_to={"www.example.org": "127.0.0.1:1"}), "is no host:port"),
        ("china_daily", CrawlOptions(ca_file=Path("/no/such/file.pem")), "no certificates .* No such file"),
        ("china_daily", CrawlOptions(ca_file=Path(__file__)), "no certificates"),
        ("china_daily", CrawlOptions(user_agent="desk\r\nX-Evil: 1"), "one line"),
    ],
)
def test_options_that_do_not_fit_are_refused_with_one_line(source: str, options: CrawlOptions, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        check(SOURCES[source], options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://www.chinadaily.com.cn/a",
        "file:///etc/passwd",
        "https://www.chinadaily.com.cn:8443/a",
        "https://www.chinadaily.com.cn:x/a",
        "https://www.chinadaily.com.cn@evil.example/a",
        "https://user:pass@www.chinadaily.com.cn/a",
        "https://evil.example/www.chinadaily.com.cn",
        "https://www.chinadaily.com.cn.evil.example/",
        "https://xwww.chinadaily.com.cn/",
        "//www.chinadaily.com.cn/a",
        "",
    ],
)
def test_what_is_no_plain_address_of_a_listed_host_is_refused(url: str) -> None:
    assert not allowed_host(url, SOURCES["china_daily"].hosts)


def test_a_listed_host_is_allowed_in_any_case_and_on_its_usual_port() -> None:
    hosts = SOURCES["china_daily"].hosts
    for url in (
        "http://www.chinadaily.com.cn/a",
        "https://WWW.ChinaDaily.com.cn:443/a",
        "http://www.chinadaily.com.cn:80",
    ):
        assert allowed_host(url, hosts), url


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0", "::1", "fe80::1%eth0",
     "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00::1"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_addresses_are_split_as_curl_does() -> None:
    assert split_address("WWW.example.org:443") == ("www.example.org", 443)
    assert split_address("[::1]:8443") == ("::1", 8443)
    for bad in ("www.example.org", ":443", "a:0", "a:70000", "a:b"):
        with pytest.raises(ValueError, match="is no host:port"):
            split_address(bad)


def test_the_table_of_sources_costs_no_scrapy() -> None:
    code = "import sys, spiders.source; assert not {'scrapy', 'twisted'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)
