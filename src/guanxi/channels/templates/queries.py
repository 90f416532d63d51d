"""What can be filled into the blanks of a letter to one customer."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from guanxi.channels.gate.links import UNSUBSCRIBE
from guanxi.channels.ratings.links import RATE
from guanxi.channels.templates import rules
from guanxi.channels.templates.models import Template
from guanxi.channels.templates.rules import Letter
from guanxi.channels.wire import personal
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import require_readable
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.custom import Definition, added_to
from guanxi.kernel.records import type_of
from guanxi.kernel.time import today
from guanxi.kernel.words import say
from guanxi.lib import names
from guanxi.workspace.company.operations import LANGUAGE, NAME, ZONE
from guanxi.workspace.users.models import User

Values = dict[str, Any]
SAYS: dict[str, tuple[str, ...]] = {
    "customer.name": ("name",),
    "customer.salutation": ("name", "title", "gender"),
    "customer.first_name": ("name",),
    "customer.family_name": ("name",),
    "customer.city": ("city",),
    "customer.country": ("country",),
    "customer.number": ("key",),
}
"""Which fields of a customer a blank tells."""
FILLED_IN = tuple(dict.fromkeys(field for fields in SAYS.values() for field in fields))
"""The fields of a customer that a letter may say."""


def added(actor: Actor) -> dict[str, Definition]:
    """The fields that the company added to customers and a letter may say: those somebody may read, and no secrets."""
    noun = type_of(Customer).name
    return {
        name: one
        for name, one in added_to(noun).items()
        if one.kind != "sensitive" and actor.level(f"{noun}.{name}") >= Level.READ
    }


def language_of(customer: Customer) -> str:
    """The language a customer is written to in: their own, else the company's."""
    return str(customer.language or LANGUAGE.get())


def values_for(
    actor: Actor,
    customer: Customer,
    language: str,
    *,
    linked: bool = False,
    given: Values | None = None,
    house: Values | None = None,
) -> Values:
    """Everything that is known for the blanks; `given` adds the matter or order the letter is about.

    `house` is what is known whoever a letter goes to, where it was asked for already. Where a letter is `linked`, it
    says where the links of its receiver stand; it gets them when it leaves.
    """
    spoken = cast(names.Language, language)
    parts = names.PersonName.parse(customer.name)
    person = customer.kind == Customer.Kind.PERSON
    gender = cast(names.Gender | None, customer.gender or None)
    known: Values = {
        "customer": {
            "name": names.display(customer.name),
            "salutation": names.salutation(
                customer.name, language=spoken, title=customer.title or None, gender=gender if person else None
            ),
            "first_name": parts.given if person else "",
            "family_name": parts.family if person else "",
            "city": customer.city,
            "country": customer.country,
            "number": customer.key,
            **{name: _said(one.value(customer.custom), language) for name, one in added(actor).items()},
        },
        **(house or of_house(actor)),
        "today": day(today(customer.zone or ZONE.get()), language),
    }
    if linked:
        known |= {"unsubscribe_url": personal.url(UNSUBSCRIBE), "rating_url": personal.url(RATE)}
    return known | (given or {})


def _said(value: Any, language: str) -> str:
    """The value of an added field as a letter says it; a no is said by saying nothing, so that `if` can ask for it."""
    if isinstance(value, bool):
        return say("ui.value.yes", language) if value else ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return day(value, language) if isinstance(value, date) else "" if value is None else str(value)


def blanks(actor: Actor, language: str) -> Values:
    """What stands in the blanks where nobody is chosen yet: their names."""
    found: Values = {}
    for name in rules.own_names(added(actor)):
        head, _, part = name.partition(".")
        said = f"[{label_of(name, language)}]"
        if part:
            found.setdefault(head, {})[part] = said
        else:
            found[head] = said
    return found


def label_of(blank: str, language: str) -> str:
    """What a blank is called."""
    own = added_to(type_of(Customer).name).get(blank.removeprefix(f"{rules.EXTENSIBLE}."))
    return own.label if own else say(f"channels.template.blank.{blank}", language)


def of_house(actor: Actor) -> Values:
    """What is known for the blanks whoever a letter goes to."""
    return {"company": {"name": str(NAME.get())}, "sender": _sender(actor)}


def _sender(actor: Actor) -> dict[str, str]:
    user = User.objects.filter(pk=actor.id).only("name", "email").first() if actor.id else None
    return {"name": user.name, "email": user.email} if user else {"name": str(NAME.get()), "email": ""}


def day(on: date, language: str) -> str:
    """A date as it is written in a letter."""
    if language == "en":
        return f"{on.day} {on:%B %Y}"
    return f"{on.year}年{on.month}月{on.day}日"


def written(
    actor: Actor,
    template: Template,
    customer: Customer,
    *,
    stoppable: bool,
    given: Values | None = None,
    house: Values | None = None,
) -> Letter:
    """A template as a letter to one customer, with the way to stop such letters where there must be one."""
    rules.require_given(given or {})
    language, variant = rules.in_language(template.variants, language_of(customer), LANGUAGE.get())
    _require_read(actor, variant)
    values = values_for(actor, customer, language, linked=True, given=given, house=house)
    letter = rules.letter(variant, values)
    if not stoppable or values["unsubscribe_url"] in letter.text:
        return letter
    footer = say("ui.channels.unsubscribe_footer", language, url=values["unsubscribe_url"])
    return Letter(subject=letter.subject, text=f"{letter.text}\n\n{footer}")


def _require_read(actor: Actor, texts: Iterable[str]) -> None:
    """Refuse to send what the sender does not read: it stands in the letter afterwards."""
    if actor.fields:
        customer = type_of(Customer)
        own = {f"{rules.EXTENSIBLE}.{name}": (name,) for name in added_to(customer.name)}
        told = ((SAYS | own).get(blank, ()) for text in texts for blank in rules.check(text, added_to(customer.name)))
        require_readable(actor, customer, *(field for fields in told for field in fields))
