"""Opening one connection: with the password of the settings, or with a fresh IAM token each time."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from agents_app.aws.errors import AwsError
from agents_app.aws.tokens import token
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

Words = dict[str, Any]
Opened = TypeVar("Opened")

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_PROBE_S = 3.0
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_BY_VERIFY_CODE: dict[int, type[LettaTls]] = {9: LettaTlsNotYet, 10: LettaTlsExpired}


def opened(params: Words, connect: Callable[[Words], Opened], *, iam_auth: bool) -> Opened:
    """What `connect` makes of libpq's words; with `iam_auth` each try has a token of its own.

    Raises psycopg's errors, and LettaErrors for tokens and certificates.
    """
    try:
        return _by_token(params, connect) if iam_auth else connect(params)
    except psycopg.OperationalError as exc:
        if type(classify(exc, connecting=True)) is LettaTlsAuthority:
            raise _verified(params, exc) from exc
        raise


def _by_token(params: Words, connect: Callable[[Words], Opened]) -> Opened:
    """A token that was refused may have expired under way, so one more is tried, silently."""
    with suppress(_Refused):
        return _unless_refused(params, connect)
    try:
        return _unless_refused(params, connect)
    except _Refused as refused:
        raise LettaTokenRefused(detail=refused.detail) from None


def _token(params: Words) -> str:
    try:
        return token(str(params.get("host", "")), params.get("port"), str(params.get("user", "")))
    except AwsError as error:
        raise LettaTokenMissing(cause=str(error), detail=error.slug) from None


class _Refused(Exception):
    """The server took no notice of the token."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def _unless_refused(params: Words, connect: Callable[[Words], Opened]) -> Opened:
    words = params | {"password": _token(params)}
    try:
        return connect(words)
    except psycopg.OperationalError as exc:
        error = classify(exc, connecting=True)
        if isinstance(error, LettaPasswordRefused):
            raise _Refused(error.detail) from None
        raise


def _verified(params: Words, exc: Exception) -> LettaTls:
    """libpq does not say why it did not trust a certificate; one more handshake does."""
    kind: type[LettaTls] = LettaTlsAuthority
    with suppress(OSError, ValueError):
        kind = _probed(params)
    return kind(detail=classify(exc, connecting=True).detail)


def _probed(params: Words) -> type[LettaTls]:
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
