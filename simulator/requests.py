"""Reads what a call was given out of an HTTP request: query, form, multipart or JSON, as the bot's library likes."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from simulator.refusals import Refused, bad_request
from simulator.schema import Upload

Json = dict[str, Any]

LARGEST_BODY = 50 * 2**20  # bytes
MOST_FIELDS = 1000
ATTACHED = "attach://"
PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')


async def read_parameters(request: web.Request) -> Json:
    """The parameters of a call as they were given. Raises Refused for a body that cannot be read."""
    try:
        query = request.query_string
        given: Json = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)) if query else {}
        if request.body_exists:
            body = await request.read()
            given |= _body(body, request.headers.get("Content-Type", ""))
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise bad_request(f"can't parse the request: {error}") from None
    return given


def _body(body: bytes, content_type: str) -> Json:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        return dict(pairs)
    if kind == "application/json":
        given = json.loads(body) if body.strip() else {}
        if not isinstance(given, dict):
            raise ValueError("an Object was expected")
        return given
    if kind == "multipart/form-data":
        return _multipart(body, _header_parameters(content_type).get("boundary", ""))
    return {}  # as Telegram does, which then misses the parameters


def _multipart(body: bytes, boundary: str) -> Json:
    if not boundary:
        raise ValueError("a boundary was expected")
    given: Json = {}
    uploads: dict[str, Upload] = {}
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1"))
    for part in parts[1:MOST_FIELDS]:
        if part.startswith(b"--"):
            break
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = _part_headers(head.decode())
        disposition = _header_parameters(headers.get("content-disposition", ""))
        named = {name: unquote(value) for name, value in disposition.items()}
        if "filename" in named:
            kind = headers.get("content-type", "application/octet-stream")
            uploads[named.get("name", "")] = Upload(named["filename"], kind, content)
        else:
            given[named.get("name", "")] = content.decode()
    return given | _with_attached(given, uploads)


def _with_attached(given: Json, uploads: dict[str, Upload]) -> Json:
    """The uploads, each where ``attach://name`` is said of it, within an album too, else under its own name."""
    attached, used = {}, set()
    for name, value in given.items():
        if ATTACHED not in value:
            continue
        found = _names_in(value) & set(uploads)
        if value.removeprefix(ATTACHED) in found:
            attached[name] = uploads[value.removeprefix(ATTACHED)]
        elif found and value.lstrip().startswith(("[", "{")):
            attached[name] = _filled(json.loads(value), uploads)
        else:
            continue
        used |= found
    return attached | {name: upload for name, upload in uploads.items() if name not in used}


def _names_in(value: str) -> set[str]:
    return {part.split('"', 1)[0] for part in value.split(ATTACHED)[1:]}


def _filled(value: Any, uploads: dict[str, Upload]) -> Any:
    """JSON with the uploads in the places of their names."""
    if isinstance(value, list):
        return [_filled(part, uploads) for part in value]
    if isinstance(value, dict):
        return {name: _filled(part, uploads) for name, part in value.items()}
    if isinstance(value, str) and value.startswith(ATTACHED):
        return uploads.get(value.removeprefix(ATTACHED), value)
    return value


def _part_headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _header_parameters(header: str) -> dict[str, str]:
    return {match[1].lower(): match[2] if match[2] is not None else match[3] for match in PARAMETER.finditer(header)}
