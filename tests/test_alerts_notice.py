"""Mails to the operator: on the same sheet as the others, and nothing that a page says becomes markup in them."""

from __future__ import annotations

from bs4 import BeautifulSoup

from alerts.notice import compose_notice


def test_a_notice_says_what_happened_the_facts_what_to_do_and_where_to_look() -> None:
    made = compose_notice(
        "china_daily has fallen silent",
        facts=(("Last good run", "2026-11-20T04:00:00Z"), ("Failures", 0), ("Reason", None), ("Detail", "")),
        paragraphs=("Nothing new for nine days.", "Look at the listing."),
        links=(("Sources", "http://desk.example.org/sources"), ("Page", "javascript:alert(1)")),
    )
    assert made.subject == "policywire: china_daily has fallen silent"
    for body in (made.text, BeautifulSoup(made.html, "lxml").body.get_text(" ")):
        said = " ".join(body.split())
        for part in ("Last good run", "2026-11-20T04:00:00Z", "Failures", "0", "Nothing new", "Look at the listing."):
            assert part in said, part
        assert "Reason" not in said
        assert "Detail" not in said
    assert [link["href"] for link in BeautifulSoup(made.html, "lxml").find_all("a")] == [
        "http://desk.example.org/sources"
    ]
    assert "javascript" not in made.text


def test_what_a_page_says_is_no_markup_in_a_notice() -> None:
    evil = '<img src=x onerror="alert(1)">\u202e\x00'
    made = compose_notice(
        evil, facts=((evil, evil),), paragraphs=(evil,), links=((evil, 'https://x.example/"onload="y'),)
    )
    page = BeautifulSoup(made.html, "lxml")
    assert page.find_all("img") == []
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert "\u202e" not in made.subject + made.text + made.html
    assert "\x00" not in made.subject + made.text + made.html
