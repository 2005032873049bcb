"""Pure. JSON Schemas in words: what a value may be, one row for each field."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Row:
    """A field or a parameter. `place` is where a parameter stands; `shapes` are the shapes that `kind` names."""

    name: str
    kind: str
    shape: str | None
    place: str
    is_needed: bool
    default: str | None
    text: str


def parameter_row(parameter: Json) -> Row:
    schema = parameter["schema"]
    return Row(
        parameter["name"],
        kind_of(schema),
        shape_name(schema),
        parameter["in"],
        parameter["required"],
        _default(schema),
        parameter.get("description", ""),
    )


def rows_of(schema: Json) -> list[Row]:
    """The fields of an object; none for anything else."""
    needed = schema.get("required", ())
    return [
        Row(name, kind_of(told), shape_name(told), "", name in needed, _default(told), told.get("description", ""))
        for name, told in schema.get("properties", {}).items()
    ]


def shape_name(schema: Json) -> str | None:
    """The name of the shape that a schema is, or is a list of, or may be."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    inner = [schema["items"]] if "items" in schema else schema.get("anyOf", ())
    return next((name for each in inner if (name := shape_name(each)) is not None), None)


def kind_of(schema: Json) -> str:
    """`string, 1 to 512 characters, or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "anyOf" in schema:
        kinds = [kind_of(each) for each in schema["anyOf"]]
        return ", or ".join(kinds) if any("," in kind for kind in kinds) else " or ".join(kinds)
    if "items" in schema:
        return f"list of {kind_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"names with {kind_of(schema['additionalProperties'])}"
    return _plain(schema)


def _plain(schema: Json) -> str:
    """A value that holds no other."""
    if "enum" in schema:
        return " or ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"]).lower()
    if schema.get("format") == "binary":
        return "file"
    return ", ".join([str(schema.get("type", "anything")), *_bounds(schema)])


def _bounds(schema: Json) -> list[str]:
    found = [
        _between(schema.get("minimum"), schema.get("maximum"), ""),
        _between(schema.get("minLength"), schema.get("maxLength"), " characters"),
    ]
    if schema.get("format") == "one-line":
        found.append("on one line")
    if "pattern" in schema:
        found.append(f"matching {schema['pattern']}")
    return [each for each in found if each]


def _between(low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}{unit}"
    if low is not None:
        return f"at least {low}{unit}"
    return "" if high is None else f"at most {high}{unit}"


def _default(schema: Json) -> str | None:
    default = schema.get("default")
    return None if default is None else str(default).lower() if isinstance(default, bool) else str(default)
