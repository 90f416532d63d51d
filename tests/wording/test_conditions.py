"""Conditions as people ask them are said in each language as `conditions.yaml` beside this file has been read."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.records import type_of
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db

READ = yaml.safe_load((Path(__file__).parent / "conditions.yaml").read_text("utf-8"))
CURRENCIES = {"en": "GBP", "zh-Hans": "CNY", "zh-Hant": "TWD"}


@pytest.mark.parametrize("read", READ, ids=[one["en"] for one in READ])
def test_a_condition_is_said_as_it_was_read(read):
    customer, asking = type_of(Customer), make.actor("owner")
    list(Customer.objects.filter(compiled(asking, read["condition"], customer)))
    said = {
        language: sentence(
            read["condition"], customer, actor=replace(SYSTEM, language=language), currency=CURRENCIES[language]
        )
        for language in LANGUAGES
    }
    assert said == {language: read[language] for language in LANGUAGES}


def test_there_are_enough_of_them():
    assert len(READ) >= 20
