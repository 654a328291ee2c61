"""An OpenID Connect provider of our own on loopback: discovery, keys, codes for tokens, userinfo; it lies on request."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "console", "secret of the console"
PERSON = {
    "sub": "person-1",
    "preferred_username": "ada",
    "email": "ada@example.com",
    "email_verified": True,
}
KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CURVE = ec.generate_private_key(ec.SECP256R1())


@dataclass
class Provider:
    """What it answers can be changed at every place; `asked` are the paths that were asked for."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], Any] = lambda claims: signed(claims)
    discovery: dict[str, Any] = field(default_factory=dict)
    keys: Callable[[], list[dict[str, Any]]] = lambda: [public(KEY, "k1")]
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: Callable[[dict[str, Any]], Any] = lambda answer: answer
    delays: dict[str, float] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, location: str, **changes: str | None) -> str:
        """What its sign-in page does: a code for the request in `location`; gives where the browser goes."""
        query = dict(parse_qsl(urlsplit(location).query))
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        back = {"code": code, "state": query["state"]} | changes
        given = urlencode({name: value for name, value in back.items() if value is not None})
        return f"{query['redirect_uri']}?{given}"

    def answer(self, path: str, form: dict[str, str]) -> Any:
        """The JSON for a path."""
        if path == "/.well-known/openid-configuration":
            return self._described() | self.discovery
        if path == "/keys":
            return {"keys": self.keys()}
        if path == "/userinfo":
            return {"sub": self.person["sub"]} | self.userinfo
        if path == "/token":
            return self._token(form)
        return None

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
        }

    def _token(self, form: dict[str, str]) -> Any:
        """One code, one token: for the client that proves itself and its attempt (PKCE)."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked.get("code_challenge") != challenge
            or form.get("client_secret") != SECRET
        ):
            return None
        now = int(time.time())
        claims = self.person | {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"),
        }  # fmt: skip
        id_token = self.sign(self.claims(claims))
        return self.token({"access_token": "at", "token_type": "Bearer", "id_token": id_token})


def signed(
    claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", kid: str = "k1"
) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def unsigned(claims: dict[str, Any]) -> str:
    """`alg: none`."""
    return f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{_part(claims)}."


def with_shared_secret(claims: dict[str, Any], secret: bytes) -> str:
    """HS256 by hand, as libraries refuse a public key for it."""
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{_part(claims)}"
    seal = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def public(key: Any, kid: str, **others: str) -> dict[str, Any]:
    """The public half as a JWK."""
    kind: Any = (
        jwt.algorithms.ECAlgorithm
        if isinstance(key, ec.EllipticCurvePrivateKey)
        else jwt.algorithms.RSAAlgorithm
    )
    return json.loads(kind.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"} | others


def pem(key: Any) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[no-any-return]


@contextmanager
def provider_running() -> Iterator[Provider]:
    """The provider, served until the end of the block."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path == "/authorize":
                self._write(302, {"Location": provider.authorize(self.path)}, b"")
                return
            status, headers, body = provider.answers.get(path) or self._json(path, form)
            time.sleep(provider.delays.get(path, 0))
            self._write(status, headers, body)

        def _json(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            found = provider.answer(path, form)
            body = json.dumps({"error": "invalid_grant"} if found is None else found).encode()
            return 400 if found is None else 200, {"Content-Type": "application/json"}, body

        def _write(self, status: int, headers: dict[str, str], body: bytes) -> None:
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # the console did not wait

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
