"""Settings of this machine about trust that can't work: said, and never what ends a check."""

import os
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from pinned_tui.api_spec.routes import parse_base_url
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.client.network_env import survey, tls_context
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome, Session
from tests.checks.follower import Follower

LOCAL, REMOTE = parse_base_url("http://127.0.0.1:8000"), parse_base_url("https://pinned.events")

Make = Callable[[Path], str]


def _written(content: bytes) -> Make:
    def make(folder: Path) -> str:
        (folder / "ca.pem").write_bytes(content)
        return str(folder / "ca.pem")

    return make


def _pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe")
    return str(folder / "pipe")


def _socket(folder: Path) -> str:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s"))
    return str(folder / "s")


def _link_to_itself(folder: Path) -> str:
    (folder / "loop").symlink_to(folder / "loop")
    return str(folder / "loop")


def _closed(folder: Path) -> str:
    (folder / "closed").mkdir()
    (folder / "closed" / "ca.pem").write_bytes(b"-")
    (folder / "closed").chmod(0)
    return str(folder / "closed" / "ca.pem")


def _open_again(folder: Path) -> None:
    """Let the folder be removed after the test."""
    if (folder / "closed").exists():
        (folder / "closed").chmod(0o700)


def _huge(folder: Path) -> str:
    with (folder / "huge").open("wb") as file:
        file.truncate(1 << 40)
    return str(folder / "huge")


UNUSABLE: dict[str, Make] = {
    "missing": lambda folder: str(folder / "missing.pem"),
    "in a missing folder": lambda folder: str(folder / "no" / "such" / "ca.pem"),
    "below a file": lambda folder: f"{_written(b'x')(folder)}/ca.pem",
    "a folder": str,
    "empty": _written(b""),
    "not PEM": _written(b"\x00\x01binary"),
    "PEM that is broken": _written(b"-----BEGIN CERTIFICATE-----\nnope\n-----END CERTIFICATE-----"),
    "a name that is too long": lambda folder: str(folder / ("x" * 5000)),
    "in a closed folder": _closed,
    "a link to itself": _link_to_itself,
    "a device": lambda _folder: os.devnull,
    "an endless device": lambda _folder: "/dev/zero",
    "a pipe that nobody writes to": _pipe,
    "a socket": _socket,
    "larger than any": _huge,
}

posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


async def checked(sandbox: Sandbox, environ: dict[str, str]) -> Session:
    secret = sandbox.situation.secret
    assert secret is not None
    ask, clock = RawCheckRequest(Secret(secret.reveal(), source="test")), SystemClock()
    session = new_session(ask, base_url=sandbox.base_url, clock=clock)
    return await run_check(session, ask, clock=clock, listener=Follower(), environ=environ)


@posix
@pytest.mark.parametrize(
    ("variable", "what"),
    [
        *(("SSL_CERT_FILE", what) for what in UNUSABLE),
        *(("SSL_CERT_DIR", what) for what in UNUSABLE if what != "a folder"),
    ],
)
async def test_what_an_unencrypted_check_does_not_need_is_a_note(
    variable: str, what: str, tmp_path: Path
) -> None:
    with Sandbox("healthy") as sandbox:
        session = await checked(sandbox, {variable: UNUSABLE[what](tmp_path)})
    _open_again(tmp_path)
    assert session.outcome is Outcome.HEALTHY
    assert session.verdicts == ()
    (note,) = (one for one in session.observations if one.code == "network.settings-unused")
    assert note.summary.startswith(f"{variable} names ")
    assert not note.asked


@posix
@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_where_it_is_needed_it_is_a_fault_before_anything_is_sent(
    make: Make, tmp_path: Path
) -> None:
    fault = survey(REMOTE, {"SSL_CERT_FILE": make(tmp_path)}).fault
    _open_again(tmp_path)
    assert fault is not None
    assert fault.message.startswith("SSL_CERT_FILE names ")


def test_settings_of_other_programs_change_nothing(tmp_path: Path) -> None:
    others = {
        name: str(tmp_path / "missing")
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE")
    }
    for base in (LOCAL, REMOTE):
        assert survey(base, others) == survey(base, {})


def test_an_authority_that_can_be_read_is_trusted_and_nothing_noted(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    environ = {"SSL_CERT_FILE": str(tmp_path / "ca.pem"), "SSL_CERT_DIR": str(tmp_path)}
    for base in (LOCAL, REMOTE):
        found = survey(base, environ)
        assert (found.fault, found.note) == (None, None)
        assert found.ca_file == str(tmp_path / "ca.pem")


def test_session_keys_are_written_nowhere_and_where_they_could_not_be_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    for place in (tmp_path / "keys.log", tmp_path / "no" / "such" / "keys.log"):
        monkeypatch.setenv("SSLKEYLOGFILE", str(place))
        context = tls_context(str(tmp_path / "ca.pem"))
        assert not context.keylog_filename
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert not place.exists()
