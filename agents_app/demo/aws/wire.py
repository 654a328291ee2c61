"""Requests of AWS's protocols read and answers written, by moto's own parsers and serializers."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.wrappers import Request

_JSON = "application/x-amz-json-1.0"
_SERVICES = {"monitoring": "cloudwatch", "rds": "rds"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `params` are those of the action, with times as aware datetimes."""

    service: str
    action: str
    region: str
    access_key: str
    params: dict[str, Any]
    protocol: str


def asked(environ: WSGIEnvironment) -> Asked | None:
    """The request of an AWS client, or None for anything else; the body can be read again after."""
    scope = (
        environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    )
    if len(scope) < 5 or scope[3] not in _SERVICES:
        return None
    service = _SERVICES[scope[3]]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    request = Request(dict(environ) | {"wsgi.input": io.BytesIO(body)})
    protocol = determine_request_protocol(get_service_model(service), request.content_type)
    action = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    if not action:
        action = request.values.get("Action", "")
    return Asked(
        service,
        action,
        scope[2],
        scope[0],
        _params(service, action, protocol, request, body),
        protocol,
    )


def _params(
    service: str, action: str, protocol: str, request: Request, body: bytes
) -> dict[str, Any]:
    operation = get_service_model(service).operation_model(action)
    parser = PROTOCOL_PARSERS[protocol](operation, map_type=dict)
    words = {"method": request.method, "values": request.values, "headers": request.headers,
             "body": body, "url_path": request.path, "url_params": {}}  # fmt: skip
    found = parser.parse(words)
    return {name: _aware(value) for name, value in found.items()}


def _aware(value: Any) -> Any:
    """moto's times are UTC without saying so."""
    is_naive = isinstance(value, datetime) and value.tzinfo is None
    return value.replace(tzinfo=UTC) if is_naive else value


def answered(question: Asked, result: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """A good answer in the protocol of the question."""
    if question.protocol == "json":  # moto's serializer needs seconds for a hundred thousand points
        body = json.dumps(result, default=lambda value: value.timestamp())
        return _sent(200, {"Content-Type": _JSON}, body, start_response)
    operation = get_service_model(question.service).operation_model(question.action)
    written = get_serializer_class(question.service, question.protocol)(operation).serialize(result)
    return _sent(written["status_code"], dict(written["headers"]), written["body"], start_response)


def refused(
    question: Asked, code: str, message: str, start_response: StartResponse, *, status: int = 400
) -> list[bytes]:
    """An error in AWS's own format."""
    if question.protocol == "json":
        body = f'{{"__type": "{code}", "message": "{message}"}}'
        kind = _JSON
    else:
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>demo</RequestId></ErrorResponse>"
        )
        kind = "text/xml"
    return _sent(status, {"Content-Type": kind}, body, start_response)


def _sent(
    status: int, headers: dict[str, str], body: Any, start_response: StartResponse
) -> list[bytes]:
    data = body if isinstance(body, bytes) else str(body).encode()
    given = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    start_response(f"{status} .", [*given.items(), ("Content-Length", str(len(data)))])
    return [data]
