"""Letta's own setting LETTA_PG_URI made into a Django database entry, generously read, strict on TLS.

No Django here: settings import it. Spellings of asyncpg, pg8000, SQLAlchemy and libpq are accepted.
No message of this module holds any part of a password.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_SCHEME = re.compile(r"postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
_HOST = r"(?:\[[0-9A-Fa-f:.%]+\]|(?:[\w.\-]|%[0-9A-Fa-f]{2})*)(?::\d*)?"
_PLACE = re.compile(
    rf"(?P<hosts>{_HOST}(?:,{_HOST})*)(?:/(?P<name>[^/?#@]*))?"
    r"(?:\?(?P<query>(?:[A-Za-z_]\w*=[^&#]*(?:&|$))*))?"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

# libpq's words that are passed on; `options` is refused by PgBouncer, the others are set by us.
_KEPT = (
    "sslmode sslrootcert sslcert sslkey sslpassword sslcrl sslcrldir sslsni sslnegotiation"
    " ssl_min_protocol_version ssl_max_protocol_version channel_binding require_auth hostaddr"
    " target_session_attrs load_balance_hosts gssencmode krbsrvname passfile keepalives"
    " keepalives_idle keepalives_interval keepalives_count tcp_user_timeout"
)
_OURS = frozenset(
    {"application_name", "connect_timeout", "client_encoding", "fallback_application_name"}
)
_PLACES = {"host": "host", "port": "port", "user": "user", "password": "password",
           "dbname": "name", "database": "name"}  # fmt: skip
_SSL = {"true": "require", "1": "require", "on": "require", "yes": "require",
        "false": "disable", "0": "disable", "off": "disable", "no": "disable"}  # fmt: skip
_SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

# libpq's sslrootcert=system asks OpenSSL for its built-in folder, which in psycopg's binary wheel
# (/usr/lib/psycopg-openssl) exists nowhere; so the system's bundle is named by its path.
_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL, Amazon Linux
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


class BadUri(ValueError):
    """LETTA_PG_URI could not be read; the message says what was expected."""


class WeakTls(ValueError):
    """The connection would not verify who answers; the message says what to write instead."""


@dataclass
class _Address:
    """What the setting says, before any rule of ours."""

    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    name: str = ""
    options: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def letta_database(
    uri: str | None,
    *,
    allow_weak_tls: bool,
    max_connections: int = 8,
    allow_powerful: bool = False,
    read_uri: str = "",
    iam_auth: bool = False,
) -> dict[str, Any]:
    """The DATABASES entry of alias `letta`; without a URI one whose every use says so.

    `read_uri` is used instead of `uri`, which lends it the user, password, database and options
    that it does not name. `INSPECTOR` in it holds what Django does not know: configured, weak_tls,
    notes (on words of the URI that were left out), max_connections per process, allow_powerful,
    iam_auth (each connection gets a token of its own).
    """
    address = _reader(read_uri, uri) if read_uri.strip() else _read((uri or "").strip())
    weak = _settle_tls(address, allow_weak_tls=allow_weak_tls)
    if iam_auth:
        _settle_iam(address)
    return {
        "ENGINE": "agents_app.letta.engine",
        "NAME": address.name or address.user,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": address.options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": False,
        "INSPECTOR": {
            "configured": bool((uri or "").strip() or read_uri.strip()),
            "weak_tls": weak,
            "notes": tuple(address.notes),
            "max_connections": max_connections,
            "allow_powerful": allow_powerful,
            "iam_auth": iam_auth,
        },
    }


def _read(text: str, *, named: bool = True) -> _Address:
    if not text:
        return _Address()
    scheme = _SCHEME.match(text)
    address = _from_uri(text[scheme.end() :]) if scheme else _from_conninfo(text)
    if named and not address.name and not address.user:
        raise BadUri("LETTA_PG_URI names no database: postgresql://user:password@host:5432/letta")
    return address


def _reader(read_uri: str, uri: str | None) -> _Address:
    """The reader endpoint, with what only LETTA_PG_URI says."""
    try:
        reader = _read(read_uri.strip(), named=False)
    except BadUri as error:
        raise BadUri(str(error).replace("LETTA_PG_URI", "LETTA_PG_READ_URI")) from None
    if (uri or "").strip():
        writer = _read((uri or "").strip())
        for word in ("port", "user", "password", "name"):
            setattr(reader, word, getattr(reader, word) or getattr(writer, word))
        reader.options = writer.options | reader.options
        reader.notes += writer.notes
    if not reader.host and "hostaddr" not in reader.options:
        raise BadUri("LETTA_PG_READ_URI names no host: postgresql://reader-endpoint:5432")
    return reader


def _settle_iam(address: _Address) -> None:
    """A token is made for one host and one user, and RDS takes it by TLS only."""
    if not address.user and not address.name:
        return  # nothing is configured
    if "," in address.host or not address.host:
        raise BadUri("INSPECTOR_LETTA_IAM_AUTH needs exactly one host in LETTA_PG_URI")
    if not address.user:
        raise BadUri("INSPECTOR_LETTA_IAM_AUTH needs the role's name in LETTA_PG_URI")
    if address.options.get("sslmode") in ("disable", "allow", "prefer"):
        raise WeakTls(
            "INSPECTOR_LETTA_IAM_AUTH sends a token as the password, so LETTA_PG_URI needs"
            " sslmode=verify-full."
        )
    address.password = ""


def _from_conninfo(text: str) -> _Address:
    """libpq's `host=… dbname=…` form."""
    expected = "LETTA_PG_URI should look like postgresql://user:password@host:5432/letta"
    if "://" in text or "=" not in text:
        raise BadUri(expected)
    try:
        words = conninfo_to_dict(text)
    except ProgrammingError:
        raise BadUri(f"{expected}, or be a libpq connection string with known words") from None
    address = _Address()
    _take(address, ((word, str(value)) for word, value in words.items()))
    return address


def _from_uri(text: str) -> _Address:
    """What follows `postgresql://`; the shortest user part that leaves a well-formed rest wins.

    So a raw `@`, `/`, `#`, `?`, `:` or `%` in a password reads as it was meant.
    """
    for at in [None, *(found.start() for found in re.finditer("@", text))]:
        place = _PLACE.fullmatch(text, 0 if at is None else at + 1)
        if place and (at is not None or "@" not in text.partition("?")[0]):
            break
    else:
        raise BadUri(
            "LETTA_PG_URI could not be read: expected postgresql://user:password@host:5432/letta,"
            " with special characters of the password percent-encoded"
        )
    user, _, password = (text[:at] if at is not None else "").partition(":")
    address = _Address(user=_decoded(user), password=_decoded(password))
    address.name = _decoded(place["name"] or "")
    address.host, address.port = _hosts(place["hosts"])
    _take(address, _pairs(place["query"] or ""))
    return address


def _hosts(text: str) -> tuple[str, str]:
    """libpq's comma-separated lists; the ports are empty when none is given."""
    hosts, ports = [], []
    for place in text.split(","):
        host, _, port = place.partition("]:") if place.startswith("[") else place.partition(":")
        hosts.append(_decoded(host.strip("[]")))
        ports.append(port)
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _pairs(query: str) -> Iterable[tuple[str, str]]:
    for pair in filter(None, query.split("&")):
        word, _, value = pair.partition("=")
        yield word, _decoded(value)


def _decoded(text: str) -> str:
    """Percent-decoded, unless a `%` in it shows that nobody encoded it."""
    if _STRAY_PERCENT.search(text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _take(address: _Address, pairs: Iterable[tuple[str, str]]) -> None:
    for word, value in pairs:
        if word in _PLACES:
            setattr(address, _PLACES[word], value)
        elif word == "ssl":
            address.options.setdefault("sslmode", _SSL.get(value.lower(), value.lower()))
        elif word in _KEPT.split():
            address.options[word] = value
        elif word not in _OURS:
            address.notes.append(f"“{word}” in LETTA_PG_URI is not used by this console.")


def _settle_tls(address: _Address, *, allow_weak_tls: bool) -> bool:
    """Sets what is absent; whether the connection does not verify who answers."""
    mode = address.options.get("sslmode")
    if mode is not None and mode not in _SSLMODES:
        raise BadUri(f"sslmode in LETTA_PG_URI must be one of {', '.join(_SSLMODES)}")
    if _is_local(address):
        return False
    if mode in (None, "verify-full"):
        address.options["sslmode"] = "verify-full"
        if address.options.get("sslrootcert", "system") == "system":
            address.options["sslrootcert"] = system_certificates()
        return False
    if not allow_weak_tls:
        raise WeakTls(
            f"sslmode={mode} in LETTA_PG_URI does not verify who answers. Write"
            " sslmode=verify-full (with sslrootcert=… for a private authority such as Amazon RDS),"
            " or set INSPECTOR_LETTA_ALLOW_WEAK_TLS=true and see a banner on every page."
        )
    return True


def system_certificates() -> str:
    """Path of the system's bundle of trusted authorities, or libpq's word `system`."""
    return next((path for path in _SYSTEM_BUNDLES if Path(path).exists()), "system")


def _is_local(address: _Address) -> bool:
    """Whether every host is a socket or a loopback address; nothing configured counts too."""
    places = address.host.split(",") + address.options.get("hostaddr", "").split(",")
    return all(_is_loopback(place) for place in places if place) and any(
        [address.host, address.options.get("hostaddr"), not (address.name or address.user)]
    )


def _is_loopback(host: str) -> bool:
    if host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
