"""Whether an ID token was made by our provider, for us, now, and for this very attempt to sign in."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

ALGORITHMS: Final = tuple(
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
)
"""Only such as need the provider's private key; `none` and shared secrets prove nothing."""
LEEWAY_SECONDS: Final = 60
LONGEST: Final = 65_536
_REQUIRED: Final = ["iss", "sub", "aud", "exp", "iat"]


class NotVouched(OAuth2Error):
    """The provider's answer proves nothing; the text says why, in words of ours."""


def nonce_of(code_verifier: str) -> str:
    """What the token must repeat: bound to this session, and to one attempt, by its PKCE verifier."""
    return hashlib.sha256(f"nonce {code_verifier}".encode()).hexdigest()


def key_of_account(issuer: str, subject: str) -> str:
    """What an account is kept under: issuer and subject together, as subjects alone are not unique."""
    return hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()


def verified(
    token: Any, keys: Any, *, issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """The claims of the token, or NotVouched."""
    if not isinstance(token, str) or not token or len(token) > LONGEST:
        raise NotVouched("no ID token, or a huge one")
    try:
        claims = jwt.decode(
            token, _key(token, keys), algorithms=ALGORITHMS, audience=client_id, issuer=issuer,
            leeway=LEEWAY_SECONDS, options={"require": _REQUIRED},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotVouched(f"the ID token does not hold: {type(error).__name__}") from error
    _check(claims, client_id=client_id, nonce=nonce)
    return claims


def _key(token: str, keys: Any) -> Any:
    """The provider's key that the token names; without a name, its only one."""
    header = jwt.get_unverified_header(token)
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise NotVouched("the ID token is signed by a method that proves nothing")
    signing = [one for one in keys["keys"] if one.get("use", "sig") == "sig"]
    found = [one for one in signing if name is None or one.get("kid") == name]
    if len(found) != 1:
        raise NotVouched("the ID token names no key of the provider")
    return jwt.PyJWK.from_dict(found[0], algorithm).key


def _check(claims: Mapping[str, Any], *, client_id: str, nonce: str) -> None:
    """What the library does not look at."""
    audience: str | Sequence[str] = claims["aud"]
    others = not isinstance(audience, str) and len(audience) > 1
    if claims.get("azp", None if others else client_id) != client_id:
        raise NotVouched("the ID token was made for another client")
    if claims.get("nonce") != nonce:
        raise NotVouched("the ID token belongs to another attempt")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotVouched("the ID token names nobody")
