"""Contacts that come in from files: which person belongs to which organisation, as what, since when."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.contacts.models import Contact
from guanxi.customers.customers import intake as customers
from guanxi.customers.customers.models import Customer
from guanxi.customers.intake.named import EMAIL, PHONE, Named, key_column, named
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import new_id
from guanxi.kernel.writes import change_many, check, insert_many
from guanxi.lib.errors import Conflict, Invalid
from guanxi.lib.names import looks_like_name
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

CREATE, CHANGE = "customers.contact.create", "customers.contact.change"
NEW_PEOPLE = "new_people"
"""The choice that a person whom nobody knows yet becomes a customer."""
PERSON = {"key": "person", "email": "email", "phone": "phone"}
MET = {**PERSON, "name": "name"}
ORGANISATION = {"key": "organisation"}
PLAIN = ("role", "since", "until", "main")
Pair = tuple[UUID, UUID]


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some contacts: a person is named once at an organisation, what a later row says is added."""
    result = Result()
    people, organisations = named(actor, lines, PERSON), named(actor, lines, ORGANISATION)
    found = _wrong(lines, people, organisations)
    if fresh := _unknown_people(lines, people, found):
        met = _met(actor, fresh, result)
        people = named(actor, lines, PERSON)
        found = _wrong(lines, people, organisations)
        _say_of_new_people(lines, people, found)
        found = [met.get(line.number, wrong) for line, wrong in zip(lines, found, strict=True)]
    else:
        _say_of_new_people(lines, people, found)
    there = _there(actor, people, organisations)
    new: dict[Pair, dict[str, Any]] = {}
    changes: dict[UUID, dict[str, Any]] = {}
    for line, wrong in zip(lines, found, strict=True):
        if wrong:
            result.problems.append((line.number, unreadable(wrong)))
            continue
        pair = people.customers[line.number], organisations.customers[line.number]
        values = {name: line.values[name] for name in PLAIN if name in line.values}
        if pair in there:
            held = there[pair]
            differing = {name: value for name, value in values.items() if getattr(held, name) != value}
            changes.setdefault(held.pk, {}).update(differing)
        elif pair in new:
            new[pair].update(values)
            result.skipped += 1
        else:
            person, organisation = pair
            new[pair] = {"id": new_id(), "person_id": person, "organisation_id": organisation, **values}
    changes = {id: values for id, values in changes.items() if values}
    insert_many(actor, Contact, new.values(), using=CREATE)
    if changes:
        change_many(actor, Contact, changes, using=CHANGE)
    result.created, result.updated = len(new), len(changes)
    result.skipped = len(lines) - result.created - result.updated - len(result.problems)
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with contacts of which some cells could not be read."""
    people, organisations = named(actor, lines, PERSON), named(actor, lines, ORGANISATION)
    found = _wrong(lines, people, organisations)
    _say_of_new_people(lines, people, found)
    return [
        {n: p for n, p in wrong.items() if n not in (line.wrong or {})}
        for line, wrong in zip(lines, found, strict=True)
    ]


def _unknown_people(lines: Sequence[Line], people: Named, wrong: Sequence[Wrong], *, alone: bool = True) -> list[Line]:
    """The rows whose person nobody knows yet and may be written down; `alone` where nothing else is wrong with them."""
    return [
        line
        for line, one in zip(lines, wrong, strict=True)
        if NEW_PEOPLE in line.options
        and line.number in people.absent
        and people.wrong[line.number][0] in one
        and (not alone or len(one) == 1)
    ]


def _say_of_new_people(lines: Sequence[Line], people: Named, found: Sequence[Wrong]) -> None:
    """That nobody knows them is not what is wrong with rows that may write down a person; that they lack a name is."""
    of_line = {line.number: wrong for line, wrong in zip(lines, found, strict=True)}
    for line in _unknown_people(lines, people, found, alone=False):
        of_line[line.number].pop(people.wrong[line.number][0])
        if "name" not in line.values:
            of_line[line.number]["name"] = Invalid("import.value_needed")


def _met(actor: Actor, lines: Sequence[Line], result: Result) -> dict[int, Wrong]:
    """Write down people whom nobody knew, as a file of customers does; what is wrong with those that could not be."""
    brought = [
        Line(
            number=line.number,
            values={"kind": "person", **{kind: line.values[name] for kind, name in MET.items() if name in line.values}},
            country=line.country,
        )
        for line in lines
    ]
    done = customers.write(actor, brought)
    if done.created:
        result.notes["people"] = done.created
    return {
        number: {MET.get(kind, kind): inner for kind, inner in problem.fields.items()} or {MET["key"]: problem}
        for number, problem in done.problems
    }


def _there(actor: Actor, people: Named, organisations: Named) -> dict[Pair, Contact]:
    found = visible_to(actor, Contact).filter(
        person__among=set(people.customers.values()), organisation__among=set(organisations.customers.values())
    )
    return {(one.person_id, one.organisation_id): one for one in found}


def _wrong(lines: Sequence[Line], people: Named, organisations: Named) -> list[Wrong]:
    kinds: Mapping[UUID, str] = dict(
        Customer.objects.filter(pk__among=set(organisations.customers.values())).values_list("pk", "kind")
    )
    found: list[Wrong] = []
    for line in lines:
        wrong: Wrong = dict(one.wrong[line.number] for one in (people, organisations) if line.number in one.wrong)
        organisation = organisations.customers.get(line.number)
        if organisation and kinds[organisation] != Customer.Kind.ORGANISATION:
            wrong["organisation"] = Invalid("contact.no_organisation")
        elif organisation and organisation == people.customers.get(line.number):
            wrong["person"] = Conflict("constraint.contact_is_not_its_own_organisation")
        if {"since", "until"} <= line.values.keys() and line.values["until"] < line.values["since"]:
            wrong["until"] = Conflict("constraint.contact_ends_after_it_begins")
        found.append({**_plain_wrong(line), **wrong})
    return found


def _plain_wrong(line: Line) -> Wrong:
    values = {name: line.values[name] for name in PLAIN if name in line.values}
    try:
        check(Contact(**values), only=values)
    except Invalid as problem:
        return dict(problem.fields)
    return {}


TARGET = Target(
    noun="contacts",
    permission=CREATE,
    records=("customers.contact",),
    own={
        "person": key_column("Person number", "Person ID", "Person no", "Person code", "Contact ID", "联系人编号", "联系人编码", "联系人ID", "个人编号", "聯絡人編號", "聯絡人代號", "聯絡人ID", "個人編號", perhaps=("Customer number", "客户编号", "客戶編號", "Person", "Contact", "联系人", "聯絡人")),
        "name": Column(longest=200, looks=looks_like_name, headings=("Name", "Full name", "Contact name", "Contact's name", "Person's name", "Person name", "Display name", "姓名", "联系人姓名", "联系人名称", "名字", "全名", "聯絡人姓名", "聯絡人名稱", "名字")),
        "email": Column(kind="email", headings=EMAIL.headings, perhaps=EMAIL.perhaps),
        "phone": Column(kind="phone", longest=PHONE.longest, headings=PHONE.headings, perhaps=PHONE.perhaps),
        "organisation": key_column("Organisation number", "Organization number", "Organisation ID", "Organization ID", "Organisation no", "Organisation code", "Company number", "Company ID", "Company no", "Company code", "Account ID", "Account number", "Account no", "单位编号", "单位编码", "公司编号", "公司编码", "企业编号", "公司ID", "組織編號", "組織代號", "公司編號", "公司代號", "公司代碼", "企業編號", "公司ID", perhaps=("Organisation", "Company", "Account", "单位", "公司", "企业", "組織", "公司", "企業")),
        "role": Column(longest=120, headings=("Role", "Position", "Job title", "Job", "Function", "Department", "职务", "职位", "岗位", "角色", "部门", "職務", "職位", "職稱", "角色", "部門"), perhaps=("Title", "头衔", "頭銜")),
        "since": Column(kind="day", headings=("Since", "Start date", "Started", "From", "Valid from", "开始日期", "入职日期", "起始日期", "任职日期", "開始日期", "到職日期", "起始日期", "任職日期")),
        "until": Column(kind="day", headings=("Until", "End date", "Ended", "To", "Left", "Valid until", "结束日期", "离职日期", "截止日期", "結束日期", "離職日期", "截止日期")),
        "main": Column(kind="yes_no", headings=("Main contact", "Primary contact", "Is primary", "Primary", "Main", "主要联系人", "是否主要联系人", "首要联系人", "主联系人", "主要聯絡人", "是否主要聯絡人", "首要聯絡人", "主聯絡人")),
    },
    write=write,
    check=wrong_with,
    options={NEW_PEOPLE: customers.CREATE},
)  # fmt: skip
