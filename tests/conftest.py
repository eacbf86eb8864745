"""Set-up that tests share: the demo site, a database that was crawled from it once, an empty one, a postbox."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cli
from demo.site import DemoSite
from tests.db_samples import Desk
from tests.demo_desk import DemoDesk, Done, crawl_all, set_up
from tests.smtp_loopback import Postbox, postbox

Policywire = Callable[..., Done]


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The running demo site; it is the same for all tests and must not be changed."""
    with DemoSite(folder=tmp_path_factory.mktemp("demo-site")) as site:
        yield site


@pytest.fixture(scope="session")
def undisturbed(demo_site: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> DemoDesk:
    """A desk whose crawl of all sources nobody disturbed; read it, and copy it to change it."""
    desk = set_up(tmp_path_factory.mktemp("undisturbed"), demo_site)
    for report in crawl_all(desk):
        assert report["state"] == "ok", report
    return desk


@pytest.fixture
def crawled(undisturbed: DemoDesk, tmp_path: Path) -> DemoDesk:
    """A crawled desk of the test's own."""
    return undisturbed.copy(tmp_path / "desk")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty database; modules that need more on their desk have a fixture of that name of their own."""
    made = Desk(tmp_path / "policywire.db")
    yield made
    made.db.close()


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server on loopback that keeps what it is given."""
    with postbox() as running:
        yield running


@pytest.fixture
def policywire(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Policywire]:
    """Runs the command in this process, `given` on its standard input."""
    handlers = logging.root.handlers[:]

    def run(*arguments: str | Path, given: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["policywire", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return Done(status=int(ended.value.code or 0), out=said.out, err=said.err)

    yield run
    logging.root.handlers[:] = handlers
