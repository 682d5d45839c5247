"""`brink app`: where it listens, and what it says when it cannot."""

from __future__ import annotations

import socket
import sys

import pytest
from click.testing import CliRunner, Result

from sim.commands.main import brink


def app(*words: str) -> Result:
    return CliRunner().invoke(brink, ["app", "--no-browser", *words])


def test_without_the_extra_it_says_in_one_line_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "sim.app.serve", raising=False)
    result = app()
    assert result.exit_code == 2
    assert result.stderr == 'the page needs a few packages more; pip install "brink[app]" installs them\n'


@pytest.fixture
def installed() -> None:
    for needed in ("starlette", "uvicorn", "websockets", "jinja2"):
        pytest.importorskip(needed, reason='the page is not installed; pip install "brink[app]"')


@pytest.mark.usefixtures("installed")
def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = app("--port", str(port))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"cannot listen on 127.0.0.1, port {port}: ")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_it_does_not_listen_to_whatever_it_is_called(host: str) -> None:
    result = app("--host", host)
    assert result.exit_code == 2
    assert "give the name or address by which others reach this machine" in result.stderr


@pytest.mark.usefixtures("installed")
def test_it_answers_to_its_own_names_alone() -> None:
    from sim.app.serve import address, hosts_of

    assert hosts_of("127.0.0.1", 8765) == {"127.0.0.1:8765", "localhost:8765"}
    assert hosts_of("::1", 80) == {"127.0.0.1:80", "localhost:80", "[::1]:80"}
    assert address("::1", 80, "key") == "http://[::1]:80/?token=key"
