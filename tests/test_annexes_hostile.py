"""Files that want to take the reader down cost their own process and nothing else."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from annexes.reading import Limits, read_apart
from demo.files import pdf
from tests.annex_files import drawn_pdf, hostile, zipped

TOLD = {
    "a zip bomb": ("zip", "as bombs are"),
    "a bomb of many members": ("zip", "unpacks to 286 MiB"),
    "a zip of empty files": ("zip", "holds 30,000 files"),
    "a zip that lies about its size": ("zip", "damaged"),
    "a billion laughs in a DOCX": ("docx", "entity amplification"),
    "a billion laughs in an OFD": ("ofd", "declares a document type"),
    "a DOCX of 20,000 tables in each other": ("docx", "Excessive depth"),
    "a sheet of two cells a million rows apart": ("xlsx", "too much memory"),
    "a sheet of a million cells": ("xlsx", "only the first 500,000 cells"),
    "a PDF whose pages hold themselves": ("pdf", "page 1 is damaged"),
    "a PDF form that draws itself": ("pdf", "too much memory"),
    "a PDF page of a gigabyte": ("pdf", "too much memory"),
    "half a PDF": ("pdf", "damaged"),
    "half a workbook": ("zip", "damaged"),
    "random bytes": ("unknown", "no kind of file"),
}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile()


def test_every_hostile_file_is_looked_at(files: dict[str, bytes]) -> None:
    assert set(files) == set(TOLD)


@pytest.mark.parametrize("name", TOLD)
def test_a_hostile_file_ends_with_its_name_said(name: str, files: dict[str, bytes]) -> None:
    kind, why = TOLD[name]
    found = read_apart(files[name])
    assert found.kind == kind
    assert why in (found.why or "")
    assert (found.state == "read") == (name == "a sheet of a million cells")


def test_the_parent_stays_as_small_as_it_was(files: dict[str, bytes]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("a zip bomb", "a sheet of two cells a million rows apart", "a PDF page of a gigabyte"):
        read_apart(files[name])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 32 * 1024  # KiB: an answer may be that large, never what the file unpacks to


def test_a_reader_that_is_late_is_killed_and_says_so() -> None:
    found = read_apart(pdf(["词"]), Limits(wait=0.01))
    assert (found.state, found.why) == ("unreadable", "reading it took longer than 0 seconds")


def test_a_reader_that_computes_for_too_long_is_ended_by_the_system() -> None:
    endless = drawn_pdf(b"BT /F1 1 Tf " + b"1 0 Td (aaaaaaaa) Tj " * 400_000 + b"ET")
    found = read_apart(endless, Limits(processor=1))
    assert (found.kind, found.state) == ("pdf", "unreadable")
    assert found.why == "reading it took more than 1 seconds of processor time"


def test_an_answer_beyond_its_cap_is_no_answer() -> None:
    found = read_apart(zipped([("a.txt", "word " * 50_000)]), Limits(answer=10_000))
    assert (found.kind, found.state) == ("zip", "unreadable")
    assert found.why == "its reader failed, or gave more text than is kept"


def test_the_reading_process_may_not_write_a_file_nor_ask_the_network() -> None:
    code = (
        "import runpy, sys, io\n"
        "sys.argv = ['annexes', '1000000000', '9', '100000']\n"
        "import annexes.__main__ as child\n"
        "child.main(sys.argv[1:])\n"
        "import socket\n"
        "for act in (lambda: open('written', 'w'), lambda: socket.create_connection(('127.0.0.1', 9))):\n"
        "    try:\n"
        "        act()\n"
        "    except PermissionError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"words", capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[2:] == [
        "reading a file may not open",
        "reading a file may not socket.connect",
    ]
