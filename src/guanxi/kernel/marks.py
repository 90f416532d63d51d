"""By what the hosts of one company know that they share more than the database; nobody's data, so without history."""

from guanxi.kernel.models import Mark


def marked(name: str) -> str:
    """The mark of a thing; nothing as long as there is none."""
    return Mark.objects.filter(name=name).values_list("value", flat=True).first() or ""


def mark(name: str, value: str) -> bool:
    """Mark a thing unless it is marked; whether it was not."""
    return Mark.objects.get_or_create(name=name, defaults={"value": value})[1]


def mark_anew(name: str, value: str) -> None:
    """Mark a thing, whatever its mark was."""
    Mark.objects.update_or_create(name=name, defaults={"value": value})
