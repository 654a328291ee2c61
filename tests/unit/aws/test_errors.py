"""Errors of boto3 in an operator's words: the cause, the permission, and nothing secret."""

import pytest
from botocore import exceptions as boto

from agents_app.aws import errors
from agents_app.aws.errors import AwsError, classify, restored

ANSWERS = [
    ("AccessDenied", 403, "", errors.AwsDenied),
    ("AccessDeniedException", 400, "", errors.AwsDenied),
    ("InvalidClientTokenId", 403, "", errors.AwsWrongCredentials),
    (
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated",
        errors.AwsWrongCredentials,
    ),
    ("SignatureDoesNotMatch", 403, "Signature expired: 20261120T", errors.AwsClockSkew),
    ("InvalidSignatureException", 403, "Signature not yet current: 2026", errors.AwsClockSkew),
    ("RequestExpired", 400, "", errors.AwsClockSkew),
    ("ExpiredToken", 403, "", errors.AwsExpiredCredentials),
    ("com.amazonaws.cloudwatch#ExpiredTokenException", 403, "", errors.AwsExpiredCredentials),
    ("Throttling", 400, "Rate exceeded", errors.AwsThrottled),
    ("", 429, "", errors.AwsThrottled),
    ("InternalFailure", 500, "", errors.AwsUnavailable),
    ("503", 503, "", errors.AwsUnavailable),
    ("OptInRequired", 403, "", errors.AwsRegionOff),
    ("DBClusterNotFoundFault", 404, "", errors.AwsUnknownCluster),
    ("ValidationError", 400, "", errors.AwsRefused),
    ("SomethingNew", 418, "", AwsError),
]


@pytest.mark.parametrize(("code", "status", "text", "kind"), ANSWERS)
def test_what_aws_answers_is_named(code: str, status: int, text: str, kind: type[AwsError]) -> None:
    secret = "arn:aws:sts::123456789012:assumed-role/Admin AKIAIOSFODNN7EXAMPLE"
    answer = {
        "Error": {"Code": code, "Message": f"{text} {secret}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    found = classify(
        boto.ClientError(answer, "GetMetricData"), permission="cloudwatch:GetMetricData"
    )
    assert type(found) is kind
    assert found.permission == "cloudwatch:GetMetricData"
    assert "AKIA" not in f"{found!r} {found} {found.__cause__}"
    assert "123456789012" not in f"{found!r} {found}"


RAISED = [
    (boto.NoCredentialsError(), errors.AwsNoCredentials),
    (boto.PartialCredentialsError(provider="env", cred_var="x"), errors.AwsHalfCredentials),
    (boto.ProfileNotFound(profile="x"), errors.AwsCredentialsSource),
    (boto.NoRegionError(), errors.AwsNoRegion),
    (boto.InvalidRegionError(region_name="x y"), errors.AwsNoRegion),
    (boto.ReadTimeoutError(endpoint_url="x"), errors.AwsSlow),
    (boto.ConnectTimeoutError(endpoint_url="x"), errors.AwsSlow),
    (boto.EndpointConnectionError(endpoint_url="x"), errors.AwsUnreachable),
    (boto.SSLError(endpoint_url="x", error="x"), errors.AwsTls),
    (ValueError("Invalid endpoint: what"), errors.AwsSettings),
    (ZeroDivisionError(), AwsError),
]


@pytest.mark.parametrize(("raised", "kind"), RAISED)
def test_what_boto3_raises_is_named(raised: Exception, kind: type[AwsError]) -> None:
    assert type(classify(raised)) is kind


def test_a_denial_names_the_permission() -> None:
    assert "Allow rds:DescribeEvents" in str(errors.AwsDenied(permission="rds:DescribeEvents"))


@pytest.mark.parametrize("kind", list(errors._family(AwsError)))
def test_each_error_survives_our_database(kind: type[AwsError]) -> None:
    again = restored(kind.slug, permission="rds:DescribeEvents")
    assert type(again) is kind
    assert str(again) == str(kind(permission="rds:DescribeEvents"))
    assert str(again).endswith((".", ")"))
