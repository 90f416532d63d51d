"""What names are made of: surnames of two characters, forms of address, legal forms of firms."""


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


COMPOUND_SURNAMES = frozenset(
    _words("""
    万俟 上官 东方 东郭 东门 乐正 亓官 令狐 仲孙 公冶 公孙 公羊 公良 公西 单于 南宫 南门 叶赫 司寇 司徒 司空 司马
    呼延 壤驷 夏侯 太叔 夹谷 子车 宇文 完颜 宗政 宰父 尉迟 左丘 巫马 张廖 张简 微生 慕容 拓跋 梁丘 欧阳 漆雕 澹台
    濮阳 独孤 申屠 百里 皇甫 端木 第五 纳兰 羊舌 耶律 范姜 西门 诸葛 谷梁 赫连 轩辕 钟离 长孙 闻人 闾丘 颛孙 鲜于
    """)
)

# Chinese forms of address that people type behind a name.
HAN_TITLES = frozenset(
    _words("""
    董事长 总经理 副总经理 工程师 负责人 先生 女士 小姐 太太 夫人 老师 老師 教授 医生 醫生 醫師 医师 律师 律師 经理
    經理 主任 总监 總監 總經理 董事長 博士 师傅 師傅 校长 校長 院长 院長 店长 店長 阿姨 总 總 董
    """)
)

# Those among all titles that tell a gender.
TITLE_GENDERS = _pairs("""
    先生=male 女士=female 小姐=female 太太=female 夫人=female 阿姨=female mr=male mrs=female ms=female miss=female
    sir=male dame=female lord=male lady=female
""")

# How a job title is said after a surname: 总经理 → 总. Written in simplified characters, folded on look-up.
SPOKEN_TITLES = _pairs("""
    总经理=总 副总经理=总 总裁=总 副总裁=总 副总=总 总=总 首席执行官=总 ceo=总 coo=总 cfo=总 cto=总 创始人=总
    董事长=董 董事=董 董=董 副董事长=董 工程师=工 高级工程师=工 总工程师=总工 总监=总监 经理=经理 部门经理=经理
    销售经理=经理 采购经理=经理 主任=主任 副主任=主任 教授=教授 副教授=教授 老师=老师 医生=医生 医师=医师 律师=律师
    博士=博士 校长=校长 院长=院长 店长=店长 师傅=师傅 局长=局长 处长=处长 科长=科长 厂长=厂长 主席=主席 会长=会长
    秘书长=秘书长 主管=主管 顾问=顾问
""")

# The same word as a Taiwanese reader expects to see it.
TRADITIONAL_TITLES = _pairs("""
    总=總 董=董 工=工程師 总工=總工程師 总监=總監 经理=經理 主任=主任 教授=教授 老师=老師 医生=醫師 医师=醫師
    律师=律師 博士=博士 校长=校長 院长=院長 店长=店長 师傅=師傅 局长=局長 处长=處長 科长=科長 厂长=廠長 主席=主席
    会长=會長 秘书长=秘書長 主管=主管 顾问=顧問
""")

# Forms of address in Latin script, and how they are written in an English letter.
LATIN_TITLES = _pairs("""
    mr=Mr mister=Mr mrs=Mrs ms=Ms miss=Miss mx=Mx dr=Dr doctor=Dr prof=Prof professor=Prof sir=Sir dame=Dame
    lord=Lord lady=Lady rev=Rev herr=Mr frau=Ms mme=Ms madame=Ms mlle=Ms monsieur=Mr señor=Mr señora=Ms sr=Mr
    sra=Ms
""")

NAME_SUFFIXES = frozenset(
    _words("""
    jr sr ii iii iv phd md esq mba cpa obe mbe cbe
    """)
)

PARTICLES = frozenset(
    _words("""
    van von der den de del della di da do dos das du la le el al bin ibn binti ter ten zu af av
    """)
)

LATIN_FIRM_WORDS = frozenset(
    _words("""
    ab ag agency aps as association bank bhd bv club college company consulting corp corporation council customer
    department enterprises foundation gmbh group holdings hospital hotel inc incorporated industries institute
    international kg kk limited llc llp logistics lp ltd ministry nv oy oyj partners plc pte pty restaurant sa sarl
    sas school services shop society solutions spa srl store systems technologies trading trust university ventures
    """)
)

# Endings of Chinese organisations; they count from four characters on.
HAN_FIRM_ENDINGS = tuple(
    _words("""
    公司 集团 集團 有限 银行 銀行 大学 大學 学院 學院 医院 醫院 中心 协会 協會 学校 學校 委员会 委員會 事务所
    事務所 工作室 工厂 工廠 合作社 研究院 研究所 政府 商行 商店 企业 企業 企业社 企業社 股份 酒店 饭店 飯店 餐厅
    餐廳 超市 中学 中學 小学 小學 幼儿园 幼稚園 基金会 基金會 俱乐部 俱樂部 经营部 經營部 门市部 旅行社 出版社 报社
    诊所 診所 药房 藥局 科技 贸易 貿易 实业 實業 物流 分行 支行 局 厂 廠 店 社 行 部 院 馆 館 所 校 会 會
    """)
)
