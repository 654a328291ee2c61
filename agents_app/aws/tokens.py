"""Passwords for one connection each: IAM database authentication of Amazon RDS.

A token is signed here, without a call to AWS, and is good for 15 minutes; RDS looks at it only when
a connection is opened. It is as secret as a password: never logged, never kept.
"""

from agents_app.aws import place
from agents_app.aws.client import client, forget
from agents_app.aws.errors import AwsError, classify

PERMISSION = "rds-db:connect"
DEFAULT_PORT = 5432


def token(host: str, port: int | str | None, user: str) -> str:
    """A fresh one for the host as it is connected to: no alias of it, RDS compares the name.

    Raises AwsErrors: no credentials, no region.
    """
    found = place.endpoint(host)
    region = found.region if found else place.region()
    try:
        signed = client("rds", region).generate_db_auth_token(
            DBHostname=host, Port=int(port or DEFAULT_PORT), DBUsername=user, Region=region
        )
    except Exception as exc:
        error = classify(exc, permission=PERMISSION)
        if error.drops_clients:
            forget()
        raise error from None
    if not signed:
        raise AwsError(permission=PERMISSION)
    return str(signed)
