"""A TLS endpoint in front of the tests' PostgreSQL, with certificates made on the spot."""

import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cluster import Cluster

ADDRESS = "127.0.0.1"


class TlsDoor:
    """A port that speaks TLS and hands what is said to the server's socket."""

    def __init__(self, server: Cluster, certificate: Path) -> None:
        self.certificate = certificate
        self.accepted = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._target = str(server.socket_folder / ".s.PGSQL.5432")
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server((ADDRESS, 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def uri(self, role: str, database: str) -> str:
        options = f"sslmode=verify-full&sslrootcert={self.certificate}"
        return f"postgresql://{role}@{ADDRESS}:{self.port}/{database}?{options}"

    def cut(self) -> int:
        """Breaks every open connection, as a failover does; how many there were."""
        cut = list(self._open)
        for one in cut:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()
        return len(cut)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._join, args=(guest,), daemon=True).start()

    def _join(self, guest: socket.socket) -> None:
        with suppress(OSError), guest:
            guest.recv(8)
            guest.sendall(b"S")
            with self._context.wrap_socket(guest, server_side=True) as secure:
                host = socket.socket(socket.AF_UNIX)
                host.connect(self._target)
                self._open.add(host)
                threading.Thread(target=_pour, args=(host, secure), daemon=True).start()
                _pour(secure, host)
                self._open.discard(host)
                host.close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_RDWR)


def certificate(folder: Path) -> Path:
    """A self-signed one for ADDRESS with its key in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address(ADDRESS))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, pkcs8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def tls_door(server: Cluster) -> Iterator[TlsDoor]:
    folder = Path(tempfile.mkdtemp(prefix="tls-"))
    door = TlsDoor(server, certificate(folder))
    try:
        yield door
    finally:
        door.close()
        shutil.rmtree(folder, ignore_errors=True)
