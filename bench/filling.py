"""What the house is filled with: customers in two scripts, with towns, numbers and addresses."""

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.app.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from guanxi.customers.customers.models import Customer  # noqa: E402
from guanxi.kernel.actor import SYSTEM, Origin  # noqa: E402
from guanxi.kernel.writes import create_many  # noqa: E402
from guanxi.workspace.company.operations import first_run  # noqa: E402
from guanxi.workspace.tokens.operations import create_token  # noqa: E402
from guanxi.workspace.users.models import User  # noqa: E402

OWNER = "bench@guanxi.test"
FIRST = ("Anna", "Betty", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo")
LAST = ("Steinway", "Lundgren", "Okafor", "Rossi", "Dubois", "Novak", "Silva", "Haddad", "Smith", "Jones", "Brown")
FAMILY, GIVEN = "张王李赵陈杨黄周吴徐孙马朱胡林", "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀兰霞"
TOWNS = ("London", "Leeds", "York", "Bath", "成都", "台北", "上海", "Lyon", "Porto", "Graz", "Oslo", "Turin")


def open_house() -> tuple[str, dict[str, Any]]:
    """The owner's token and where the database is; the owner is made when the house is empty."""
    if not User.objects.exists():
        first_run(
            company="Bench & Co", language="en", zone="Europe/London", currency="GBP", line_of_work="shop",
            name="Ben Ch", email=OWNER, password="correct horse battery",
        )  # fmt: skip
    place = settings.DATABASES["default"]
    where = {"host": place["HOST"], "user": place["USER"], "dbname": place["NAME"], "port": place["PORT"] or 5432}
    return create_token(SYSTEM, name="bench", email=OWNER), where


def customers(rows: int) -> int:
    """Fill up to so many customers; returns how many were written now."""
    have = Customer.objects.count()
    dice = random.Random(have)
    began = datetime(2024, 1, 1, tzinfo=UTC)
    actor = SYSTEM.as_origin(Origin.IMPORT)
    for start in range(have, rows, 10_000):
        numbers = range(start, min(start + 10_000, rows))
        create_many(actor, Customer, [_customer(dice, n, began) for n in numbers], checked=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return max(0, rows - have)


def _customer(dice: random.Random, n: int, began: datetime) -> dict[str, Any]:
    chinese = dice.random() < 0.3
    if chinese:
        name = dice.choice(FAMILY) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2))))
    else:
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}{dice.choice(('', '-' + dice.choice(LAST)))}"
    return {
        "name": name,
        "key": f"B{n}",
        "city": dice.choice(TOWNS),
        "language": "zh-Hans" if chinese else "en",
        "email": f"b{n}@bench.test",
        "created_at": began + timedelta(minutes=n),
    }
