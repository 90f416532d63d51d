"""What customers of the demo firm write and say, and what is answered."""

ENQUIRIES_ZH = (
    ("蒙顶甘露还有吗", "你好，想问一下今年的蒙顶甘露还有货吗？大概多久可以发到成都？"),
    ("茶具破损怎么处理", "收到的盖碗杯口有一点磕碰，请问可以换一个吗？照片附上。"),
    ("开发票", "麻烦给上周的订单开一张公司抬头的发票，谢谢。"),
    ("推荐送礼的茶", "想给长辈送茶，预算五百左右，平时喝红茶，有什么推荐？"),
    ("订单到哪里了", "我的订单三天了还没有物流信息，能帮忙查一下吗？"),
    ("周末可以到店品茶吗", "周六下午想带两位朋友到店里坐坐，需要提前预约吗？"),
)
ENQUIRIES_EN = (
    (
        "Is the Mengding Ganlu back?",
        "Hello, is this year's Mengding Ganlu back in stock, and how long would delivery to Leeds take?",
    ),
    ("Chipped gaiwan", "The gaiwan arrived with a small chip on the rim. Could I exchange it, please? Photo attached."),
    ("Invoice for last week", "Could you send me a VAT invoice for last week's order? Thank you."),
    (
        "A present for my father",
        "I am looking for a present of about £60 for my father, who likes black tea. What would you suggest?",
    ),
    ("Where is my order?", "My order has had no tracking news for three days. Could you have a look?"),
    (
        "Tasting on Saturday",
        "May we come in for a tasting with two friends on Saturday afternoon, or do we need to book?",
    ),
)
COMPLAINTS_ZH = (
    ("投诉：茶叶受潮", "我要投诉！这次收到的茶叶已经受潮，泡出来有霉味，要求退款。"),
    ("投诉客服态度", "昨天打电话催单，客服说话很不耐烦，我很不满意，请给个说法。"),
    ("发错货了，要求退货", "订的是盖碗，寄来的是马克杯，这已经是第二次发错了，我要退货退款。"),
)
COMPLAINTS_EN = (
    (
        "Complaint: damp tea",
        "I am writing to complain. The tea arrived damp and smells of mould. I would like a refund.",
    ),
    (
        "Complaint about a phone call",
        "I rang yesterday about my order and was spoken to very rudely. I am not happy at all.",
    ),
    (
        "Wrong item again",
        "I ordered a gaiwan and received a mug, for the second time. I want to return it for a refund.",
    ),
)
ANSWERS_ZH = ("您好，感谢来信。已经为您查过，", "抱歉让您久等了。", "谢谢您的信任，")
ANSWERS_EN = (
    "Thank you for writing. I have looked into it: ",
    "I am sorry you had to wait. ",
    "Thank you for asking. ",
)
SOLUTIONS_ZH = (
    "明天上午发出，单号会短信通知您。",
    "我们免费给您换一个新的，今天寄出。",
    "发票已开好，请查收附件。",
    "已为您留位，周六见。",
)
SOLUTIONS_EN = (
    "it leaves tomorrow morning and the tracking number follows by text.",
    "a new one goes out to you today, free of charge.",
    "the invoice is attached.",
    "a table is kept for you; see you on Saturday.",
)
RECEIPT_ZH = "您好，来信已收到，我们会在一天之内回复您。"
RECEIPT_EN = "Thank you, your message has arrived. We answer within a day."
ERRANDS_ZH = ("回电确认周六的品茶座位", "寄出新茶试饮装", "核对发票抬头", "回访上月的茶具订单")
ERRANDS_EN = ("Ring back about the tasting on Saturday", "Send a sample of the new tea", "Ask how the gift arrived")
CALL_RESULTS = ("reached", "reached", "agreed", "no_answer", "left_message")
PRODUCTS = (
    ("T01", "蒙顶甘露 Mengding Ganlu 50 g", "tea", 68), ("T02", "竹叶青 Zhuyeqing 100 g", "tea", 128),
    ("T03", "川红工夫 Sichuan Black 100 g", "tea", 58), ("T04", "碧潭飘雪 Jasmine Snow 100 g", "tea", 88),
    ("T05", "老鹰茶 Laoying 200 g", "tea", 36), ("T06", "雅安藏茶 Ya'an Dark 300 g", "tea", 98),
    ("T07", "蒙顶黄芽 Mengding Huangya 50 g", "tea", 158), ("T08", "Yorkshire Breakfast 250 g", "tea", 48),
    ("W01", "盖碗 Gaiwan 120 ml", "teaware", 89), ("W02", "紫砂壶 Yixing pot 200 ml", "teaware", 388),
    ("W03", "公道杯 Pitcher", "teaware", 59), ("W04", "品茗杯 Cups, set of six", "teaware", 108),
    ("W05", "茶盘 Bamboo tray", "teaware", 188), ("W06", "旅行茶具 Travel set", "teaware", 168),
    ("G01", "礼盒·春 Gift box Spring", "gift", 298), ("G02", "礼盒·秋 Gift box Autumn", "gift", 398),
    ("G03", "品茶课 Tasting lesson", "service", 120), ("G04", "茶席布置 Tea table setting", "service", 680),
)  # fmt: skip
WORDING_ZH = "我同意岷江茶舍通过电子邮件向我发送新茶和活动信息，可随时退订。"
WORDING_EN = "Yes, Minjiang Tea House may e-mail me about new teas and events. I can unsubscribe at any time."
