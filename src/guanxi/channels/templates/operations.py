"""The verbs of letters with blanks."""

from typing import Any, Literal
from uuid import UUID

from guanxi.channels.gate.rules import Purpose
from guanxi.channels.templates import queries, rules
from guanxi.channels.templates.models import Template
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import get, require_readable
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.records import type_of
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Invalid
from guanxi.workspace.company.operations import LANGUAGE

TEXTS = ("subject_en", "body_en", "subject_zh_hans", "body_zh_hans", "subject_zh_hant", "body_zh_hant")


@operation("channels.template.write")
def write_template(
    actor: Actor,
    *,
    name: str,
    purpose: Purpose,
    channel: Literal["email"] = "email",
    subject_en: str = "",
    body_en: str = "",
    subject_zh_hans: str = "",
    body_zh_hans: str = "",
    subject_zh_hant: str = "",
    body_zh_hant: str = "",
) -> Template:
    """Write a letter with blanks, in one to three languages; every blank has to be one there is."""
    texts = {
        "subject_en": subject_en, "body_en": body_en, "subject_zh_hans": subject_zh_hans, "body_zh_hans": body_zh_hans,
        "subject_zh_hant": subject_zh_hant, "body_zh_hant": body_zh_hant,
    }  # fmt: skip
    _require_sound(actor, texts)
    return create(
        actor, Template, using="channels.template.write", name=name.strip(), channel=channel, purpose=purpose, **texts
    )


@operation("channels.template.rewrite")
def rewrite_template(
    actor: Actor,
    template_id: UUID,
    *,
    purpose: Purpose | None = None,
    subject_en: str | None = None,
    body_en: str | None = None,
    subject_zh_hans: str | None = None,
    body_zh_hans: str | None = None,
    subject_zh_hant: str | None = None,
    body_zh_hant: str | None = None,
) -> Template:
    """Change the words of a letter; what has been sent stays as it was."""
    given = {
        "subject_en": subject_en, "body_en": body_en, "subject_zh_hans": subject_zh_hans, "body_zh_hans": body_zh_hans,
        "subject_zh_hant": subject_zh_hant, "body_zh_hant": body_zh_hant,
    }  # fmt: skip
    with change(Template, template_id, by=actor, using="channels.template.rewrite") as template:
        for field, text in given.items():
            if text is not None:
                setattr(template, field, text)
        template.purpose = purpose or template.purpose
        _require_sound(actor, {field: getattr(template, field) for field in TEXTS})
    return template


def _require_sound(actor: Actor, texts: dict[str, str], *, empty: bool = False) -> None:
    """Refuse mistakes field by field, and, unless it may be `empty`, a letter without words."""
    problems: dict[str, Any] = {}
    added = queries.added(actor)
    for field, text in texts.items():
        try:
            rules.check(text, added)
        except Invalid as problem:
            problems[field] = problem
    if problems:
        raise Invalid("record.invalid", fields=problems, record="channels.template")
    if not empty and not any(text.strip() for field, text in texts.items() if field.startswith("body")):
        raise Invalid("template.empty")


@operation("channels.template.preview")
def preview(actor: Actor, template_id: UUID, *, customer: UUID) -> dict[str, Any]:
    """Show a letter as this customer would get it, or name the blanks for which nothing is known."""
    template = get(actor, Template, template_id, using="channels.template.preview")
    person = get(actor, Customer, customer)
    require_readable(actor, type_of(Customer), *queries.FILLED_IN)
    language, variant = rules.in_language(template.variants, queries.language_of(person), LANGUAGE.get())
    values = queries.values_for(actor, person, language, linked=True)
    lacking = [field for text in variant for field in rules.missing(text, values, queries.added(actor))]
    if lacking:
        return {"language": language, "subject": "", "text": "", "missing": list(dict.fromkeys(lacking))}
    letter = rules.letter(variant, values)
    return {"language": language, "subject": letter.subject, "text": letter.text, "missing": []}


@operation("channels.template.try_out", reads=True)
def try_out(
    actor: Actor,
    *,
    language: Literal["en", "zh-Hans", "zh-Hant"],
    subject: str = "",
    body: str = "",
    customer: UUID | None = None,
) -> dict[str, Any]:
    """Show a text that is being written as this customer would get it, and the blanks there are with their values."""
    _require_sound(actor, {"subject": subject, "body": body}, empty=True)
    added = queries.added(actor)
    values = queries.blanks(actor, language)
    if customer is not None:
        person = get(actor, Customer, customer)
        require_readable(actor, type_of(Customer), *queries.FILLED_IN)
        values = queries.values_for(actor, person, language, linked=True)
    lacking = [field for text in (subject, body) for field in rules.missing(text, values, added)]
    letter = rules.letter((subject, body), values) if not lacking else rules.Letter(subject="", text="")
    return {
        "subject": letter.subject,
        "text": letter.text,
        "missing": list(dict.fromkeys(lacking)),
        "blanks": [
            {"name": name, "label": queries.label_of(name, actor.language), "value": rules.value_of(name, values)}
            for name in rules.own_names(added)
        ],
    }
