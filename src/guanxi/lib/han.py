"""Chinese characters: what they are looked up by and how they are spoken."""

import os
import re
import unicodedata
from functools import lru_cache

from guanxi.lib.folding import TO_SIMPLIFIED

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 46 MB of phrases; the few that names need stand below

from pypinyin.constants import PINYIN_DICT

_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U000323af"
_ONE = re.compile(f"[{_HAN}]")
_ALL = re.compile(f"[{_HAN}]+")
RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")  # runs of Chinese, runs of letters and digits of any other script


def _pairs(text: str) -> dict[str, str]:
    return {key: value.replace("-", " ") for key, value in (pair.split("=") for pair in text.split())}


# Surnames spoken unlike the character's first reading (simplified; two characters are compound surnames).
SURNAME_READINGS = _pairs("""
    曾=zeng 单=shan 解=xie 仇=qiu 查=zha 盖=ge 区=ou 朴=piao 乐=yue 缪=miao 翟=zhai 覃=qin 员=yun 贠=yun 祭=zhai
    秘=bi 种=chong 繁=po 隗=wei 宿=su 折=she 召=shao 佴=nai 句=gou 郗=xi 洗=xian 冼=xian 车=che 牟=mu 撒=sa 都=du
    柏=bai 谌=chen 薄=bo 费=fei 冯=feng 万=wan 任=ren 么=yao 粘=nian 占=zhan 郄=qie 阚=kan 逄=pang 宓=mi 晁=chao
    石=shi 燕=yan 葛=ge 盛=sheng 沈=shen 贾=jia 强=qiang 谷=gu 尉=wei 黑=he 那=na 过=guo 適=kuo 合=he 卜=bu 卓=zhuo
    臧=zang 殷=yin 余=yu 俞=yu 纪=ji 宁=ning 尉迟=yu-chi 万俟=mo-qi 长孙=zhang-sun 澹台=tan-tai 令狐=ling-hu
    亓官=qi-guan 皇甫=huang-fu 单于=chan-yu 夏侯=xia-hou 鲜于=xian-yu
""")

# Words of places and firms that are not spoken character by character as the table says.
WORD_READINGS = _pairs("""
    重庆=chong-qing 银行=yin-hang 分行=fen-hang 支行=zhi-hang 商行=shang-hang 洋行=yang-hang 车行=che-hang
    央行=yang-hang 行业=hang-ye 音乐=yin-yue 乐器=yue-qi 乐团=yue-tuan 乐清=yue-qing 厦门=xia-men 蚌埠=beng-bu
    西藏=xi-zang 藏族=zang-zu 番禺=pan-yu 东莞=dong-guan 六安=lu-an 空调=kong-tiao 番茄=fan-qie 茄子=qie-zi
    人参=ren-shen 成长=cheng-zhang 家长=jia-zhang 校长=xiao-zhang 会计=kuai-ji 铅山=yan-shan 蔚县=yu-xian
    台州=tai-zhou 宝坻=bao-di 黄陂=huang-pi 宿迁=su-qian
""")

# Characters whose first reading in the dictionary is not the one names use.
USUAL_READINGS = _pairs("""
    长=chang 長=chang 都=du 佛=fo 漯=luo 勒=le 什=shi 伽=jia 晟=sheng 地=di 的=de 茜=qian 娜=na 曾=zeng 堡=bao
    莎=sha 珏=jue 琛=chen
""")


def is_han(character: str) -> bool:
    """Tell whether one character is Chinese."""
    return not character.isascii() and _ONE.match(character) is not None


def has_han(text: str) -> bool:
    """Tell whether a text holds a Chinese character."""
    return _ONE.search(text) is not None


def is_all_han(text: str) -> bool:
    """Tell whether a text is Chinese characters and nothing else."""
    return _ALL.fullmatch(text) is not None


def simplify(text: str) -> str:
    """Fold traditional characters into the simplified ones they are found by."""
    return text if text.isascii() else text.translate(TO_SIMPLIFIED)


def _toneless(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable.replace("ɡ", "g"))
    return "".join(
        character for character in decomposed.replace("u\u0308", "v") if character.isascii() and character.isalpha()
    )


@lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """Give all readings of one Chinese character without tones, the one names use first; ü is written v."""
    known = (_toneless(syllable) for syllable in PINYIN_DICT.get(ord(character), "").split(","))
    usual = USUAL_READINGS.get(character, "")
    return tuple(dict.fromkeys(reading for reading in (usual, *known) if reading))


def reading(character: str) -> str:
    """Give the usual reading of one Chinese character, or the character itself when nobody knows one."""
    found = readings(character)
    return found[0] if found else character


def spell(text: str, *, surname: int = 0) -> list[str]:
    """Spell a run of Chinese characters, one syllable each; `surname` says how many at its start are a surname."""
    folded = simplify(text)
    if len(folded) != len(text):
        folded = text
    syllables: list[str] = []
    if surname and (said := SURNAME_READINGS.get(folded[:surname])):
        syllables = said.split(" ")
    while (at := len(syllables)) < len(text):
        word = WORD_READINGS.get(folded[at : at + 2])
        if word:
            syllables.extend(word.split(" "))
        else:
            syllables.append(reading(text[at]))
    return syllables
