import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib.encodings import detect

SIMPLIFIED = [
    "姓名",
    "姓名,电话",
    "客户编号,姓名,手机,邮箱",
    "公司名称;联系人;地址",
    "名称",
    "订单号\t金额\t日期",
    "性别",
    "备注",
    "张三,13812345678,北京市朝阳区建国路88号",
    "李娜,女,上海",
    "会员卡号,生日",
    "产品名称,单价（元）,数量",
    "编号,NAME,电话",
    "省份,城市,区县",
    "渠道来源",
    "微信号",
    "欧阳修,¥88.00",
    "曾敏,翟天临,覃辉",
    "瑞幸咖啡",
    "华为技术有限公司",
]
TRADITIONAL = [
    "姓名",
    "姓名,電話",
    "客戶編號,姓名,手機,電子郵件",
    "公司名稱;聯絡人;地址",
    "名稱",
    "訂單編號\t金額\t日期",
    "性別",
    "備註",
    "陳美華,0912345678,臺北市信義區松仁路100號",
    "林志玲,女,高雄",
    "會員卡號,生日",
    "產品名稱,單價（元）,數量",
    "編號,NAME,電話",
    "縣市,鄉鎮市區",
    "統一編號",
    "通路來源",
    "歐陽娜娜,NT$88",
    "曾敏,翟天臨,覃輝",
    "長榮航空",
    "鴻海精密工業股份有限公司",
]
WESTERN = [
    "Name;Straße;PLZ",
    "Prénom,Nom,Téléphone",
    "José García",
    "Müller",
    "Zoë,Ångström,£12.50",
    "café",
    "Größe;Menge",
    "société générale",
    "naïve – “quoted” text’s",
    "Peña,Muñoz,Núñez",
    "WHITE HANGING HEART T-LIGHT HOLDER £2.55",
    "Køb,Sælger,Årsag",
    "Français,Élève,Été",
    "MÜLLER;JÄGER;GRÖßE",
]


@pytest.mark.parametrize("text", SIMPLIFIED)
def test_gb18030(text):
    found = detect(text.encode("gb18030"))
    assert (found.encoding, found.bom) == ("gb18030", False)


@pytest.mark.parametrize("text", TRADITIONAL)
def test_big5(text):
    assert detect(text.encode("big5hkscs")).encoding == "big5hkscs"


@pytest.mark.parametrize("text", WESTERN)
def test_cp1252(text):
    assert detect(text.encode("cp1252")).encoding == "cp1252"


@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL + WESTERN + ["plain"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode(text, encoding):
    found = detect(text.encode(encoding))
    assert found.encoding == encoding
    assert found.bom is (encoding != "utf-8")


def test_utf16_without_a_mark():
    assert detect("name,phone\nJane,1".encode("utf-16-le")).encoding == "utf-16-le"
    assert detect("name,phone\nJane,1".encode("utf-16-be")).encoding == "utf-16-be"


def test_a_sample_may_end_inside_a_character():
    assert detect("客户名称,电话".encode()[:-1]).encoding == "utf-8"
    assert detect("客户名称,电话".encode("gb18030")[:-1]).encoding == "gb18030"
    assert detect("客戶名稱,電話".encode("big5")[:-1]).encoding == "big5hkscs"


def test_whole_lists():
    rows = "客户编号,姓名,电话,地址\n" + "".join(f"{n},张伟{n},1381234{n:04},广州市天河区{n}号\n" for n in range(300))
    assert detect(rows.encode("gb18030")).confidence > 0.8
    rows = "客戶編號,姓名,電話,地址\n" + "".join(f"{n},陳美華{n},091234{n:04},臺北市信義區{n}號\n" for n in range(300))
    assert detect(rows.encode("big5")).confidence > 0.8


def test_empty_is_utf8():
    assert detect(b"").encoding == "utf-8"


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer(sample):
    found = detect(sample)
    assert 0 <= found.confidence <= 1


@given(st.text(max_size=80))
def test_utf8_is_always_seen(text):
    sample = text.encode()
    if b"\x00" not in sample and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert detect(sample).encoding in ("utf-8", "utf-8-sig")
