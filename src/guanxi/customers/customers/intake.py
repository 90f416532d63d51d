"""Customers that come in from files: new ones, changed ones by their key, their ways and what they agreed to."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.rules import require_past
from guanxi.customers.contact_points.models import Channel, ContactPoint
from guanxi.customers.contact_points.operations import Way, add_many
from guanxi.customers.contact_points.rules import LONGEST, written
from guanxi.customers.customers.models import BROUGHT_IN, Customer
from guanxi.customers.customers.recognition import RECOGNISED, WAYS, handles_of, known
from guanxi.kernel.access import hidden_from
from guanxi.kernel.actor import Actor
from guanxi.kernel.custom import added_in
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.fitting import fitting, unfit
from guanxi.kernel.models import new_id
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.writes import change_many, insert_many
from guanxi.lib.countries import code_of
from guanxi.lib.errors import Conflict, Invalid, NotFound
from guanxi.lib.names import looks_like_name, share_nothing
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

CREATE, CHANGE = "customers.customer.create", "customers.customer.change"
PLAIN = (
    "name", "kind", "title", "gender", "birthday", "language", "country", "region", "city", "postcode", "address",
    "preferred_channel", "note", "id_number", "passport_number", "bank_account",
)  # fmt: skip
MAIN_WAYS = {f.name: f.max_length for f in Customer._meta.concrete_fields if f.name in WAYS}
FIELDS = {f.attname: f for f in Customer._meta.concrete_fields if f.attname in PLAIN}


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some customers: by key, else by their address, else new."""
    result, home = Result(), COUNTRY.get()
    handles = [_handle(line, home) for line in lines]
    there = known({handle for handle in handles if handle})
    hidden, called = _hidden(actor, there), _called(there)
    new: dict[UUID, dict[str, Any]] = {}
    changes: dict[UUID, dict[str, Any]] = {}
    whose: list[tuple[Line, UUID]] = []
    for line, handle in zip(lines, handles, strict=True):
        id = there.get(handle or "")
        if id in hidden:
            result.problems.append((line.number, NotFound("record.not_found", record="customers.customer")))
            continue
        values, wrong = _values(line, new=id is None)
        if wrong := wrong or _another(handle, values, called):
            result.problems.append((line.number, unreadable(wrong)))
            continue
        if id is None:
            id = new_id()
            known_by = {"key": line.values.get("key", ""), "lifecycle_cause": BROUGHT_IN}
            new[id] = {"id": id, **known_by, **_main_ways(line, home), **values}
            if handle:
                there[handle], called[handle] = id, values["name"]
        else:
            new.get(id, changes.setdefault(id, {})).update(values)
        whose.append((line, id))
    made = set(new)
    insert_many(actor, Customer, new.values(), using=CREATE)
    changed = _change(actor, {id: values for id, values in changes.items() if values})
    touched = _ways(actor, result, whose, new) | _consents(actor, whose)
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
    handles = [_handle(line, home) for line in lines]
    there = known({handle for handle in handles if handle})
    hidden = _hidden(actor, there)
    found: list[Wrong] = []
    for line, handle in zip(lines, handles, strict=True):
        id = there.get(handle or "")
        # whoever an unreadable key or address means may be known already
        _, wrong = _values(line, new=id is None and not RECOGNISED & set(line.wrong or ()))
        if id in hidden:
            wrong[str(handle).partition(":")[0]] = NotFound("record.not_found", record="customers.customer")
        found.append(wrong)
    return found


def _handle(line: Line, home: str) -> str | None:
    """What a row is recognised by: the key, else the address, else the number."""
    return next(iter(handles_of(line.values, country=_country(line) or home)), None)


def _country(line: Line) -> str:
    """Where a number without a code is from: the row says it, else whoever brought the file."""
    return code_of(str(line.values.get("country", ""))) or line.country


def _main_ways(line: Line, home: str) -> dict[str, str]:
    """The address and number of somebody new, as the house writes them down: they have no others yet."""
    country = _country(line) or home
    forms = {kind: written(kind, line.values[kind], country=country) for kind in WAYS if line.values.get(kind)}
    return {kind: form.value[: MAIN_WAYS[kind]] for kind, form in forms.items()}


def _called(there: Mapping[str, UUID]) -> dict[str, str]:
    """What those are called who are recognised by an address or a number alone, which another may use as well."""
    loose = {handle: id for handle, id in there.items() if not handle.startswith("key:")}
    names = dict(Customer.objects.filter(pk__among=loose.values()).values_list("pk", "name")) if loose else {}
    return {handle: names[id] for handle, id in loose.items() if id in names}


def _another(handle: str | None, values: Mapping[str, Any], called: Mapping[str, str]) -> Wrong:
    """A row of somebody else with the same address or number, such as husband and wife, makes nobody into them."""
    known_as, said = called.get(handle or ""), values.get("name")
    return {"name": Conflict("import.another_name")} if known_as and said and share_nothing(known_as, said) else {}


def _hidden(actor: Actor, there: Mapping[str, UUID]) -> set[UUID]:
    """Those of the known customers whom the importer does not see, of whom no row says or learns anything."""
    return set(hidden_from(actor, Customer).filter(pk__among=there.values()).values_list("pk", flat=True))


def _values(line: Line, *, new: bool) -> tuple[dict[str, Any], Wrong]:
    """What a row says of a customer, and all that is wrong with it; somebody new needs a name."""
    values = {name: line.values[name] for name in PLAIN if name in line.values}
    wrong: Wrong = {}
    if new and "name" not in values:
        wrong["name"] = Invalid("import.value_needed")
    if values.get("country"):
        values["country"], said = code_of(values["country"]), values["country"]
        if not values["country"]:
            wrong["country"] = Invalid("import.not_a_country", text=said)
    if line.values.get("consent_at"):
        try:
            require_past(line.values["consent_at"], now=now())
        except Invalid as problem:
            wrong["consent_at"] = problem
    wrong = {**unfit([FIELDS[name] for name in values], {**values}), **wrong}
    added, unfitting = fitting(type_of(Customer), added_in(line.values))
    return {**values, **added}, {**wrong, **unfitting}


def _change(actor: Actor, changes: dict[UUID, dict[str, Any]]) -> set[UUID]:
    before = {one.pk: one.version for one in Customer.objects.filter(pk__among=changes).only("pk", "version")}
    rows = change_many(actor, Customer, changes, using=CHANGE) if changes else []
    return {row.pk for row in rows if row.version != before[row.pk]}


def _ways(actor: Actor, result: Result, whose: Sequence[tuple[Line, UUID]], new: Container[UUID]) -> set[UUID]:
    """Note how they are reached; who is new and in one row only has no ways but those of that row."""
    rows = Counter(id for _, id in whose)
    told = {id for id, times in rows.items() if times == 1 and id in new}
    ways = [
        (id, Way(kind=kind, value=line.values[kind], main=True, country=_country(line)))
        for line, id in whose
        for kind in ("email", "phone", "wechat")
        if line.values.get(kind)
    ]  # fmt: skip
    noted = add_many(actor, ways, told=told)
    if impossible := sum(point.kind == "phone" and point.verdict == "impossible" for point in noted):
        result.notes["impossible_numbers"] = impossible
    return {point.customer_id for point in noted if point.customer_id}


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
            "language": line.values.get("language", ""),
            "place": line.values.get("consent_place", ""),
            "at": line.values.get("consent_at") or now(),
        }
        for id, line in agreed.items()
        if id in points_of and (points_of[id], line.values["consent_wording"]) not in told
    ]
    insert_many(actor, Consent, rows, using="customers.consent.give")
    return {row["customer_id"] for row in rows}


TARGET = Target(
    noun="customers",
    permission=CREATE,
    records=("customers.customer",),
    own={
        "key": Column(
            longest=120,
            headings=("CustomerID", "Customer number", "Customer no", "Customer code", "Client ID", "Client number", "Member ID", "Member number", "Record ID", "客户编号", "客户号", "客户号码", "客户编码", "客户代码", "会员号", "会员编号", "会员号码", "会员卡号", "会员ID", "客戶編號", "客戶代號", "客戶代碼", "客戶號碼", "會員編號", "會員號碼", "會員代號", "會員卡號", "會員ID", "ID"),
            perhaps=("编号", "編號", "Contact ID", "Account ID", "Account number", "Number"),
        ),
        "name": Column(
            looks=looks_like_name,
            headings=("Name", "Full name", "Customer", "Customer name", "Client", "Client name", "Contact name", "Display name", "姓名", "客户", "客户姓名", "客户名称", "客户名", "会员姓名", "名称", "名字", "全名", "客戶", "客戶姓名", "客戶名稱", "會員姓名", "名稱"),
            perhaps=("Company", "Company name", "Business name", "Account name", "Organisation", "Organization", "公司", "公司名称", "公司名", "单位", "单位名称", "企业名称", "机构名称", "公司名稱", "企業名稱", "組織名稱", "單位名稱", "Contact", "Contact person", "联系人", "联系人姓名", "聯絡人", "聯絡人姓名"),
        ),
        "kind": Column(
            kind="choice",
            choices=tuple(Customer.Kind.values),
            headings=("Kind", "Type", "Customer type", "Client type", "类型", "客户类型", "客户性质", "類型", "客戶類型", "客戶性質"),
            spellings={
                "person": ("p", "individual", "private", "consumer", "b2c", "human", "自然人", "个人客户", "个体", "私人", "個人客戶", "個體"),
                "organisation": ("o", "organization", "company", "business", "corporate", "firm", "enterprise", "institution", "b2b", "企业", "公司", "机构", "组织", "法人", "团体", "单位客户", "企业客户", "公司客户", "企業", "機構", "單位", "團體", "法人客戶", "企業客戶", "公司客戶", "公司行號"),
            },
        ),
        "title": Column(headings=("Title", "Salutation", "称呼", "尊称", "称谓", "稱呼", "稱謂", "尊稱")),
        "gender": Column(
            kind="choice",
            choices=tuple(Customer.Gender.values),
            headings=("Gender", "Sex", "性别", "客户性别", "性別", "客戶性別"),
            spellings={
                "female": ("f", "w", "woman", "girl", "lady", "ms", "ms.", "mrs", "mrs.", "miss", "女性", "女士", "女生", "小姐", "太太", "夫人"),
                "male": ("m", "man", "boy", "gentleman", "mr", "mr.", "男性", "先生", "男士", "男生"),
            },
        ),
        "birthday": Column(kind="day", headings=("Birthday", "Date of birth", "Birth date", "DOB", "生日", "出生日期", "出生年月日", "生日日期")),
        "email": Column(
            kind="email",
            headings=("E-mail", "Email", "Mail", "E-mail address", "Email address", "Mail address", "E-mail 1 - Value", "Primary email", "Customer email", "Contact email", "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "邮件地址", "电子邮箱地址", "电子邮件地址", "Email地址", "客户邮箱", "联系邮箱", "电邮", "邮件", "電子郵件", "電子郵件地址", "電子信箱", "信箱", "郵箱", "郵件地址", "電郵", "Email信箱", "客戶電子郵件", "客戶信箱", "聯絡信箱"),
            perhaps=("Work email", "Business email", "Secondary email"),
        ),
        "phone": Column(
            kind="phone",
            longest=LONGEST,
            headings=("Phone", "Mobile", "Mobile phone", "Mobile number", "Mobile phone number", "Phone number", "Phone no", "Phone 1 - Value", "Cell", "Cell phone", "Cellphone", "Telephone", "Telephone number", "Tel", "Tel no", "Contact number", "Contact phone", "Customer phone", "Primary phone", "手机", "手机号", "手机号码", "移动电话", "联系手机", "客户手机", "联系电话", "电话", "电话号码", "客户电话", "手機", "手機號碼", "手機號", "行動電話", "聯絡手機", "客戶手機", "聯絡電話", "連絡電話", "電話", "電話號碼", "客戶電話"),
            perhaps=("联系方式", "聯絡方式", "Work phone", "Business phone", "Home phone", "家庭电话", "办公电话", "公司电话", "座机", "固定电话", "固话", "住家電話", "公司電話", "市話"),
        ),
        "wechat": Column(longest=LONGEST, headings=("WeChat", "WeChat ID", "WeChat account", "微信", "微信号", "微信号码", "微信账号", "微信ID", "微信號", "微信帳號")),
        "language": Column(
            kind="choice",
            choices=LANGUAGES,
            headings=("Language", "Preferred language", "Locale", "语言", "语种", "首选语言", "語言", "偏好語言", "慣用語言"),
            spellings={
                "en": ("eng", "en-gb", "en_gb", "en-us", "en_us", "英文", "英语", "英語"),
                "zh-Hans": ("zh", "zh-cn", "zh_cn", "zh-sg", "cn", "chs", "chinese", "simplified chinese", "chinese (simplified)", "mandarin", "中文", "汉语", "普通话", "简体", "简中", "中文（简体）", "簡體中文", "簡體", "簡中", "中文（簡體）", "普通話"),
                "zh-Hant": ("zh-tw", "zh_tw", "zh-hk", "tw", "cht", "traditional chinese", "chinese (traditional)", "繁体中文", "繁体", "繁中", "中文（繁体）", "繁體", "正體中文", "正體", "中文（繁體）", "國語"),
            },
        ),
        "country": Column(looks=lambda text: bool(code_of(text)), headings=("Country", "Country/Region", "国家", "国别", "國家", "國別", "国家/地区", "國家/地區", "Country code", "国家代码", "國家代碼", "國碼", "Billing country", "Mailing country")),
        "region": Column(headings=("Region", "State", "Province", "County", "State/Province", "State/Region", "Billing state", "Mailing state", "省", "省份", "所在省", "所在省份", "地区", "所在地区", "省/自治区", "縣市", "所在縣市", "地區", "所在地區", "Province code", "State code")),
        "city": Column(headings=("City", "Town", "City/Town", "Billing city", "Mailing city", "城市", "市", "所在城市", "所在市", "居住城市", "所在縣市鄉鎮", "鄉鎮市區", "鄉鎮區"), perhaps=("所在地",)),
        "postcode": Column(headings=("Postcode", "Postal code", "Post code", "Zip", "Zip code", "Zip/Postal code", "Billing zip", "Mailing zip", "邮编", "邮政编码", "郵遞區號")),
        "address": Column(headings=("Address", "Street", "Street address", "Address 1", "Address line 1", "Mailing address", "Mailing street", "Billing address", "Billing street", "Shipping address", "地址", "详细地址", "联系地址", "通讯地址", "通信地址", "家庭地址", "居住地址", "住址", "公司地址", "邮寄地址", "收货地址", "客户地址", "詳細地址", "聯絡地址", "通訊地址", "郵寄地址", "寄送地址", "收件地址", "收貨地址", "客戶地址")),
        "preferred_channel": Column(
            kind="choice",
            choices=tuple(Channel.values),
            headings=("Prefers", "Preferred contact method", "偏好渠道", "联系偏好", "偏好聯絡方式"),
            spellings={
                "email": ("邮件", "邮箱", "电邮", "郵件", "信箱", "電郵"),
                "phone": ("call", "telephone", "tel", "手机", "打电话", "手機", "打電話"),
                "sms": ("text", "texting", "手机短信", "手機簡訊"),
                "wechat": ("weixin", "wx", "微信号", "微信號"),
                "letter": ("post", "mail", "信件", "邮寄", "郵寄"),
                "visit": ("in person", "拜访", "上门", "拜訪", "登門"),
            },
        ),
        "note": Column(headings=("Note", "Notes", "Comment", "Comments", "Remark", "Remarks", "备注", "备注信息", "备注说明", "備註", "附註")),
        "id_number": Column(sensitive=True, headings=("ID number", "ID card", "ID card number", "Identity number", "National ID", "National ID number", "身份证", "身份证号", "身份证号码", "证件号", "证件号码", "身分證", "身分證號", "身分證號碼", "身分證字號", "證件號碼")),
        "passport_number": Column(sensitive=True, headings=("Passport", "Passport number", "Passport no", "护照", "护照号", "护照号码", "護照", "護照號", "護照號碼")),
        "bank_account": Column(sensitive=True, headings=("Bank account", "Bank account number", "IBAN", "银行账号", "银行账户", "银行卡号", "开户账号", "銀行帳號", "銀行帳戶", "銀行卡號", "匯款帳號")),
        "consent": Column(kind="yes_no", headings=("Consent", "Marketing consent", "Accepts marketing", "Accepts email marketing", "Newsletter", "Opt-in", "Email opt-in", "Subscribed", "同意营销", "是否同意营销", "接受营销", "同意行銷", "是否同意行銷", "接受行銷")),
        "consent_wording": Column(headings=("Consent wording", "同意内容", "同意內容")),
        "consent_at": Column(kind="moment", headings=("Consent date", "Opt-in date", "同意时间", "同意日期", "同意時間")),
        "consent_place": Column(longest=300, headings=("Consent place", "同意地点", "同意地點")),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
