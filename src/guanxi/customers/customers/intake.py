"""Customers that come in from files: new ones, changed ones by their key, their ways and what they agreed to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.rules import require_past
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import Way, add_many
from guanxi.customers.contact_points.rules import LONGEST, written
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import hidden_from
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.kernel.writes import change_many, check, create_many
from guanxi.lib.countries import code_of
from guanxi.lib.errors import Invalid, NotFound, Unknown
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

CREATE, CHANGE = "customers.customer.create", "customers.customer.change"
RECOGNISED = {"key", "email", "phone"}
PLAIN = (
    "name", "kind", "title", "gender", "birthday", "language", "country", "region", "city", "postcode", "address",
    "preferred_channel", "note",
)  # fmt: skip
LANGUAGES = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hant": "zh-Hant",
    "en": "en",
}


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some customers: by key, else by their address, else new."""
    result, home = Result(), COUNTRY.get()
    known = _known(lines, home)
    hidden = _hidden(actor, known)
    new: dict[UUID, dict[str, Any]] = {}
    changes: dict[UUID, dict[str, Any]] = {}
    whose: list[tuple[Line, UUID]] = []
    for line in lines:
        handle = _handle(line, home)
        id = known.get(handle or "")
        if id in hidden:
            result.problems.append((line.number, NotFound("record.not_found", record="customers.customer")))
            continue
        values, wrong = _values(line, new=id is None)
        if wrong:
            result.problems.append((line.number, unreadable(wrong)))
            continue
        if id is None:
            id = new_id()
            new[id] = {"id": id, "key": line.values.get("key", ""), **values}
            if handle:
                known[handle] = id
        else:
            new.get(id, changes.setdefault(id, {})).update(values)
        whose.append((line, id))
    made = set(new)
    create_many(actor, Customer, new.values(), using=CREATE, checked=True)
    changed = _change(actor, {id: values for id, values in changes.items() if values})
    touched = _ways(actor, whose) | _consents(actor, whose)
    for _, id in whose:
        if id in made:
            result.created += 1
            made.discard(id)
        elif id in changed or id in touched:
            result.updated += 1
        else:
            result.skipped += 1
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with customers of whom some cells could not be read."""
    home = COUNTRY.get()
    known = _known(lines, home)
    hidden = _hidden(actor, known)
    found: list[Wrong] = []
    for line in lines:
        handle = _handle(line, home)
        id = known.get(handle or "")
        # whoever an unreadable key or address means may be known already
        _, wrong = _values(line, new=id is None and not RECOGNISED & set(line.wrong or ()))
        if id in hidden:
            wrong[str(handle).partition(":")[0]] = NotFound("record.not_found", record="customers.customer")
        found.append(wrong)
    return found


def _handle(line: Line, home: str) -> str | None:
    """What a row is recognised by: the key, else the address, else the number."""
    if "key" in line.values:
        return f"key:{line.values['key']}"
    for kind in ("email", "phone"):
        if kind in line.values:
            return f"{kind}:{written(kind, line.values[kind], country=_country(line) or home).value}"
    return None


def _country(line: Line) -> str:
    """Where a number without a code is from: the row says it, else whoever brought the file."""
    return code_of(str(line.values.get("country", ""))) or line.country


def _known(lines: Sequence[Line], home: str) -> dict[str, UUID]:
    handles = {handle for line in lines if (handle := _handle(line, home))}
    keys = [handle[4:] for handle in handles if handle.startswith("key:")]
    found = {f"key:{key}": id for key, id in Customer.objects.filter(key__among=keys).values_list("key", "pk")}
    values = [handle.partition(":")[2] for handle in handles if not handle.startswith("key:")]
    points = ContactPoint.objects.filter(value__among=values, shared=False, customer__isnull=False)
    for kind, value, customer in points.values_list("kind", "value", "customer"):
        found[f"{kind}:{value}"] = customer
    return found


def _hidden(actor: Actor, known: Mapping[str, UUID]) -> set[UUID]:
    """Those of the known customers whom the importer does not see, of whom no row says or learns anything."""
    return set(hidden_from(actor, Customer).filter(pk__among=known.values()).values_list("pk", flat=True))


def _values(line: Line, *, new: bool) -> tuple[dict[str, Any], Wrong]:
    """What a row says of a customer, and all that is wrong with it; somebody new needs a name."""
    values = {name: line.values[name] for name in PLAIN if name in line.values}
    wrong: Wrong = {}
    if new and "name" not in values:
        wrong["name"] = Invalid("import.value_needed")
    if "language" in values:
        values["language"], said = LANGUAGES.get(values["language"].casefold(), ""), values["language"]
        if not values["language"]:
            wrong["language"] = Unknown("company.unknown_language", said, LANGUAGES, language=said)
    if values.get("country"):
        values["country"], said = code_of(values["country"]), values["country"]
        if not values["country"]:
            wrong["country"] = Invalid("import.not_a_country", text=said)
    if line.values.get("consent_at"):
        try:
            require_past(line.values["consent_at"], now=now())
        except Invalid as problem:
            wrong["consent_at"] = problem
    try:
        check(Customer(**values), only=values)
    except Invalid as problem:
        wrong = {**problem.fields, **wrong}
    return values, wrong


def _change(actor: Actor, changes: dict[UUID, dict[str, Any]]) -> set[UUID]:
    before = {one.pk: one.version for one in Customer.objects.filter(pk__among=changes).only("pk", "version")}
    rows = change_many(actor, Customer, changes, using=CHANGE) if changes else []
    return {row.pk for row in rows if row.version != before[row.pk]}


def _ways(actor: Actor, whose: Sequence[tuple[Line, UUID]]) -> set[UUID]:
    ways = [
        (id, Way(kind=kind, value=line.values[kind], main=True, country=_country(line)))
        for line, id in whose
        for kind in ("email", "phone", "wechat")
        if line.values.get(kind)
    ]  # fmt: skip
    return {point.customer_id for point in add_many(actor, ways) if point.customer_id}


def _consents(actor: Actor, whose: Sequence[tuple[Line, UUID]]) -> set[UUID]:
    """A yes with its words becomes evidence once; a tick without words is no consent."""
    agreed = {id: line for line, id in whose if line.values.get("consent") and line.values.get("consent_wording")}
    if not agreed:
        return set()
    points = ContactPoint.objects.filter(customer__among=agreed, kind="email").values_list("customer", "pk")
    points_of = dict(points)
    has = Consent.objects.filter(contact_point__among=points_of.values(), purpose="marketing", state="given")
    told = set(has.values_list("contact_point", "wording"))
    rows = [
        {
            "customer_id": id,
            "contact_point_id": points_of[id],
            "purpose": "marketing",
            "channel": "email",
            "state": "given",
            "how": "ticked",
            "wording": line.values["consent_wording"],
            "language": LANGUAGES.get(str(line.values.get("language", "")).casefold(), ""),
            "place": line.values.get("consent_place", ""),
            "at": line.values.get("consent_at") or now(),
        }
        for id, line in agreed.items()
        if id in points_of and (points_of[id], line.values["consent_wording"]) not in told
    ]
    create_many(actor, Consent, rows, using="customers.consent.give", checked=True)
    return {row["customer_id"] for row in rows}


TARGET = Target(
    noun="customers",
    permission=CREATE,
    columns={
        "key": Column(longest=120, headings=("CustomerID", "Customer number", "ID", "客户编号", "客户号", "客戶編號", "客戶代號")),
        "name": Column(headings=("Name", "Full name", "Customer", "Customer name", "姓名", "客户", "客户姓名", "客户名称", "客戶", "客戶名稱")),
        "kind": Column(kind="choice", choices=tuple(Customer.Kind.values), headings=("Kind", "Type", "类型", "類型")),
        "title": Column(headings=("Title", "Salutation", "称呼", "稱謂")),
        "gender": Column(kind="choice", choices=tuple(Customer.Gender.values), headings=("Gender", "Sex", "性别", "性別")),
        "birthday": Column(kind="day", headings=("Birthday", "Date of birth", "生日", "出生日期")),
        "email": Column(kind="email", headings=("E-mail", "Email", "Mail", "邮箱", "电子邮箱", "電子郵件", "信箱")),
        "phone": Column(kind="phone", longest=LONGEST, headings=("Phone", "Mobile", "Telephone", "Tel", "电话", "手机", "手机号", "電話", "手機")),
        "wechat": Column(longest=LONGEST, headings=("WeChat", "微信", "微信号")),
        "language": Column(headings=("Language", "语言", "語言")),
        "country": Column(headings=("Country", "国家", "國家", "Country code", "国家代码", "國家代碼", "國碼")),
        "region": Column(headings=("Region", "State", "Province", "County", "省", "省份", "地区", "縣市")),
        "city": Column(headings=("City", "Town", "城市", "市")),
        "postcode": Column(headings=("Postcode", "Zip", "邮编", "郵遞區號")),
        "address": Column(headings=("Address", "Street", "地址")),
        "preferred_channel": Column(kind="choice", choices=tuple(Customer.Channel.values), headings=("Prefers", "偏好渠道")),
        "note": Column(headings=("Note", "Notes", "Comment", "备注", "備註")),
        "consent": Column(kind="yes_no", headings=("Consent", "Newsletter", "Opt-in", "同意营销", "同意行銷")),
        "consent_wording": Column(headings=("Consent wording", "同意内容", "同意內容")),
        "consent_at": Column(kind="moment", headings=("Consent date", "同意时间", "同意時間")),
        "consent_place": Column(longest=300, headings=("Consent place", "同意地点", "同意地點")),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
