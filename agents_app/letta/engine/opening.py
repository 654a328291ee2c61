"""Opening one connection: with the password of the settings, or with a fresh IAM token each time."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from agents_app.aws.errors import AwsError
from agents_app.aws.tokens import token
from agents_app.letta.engine.connection import LettaConnection
from agents_app.letta.errors import (
    LettaPasswordRefused,
    LettaTls,
    LettaTlsAuthority,
    LettaTlsExpired,
    LettaTlsNotYet,
    LettaTokenMissing,
    LettaTokenRefused,
    classify,
)

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_PROBE_S = 3.0
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_BY_VERIFY_CODE: dict[int, type[LettaTls]] = {9: LettaTlsNotYet, 10: LettaTlsExpired}


@dataclass(frozen=True)
class Opener:
    """`params` are libpq's words; with `iam_auth` the password among them is not used."""

    params: dict[str, Any]
    iam_auth: bool = False

    def __call__(self, timeout_s: float) -> LettaConnection:
        """Raises psycopg's errors or LettaErrors."""
        open_one = self._open_with_token if self.iam_auth else self._open
        try:
            return open_one(timeout_s)
        except psycopg.OperationalError as exc:
            if type(classify(exc, connecting=True)) is LettaTlsAuthority:
                raise _verified(self.params, exc) from exc
            raise

    def _open(self, timeout_s: float) -> LettaConnection:
        return LettaConnection.open(self.params, timeout_s=timeout_s)

    def _open_with_token(self, timeout_s: float) -> LettaConnection:
        """A token that was refused may have expired under way, so one more is tried, silently."""
        return _twice(lambda: self._open_with(self._token(), timeout_s))

    def _open_with(self, password: str, timeout_s: float) -> LettaConnection:
        return LettaConnection.open(self.params | {"password": password}, timeout_s=timeout_s)

    def _token(self) -> str:
        words = self.params
        try:
            return token(str(words.get("host", "")), words.get("port"), str(words.get("user", "")))
        except AwsError as error:
            raise LettaTokenMissing(cause=str(error), detail=error.slug) from None


def _twice(attempt: Callable[[], LettaConnection]) -> LettaConnection:
    with suppress(_Refused):
        return _unless_refused(attempt)
    try:
        return _unless_refused(attempt)
    except _Refused as refused:
        raise LettaTokenRefused(detail=refused.detail) from None


class _Refused(Exception):
    """The server took no notice of the token."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def _unless_refused(attempt: Callable[[], LettaConnection]) -> LettaConnection:
    try:
        return attempt()
    except psycopg.OperationalError as exc:
        error = classify(exc, connecting=True)
        if isinstance(error, LettaPasswordRefused):
            raise _Refused(error.detail) from None
        raise


def _verified(params: dict[str, Any], exc: Exception) -> LettaTls:
    """libpq does not say why it did not trust a certificate; one more handshake does."""
    kind: type[LettaTls] = LettaTlsAuthority
    with suppress(OSError, ValueError):
        kind = _probed(params)
    return kind(detail=classify(exc, connecting=True).detail)


def _probed(params: dict[str, Any]) -> type[LettaTls]:
    """The reason of the first host's certificate; nothing but the handshake is sent."""
    host = str(params.get("host", "")).split(",")[0]
    address = str(params.get("hostaddr") or host).split(",")[0]
    port = int(str(params.get("port") or 5432).split(",")[0])
    context = ssl.create_default_context(cafile=str(params.get("sslrootcert")))
    with socket.create_connection((address, port), timeout=_PROBE_S) as plain:
        plain.sendall(_SSL_REQUEST)
        if plain.recv(1) != b"S":
            return LettaTls
        try:
            context.wrap_socket(plain, server_hostname=host).close()
        except ssl.SSLCertVerificationError as found:
            return _BY_VERIFY_CODE.get(found.verify_code, LettaTlsAuthority)
    return LettaTlsAuthority
