"""The protocol that ships: in three languages, put in force when the company is set up, never over a company's own."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import guanxi
from guanxi.app import starter
from guanxi.app.commands import protocol as command
from guanxi.kernel import measures, settings
from guanxi.kernel.drain import drain
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.time import frozen
from guanxi.lib.errors import NotFound
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.rules import SECTIONS
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.service.intake.models import TicketRule
from guanxi.workspace.company.operations import first_run
from tests.client import Api
from tests.factories import service as make

SHIPPED = yaml.safe_load((Path(guanxi.__file__).parent / "app" / "starter" / "protocol.yaml").read_text("utf-8"))
LIVE = {
    "mail-acknowledged", "mail-first-answer", "complaint-first-answer", "complaint-process", "problem-solved",
    "problem-solved-on-average", "contact-consent", "care-followed-up",
}  # fmt: skip


def company(language: str = "en", **values):
    """An empty house is set up and everything that follows happens."""
    given = {
        "company": "Acme", "language": language, "zone": "UTC", "currency": "GBP", "line_of_work": "shop",
        "name": "Ada", "email": "ada@acme.test", "password": "correct horse battery", **values,
    }  # fmt: skip
    starter.load()
    owner, _ = first_run(**given)
    drain()
    return owner


def shown(*words: str) -> int:
    """`guanxi protocol show …` in this process."""
    parser = ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(["show", *words]))


@pytest.mark.django_db
def test_the_page_says_that_it_is_an_example_until_somebody_publishes_a_version():
    owner = company()
    api, own = Api(owner), Protocol.objects.get()
    assert api.get(f"protocols/{own.pk}/page")["example"] is True
    draft = api.post(f"protocols/{own.pk}/draft_version", {"note": "Read, and it suits us."})
    assert api.get(f"protocols/{own.pk}/page", version=2)["example"] is False
    api.post(f"versions/{draft['id']}/publish")
    assert api.get(f"protocols/{own.pk}/page")["example"] is False
    assert api.get(f"protocols/{own.pk}/page", version=1)["example"] is False


def test_every_clause_is_written_in_every_language():
    assert len(SHIPPED["clauses"]) >= 24
    for part in ("name", "goal", "note"):
        assert set(SHIPPED[part]) == set(LANGUAGES)
    for clause in SHIPPED["clauses"]:
        assert set(clause["text"]) == set(LANGUAGES), clause["key"]
        assert all(len(text) > 10 for text in clause["text"].values()), clause["key"]
    assert {clause["section"] for clause in SHIPPED["clauses"]} == set(SECTIONS)


def test_the_chinese_texts_are_written_in_their_own_characters():
    for clause in SHIPPED["clauses"]:
        assert not set(clause["text"]["zh-Hant"]) & set("们这来对说应会电话发处务户"), clause["key"]
        assert not set(clause["text"]["zh-Hans"]) & set("們這來對說應會電話發處務戶"), clause["key"]


def test_the_numbers_are_the_ones_of_the_catalogue():
    for clause in SHIPPED["clauses"]:
        known = settings.settings().get(clause.get("standard", ""))
        if known:
            assert (clause["value"], clause["unit"]) == (known.default, known.unit), clause["key"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "name"), [(language, SHIPPED["name"][language]) for language in LANGUAGES])
def test_a_new_company_has_it_in_force_in_its_own_language(language, name):
    owner = company(language)
    protocol = Protocol.objects.get()
    assert protocol.name == name
    assert Version.objects.get().status == "published"
    page = Api(owner).get(f"protocols/{protocol.pk}/page")
    clauses = [clause for section in page["sections"] for clause in section["clauses"]]
    assert len(clauses) == len(SHIPPED["clauses"])
    texts = {clause["key"]: clause["text"][language] for clause in SHIPPED["clauses"]}
    assert {clause["key"]: clause["text"] for clause in clauses} == texts
    measured = {clause["key"] for clause in clauses if clause["state"] != "not_measured"}
    assert measured >= LIVE
    assert {c["key"] for c in SHIPPED["clauses"] if c.get("measure") in measures.measures()} == measured


@pytest.mark.django_db
def test_a_company_with_a_protocol_keeps_its_own_and_loading_again_writes_nothing():
    company()
    Protocol.objects.update(name="Ours")
    before = Clause.objects.count()
    starter.load()
    assert Protocol.objects.get().name == "Ours"
    assert Clause.objects.count() == before


@pytest.mark.django_db
def test_rules_for_tickets_ship_in_the_language_of_the_company():
    company("zh-Hant")
    assert TicketRule.objects.get(key="complaint-words").name == "客訴郵件"
    assert {rule.makes for rule in TicketRule.objects.all()} == {"complaint", "enquiry"}


@pytest.mark.django_db
def test_the_protocol_at_the_command_line(capsys):
    with frozen(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        with pytest.raises(NotFound, match="protocol.none_in_force"):
            shown("--json")
        company()
        make.complaint()
        assert shown("--json") == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["version"], said["from"], said["to"]) == (1, "2026-03-01", "2026-03-03")
        clause = next(one for one in said["clauses"] if one["clause"] == "complaint-first-answer")
        assert (clause["cases"], clause["open"], clause["figure"], clause["target"]) == (1, 1, None, 0.98)
        assert clause["standard"]["name"] == "service.complaint.first_reply"
        assert (clause["standard"]["value"], clause["standard"]["unit"]) == (24, "hours")
        assert shown("--language", "zh-Hans") == 0
        assert "铃响四声" in capsys.readouterr().out
