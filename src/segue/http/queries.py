"""Pure. Reads the query of an address into a struct. What nobody asked about is ignored; what is wrong is all named."""

from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, Union, get_args
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

from segue.errors import Invalid
from segue.http.bodies import sentence
from segue.limits import MEMBERS_LIMIT_DEFAULT, MEMBERS_LIMIT_MAX, OFFSET_MAX, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX

T = TypeVar("T", bound=msgspec.Struct)

_FIELDS_MAX = 100

Offset = Annotated[int, Meta(ge=0, le=OFFSET_MAX, description="How many of the list to pass over.")]


class Page(msgspec.Struct, frozen=True):
    """Which page of a list is wanted."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_LIMIT_MAX, description="How many at most.")] = PAGE_LIMIT_DEFAULT
    offset: Offset = 0


class MembersPage(msgspec.Struct, frozen=True):
    """Which page of the members of a collection is wanted."""

    limit: Annotated[int, Meta(ge=1, le=MEMBERS_LIMIT_MAX, description="How many at most.")] = MEMBERS_LIMIT_DEFAULT
    offset: Offset = 0


def read_query(query: str, shape: type[T]) -> T:
    """The query as a struct. Of a name that comes twice the last one counts. Raises `Invalid` with every fault."""
    if not query:
        return msgspec.convert({}, shape)
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS_MAX))
    except ValueError:
        raise Invalid("The query has too many fields.", faults={"query": "It has too many fields."}) from None
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in msgspec.structs.fields(shape):
        if field.encode_name in given:
            text = given[field.encode_name]
            try:
                values[field.name] = msgspec.convert(text, _said(field.type), strict=False)
            except msgspec.ValidationError as error:
                faults[field.encode_name] = sentence(str(error))
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)
    return shape(**values)


@cache
def _said(kind: Any) -> Any:
    """The type without None: what is left out of a query has no value, and the word `null` is a word."""
    if NoneType not in get_args(kind):
        return kind
    return Union[tuple(each for each in get_args(kind) if each is not NoneType)]  # noqa: UP007 - made at run time
