import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib.tokens import (
    Query,
    Term,
    deletion_hashes,
    deletions,
    one_slip_apart,
    query,
    tokens,
    tsquery_text,
    tsvector_text,
)


def meets(groups, found):
    """Answer as PostgreSQL's @@ would."""
    return bool(groups) and all(
        any((any(t.startswith(term.token) for t in found) if term.prefix else term.token in found) for term in group)
        for group in groups
    )


def test_tokens_of_a_latin_name():
    assert tokens("Anna Steinwaldt", "name") == {
        "anna", "steinwaldt", "~ann", "~nna", "~ste", "~tei", "~ein", "~inw", "~nwa", "~wal", "~ald", "~ldt",
    }  # fmt: skip
    assert tokens("Anna Steinwaldt") == {"anna", "steinwaldt"}


def test_tokens_of_a_chinese_name():
    assert tokens("张三", "name") == {"张", "三", "张三", "zhangsan", "san", "zs"}
    assert tokens("張三") == {"张", "三", "张三"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", "张三"), ("張三", "张三"), ("张三", "張"), ("张三", "zs"), ("张三", "zhangs"), ("张三", "zhang san"),
        ("张小明", "xiaoming"), ("张小明", "zhang xiao ming"), ("曾敏", "zengmin"), ("曾敏", "cengmin"),
        ("单田芳", "shantf"[:4]), ("单田芳", "stf"), ("吕布", "lvbu"), ("吕布", "lubu"), ("欧阳修", "ouyangxiu"),
        ("深圳市腾讯计算机系统有限公司", "tengxun"), ("深圳市腾讯计算机系统有限公司", "tx"), ("重庆银行", "chongqing"),
        ("重庆银行", "yinhang"), ("臺北客戶", "台北客户"), ("Zoë Ångström", "zoe angs"), ("O'Brien", "obrien"),
        ("O'Brien", "o'brien"), ("O'Brien", "brien"), ("Straße", "strasse"), ("SO-2024-001", "SO-2024-001"),
        ("SO-2024-001", "so2024001"), ("ABC科技", "abc科技"), ("Anna Lundway", "lundway anna"),
    ],
)  # fmt: skip
def test_found_by(name, typed):
    assert meets(query(typed).exact, tokens(name, "name"))


@pytest.mark.parametrize(("name", "typed"), [("张三", "张四"), ("张三", "ls"), ("Anna", "anne"), ("王小明", "明王")])
def test_not_found_by(name, typed):
    assert not meets(query(typed).exact, tokens(name, "name"))


@pytest.mark.parametrize("typed", ["einwa", "wald", "ste", "inwa anna", "ldt"])
def test_infix(typed):
    assert meets(query(typed).infix, tokens("Anna Steinwaldt", "name"))


@pytest.mark.parametrize(
    "typed",
    ["13812345678", "138 1234 5678", "+86 138-1234-5678", "5678", "345678", "1381", "008613812345678", "86138"],
)
def test_phone_found_by_beginning_and_end(typed):
    assert meets(query(typed).exact, tokens("+8613812345678", "phone"))


@pytest.mark.parametrize("typed", ["020 7946 0958", "(020) 7946", "0207946", "0958", "+44 20 7946 0958"])
def test_phone_found_as_typed_at_home(typed):
    assert meets(query(typed).exact, tokens("+442079460958", "phone"))


@pytest.mark.parametrize(
    "typed", ["jane.smith@acme.co.uk", "Jane.Smith@ac", "@acme", "jane", "smith", "acme", "jane.s"]
)
def test_email_found_by(typed):
    assert meets(query(typed).exact, tokens("Jane.Smith@Acme.co.uk", "email"))


def test_an_empty_question_asks_nothing():
    for nothing in ("", "   ", "!!!", "@", "—"):
        assert not query(nothing)
        assert tsquery_text(query(nothing).exact) == ""


def test_literals_are_quoted():
    assert tsvector_text({"b", "o'x", "a\\b", "~abc", ""}) == "'a\\\\b' 'b' 'o''x' '~abc'"
    assert tsquery_text(((Term("o'x", True), Term("<12")), (Term("a"),))) == "('o''x':* | '<12') & ('a')"


def test_question_structure():
    assert query("张三丰 ann") == Query(
        exact=((Term("张三"),), (Term("三丰"),), (Term("ann", True),)),
        infix=((Term("张三"),), (Term("三丰"),), (Term("ann", True), Term("~ann"))),
        words=("ann",),
    )


def test_deletions():
    assert deletions("anna") == {"anna", "nna", "ana", "ann"}
    assert len(deletion_hashes("anna")) == 4
    assert all(-(2**63) <= number < 2**63 for number in deletion_hashes("anna"))


letters = st.text("abcde", min_size=1, max_size=8)


@given(letters, st.integers(0, 8), st.sampled_from("abcde"), st.sampled_from(["drop", "add", "change", "swap"]))
def test_one_slip_shares_a_deletion(word, at, letter, slip):
    at = min(at, len(word) - 1)
    typed = {
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + letter + word[at:],
        "change": word[:at] + letter + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[slip]
    assert deletions(typed) & deletions(word)
    assert one_slip_apart(typed, word) or typed == word


@given(letters, letters)
def test_two_slips_are_not_one(one, other):
    if one_slip_apart(one, other):
        assert one_slip_apart(other, one)
        assert abs(len(one) - len(other)) <= 1


@given(st.text(max_size=60), st.sampled_from(["words", "name", "phone", "email"]))
def test_whatever_is_typed_makes_short_tokens_without_nul(text, kind):
    found = tokens(text, kind)
    assert all(0 < len(token) <= 61 and "\x00" not in token for token in found)
    tsvector_text(found)
    tsquery_text(query(text).exact)


@given(st.text(st.characters(categories=["L", "Nd", "Zs"]), max_size=30))
def test_a_name_is_found_by_itself(text):
    asked = query(text)
    if asked:
        assert meets(asked.exact, tokens(text, "name") | tokens(text, "phone"))
