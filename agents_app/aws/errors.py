"""What can go wrong between this console and AWS, in an operator's words.

Each class says what happened and then what to do. No sentence holds a key, a token, an account or
an ARN: AWS's own messages hold them, so they are never shown nor kept.
"""

from collections.abc import Iterator
from typing import ClassVar, Self

from botocore import exceptions as boto


class AwsError(Exception):
    """Something about AWS; `str()` of it is the message for readers.

    `permission` is the IAM action of the call that failed, such as `cloudwatch:GetMetricData`;
    `code` AWS's own name of the error.
    """

    slug = "failed"
    hold_s = 60.0  # how long nobody asks the same question again
    drops_clients = False  # credentials are looked up afresh at the next try
    is_common = False  # no other call will fare better
    passes = False  # a second attempt at once may succeed
    happened = "AWS could not answer this question."
    todo = "If this goes on, please report the request id of this page."

    def __init__(self, *, permission: str = "", code: str = "") -> None:
        self.permission, self.code = permission, code
        super().__init__(" ".join(filter(None, (self.happened, self.todo))))

    def __str__(self) -> str:
        call = f" (The call was {self.permission}.)" if self.permission and self.names_call else ""
        return f"{self.happened} {self.advice}{call}"

    names_call = True

    @property
    def advice(self) -> str:
        """What to do, with the permission in it where one is missing."""
        return self.todo

    def copy(self) -> Self:
        """The same error for another request: an exception that was raised keeps its traceback."""
        return type(self)(permission=self.permission, code=self.code)


class AwsNotConfigured(AwsError):
    slug, names_call = "not-configured", False
    happened = "This console does not know which Aurora cluster Letta's database lives in."
    todo = "Set INSPECTOR_CLUSTER_ID to the cluster's identifier and AWS_REGION to its region."


class AwsNoRegion(AwsError):
    slug, is_common, names_call = "no-region", True, False
    happened = "No AWS region is set, or it is not the name of one."
    todo = "Set AWS_REGION to the region of the cluster, such as eu-central-1."


class AwsNoCredentials(AwsError):
    slug, drops_clients, is_common, names_call = "no-credentials", True, True, False
    happened = "No AWS credentials were found."
    todo = (
        "Give the machine an instance or task role, or set AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY; the README has the policy it needs."
    )


class AwsHalfCredentials(AwsError):
    slug, drops_clients, is_common, names_call = "half-credentials", True, True, False
    happened = "The AWS credentials are incomplete."
    todo = "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither."


class AwsCredentialsSource(AwsError):
    """A role, profile, web identity or SSO session that gave none."""

    slug, drops_clients, is_common, names_call = "credentials-source", True, True, False
    happened = "The source of the AWS credentials (profile, role, web identity or SSO) gave none."
    todo = "Check AWS_PROFILE and ~/.aws/config of the console's user, or sign in to SSO again."


class AwsWrongCredentials(AwsError):
    slug, drops_clients, is_common = "wrong-credentials", True, True
    happened = "AWS does not accept the access key."
    todo = "It was deleted, deactivated or mistyped, or belongs to another partition of AWS."


class AwsExpiredCredentials(AwsError):
    slug, drops_clients, is_common = "expired-credentials", True, True
    happened = "The AWS credentials have expired."
    todo = "Renew them; a role of the machine renews itself."


class AwsDenied(AwsError):
    slug, names_call = "denied", False
    happened = "AWS denies this console a permission that this view needs."

    @property
    def advice(self) -> str:
        return f"Allow {self.permission or 'the call'} in the IAM policy; the README has the whole."


class AwsThrottled(AwsError):
    slug, hold_s = "throttled", 90.0
    passes = True
    happened = "AWS limits the rate of calls at the moment."
    todo = "Other programs of this account may ask often; the console waits and tries again."


class AwsUnavailable(AwsError):
    slug = "unavailable"
    passes = True
    happened = "AWS answered with a fault of its own."
    todo = "This passes by itself as a rule; the AWS Health Dashboard tells more."


class AwsSlow(AwsError):
    slug, hold_s = "slow", 30.0
    passes = True
    happened = "AWS has not answered in time."
    todo = "The console goes on asking in the background."


class AwsUnreachable(AwsError):
    slug, is_common = "unreachable", True
    passes = True
    happened = "AWS cannot be reached from this machine."
    todo = "Check the name server, the outgoing network or VPC endpoint, and AWS_ENDPOINT_URL."


class AwsTls(AwsError):
    slug, is_common = "tls", True
    happened = "The identity of the AWS endpoint could not be verified, so nothing was sent."
    todo = "Check AWS_CA_BUNDLE and any proxy that opens TLS."


class AwsClockSkew(AwsError):
    slug, is_common = "clock-skew", True
    happened = "AWS refuses the call because this machine's clock differs from AWS's."
    todo = "Set the clock (NTP); AWS accepts up to five minutes of difference."


class AwsRegionOff(AwsError):
    slug, is_common = "region-off", True
    happened = "This AWS account may not use the region that is set."
    todo = "Check AWS_REGION, or enable the region for the account."


class AwsUnknownCluster(AwsError):
    slug, names_call = "unknown-cluster", False
    happened = "AWS knows no cluster of this identifier in this region and account."
    todo = "Check INSPECTOR_CLUSTER_ID, AWS_REGION and which account the credentials belong to."


class AwsUnreadable(AwsError):
    slug = "unreadable"
    passes = True
    happened = "What answered is not AWS: the answer could not be read."
    todo = "Check AWS_ENDPOINT_URL and any proxy in between."


class AwsRefused(AwsError):
    slug = "refused"
    happened = "AWS refused the call as malformed."
    todo = "This is a fault of the console: please report the request id of this page."


class AwsSettings(AwsError):
    slug, names_call = "settings", False
    happened = "The AWS settings of this machine could not be read."
    todo = "Check ~/.aws/config and the AWS_ variables of the console's user."


_CODES: dict[type[AwsError], tuple[str, ...]] = {
    AwsDenied: ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
                "AuthorizationError", "NotAuthorized"),
    AwsWrongCredentials: ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure",
                          "SignatureDoesNotMatch", "InvalidSignatureException",
                          "InvalidAccessKeyId", "IncompleteSignature", "MissingAuthenticationToken",
                          "MissingAuthenticationTokenException"),
    AwsExpiredCredentials: ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
                            "RequestExpiredToken"),
    AwsClockSkew: ("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"),
    AwsThrottled: ("Throttling", "ThrottlingException", "ThrottledException", "SlowDown",
                   "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
                   "RequestLimitExceeded", "LimitExceeded", "LimitExceededException",
                   "BandwidthLimitExceeded"),
    AwsRegionOff: ("OptInRequired", "SubscriptionRequiredException"),
    AwsUnknownCluster: ("DBClusterNotFoundFault", "DBInstanceNotFound", "DBInstanceNotFoundFault"),
    AwsUnavailable: ("InternalFailure", "InternalServiceError", "InternalServiceFault",
                     "InternalServerError", "ServiceUnavailable", "InternalError"),
    AwsRefused: ("ValidationError", "InvalidParameterValue", "InvalidParameterCombination",
                 "MissingParameter", "InvalidParameterValueException"),
}  # fmt: skip
_BY_CODE = {code: kind for kind, codes in _CODES.items() for code in codes}

# First match wins: several inherit from the later ones.
_BY_CLASS: tuple[tuple[type[AwsError], tuple[type[Exception], ...]], ...] = (
    (AwsNoRegion, (boto.NoRegionError, boto.InvalidRegionError, boto.UnknownRegionError)),
    (AwsHalfCredentials, (boto.PartialCredentialsError,)),
    (AwsNoCredentials, (boto.NoCredentialsError,)),
    (AwsCredentialsSource, (boto.ProfileNotFound, boto.CredentialRetrievalError,
                            boto.TokenRetrievalError, boto.SSOError, boto.MetadataRetrievalError,
                            boto.InfiniteLoopConfigError, boto.UnknownCredentialError,
                            boto.NoAuthTokenError, boto.LoginError)),
    (AwsTls, (boto.SSLError,)),
    (AwsSlow, (boto.ReadTimeoutError, boto.ConnectTimeoutError)),
    (AwsUnreadable, (boto.ResponseStreamingError, boto.IncompleteReadError)),
    (AwsUnreachable, (boto.EndpointConnectionError, boto.ProxyConnectionError,
                      boto.ConnectionClosedError, boto.HTTPClientError)),
    (AwsSettings, (boto.ConfigParseError, boto.ConfigNotFound, boto.InvalidConfigError,
                   boto.EndpointResolutionError, boto.MissingDependencyException,
                   ValueError)),  # boto3 says so of a malformed AWS_ENDPOINT_URL
    (AwsRefused, (boto.ParamValidationError,)),
)  # fmt: skip

_SKEW_WORDS = ("signature expired", "signature not yet current", "not yet valid")


def classify(exc: BaseException, *, permission: str = "") -> AwsError:
    """The error in this family for one of boto3's; an AwsError is given back. `__cause__` is not
    set: boto3's texts name accounts and keys."""
    if isinstance(exc, AwsError):
        exc.permission = exc.permission or permission
        return exc
    if isinstance(exc, boto.ClientError):
        return _answered(exc, permission)
    kind = next((kind for kind, classes in _BY_CLASS if isinstance(exc, classes)), None)
    if kind is None:
        kind = AwsUnreadable if type(exc).__name__ == "ResponseParserError" else AwsError
    return kind(permission=permission, code=type(exc).__name__)


def _answered(exc: boto.ClientError, permission: str) -> AwsError:
    """What AWS said by its own error code, else by its HTTP status."""
    error = exc.response.get("Error", {})
    code = str(error.get("Code", "")).rpartition("#")[2].partition(":")[0]
    status = int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = _BY_CODE.get(code) or _by_status(status)
    text = str(error.get("Message", "")).lower()
    if kind is AwsWrongCredentials and any(words in text for words in _SKEW_WORDS):
        kind = AwsClockSkew
    return kind(permission=permission, code=code[:60])


def _by_status(status: int) -> type[AwsError]:
    if status == 429:
        return AwsThrottled
    if status >= 500:
        return AwsUnavailable
    if status in (401, 403):
        return AwsDenied
    return AwsRefused if status == 400 else AwsError


def _family(kind: type[AwsError]) -> Iterator[type[AwsError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


class _BySlug:
    """Errors out of our own database, where only their slug and permission are kept."""

    kinds: ClassVar[dict[str, type[AwsError]]] = {}


def restored(slug: str, *, permission: str = "") -> AwsError:
    """The error of that slug."""
    if not _BySlug.kinds:
        _BySlug.kinds = {kind.slug: kind for kind in _family(AwsError)}
    return _BySlug.kinds.get(slug, AwsError)(permission=permission)
