"""Pure. Licence facts as plain sentences for a page or a terminal. It never says more than the facts do."""

from datetime import date
from typing import Literal

import msgspec

from segue.licences.english import ENGLISH
from segue.licences.model import OWN, LicenceClass, LicenceFacts, Statement
from segue.licences.shown import Barrier, ShownLicence, shown
from segue.licences.summary import CollectionSummary
from segue.licences.vocabulary import Vocabulary

Language = Literal["en"]

LANGUAGES: dict[Language, Vocabulary] = {"en": ENGLISH}


class StatedLine(msgspec.Struct, frozen=True):
    """One statement in words, with the address of the licence text where there is one."""

    text: str
    url: str | None


def headline(facts: LicenceFacts, *, language: Language = "en") -> str:
    """The one sentence that says what a listener may do."""
    words, view = LANGUAGES[language], shown(facts)
    match view.licence_class:
        case LicenceClass.COMMERCIAL_CLEARED:
            return _cleared(facts, words)
        case LicenceClass.COMMERCIAL_ENTERPRISE:
            return words.may_use_conditionally
        case LicenceClass.PERSONAL_ONLY:
            return words.may_keep
        case LicenceClass.UNCLEAR:
            return _unclear(facts, words)


def commercial_line(licence: ShownLicence, *, language: Language = "en") -> str:
    return LANGUAGES[language].commercial[licence.licence_class]


def attribution_line(licence: ShownLicence, *, language: Language = "en") -> str:
    words = LANGUAGES[language]
    if licence.requires_attribution:
        return words.attribution_needed
    unclear = licence.licence_class == LicenceClass.UNCLEAR
    return words.attribution_not_known if unclear else words.attribution_not_needed


def stated_lines(facts: LicenceFacts, *, on: date | None = None, language: Language = "en") -> tuple[StatedLine, ...]:
    """Each licence by name, with who stated it and, where it is known, on which day."""
    words = LANGUAGES[language]
    lines = {StatedLine(_stated(statement, on, words), statement.url) for statement in facts.statements}
    return tuple(sorted(lines, key=lambda line: (line.text, line.url or "")))


def condition_lines(facts: LicenceFacts, *, language: Language = "en") -> tuple[str, ...]:
    """What whoever uses the piece has to keep to, apart from the credit."""
    words = LANGUAGES[language]
    lines = [words.share_alike.format(family=family) for family in sorted(facts.share_alike)]
    if facts.no_derivatives:
        lines.append(words.no_derivatives)
    if facts.non_commercial:
        lines.append(words.non_commercial)
    lines.extend(words.condition.get(condition, condition) for condition in sorted(facts.conditions))
    return tuple(lines)


def use_lines(facts: LicenceFacts, *, language: Language = "en") -> tuple[str, ...]:
    """What may be done with the piece, whole: the headline, commercial use, the credit, the conditions."""
    view = shown(facts)
    return (
        headline(facts, language=language),
        commercial_line(view, language=language),
        attribution_line(view, language=language),
        *condition_lines(facts, language=language),
    )


def credit_line(facts: LicenceFacts, *, language: Language = "en") -> str | None:
    """The credits on one line, ready to be copied; None when nobody is named."""
    names = "; ".join(sorted(facts.credits))
    return LANGUAGES[language].credit.format(names=names) if names else None


def barrier_line(reason: Barrier, *, language: Language = "en") -> str:
    """Why it may not be shared or built on, and what to do."""
    return LANGUAGES[language].barrier[reason]


def summary_lines(collection: CollectionSummary, *, language: Language = "en") -> tuple[str, ...]:
    """What holds for the tracks together, in counts."""
    words = LANGUAGES[language]
    if collection.licence is None:
        return (words.empty,)
    lines = [words.mixed] if collection.mixed else []
    lines.append(_commercial_count(collection, words))
    if collection.unclear:
        template = words.one_unclear if collection.tracks == 1 else words.unclear_some
        lines.append(template.format(unclear=collection.unclear, tracks=collection.tracks))
    if 0 < collection.attribution < collection.tracks:
        lines.append(words.attribution_some.format(attribution=collection.attribution, tracks=collection.tracks))
    else:
        lines.append(attribution_line(collection.licence, language=language))
    return tuple(lines)


def _cleared(facts: LicenceFacts, words: Vocabulary) -> str:
    if facts.no_derivatives:
        return words.may_use_unchanged
    return words.may_use_credited if facts.requires_attribution else words.may_use


def _unclear(facts: LicenceFacts, words: Vocabulary) -> str:
    if any(_is_silent(statement) for statement in facts.statements):
        return words.not_stated if len(facts.statements) == 1 else words.partly_not_stated
    return words.not_confirmed if facts.asserted_by == "file" else words.not_settled


def _is_silent(statement: Statement) -> bool:
    return statement.name is None and statement.expression is None


def _stated(statement: Statement, on: date | None, words: Vocabulary) -> str:
    if _is_silent(statement):
        return words.silent
    name = words.own if statement.expression == OWN else statement.name or statement.expression
    witness = words.witness[statement.asserted_by]
    if on is None:
        return words.stated.format(name=name, witness=witness)
    day = words.date.format(day=on.day, month=words.months[on.month - 1], year=on.year)
    return words.stated_on.format(name=name, witness=witness, date=day)


def _commercial_count(collection: CollectionSummary, words: Vocabulary) -> str:
    if collection.tracks == 1:
        if not collection.commercial:
            return words.one_not_commercial
        return words.one_conditional if collection.conditional else words.one_commercial
    if not collection.commercial:
        template = words.commercial_none
    elif collection.conditional:
        template = words.commercial_some_conditional
    else:
        template = words.commercial_all if collection.commercial == collection.tracks else words.commercial_some
    return template.format(
        commercial=collection.commercial, conditional=collection.conditional, tracks=collection.tracks
    )
