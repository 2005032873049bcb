"""Pure. Reads what somebody states about the licence of a piece: an SPDX expression, `own`, or nothing.

It refuses what it cannot name, and it never takes a name for more than the catalogue says.
"""

import re
from collections.abc import Iterable
from functools import cache, reduce

import msgspec
from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseExpression,
    LicenseSymbol,
    Licensing,
    get_license_index,
)

from segue.errors import Invalid
from segue.licences.catalogue import CATALOGUE_VERSION, ROWS, Row, spdx_url, stated, unstated
from segue.licences.meet import both
from segue.licences.model import OWN, AssertedBy, LicenceClass, LicenceFacts, Statement
from segue.licences.shown import permitted
from segue.limits import CREDIT_CHARS_MAX

STATEMENT_CHARS_MAX = 200
NESTING_MAX = 8

_NOT_AN_IDENTIFIER = "The licence is neither an SPDX identifier such as CC-BY-4.0 nor own."
_MALFORMED = "The licence is not a well-formed SPDX expression."

# How the SPDX documents write that nothing is stated.
_SILENT = frozenset({"", "noassertion", "none"})
_OPERATORS = frozenset({"and", "or", "with"})
_PRINTABLE = re.compile(r"[ -~]*", re.ASCII)
_EXPRESSION = re.compile(r"[A-Za-z0-9.+() -]*", re.ASCII)
_PART = re.compile(r"[()]|[^\s()]+")
_WORD = re.compile(r"[^\s()]+")
_URL_FRAME = re.compile(r"^https?://(www\.)?|/(legalcode|deed)(\.[a-z_-]+)?/?$|/$", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def facts_of(
    statement: str | None,
    *,
    asserted_by: AssertedBy,
    credits: Iterable[str] = (),  # noqa: A002 - the word of the API for them
) -> LicenceFacts:
    """The facts of one piece from what `asserted_by` states, at most 200 characters of it.

    Identifiers are read in any case, also as the licence's name (`CC BY 4.0`) or address. `own` says that the
    uploader made the piece; others may keep it for themselves. Nothing, or NOASSERTION, is `unclear`, and so is
    an identifier of the SPDX list without a row in the catalogue. `A OR B` takes the better one, `A AND B` the
    duties of both; neither makes an adaptation. An exception (`WITH`) is `unclear`: it can add terms as well as
    lift them, and none was written for music. Anything else is `Invalid`, with the fault at `licence` or `credits`.
    """
    named = frozenset(_credit(credit) for credit in credits) - {""}
    return msgspec.structs.replace(_facts_of_text(_readable(statement), asserted_by), credits=named)


def claim_of(tag: str | None, *, credits: Iterable[str] = ()) -> LicenceFacts:  # noqa: A002 - as above
    """The facts of what a file says about itself, never refused: a claim that cannot be read is no claim."""
    try:
        return facts_of(tag, asserted_by="file", credits=credits)
    except Invalid:
        return unstated("file")


def _own(asserted_by: AssertedBy) -> LicenceFacts:
    """All rights stay with the maker, who lets others listen; what more they may do is for the maker to say."""
    return LicenceFacts(
        licence_class=LicenceClass.PERSONAL_ONLY,
        requires_attribution=True,
        licence_version=CATALOGUE_VERSION,
        statements=frozenset({Statement(asserted_by, OWN)}),
        non_commercial=True,
    )


def _facts_of_text(text: str, asserted_by: AssertedBy) -> LicenceFacts:
    if text.casefold() in _SILENT:
        return unstated(asserted_by)
    if text.casefold() == OWN:
        return _own(asserted_by)
    alias = _aliases().get(_alias_key(text))
    return _facts_of_tree(_parsed(alias or text), asserted_by)


def _parsed(text: str) -> LicenseExpression:
    if not _EXPRESSION.fullmatch(text):
        raise _refused(_NOT_AN_IDENTIFIER)
    spelled = _WORD.sub(lambda word: _spelled(word[0]), text)
    _check_shape(spelled)
    try:
        # Every word is an SPDX identifier by now, so the parser needs to know no names.
        return Licensing().parse(spelled, simple=True)
    except ExpressionError:
        raise _refused(_MALFORMED) from None


def _spelled(word: str) -> str:
    """The word as SPDX spells it. A later version may be meant (`CC-BY-3.0+`)."""
    folded = word.lower()
    if folded in _OPERATORS:
        return folded.upper()
    present = _spdx_licences().get(folded) or _spdx_exceptions().get(folded)
    if present:
        return present
    base = _spdx_licences().get(folded.removesuffix("+"))
    if base is None:
        raise _refused(_NOT_AN_IDENTIFIER)
    return base + "+"


def _facts_of_tree(tree: LicenseExpression, asserted_by: AssertedBy) -> LicenceFacts:
    if isinstance(tree, AND):
        return reduce(both, (_facts_of_tree(part, asserted_by) for part in tree.args))
    if isinstance(tree, OR):
        best = max((_facts_of_tree(part, asserted_by) for part in tree.args), key=_freedom)
        return _within(best, str(tree))
    if isinstance(tree, LicenseSymbol):
        return _facts_of_licence(tree.key, asserted_by)
    return _facts_of_exception(tree.license_symbol.key, tree.exception_symbol.key, asserted_by)


def _facts_of_licence(identifier: str, asserted_by: AssertedBy) -> LicenceFacts:
    if identifier in _spdx_exceptions().values():
        raise _refused(f'"{identifier}" is an exception and stands only after WITH.')
    base = identifier.removesuffix("+")
    row = ROWS.get(base) or _unknown_row(base)
    if identifier != base:
        row = msgspec.structs.replace(row, name=f"{row.name} or later")
    return stated(row, identifier, asserted_by)


def _facts_of_exception(licence: str, exception: str, asserted_by: AssertedBy) -> LicenceFacts:
    if exception not in _spdx_exceptions().values():
        raise _refused(f'"{exception}" is not an SPDX exception, so it cannot stand after WITH.')
    facts = _facts_of_licence(licence, asserted_by)
    (statement,) = facts.statements
    row = msgspec.structs.replace(_unknown_row(licence), name=f"{statement.name} with {exception}")
    return stated(row, f"{licence} WITH {exception}", asserted_by)


def _unknown_row(identifier: str) -> Row:
    return Row(identifier, spdx_url(identifier), LicenceClass.UNCLEAR)


def _freedom(facts: LicenceFacts) -> tuple[LicenceClass, bool, bool, bool, bool]:
    """How much a choice leaves to its holder, compared fact by fact."""
    licence_class, reason = permitted(facts)
    return (
        licence_class,
        reason is None,
        not facts.no_derivatives,
        not facts.requires_attribution,
        not facts.share_alike,
    )


def _within(facts: LicenceFacts, expression: str) -> LicenceFacts:
    """The facts of the choice that was taken, with the whole choice as their expression."""
    said = frozenset(msgspec.structs.replace(statement, expression=expression) for statement in facts.statements)
    return msgspec.structs.replace(facts, statements=said)


def _readable(statement: str | None) -> str:
    text = statement or ""
    if len(text) > STATEMENT_CHARS_MAX:
        raise _refused(f"A licence has at most {STATEMENT_CHARS_MAX} characters.")
    text = text.strip(" \t\r\n")
    if not _PRINTABLE.fullmatch(text):
        raise _refused(_NOT_AN_IDENTIFIER)
    return text


def _credit(text: str) -> str:
    if len(text) > CREDIT_CHARS_MAX:
        sentence = f"A credit has at most {CREDIT_CHARS_MAX} characters."
        raise Invalid(sentence, faults={"credits": sentence})
    if _CONTROL.search(text):
        sentence = "A credit is one line of text without control characters."
        raise Invalid(sentence, faults={"credits": sentence})
    return text.strip()


def _check_shape(text: str) -> None:
    """Names and operators take turns and brackets close; the library's parser stumbles over some that do not."""
    depth, name_is_next = 0, True
    for part in _PART.findall(text):
        operator = part.lower() in _OPERATORS
        depth += (part == "(") - (part == ")")
        if (operator or part == ")") == name_is_next or depth < 0:
            raise _refused(_MALFORMED)
        if depth > NESTING_MAX:
            raise _refused(f"A licence expression nests at most {NESTING_MAX} deep.")
        name_is_next = operator or part == "("
    if depth or name_is_next:
        raise _refused(_MALFORMED)


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, faults={"licence": sentence})


def _alias_key(text: str) -> str:
    return _URL_FRAME.sub("", " ".join(text.casefold().split()))


@cache
def _aliases() -> dict[str, str]:
    """Identifiers by the names and addresses that people and files write instead."""
    return {_alias_key(alias): identifier for identifier, row in ROWS.items() for alias in (row.name, row.url)}


def _spdx_licences() -> dict[str, str]:
    return _spdx()[0]


def _spdx_exceptions() -> dict[str, str]:
    return _spdx()[1]


@cache
def _spdx() -> tuple[dict[str, str], dict[str, str]]:
    """The licences and the exceptions of the SPDX list, lower case to the present spelling.

    The list comes with the library and is read when first asked for; former identifiers are on it.
    `LicenseRef-` names belong to whoever made them up and say nothing here.
    """
    licences: dict[str, str] = {}
    exceptions: dict[str, str] = {}
    for entry in get_license_index():
        listed = entry.get("spdx_license_key") or ""
        spellings = [name for name in (listed, *entry.get("other_spdx_license_keys", ())) if _is_listed(name)]
        found = exceptions if entry.get("is_exception") else licences
        found.update((spelling.lower(), spellings[0]) for spelling in spellings)
    return licences, exceptions


def _is_listed(name: str) -> bool:
    return bool(name) and not name.startswith("LicenseRef-")
