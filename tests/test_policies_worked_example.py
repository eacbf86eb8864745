"""The worked example of the extraction spec comes out as the spec prints it."""

from pathlib import Path

import pytest

from pipeline.model import Article
from pipeline.policies import find_policies

EXAMPLE = Path(__file__).resolve().parents[1].parent / "shared" / "spec" / "examples" / "cgt.txt"


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the spec's examples are not beside this checkout")
def test_the_spec_s_article_gives_its_three_policies() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").strip()
    article = Article(source="china_daily", text=text, published="2024-11-28 10:21")
    by_kind = {record.instrument: record for record in find_policies(article)}
    assert set(by_kind) == {"guideline", "statement", "list"}
    fields = ("issuers", "issued_on", "status", "salience", "action")
    assert [tuple(getattr(by_kind[kind], name) for name in fields) for kind in ("guideline", "statement", "list")] == [
        (("Ministry of Commerce",), "2024-11-21", "issued", "news", "opening"),
        (("Ministry of Commerce",), "2024-09", "issued", "background", "opening"),
        ((), "2021", "issued", "background", "restriction"),
    ]
    assert by_kind["guideline"].title.startswith("a guideline to support Suzhou Industrial Park")
    assert by_kind["guideline"].regions == ("Suzhou, Jiangsu province", "Suzhou Industrial Park")
    assert by_kind["guideline"].sectors == ("biopharmaceutical", "cell and gene therapy")
    assert by_kind["statement"].regions == ("Beijing", "Shanghai", "Guangdong", "Hainan")
    assert by_kind["list"].title == "negative list for foreign investment 2021 edition"
    assert len(by_kind["guideline"].evidence) >= 2
