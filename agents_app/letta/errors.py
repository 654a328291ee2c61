"""What can go wrong between this console and Letta's database, in a reader's words.

Each class says what happened and then what to do. Neither sentence holds a host, a user, a
connection string or SQL: readers see them. `detail` is for `doctor` and the log, never a password.
"""

import re
from collections.abc import Iterator
from typing import Self

import psycopg

_DETAIL_CHARACTERS = 500


class LettaError(Exception):
    """Something about Letta's database; `str()` of it is the message for readers."""

    slug = "failed"
    status = 500
    retry_after_s: int | None = None
    happened = "Letta's database could not answer this question."
    todo = "This is a fault of the console: please report the request id of this page."
    again = False  # an idempotent read may be repeated once, at once, without telling anybody
    answered = False  # the server said so itself, after a connection was opened: it is alive

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(f"{self.happened} {self.todo}")
        self.detail = detail[:_DETAIL_CHARACTERS]

    def copy(self) -> Self:
        """The same error for another request: an exception that was raised keeps its traceback."""
        twin = type(self).__new__(type(self), *self.args)
        twin.__dict__.update(self.__dict__)
        twin.__cause__ = self.__cause__
        return twin


class LettaNotConfigured(LettaError):
    slug, status = "not-configured", 503
    happened = "No Letta database is connected to this console."
    todo = "Set LETTA_PG_URI to its address and start the console again."


class LettaDown(LettaError):
    slug, status, retry_after_s = "down", 503, 10
    happened = "Letta's database is not answering."
    todo = "Try again in a moment; if this goes on, operations should check that it is running."


class LettaFrozen(LettaError):
    slug, status, retry_after_s = "frozen", 504, 5
    happened = "Letta's database accepts connections but gives no answer."
    todo = "The console gave up waiting and tries again in a few seconds by itself."


class LettaTimeout(LettaError):
    slug, status = "timeout", 504
    happened = "Letta's database needed too long for this question, so it was cancelled."
    todo = "Narrow it: a shorter time range, one agent, or fewer filters."
    answered = True


class LettaLocked(LettaError):
    slug, status, retry_after_s = "locked", 503, 10
    happened = "Another program has locked this table of Letta's database."
    todo = "Letta may be being upgraded at this moment. Try again in a minute."
    answered = True


class LettaWaking(LettaError):
    """The first connection takes long; the attempt goes on in the background."""

    slug, status, retry_after_s = "waking", 503, 2
    happened = "Letta's database is waking up."
    todo = "A paused cluster needs half a minute or more. This page goes on by itself."

    def __init__(self, *, since: float = 0.0, detail: str = "") -> None:
        """`since` is the time (epoch seconds) at which the attempt began."""
        super().__init__(detail=detail)
        self.since = since


class LettaAsleep(LettaError):
    """CloudWatch says that the cluster is paused, and nobody asked to wake it."""

    slug, status = "asleep", 503
    happened = "Letta's database is paused, so nothing was asked of it."
    todo = "Wake it when you need it: that takes half a minute and costs until it pauses again."

    def __init__(self, *, since: float = 0.0, detail: str = "") -> None:
        """`since` is when it paused (epoch seconds); 0 where that is not known."""
        super().__init__(detail=detail)
        self.since = since


class LettaRecovering(LettaError):
    slug, status, retry_after_s = "recovering", 503, 5
    happened = "Letta's database is starting up or shutting down."
    todo = "This usually takes less than a minute. Try again then."


class LettaPasswordRefused(LettaError):
    slug, status = "password", 503
    happened = "Letta's database refused this console's sign-in."
    todo = "Operations should check the role and the password in LETTA_PG_URI."


class LettaBusy(LettaError):
    slug, status, retry_after_s = "busy", 503, 5
    happened = "All connections to Letta's database are taken."
    todo = "Try again in a few seconds."


class LettaMissing(LettaError):
    slug, status = "missing", 503
    happened = "The database that was found is not Letta's, or there is none of that name."
    todo = "Operations should check the database name in LETTA_PG_URI and run `manage.py doctor`."
    answered = True


class LettaDrift(LettaError):
    slug, status, retry_after_s = "drift", 503, 60
    happened = "A table or column that this page reads is not in this Letta database."
    todo = "It may have been upgraded just now: the console looks again within a minute."
    answered = True


class LettaDenied(LettaError):
    slug, status = "denied", 503
    happened = "This console's role has no permission to read what this page shows."
    todo = "Operations should run the script of `manage.py provision_sql` again."
    answered = True


class LettaConflict(LettaError):
    slug, status, retry_after_s = "conflict", 503, 2
    happened = "A replica of Letta's database dropped this question to keep up with its source."
    todo = "Try again."
    answered = True
    again = True


class LettaDisk(LettaError):
    slug, status, retry_after_s = "disk", 503, 60
    happened = "The server of Letta's database has run out of disk space or memory."
    todo = "Operations should look at the server; nothing was lost here."
    answered = True


class LettaTls(LettaError):
    slug, status = "tls", 503
    happened = "The identity of Letta's database could not be verified, so nothing was sent to it."
    todo = "Operations should check its certificate and the sslrootcert in LETTA_PG_URI."


class LettaTlsAuthority(LettaTls):
    slug = "tls-authority"
    happened = (
        "Letta's database shows a certificate of an authority that this console does not trust."
    )
    todo = (
        "Nothing was sent to it. Operations should let sslrootcert in LETTA_PG_URI name the bundle"
        " of the right authority (for Amazon RDS: global-bundle.pem, the newest one)."
    )


class LettaTlsHost(LettaTls):
    slug = "tls-host"
    happened = "The certificate of Letta's database was issued for another host name."
    todo = (
        "Nothing was sent to it. Operations should write the cluster's own endpoint in LETTA_PG_URI,"
        " not an alias or an address; behind a tunnel with hostaddr=127.0.0.1."
    )


class LettaTlsExpired(LettaTls):
    slug = "tls-expired"
    happened = "The certificate of Letta's database has expired."
    todo = (
        "Nothing was sent to it. Operations should renew it (RDS: rotate the server certificate),"
        " or check this machine's clock."
    )


class LettaTlsNotYet(LettaTls):
    slug = "tls-not-yet"
    happened = "The certificate of Letta's database is not valid yet by this machine's clock."
    todo = "Nothing was sent to it. Operations should check this machine's clock."


class LettaTlsPlain(LettaTls):
    slug = "tls-plain"
    happened = "Letta's database speaks without encryption only."
    todo = "Nothing was sent to it. Operations should switch TLS on at the server."


class LettaTlsBundle(LettaTls):
    slug = "tls-bundle"
    happened = "The file of trusted authorities for Letta's database could not be read."
    todo = "Operations should check the path that sslrootcert in LETTA_PG_URI names."


class LettaTokenMissing(LettaError):
    """No IAM token could be made; `cause` is the sentence of the AwsError."""

    slug, status, retry_after_s = "token", 503, 10
    happened = "No AWS token could be made to sign in to Letta's database."

    def __init__(self, *, cause: str = "", detail: str = "") -> None:
        self.todo = cause or "Operations should check the AWS credentials of this console."
        super().__init__(detail=detail)


class LettaTokenRefused(LettaPasswordRefused):
    slug = "token-refused"
    happened = "Letta's database refused this console's AWS token, and a second one."
    todo = (
        "Operations should check that IAM authentication is on for the cluster, that the role is a"
        " member of rds_iam, and that the policy allows rds-db:connect for this role."
    )


class LettaTooPowerful(LettaError):
    """The role may do more than read; `command` is what makes the right one (for operations)."""

    slug, status = "too-powerful", 503
    happened = "This console's role could change Letta's database, so it is not used."
    todo = "Operations should make a reading role with the script of `manage.py provision_sql`."
    answered = True

    def __init__(self, command: str = "", *, detail: str = "") -> None:
        super().__init__(detail=detail)
        self.command = command


class LettaWriteRefused(LettaError):
    slug, status = "write-refused", 500
    happened = "The console was about to do more than read Letta's database and stopped itself."
    todo = "Nothing was changed. This is a fault of the console: please report it."


class LettaLost(LettaError):
    slug, status, retry_after_s = "lost", 503, 2
    happened = "The connection to Letta's database broke."
    todo = "Try again; a new connection is opened by itself."
    again = True


# SQLSTATE, whole or its class of two characters. Facts: PostgreSQL's appendix A.
_BY_SQLSTATE: dict[str, type[LettaError]] = {
    "57014": LettaTimeout,
    "55P03": LettaLocked,
    "57P03": LettaRecovering,
    "28P01": LettaPasswordRefused,
    "28000": LettaPasswordRefused,
    "53300": LettaBusy,
    "3D000": LettaMissing,
    "42P01": LettaDrift,
    "42703": LettaDrift,
    "42883": LettaDrift,
    "3F000": LettaDrift,
    "42501": LettaDenied,
    "25006": LettaWriteRefused,
    "40001": LettaConflict,
    "40P01": LettaConflict,
    "53100": LettaDisk,
    "53200": LettaDisk,
    "57P01": LettaLost,
    "57P02": LettaLost,
    "57P05": LettaLost,
    "25P03": LettaLost,
    "08": LettaLost,
}

# libpq gives no SQLSTATE for a connection that failed to open, only its text; first match wins.
_BY_TEXT: tuple[tuple[re.Pattern[str], type[LettaError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"does not match host ?name|certificate for .* does not match", LettaTlsHost),
        (r"does not support SSL", LettaTlsPlain),
        (r"root certificate file|could not (read|load) root certificate|root\.crt", LettaTlsBundle),
        (r"certificate verify failed", LettaTlsAuthority),
        (r"certificate|sslmode|connection failed.*SSL error: (?!unexpected eof)", LettaTls),
        (r"password authentication|no password supplied|pg_hba\.conf", LettaPasswordRefused),
        (r"role .* does not exist|is not permitted to log in|PAM auth|peer auth|IAM|GSS",
         LettaPasswordRefused),
        (r"too many (clients|connections)|remaining connection slots|connection slots are reserved"
         r"|no more connections allowed|max_client_conn", LettaBusy),
        (r"database .* does not exist|no such database|not currently accepting", LettaMissing),
        (r"starting up|shutting down|not yet accepting|recovery mode", LettaRecovering),
        (r"permission denied for database", LettaDenied),
        (r"timeout expired|timed out", LettaDown),
        (r"connection failed|connection is bad|could not (connect|translate|receive)|refused|unreachable|resolve",
         LettaDown),
        (r"SSL (SYSCALL|error|connection)|server closed the connection|socket|consuming input"
         r"|connection (is|was|not|has been) |terminating connection|lost synchronization|EOF"
         r"|broken pipe|reset by peer", LettaLost),
    )
)  # fmt: skip

# Texts of these classes name tables and roles, never rows; texts of the others may quote content.
_TEXT_WITHOUT_CONTENT = ("08", "28", "3D", "3F", "42501", "42P01", "42703", "53", "55", "57")


def classify(exc: BaseException, *, connecting: bool = False) -> LettaError:
    """The error in Letta's family for one of psycopg's or Django's; a LettaError is given back.

    `__cause__` is kept. While `connecting` there was no connection yet that could break.
    """
    for error in _chain(exc):
        if isinstance(error, LettaError):
            return error
        if isinstance(error, psycopg.Error):
            kind = _kind(error)
            kind = LettaDown if connecting and kind is LettaLost else kind
            found = kind(detail=_detail(error))
            found.__cause__ = exc
            return found
    fallback = LettaError(detail=type(exc).__name__)
    fallback.__cause__ = exc
    return fallback


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__


def _kind(error: psycopg.Error) -> type[LettaError]:
    state = error.sqlstate
    if state:
        return _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2]) or LettaError
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return LettaError
    text = str(error)
    for pattern, kind in _BY_TEXT:
        if pattern.search(text):
            return kind
    return LettaLost if isinstance(error, psycopg.OperationalError) else LettaError


def _detail(error: psycopg.Error) -> str:
    state = error.sqlstate
    name = f"{type(error).__name__} {state or ''}".strip()
    if state and not state.startswith(_TEXT_WITHOUT_CONTENT):
        return name
    if not state and not isinstance(error, psycopg.OperationalError):
        return name
    text = error.diag.message_primary or str(error)
    return f"{name}: {' '.join(text.split())}"
