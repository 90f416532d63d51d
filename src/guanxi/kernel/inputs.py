"""What is wrong with an input, field by field, as a person can act on it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from guanxi.kernel.custom import PREFIX
from guanxi.lib.errors import Invalid, Problem
from guanxi.lib.moments import speakable

CODES = {
    "missing": "missing",
    "extra_forbidden": "extra_forbidden",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "string_unicode": "not_a_text",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string": "not_a_text",
    "int_parsing_size": "too_large",
    "int": "not_a_whole_number",
    "float": "not_a_number",
    "decimal": "not_a_number",
    "finite_number": "not_a_number",
    "bool": "not_yes_or_no",
    "uuid": "not_an_id",
    "timezone": "needs_a_zone",
    "date": "not_a_time",
    "time": "not_a_time",
    "out_of_time": "out_of_time",
    "list": "not_a_list",
    "tuple": "not_a_list",
    "set": "not_a_list",
    "dict": "not_an_object",
    "model": "not_an_object",
    "mapping": "not_an_object",
    "too_long": "too_long",
    "too_short": "too_short",
    "greater_than": "too_small",
    "less_than": "too_large",
    "": "wrong",
}
"""How the types of Pydantic's errors begin, the most exact first, and what we call them."""
W = TypeVar("W", bound=date)


def _within_time(when: W) -> W:
    if not speakable(when):
        raise PydanticCustomError("out_of_time", "between 1800 and 2200")
    return when


Moment = Annotated[AwareDatetime, AfterValidator(_within_time)]
"""A time with its zone: without it, it is no moment, and it is refused, not guessed."""
Day = Annotated[date, AfterValidator(_within_time)]
Seconds = Annotated[int, Field(json_schema_extra={"unit": "seconds"})]
"""How long something took: people say it in minutes and seconds."""
GIVEN: dict[Any, Any] = {date: Day, date | None: Day | None, datetime: Moment, datetime | None: Moment | None}
"""What a parameter of such a type takes from outside."""
_HIDDEN = ("given", "values", "asked")


class Extended(BaseModel):
    """An input that takes fields which the company added, by their names; anything else unknown is refused."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"additionalProperties": False, "patternProperties": {f"^{PREFIX}": {}}},
    )

    @model_validator(mode="after")
    def _refuse_unknown(self) -> Self:
        unknown = [name for name in self.model_extra or () if not name.startswith(PREFIX)]
        if unknown:
            lines = [InitErrorDetails(type="extra_forbidden", loc=(name,), input=None) for name in unknown]
            raise ValidationError.from_exception_data(type(self).__name__, lines)
        return self


def wrong_fields(errors: Iterable[Mapping[str, Any]], *, below: int = 0) -> dict[str, Problem]:
    """A refusal for each field; `below` leaves out as many leading parts of its place."""
    fields: dict[str, Problem] = {}
    for error in errors:
        place = [str(part) for part in error["loc"][below:]]
        name = ".".join(part for part in place if part not in _HIDDEN) or "input"
        code = next(code for beginning, code in CODES.items() if error["type"].startswith(beginning))
        choices = re.findall("'([^']*)'", str((error.get("ctx") or {}).get("expected", "")))
        fields[name] = Invalid(f"input.{code}", values={"expected": [one for one in choices if one]} if choices else {})
    return fields
