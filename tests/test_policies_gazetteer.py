"""Names of a table in a text: the longest wins, part of a word is no name, small letters are found as well."""

from pipeline.policies.gazetteer import Gazetteer
from pipeline.policies.sentence import Sentence

NAMES = Gazetteer({"Port": 1, "Port Authority": 2, "port ministry": 3, "top port ministry": 4, "the Fens": 5})


def found(text: str) -> list[tuple[str, int]]:
    return [(text[start:stop], entry) for start, stop, entry in NAMES.find(text)]


def test_the_longest_name_at_a_place_wins() -> None:
    assert found("The Port Authority spoke of Port, the top port ministry of the Fens.") == [
        ("Port Authority", 2), ("Port", 1), ("top port ministry", 4), ("the Fens", 5),
    ]  # fmt: skip


def test_names_in_small_letters_are_found_by_what_leads_or_follows_the_word_they_share() -> None:
    names = Gazetteer(
        {"government of the Fens": 1, "government of the Fen Isles": 2, "fen government": 3, "a government": 4}
    )
    text = (
        "government of the Fen Isles, fen government, a government, government of the Fens; government of the Fenland"
    )

    assert [entry for _, _, entry in names.find(text)] == [2, 3, 4, 1]


def test_part_of_a_word_is_no_name() -> None:
    assert found("Ports and an iPort near an airport ministry in bathe Fens") == []


def test_words_within_a_body_are_opaque_to_the_rules() -> None:
    sentence = Sentence("The State Administration for Market Regulation spoke.", 0, 53, None)
    assert "regulation" not in {token.low for token in sentence.tokens}
