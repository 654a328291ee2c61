"""Servers that cannot prove who they are get no password and no question."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agents_app.letta import access
from agents_app.letta.errors import (
    LettaDown,
    LettaTls,
    LettaTlsAuthority,
    LettaTlsBundle,
    LettaTlsExpired,
    LettaTlsHost,
    LettaTlsNotYet,
    LettaTlsPlain,
)
from tests.integration.letta_engine.conftest import Points

Server = Callable[[ssl.SSLContext | None], int]


def certificate(folder: Path, *, address: str, days: int, since: int = -30) -> Path:
    """A self-signed certificate with its key in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + timedelta(days=since))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}-{days}{since}.pem"
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, pkcs8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def context_of(path: Path) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(path)
    return found


@pytest.fixture
def heard() -> list[bytes]:
    """What clients sent after the handshake."""
    return []


@pytest.fixture
def serve(heard: list[bytes]) -> Iterator[Server]:
    """`serve(context)`: a port that answers PostgreSQL's SSLRequest, with TLS or with a refusal."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(context: ssl.SSLContext | None) -> None:
        while True:
            try:
                guest, _ = listener.accept()
            except OSError:
                return
            with guest:
                guest.recv(8)
                guest.sendall(b"S" if context else b"N")
                try:
                    with (
                        context.wrap_socket(guest, server_side=True) if context else guest as secure
                    ):
                        heard.append(secure.recv(1024))
                except OSError:
                    continue

    def start(context: ssl.SSLContext | None) -> int:
        threading.Thread(target=answer, args=(context,), daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    listener.close()


def uri(port: int, authority: Path) -> str:
    return f"postgresql://ada:hunter2@127.0.0.1:{port}/letta?sslmode=verify-full&sslrootcert={authority}"


def test_an_unknown_authority_is_refused(
    serve: Server, heard: list[bytes], tmp_path: Path, pointed: Points
) -> None:
    theirs, ours = (certificate(tmp_path, address="127.0.0.1", days=days) for days in (30, 31))
    with pointed(uri(serve(context_of(theirs)), ours)), pytest.raises(LettaTlsAuthority):
        access.rows("SELECT 1")
    assert b"".join(heard) == b""


@pytest.mark.parametrize(
    ("address", "days", "since", "kind"),
    [
        ("127.0.0.2", 30, -30, LettaTlsHost),
        ("127.0.0.1", -1, -30, LettaTlsExpired),
        ("127.0.0.1", 30, 2, LettaTlsNotYet),
    ],
    ids=["other host", "expired", "not yet valid"],
)
def test_a_certificate_that_does_not_fit_is_refused(
    serve: Server, heard: list[bytes], tmp_path: Path, pointed: Points,
    address: str, days: int, since: int, kind: type[LettaTls],
) -> None:  # fmt: skip
    path = certificate(tmp_path, address=address, days=days, since=since)
    with pointed(uri(serve(context_of(path)), path)), pytest.raises(LettaTls) as refused:
        access.rows("SELECT 1")
    assert type(refused.value) is kind
    assert b"".join(heard) == b""


def test_a_server_without_tls_is_refused(
    serve: Server, heard: list[bytes], tmp_path: Path, pointed: Points
) -> None:
    path = certificate(tmp_path, address="127.0.0.1", days=30)
    with pointed(uri(serve(None), path)), pytest.raises(LettaTlsPlain):
        access.rows("SELECT 1")
    assert b"".join(heard) == b""


def test_a_bundle_that_is_missing_is_told(serve: Server, tmp_path: Path, pointed: Points) -> None:
    path = certificate(tmp_path, address="127.0.0.1", days=30)
    with (
        pointed(uri(serve(context_of(path)), tmp_path / "none.pem")),
        pytest.raises(LettaTlsBundle),
    ):
        access.rows("SELECT 1")


def test_a_verified_server_is_spoken_to(
    serve: Server, heard: list[bytes], tmp_path: Path, pointed: Points
) -> None:
    path = certificate(tmp_path, address="127.0.0.1", days=30)
    with pointed(uri(serve(context_of(path)), path)), pytest.raises(LettaDown):
        access.rows("SELECT 1")
    assert b"ada" in heard[0]
