"""Writes schema.json, the Bot API as data, from aiogram's models. For development only: aiogram is not in the product.

Run it as ``python -m simulator.write_schema`` after aiogram was raised; a test fails while the file lags behind.
"""

import datetime
import enum
import json
import types
import typing
from pathlib import Path
from typing import Any

import typing_extensions
from aiogram import methods as aiogram_methods
from aiogram import types as aiogram_types
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile, KeyboardButton, TelegramObject
from pydantic.fields import FieldInfo

SCHEMA = Path(__file__).with_name("schema.json")

Fields = dict[str, dict[str, Any]]

# What aiogram calls a thing, and what the Bot API calls it. A date is unix time, a period is seconds.
SCALARS: dict[object, str] = {
    str: "String",
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    datetime.datetime: "Integer",
    datetime.timedelta: "Integer",
    Any: "Anything",
}


class Reading:
    """Collects every type that a method's parameters or an update lead to."""

    def __init__(self) -> None:
        self.types: dict[str, Fields] = {}

    def fields(self, model: type[TelegramMethod[Any]] | type[TelegramObject]) -> Fields:
        """The fields of *model* that the newest Bot API still knows."""
        return {
            field.alias or name: self._field(field)
            for name, field in model.model_fields.items()
            if not (isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("deprecated"))
        }

    def _field(self, field: FieldInfo) -> dict[str, Any]:
        constant = _constant(field.annotation)
        # A constant always has a default in aiogram, though Telegram wants to be told it.
        entry: dict[str, Any] = {"required": field.is_required() or constant is not None}
        entry["type"] = " or ".join(self._names(field.annotation))
        if constant is not None:
            entry["value"] = constant
        return entry

    def _names(self, annotation: object) -> list[str]:
        """The Bot API's names of *annotation*'s alternatives, sorted and each once."""
        origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self._names(inside[0])
        if origin is typing.Literal:
            return sorted({SCALARS[type(_plain(value))] for value in inside})
        if origin in (typing.Union, types.UnionType):
            found = {name for part in inside if part not in (types.NoneType, Default) for name in self._names(part)}
            if len(found) > 1 and any(name.startswith("Array of ") for name in found):
                raise TypeError(f"{annotation!r}: simulator.schema reads no array among alternatives")
            return sorted(found)
        if origin is list:
            return [f"Array of {' or '.join(self._names(inside[0]))}"]
        names = [self._name(annotation)]
        return [*names, "String"] if annotation is KeyboardButton else names  # a plain text is short for such a button

    def _name(self, annotation: object) -> str:
        if annotation in SCALARS:
            return SCALARS[annotation]
        if isinstance(annotation, typing_extensions.TypeAliasType):
            return "Anything"  # RichText contains itself; its inside is not checked until rich messages are supported
        if not isinstance(annotation, type):
            raise TypeError(f"aiogram says {annotation!r}: teach simulator.write_schema what that is")
        if issubclass(annotation, enum.Enum):
            return "String"
        if issubclass(annotation, InputFile):
            return "InputFile"
        if issubclass(annotation, TelegramObject):
            self.add(annotation)
            return annotation.__name__
        raise TypeError(f"aiogram says {annotation!r}: teach simulator.write_schema what that is")

    def add(self, model: type[TelegramObject]) -> None:
        if model.__name__ in self.types:
            return
        self.types[model.__name__] = {}  # before its fields, since types contain themselves
        self.types[model.__name__] = self.fields(model)


def _plain(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value


def _constant(annotation: object) -> object:
    inside = typing.get_args(annotation)
    is_constant = typing.get_origin(annotation) is typing.Literal and len(inside) == 1
    return _plain(inside[0]) if is_constant else None


def read_schema() -> dict[str, dict[str, Fields]]:
    """The methods with their parameters, and the types: name -> field -> {type, required[, value]}."""
    reading = Reading()
    found = (getattr(aiogram_methods, name) for name in aiogram_methods.__all__ if name != "TelegramMethod")
    methods = {
        model.__api_method__: reading.fields(model)
        for model in found
        if isinstance(model, type) and issubclass(model, TelegramMethod)
    }
    reading.add(aiogram_types.Update)
    return {"methods": methods, "types": reading.types}


def render(schema: dict[str, dict[str, Fields]]) -> str:
    """One line a field, so that a change of the Bot API reads well in a diff."""
    parts = []
    for part, owners in sorted(schema.items()):
        blocks = []
        for owner, fields in sorted(owners.items()):
            lines = [f"      {json.dumps(name)}: {json.dumps(fields[name], sort_keys=True)}" for name in sorted(fields)]
            block = "{\n" + ",\n".join(lines) + "\n    }" if lines else "{}"
            blocks.append(f"    {json.dumps(owner)}: {block}")
        parts.append(f"  {json.dumps(part)}: {{\n" + ",\n".join(blocks) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    SCHEMA.write_text(render(read_schema()), encoding="utf-8")
