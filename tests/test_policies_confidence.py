"""How probable a policy record is: between 0 and 1, higher for what has a name, an issuer and a date."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Article
from pipeline.policies import find_policies
from pipeline.policies.tables import rows

SURE = (
    "The Ministry of Commerce issued the Measures for the Administration of Sample Exports on Nov 21.\n\n"
    "The measures take effect on Dec 1, dealers said."
)
DOUBTFUL = "Officials praised the introduction of a pilot program for samples."


def confidences(text: str) -> list[float]:
    article = Article(source="china_daily", text=text, title="", published="2031-11-28 10:21")
    return [record.confidence for record in find_policies(article) if record.confidence is not None]


def test_a_named_dated_instrument_is_surer_than_an_act_as_a_noun() -> None:
    (sure,) = confidences(SURE)
    (doubtful,) = confidences(DOUBTFUL)
    assert sure > 0.9 > doubtful


def test_a_number_is_surest() -> None:
    (numbered,) = confidences("The Ministry of Commerce published licenses in Announcement No 41 of 2031 on Monday.")
    assert numbered > 0.85


@given(st.text(alphabet="TheState CouncilissuedaguidelineonMday.AnouncementNo12of2031 \n", max_size=200))
def test_a_confidence_is_a_probability(text: str) -> None:
    assert all(0 < value < 1.0001 for value in confidences(text))


def test_no_count_is_greater_than_what_was_seen() -> None:
    assert all(0 <= int(row["right"]) <= int(row["seen"]) for row in rows("confidence"))
