"""The provider as the sign-in library sees it: its checks made complete, and no account found by e-mail."""

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from agents_app.accounts.sso.claims import NotVouched, key_of_account, nonce_of, verified
from agents_app.accounts.sso.fetching import BoundedSession

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_KEPT: Final = ("iss", "sub", "preferred_username", "name", "email")


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    """Asks the provider and believes only what its signature proves.

    The library takes an ID token unverified when it came from the token endpoint, knows no nonce, and
    names the person by the userinfo answer; here the signed token alone says who it is.
    """

    verifier: str | None = None

    @property
    def openid_config(self) -> Mapping[str, Any]:
        """The provider's description of itself, fetched once a request."""
        if not hasattr(self, "_config"):
            self._config = self._described()
        return self._config

    def _described(self) -> Mapping[str, Any]:
        issuer = settings.INSPECTOR_OIDC_URL.split("/.well-known/")[0].rstrip("/")
        found = self._asked(issuer + WELL_KNOWN)
        if str(found.get("issuer", "")).rstrip("/") != issuer:
            raise NotVouched("the provider calls itself by another address than INSPECTOR_OIDC_URL")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(found.get(name, ""))).scheme not in {urlsplit(issuer).scheme, "https"}:
                raise NotVouched(f"the provider's {name} is missing or not https")
        return found

    def _asked(self, url: str, **headers: str) -> Mapping[str, Any]:
        """A JSON object that the provider answers with."""
        try:
            with BoundedSession() as session:
                response = session.get(url, headers=headers)
            response.raise_for_status()
            found = response.json()
        except (RequestException, ValueError) as error:
            raise NotVouched(f"the provider did not answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise NotVouched("the provider answered something else than JSON")
        return found

    @property
    def authorize_url(self) -> str:
        """Where the browser is sent: only where the page's policy lets its form lead, too."""
        url = str(self.openid_config["authorization_endpoint"])
        known = {origin(settings.INSPECTOR_OIDC_URL), origin(settings.INSPECTOR_OIDC_SIGN_IN_URL)}
        if origin(url) not in known:
            raise NotVouched(
                "the provider's sign-in page has another host: INSPECTOR_OIDC_SIGN_IN_URL"
            )
        return url

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        """Exchanges the code; the verifier is kept, as the nonce is made of it."""
        if not pkce_code_verifier:
            raise NotVouched("this attempt began without PKCE")
        self.verifier = pkce_code_verifier
        return super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **others: Any) -> Any:
        """The person that the signed token names."""
        config = self.openid_config
        claims = verified(
            others["response"].get("id_token"), self._asked(str(config["jwks_uri"])),
            issuer=str(config["issuer"]), client_id=app.client_id, nonce=nonce_of(self.verifier or ""),
        )  # fmt: skip
        return self.get_provider().sociallogin_from_response(  # type: ignore[no-untyped-call]
            request, dict(claims) | self._described_person(claims, token.token)
        )

    def _described_person(self, claims: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        """Name and address from userinfo where the token has none; it must speak of the same person."""
        url = str(self.openid_config.get("userinfo_endpoint") or "")
        if not url or "preferred_username" in claims:
            return {}
        found = self._asked(url, Authorization=f"Bearer {access_token}")
        if found.get("sub") != claims["sub"]:
            raise NotVouched("userinfo speaks of another person")
        return {name: found[name] for name in _KEPT[2:] if name in found}


class StrictProvider(OpenIDConnectProvider):
    """Signs in and does nothing else: no linking to an account, no e-mail, nothing chosen by the query."""

    oauth2_adapter_class = StrictAdapter

    def redirect_from_request(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = self.redirect(
            request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
        return answer

    def get_pkce_params(self) -> dict[str, str]:
        """PKCE always, and a nonce that belongs to it."""
        made: dict[str, str] = generate_code_challenge()
        return made | {"nonce": nonce_of(made["code_verifier"])}

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return key_of_account(str(data["iss"]), data["sub"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What is kept of the person: who vouches for whom, and when last."""
        return {name: str(data[name])[:255] for name in _KEPT if data.get(name)} | {
            "at": str(int(time.time()))
        }

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, str]:
        """A name for the account; no e-mail address, verified or not, as it could lead to another's."""
        return {
            "username": str(data.get("preferred_username", "")),
            "name": str(data.get("name", "")),
        }

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        return []
