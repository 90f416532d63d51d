"""Who the customers of the demo firm are: names, towns, addresses; made up, and the same for the same dice."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建华 文静 子涵 雨桐 浩然 思远 佳怡 欣妍 "
    "志强 海燕 晓明 丽华 国庆 春梅 玉兰 俊杰 婷婷 宇航 晨曦 诗涵 梓轩 若曦 嘉豪 雅琴 红梅 立新"
).split()
FIRST = (
    "Alice Amelia Arthur Ben Charlotte Daniel Edith Eleanor Ethan Freya George Grace Hannah Harry Isla Jack James Lily "
    "Lucy Maya Noah Oliver Olivia Oscar Poppy Rosie Ruby Samuel Sophie Theo Thomas Violet William Zoe Priya Aisha Omar"
).split()
LAST = (
    "Ashworth Barnes Bell Booth Brooks Carter Clarke Cooper Dawson Ellis Evans Fletcher Foster Gray Hall Harrison "
    "Hughes Hussain Jackson Khan Lawson Lewis Marshall Mitchell Moore Murphy Patel Pearson Reid Shaw Singh Taylor "
    "Turner Walker"
).split()
TOWNS_ZH = (
    ("四川", "成都", 8), ("四川", "绵阳", 2), ("重庆", "重庆", 3), ("上海", "上海", 2), ("广东", "深圳", 2), ("台北", "台北", 1),
)  # fmt: skip
TOWNS_EN = (("West Yorkshire", "Leeds", 6), ("North Yorkshire", "York", 2), ("Greater Manchester", "Manchester", 2))
BRANDS_ZH = "锦里 天府 蓉城 青羊 宽窄 望江 锦江 春熙 浣花 玉林 建设路 文殊".split()
TRADES_ZH = "茶馆 设计事务所 文创 书店 民宿 律师事务所 软件 农庄 广告 摄影工作室 素食餐厅 瑜伽馆".split()
BRANDS_EN = "Aire,Headingley,Kirkgate,Otley,Roundhay,Calder,Swaledale,Bishopgate,Ancoats,Moorside".split(",")
TRADES_EN = "Bakery,Books,Deli,Gardens,Hotel,Studio,Yoga,Architects,Coffee House,Florists".split(",")
ENDINGS_ZH = ("", "", "有限公司", "（总店）", "（高新店）")
ENDINGS_EN = ("", "", " Ltd", " & Co")
TRIES = 20
"""How often a name is thrown again that somebody has; a very large town has namesakes."""
TWIN_EVERY = 97
"""Every so many customers one is there twice, as in any list that grew over years."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer as the dice made them."""

    number: int
    chinese: bool
    organisation: bool
    name: str
    title: str
    gender: str
    region: str
    city: str
    birthday: date | None
    birth_year_known: bool
    email: str
    phone: str
    agreed: bool
    buys: bool
    since_days: int
    rhythm_days: float
    basket: float
    talks: float

    @property
    def key(self) -> str:
        """The customer number of the firm's old cash register."""
        return f"S{self.number:04}"


def crowd(dice: Random, count: int, today: date, *, buying: float) -> list[Person]:
    """All customers of a firm; some of them are in the list a second time, under another number."""
    people = _told_apart(dice, [person(dice, number, today, buying=buying) for number in range(1, count + 1)])
    for number in range(TWIN_EVERY, count + 1, TWIN_EVERY):
        first, other = people[number - TWIN_EVERY], people[number - 1]
        people[number - 1] = replace(
            first, number=number, email="", agreed=False, buys=False, talks=0.0, since_days=other.since_days
        )
    return people


def _told_apart(dice: Random, people: list[Person]) -> list[Person]:
    """The same people, none called like another before: neither a person nor a firm and its branch."""
    taken: set[str] = set()
    apart = []
    for who in people:
        name = who.name
        for _ in range(TRIES):
            if _stem(name) not in taken:
                break
            name = _name(dice, chinese=who.chinese, organisation=who.organisation)
        taken.add(_stem(name))
        apart.append(replace(who, name=name))
    return apart


def _stem(name: str) -> str:
    """What a firm is called without how it ends."""
    return next((name.removesuffix(end) for end in (*ENDINGS_ZH, *ENDINGS_EN) if end and name.endswith(end)), name)


def person(dice: Random, number: int, today: date, *, buying: float) -> Person:
    """Throw the dice for one customer."""
    chinese = dice.random() < 0.65
    organisation = dice.random() < 0.12
    female = dice.random() < 0.56
    towns = TOWNS_ZH if chinese else TOWNS_EN
    region, city, _ = dice.choices(towns, weights=[w for _, _, w in towns])[0]
    since = int(dice.triangular(5, 365, 300))
    return Person(
        number=number,
        chinese=chinese,
        organisation=organisation,
        name=_name(dice, chinese=chinese, organisation=organisation),
        title="" if organisation else _title(dice, chinese=chinese, female=female),
        gender="" if organisation else ("female" if female else "male"),
        region=region,
        city=city,
        birthday=None if organisation or dice.random() < 0.3 else _birthday(dice, today),
        birth_year_known=dice.random() < 0.8,
        email=f"{'ke' if chinese else 'guest'}{number:04}@demo.example" if dice.random() < 0.82 else "",
        phone=_phone(dice, chinese=chinese) if dice.random() < 0.78 else "",
        agreed=dice.random() < 0.55,
        buys=dice.random() < buying,
        since_days=since,
        rhythm_days=dice.lognormvariate(3.7, 0.6),
        basket=dice.lognormvariate(4.3, 0.7) * (6 if organisation else 1),
        talks=dice.gammavariate(1.1, 1.6),
    )


def _name(dice: Random, *, chinese: bool, organisation: bool) -> str:
    if organisation and chinese:
        ending = dice.choice(ENDINGS_ZH)
        return dice.choice(BRANDS_ZH) + dice.choice(TRADES_ZH) + ending
    if organisation:
        return f"{dice.choice(BRANDS_EN)} {dice.choice(TRADES_EN)}{dice.choice(ENDINGS_EN)}"
    if chinese:
        return dice.choice(FAMILY) + dice.choice(GIVEN)
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def _title(dice: Random, *, chinese: bool, female: bool) -> str:
    if chinese:
        return dice.choice(("总", "老师", "")) if dice.random() < 0.25 else ""
    return ("Ms" if female else "Mr") if dice.random() < 0.5 else ""


def _birthday(dice: Random, today: date) -> date:
    return today.replace(day=1) - timedelta(days=int(dice.gauss(42, 13) * 365.25) + dice.randrange(365))


def _phone(dice: Random, *, chinese: bool) -> str:
    """A number as people of the place have them, never dialled; three in a hundred are too short to be one."""
    if dice.random() < 0.03:
        return f"+86 13{dice.randrange(10)} {dice.randrange(100):02}" if chinese else f"+44 7700 {dice.randrange(100)}"
    if chinese:
        return f"+86 1{dice.choice('3578')}{dice.randrange(10):d} {dice.randrange(10**4):04} {dice.randrange(10**4):04}"
    return f"+44 7700 900{dice.randrange(1000):03}"
