"""Mails as bytes: what the standard library reads back is what was written, and every line fits through any server."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.mime import write_mail

HEADERS = [("From", "Desk 桌 <desk@example.org>"), ("To", "ana@example.org"), ("Subject", "出口管制 and barges, " * 9)]


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "Barges.\n",
        "商务部公告\n" * 40,
        "mostly plain, one é\n" * 30,
        "x" * 5000 + "\n",
        ".\n..\n.dot first\n",
        "a b  \n\tc \n",
        "=20 = =\n",
    ],
    ids=["plain", "chinese", "accent", "long line", "dots", "spaces", "equals"],
)
def test_both_bodies_come_back_as_they_were(text: str) -> None:
    raw = write_mail(HEADERS, text, f"<p>{text}</p>\n")
    message = read(raw)
    assert body(message, "plain") == text
    assert body(message, "html") == f"<p>{text}</p>\n"
    assert message.defects == []
    assert str(message["Subject"]).split() == HEADERS[2][1].split()
    assert str(message["From"]) == HEADERS[0][1]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"), max_size=400))
def test_any_text_goes_in_seven_bits_and_short_lines(text: str) -> None:
    raw = write_mail([("Subject", "x")], text, None)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert body(read(raw), "plain") == (text if text.endswith("\n") else f"{text}\n")


@given(st.text(st.characters(blacklist_categories=("C", "Z"), whitelist_characters=" "), min_size=1, max_size=150))
def test_any_subject_comes_back_and_makes_no_other_header(text: str) -> None:
    subject = " ".join(text.split())
    raw = write_mail([("Subject", subject), ("To", "ana@example.org")], "x\n", None)
    head = raw.partition(b"\r\n\r\n")[0]
    assert raw.isascii()
    message = read(raw)
    assert str(message["Subject"]) == subject
    assert sorted(message.keys()) == ["Content-Transfer-Encoding", "Content-Type", "MIME-Version", "Subject", "To"]
    assert all(line.partition(b":")[1] or line[:1] == b" " for line in head.split(b"\r\n"))


@pytest.mark.parametrize("value", ["a\r\nBcc: x@example.org", "a\nb", "a\x00b", "a\u2028b"])
def test_what_would_break_a_header_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="the header Subject holds what no header may"):
        write_mail([("Subject", value)], "x\n", None)


def test_what_looks_like_an_encoded_word_is_shown_as_it_stands() -> None:
    message = read(write_mail([("Subject", "=?utf-8?q?=0D=0ABcc:_x@example.org?=")], "x\n", None))
    assert str(message["Subject"]) == "=?utf-8?q?=0D=0ABcc:_x@example.org?="
    assert message["Bcc"] is None


def test_addresses_beyond_ascii_want_a_server_that_takes_them() -> None:
    with pytest.raises(ValueError, match="SMTPUTF8"):
        write_mail([("To", "läser@example.org")], "x\n", None)
    raw = write_mail([("To", "läser@example.org")], "x\n", None, utf8=True)
    assert "To: läser@example.org".encode() in raw
