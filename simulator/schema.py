"""Checks what a bot sends against the Bot API (schema.json): names, types and what must be there, at every depth.

Telegram itself ignores names it does not know. The pretend one refuses them, since they are always a slip.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from simulator.refusals import Refused, bad_request

SCHEMA = Path(__file__).with_name("schema.json")
INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
FLOAT = re.compile(r"-?\d{1,19}(\.\d{1,19})?", re.ASCII)
ARRAY_OF = "Array of "
TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}

Json = dict[str, Any]
Check = Callable[[Any, str], Any]  # (value, where it stands) -> the value to go on with; raises Wrong


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart call."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


class Wrong(Exception):
    """A value that is not of its type; the text names the place and the type."""


@dataclass(slots=True)
class Parameter:
    name: str
    is_required: bool
    kinds: tuple[str, ...]
    check: Check

    def read(self, given: Any) -> Any:
        """The value of a parameter: typed already, or a string that stands for it as forms have it."""
        return self.check(self.parsed(given), self.name)

    def parsed(self, given: Any) -> Any:
        """Likewise, of whatever type it may turn out to be."""
        if not isinstance(given, str):
            return given
        if "String" not in self.kinds:
            return self._parsed(given)
        return int(given) if "Integer" in self.kinds and INTEGER.fullmatch(given) else given

    def _parsed(self, text: str) -> Any:
        if "InputFile" in self.kinds:
            return text  # attach://name
        if "Boolean" in self.kinds and text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        if "Integer" in self.kinds and INTEGER.fullmatch(text):
            return int(text)
        if "Float" in self.kinds and FLOAT.fullmatch(text):
            return float(text)
        if {"Boolean", "Integer", "Float"} & set(self.kinds):
            raise Wrong(f'parameter "{self.name}" must be of type {" or ".join(self.kinds)}')
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise Wrong(f"can't parse {self.name} JSON object") from None


def check_call(method: str, given: Json) -> Json:
    """The parameters of a call, typed. Raises Refused for what Telegram would not take, or would silently ignore."""
    parameters = _methods()[method]
    typed = {}
    try:
        for name, value in given.items():
            if name not in parameters:
                raise Wrong(f'unknown parameter "{name}" of {method}')
            if not (value is None or (value == "" and "String" not in parameters[name].kinds)):
                typed[name] = parameters[name].read(value)
    except Wrong as wrong:
        raise bad_request(str(wrong)) from None
    _require(method, typed)
    return typed


def read_call(method: str, given: Json) -> Json:
    """The parameters of a call, read but not checked: for runs where speed is measured, by a bot known to be right."""
    parameters, read = _methods()[method], {}
    try:
        for name, value in given.items():
            parameter = parameters.get(name)
            if parameter and not (value is None or (value == "" and "String" not in parameter.kinds)):
                read[name] = parameter.parsed(value)
    except Wrong as wrong:
        raise bad_request(str(wrong)) from None
    _require(method, read)
    return read


def _require(method: str, given: Json) -> None:
    for name in _required()[method]:
        if name not in given:
            raise _missing(method, name)


def check_object(kind: str, value: Any) -> None:
    """Raise ValueError unless *value* is what the Bot API calls a *kind*: "Update", "Array of Message", …"""
    try:
        _check_for(kind)(value, kind)
    except Wrong as wrong:
        raise ValueError(str(wrong)) from None


def is_known(method: str) -> bool:
    """Whether the Bot API has *method*, supported here or not."""
    return method in _methods()


@cache
def update_kinds() -> tuple[str, ...]:
    """The kinds of update there are: message, callback_query, …"""
    return tuple(name for name in _schema()["types"]["Update"] if name != "update_id")


def _missing(method: str, name: str) -> Refused:
    match name:
        case "chat_id":
            return bad_request("chat_id is empty")
        case "text" if method == "sendMessage":
            return bad_request("message text is empty")
        case "message_id":
            return bad_request("message identifier is not specified")
        case "message_ids":
            return bad_request("message identifiers are not specified")
        case "photo" | "document" if method.startswith("send"):
            return bad_request(f"there is no {name} in the request")
    return bad_request(f'parameter "{name}" is required')


@cache
def _schema() -> Json:
    return cast("Json", json.loads(SCHEMA.read_text(encoding="utf-8")))


@cache
def _methods() -> dict[str, dict[str, Parameter]]:
    return {
        method: {name: _parameter(name, entry) for name, entry in fields.items()}
        for method, fields in _schema()["methods"].items()
    }


@cache
def _required() -> dict[str, tuple[str, ...]]:
    return {
        method: tuple(name for name, parameter in parameters.items() if parameter.is_required)
        for method, parameters in _methods().items()
    }


def _parameter(name: str, entry: Json) -> Parameter:
    return Parameter(name, entry["required"], _alternatives(entry["type"]), _check_for(entry["type"]))


def _alternatives(kind: str) -> tuple[str, ...]:
    """An array is never one of several alternatives (write_schema sees to it), but its members may be of several."""
    return (kind,) if kind.startswith(ARRAY_OF) else tuple(kind.split(" or "))


@cache
def _check_for(kind: str) -> Check:
    kinds = _alternatives(kind)
    if len(kinds) > 1:
        return _any_of(kinds)
    if kind.startswith(ARRAY_OF):
        return _array(kind.removeprefix(ARRAY_OF))
    return SCALARS[kind] if kind in SCALARS else _object(kind)


def _array(kind: str) -> Check:
    inside = _check_for(kind)

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise Wrong(f'field "{where}" must be an Array of {kind}')
        for place, part in enumerate(value):
            inside(part, f"{where}[{place}]")
        return value

    return check


def _object(kind: str) -> Check:
    entries = _schema()["types"][kind]
    required = [name for name, entry in entries.items() if entry["required"]]
    checks: dict[str, Check] = {}

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Wrong(f"{where}: {kind} must be an Object")
        for name in required:
            if value.get(name) is None:
                raise Wrong(f'{where}: can\'t find field "{name}" of {kind}')
        for name, inside in value.items():
            if name not in entries:
                raise Wrong(f'{where}: unknown field "{name}" of {kind}')
            if inside is None:
                continue
            if name not in checks:
                checks[name] = _check_of_field(entries[name])
            checks[name](inside, f"{where}.{name}")
        return value

    return check


def _check_of_field(entry: Json) -> Check:
    check = _check_for(entry["type"])
    if "value" not in entry:
        return check
    wanted = entry["value"]

    def check_constant(value: Any, where: str) -> Any:
        if check(value, where) != wanted:
            raise Wrong(f'field "{where}" must be {json.dumps(wanted)}')
        return value

    return check_constant


def _any_of(kinds: tuple[str, ...]) -> Check:
    """One of several types. An object is checked as the one it means to be, so that the error is about that one."""

    def check(value: Any, where: str) -> Any:
        if isinstance(value, dict):
            meant = _meant(kinds, value)
            if meant is not None:
                return _check_for(meant)(value, where)
        for kind in kinds:
            if kind in SCALARS and FITS[kind](value):
                return value
        raise Wrong(f'field "{where}" must be of type {" or ".join(kinds)}')

    return check


def _meant(kinds: tuple[str, ...], value: Json) -> str | None:
    """Which of the *kinds* of object this is: by its constants, as "type" often is one, else by what it must have."""
    without_constants = []
    for kind in kinds:
        fields = _schema()["types"].get(kind, {})
        constants = {name: entry["value"] for name, entry in fields.items() if "value" in entry}
        if constants and all(value.get(name) == wanted for name, wanted in constants.items()):
            return kind
        required = [name for name, entry in fields.items() if entry["required"]]
        if required and not constants and all(name in value for name in required):
            without_constants.append(kind)
    return without_constants[0] if without_constants else None


def _scalar(kind: str) -> Check:
    fits = FITS[kind]

    def check(value: Any, where: str) -> Any:
        if not fits(value):
            raise Wrong(f'field "{where}" must be of type {kind}')
        return value

    return check


def _is_string(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:  # half a surrogate pair is no text: JSON can say it, UTF-8 can not
        return value.isascii() or value.encode() is not None
    except UnicodeEncodeError:
        return False


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_float(value: Any) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _is_file(value: Any) -> bool:
    return isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))


FITS: dict[str, Callable[[Any], bool]] = {
    "String": _is_string,
    "Integer": _is_integer,
    "Float": _is_float,
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": _is_file,
    "Anything": lambda _: True,
}
SCALARS: dict[str, Check] = {kind: _scalar(kind) for kind in FITS}
