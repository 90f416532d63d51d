import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib.names import PersonName, display, initials, looks_like_organisation, salutation, share_nothing, sort_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Zoë Ångström", "zoe angstrom"),
        ("O'Brien, Máire", "obrien maire"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("  Straße & Söhne ", "strasse sohne"),
        ("张三", "zhang san"),
        ("张 三", "zhang san"),
        ("曾敏", "zeng min"),
        ("单田芳", "shan tian fang"),
        ("解晓东", "xie xiao dong"),
        ("仇英", "qiu ying"),
        ("查良镛", "zha liang yong"),
        ("盖叫天", "ge jiao tian"),
        ("翟天临", "zhai tian lin"),
        ("區建華", "ou jian hua"),
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("长孙无忌", "zhang sun wu ji"),
        ("呂布", "lv bu"),
        ("陳美華", "chen mei hua"),
        ("重庆长安汽车股份有限公司", "chong qing chang an qi che gu fen you xian gong si"),
        ("中国银行长沙分行", "zhong guo yin hang chang sha fen hang"),
        ("長榮航空", "chang rong hang kong"),
        ("成都", "cheng du"),
        ("ABC科技（上海）", "abc ke ji shang hai"),
        ("ＡＢＣ", "abc"),
        ("“华为”", "hua wei"),
        ("", ""),
        ("—", "—"),
    ],
)
def test_sort_key(name, key):
    assert sort_key(name) == key


def test_chinese_and_english_interleave():
    names = ["程思", "Betty Lund", "曾敏", "白华思", "Anna Lundway", "Zoe", "阿明"]
    assert sorted(names, key=sort_key) == ["阿明", "Anna Lundway", "白华思", "Betty Lund", "程思", "曾敏", "Zoe"]


@given(st.text())
def test_sort_key_never_fails_and_is_stable(text):
    assert sort_key(sort_key(text)) == sort_key(text) or not sort_key(text).isascii()
    if text.strip():
        assert sort_key(text)


@pytest.mark.parametrize(
    ("name", "family", "given", "title"),
    [
        ("欧阳修", "欧阳", "修", ""),
        ("歐陽娜娜", "歐陽", "娜娜", ""),
        ("司马相如", "司马", "相如", ""),
        ("诸葛亮", "诸葛", "亮", ""),
        ("张三", "张", "三", ""),
        ("司马", "司", "马", ""),
        ("张三先生", "张", "三", "先生"),
        ("王总", "王", "", "总"),
        ("欧阳总", "欧阳", "", "总"),
        ("陈老师", "陈", "", "老师"),
        ("张三 (David)", "张", "三", ""),
        ("阿卜杜拉·买买提", "", "阿卜杜拉·买买提", ""),
        ("Jane Smith", "Smith", "Jane", ""),
        ("Smith, Jane", "Smith", "Jane", ""),
        ("Dr. Jane Mary Smith PhD", "Smith", "Jane Mary", "Dr"),
        ("Smith, Dr Jane", "Smith", "Jane", "Dr"),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""),
        ("Oscar de la Renta", "de la Renta", "Oscar", ""),
        ("ZHANG San", "Zhang", "San", ""),
        ("Mr Smith", "Smith", "", "Mr"),
        ("Madonna", "", "Madonna", ""),
        ("Martin King Jr.", "King", "Martin", ""),
        ("Martin King, Jr.", "King", "Martin", ""),
        ("", "", "", ""),
    ],
)
def test_parse(name, family, given, title):
    parts = PersonName.parse(name)
    assert (parts.family, parts.given, parts.title) == (family, given, title)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Jane   Smith ", "Jane Smith"),
        ("Smith, Jane", "Jane Smith"),
        ("张 三", "张三"),
        ("Acme, Inc.", "Acme, Inc."),
        ("Smith, Jones & Partners", "Smith, Jones & Partners"),
        ("华为技术有限公司 深圳", "华为技术有限公司深圳"),
        ("Martin King, Jr.", "Martin King, Jr."),
        ("Customer 17850", "Customer 17850"),
    ],
)
def test_display(name, shown):
    assert display(name) == shown


@pytest.mark.parametrize(
    ("name", "is_firm"),
    [
        ("华为技术有限公司", True),
        ("北京大学", True),
        ("張記商行", True),
        ("张三", False),
        ("张会", False),
        ("王建社", False),
        ("欧阳娜娜", False),
        ("Acme Ltd", True),
        ("Marks & Spencer", True),
        ("Customer 17850", True),
        ("Jane Smith", False),
        ("Deutsche Bank AG", True),
        ("阿卜杜拉·买买提", False),
    ],
)
def test_looks_like_organisation(name, is_firm):
    assert looks_like_organisation(name) is is_firm


@pytest.mark.parametrize(
    ("name", "language", "title", "gender", "said"),
    [
        ("张三", "zh-Hans", "总经理", "male", "张总"),
        ("张三", "zh-Hans", "副总经理", None, "张总"),
        ("张三", "zh-Hans", "董事长", None, "张董"),
        ("张三", "zh-Hans", None, "female", "张女士"),
        ("张三", "zh-Hans", None, None, "张三您好"),
        ("张三先生", "zh-Hans", None, None, "张先生"),
        ("", "zh-Hans", None, None, "您好"),
        ("欧阳娜娜", "zh-Hans", None, "female", "欧阳女士"),
        ("張三", "zh-Hant", None, "male", "張先生"),
        ("張三", "zh-Hant", "總經理", None, "張總"),
        ("張三", "zh-Hant", "醫師", None, "張醫師"),
        ("Jane Smith", "zh-Hans", None, "female", "Smith 女士"),
        ("Jane Smith", "zh-Hant", None, None, "Jane Smith 您好"),
        ("华为技术有限公司", "zh-Hans", None, None, "华为技术有限公司您好"),
        ("阿卜杜拉·买买提", "zh-Hans", None, "male", "阿卜杜拉·买买提先生"),
        ("Jane Smith", "en", None, "female", "Dear Ms Smith"),
        ("Jane Smith", "en", None, None, "Dear Jane Smith"),
        ("Smith, John", "en", None, "male", "Dear Mr Smith"),
        ("Dr Jane Smith", "en", None, "female", "Dear Dr Smith"),
        ("Jane Smith", "en", "Professor", None, "Dear Prof Smith"),
        ("Jane Smith", "en", "CEO", None, "Dear Jane Smith"),
        ("Sir Ian McKellen", "en", None, None, "Dear Sir Ian"),
        ("Frau Erika Muster", "en", None, None, "Dear Ms Muster"),
        ("Mrs Smith", "en", None, None, "Dear Mrs Smith"),
        ("Madonna", "en", None, "female", "Dear Madonna"),
        ("张三丰", "en", None, None, "Dear Zhang Sanfeng"),
        ("曾敏", "en", None, "female", "Dear Ms Zeng"),
        ("陳美華", "en", None, None, "Dear 陳美華"),
        ("Acme Trading Ltd", "en", None, None, "Dear Acme Trading Ltd"),
        ("", "en", None, None, "Hello"),
    ],
)
def test_salutation(name, language, title, gender, said):
    assert salutation(name, language=language, title=title, gender=gender) == said


def test_salutation_of_parts():
    assert salutation(PersonName(family="Smith", given="Jane"), language="en", gender="female") == "Dear Ms Smith"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Jane Smith", "JS"), ("Smith, Jane", "JS"), ("张三丰", "三丰"), ("张三", "张三"), ("华为技术有限公司", "华为"),
        ("Acme Trading Ltd", "AT"), ("Madonna", "M"), ("", ""), ("Customer 17850", "C1"),
    ],
)  # fmt: skip
def test_initials(name, short):
    assert initials(name) == short


@given(st.text())
def test_nothing_a_person_types_breaks_a_name(text):
    display(text)
    initials(text)
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert salutation(text, language=language).strip()


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("张伟", "王芳", True), ("Jane Smith", "Bo Li", True), ("张伟", "Jane Smith", True),
        ("Wang Tea", "王芳", False),
        ("Li Na", "李娜", False), ("張偉", "张伟", False), ("Smith, John", "John Smith", False),
        ("J. Smith", "Jane Smith", False),
        ("Ann Lee", "Ann Smith", False), ("", "Ann Smith", False), ("…", "Ann Smith", True),
    ],
)  # fmt: skip
def test_who_cannot_be_the_same_by_name(one, other, apart):
    assert share_nothing(one, other) is share_nothing(other, one) is apart
