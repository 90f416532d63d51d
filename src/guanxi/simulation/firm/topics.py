"""The matters that customers of a tea house write about, each with answers that fit it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One matter: how it is called, how it is told, how it is answered."""

    subjects: tuple[str, ...]
    texts: tuple[str, ...]
    answers: tuple[str, ...]


GREETINGS_ZH = ("你好，", "您好！", "店家您好：", "客服你好，", "请问在吗？")
GREETINGS_EN = ("Hello,", "Good morning,", "Hi there,", "Dear Minjiang team,", "Good afternoon,")
OPENINGS_ZH = ("您好，感谢来信。", "{name}，您好！", "您好，让您久等了。", "谢谢您的来信。")
OPENINGS_EN = ("Thank you for writing.", "Dear {name},", "Hello, and sorry for the wait.", "Thanks for your message.")
ENDINGS_ZH = (
    "还有问题请直接回复这封邮件。\n岷江茶舍 客服",
    "祝您喝茶愉快！\n岷江茶舍",
    "有任何需要随时联系。\n岷江茶舍 客服",
)
ENDINGS_EN = (
    "Just reply to this mail if anything is left open.\nMinjiang Tea House",
    "Enjoy your tea!\nMinjiang Tea House",
    "Kind regards\nMinjiang Tea House, customer service",
)
ENQUIRIES_ZH = (
    Topic(
        ("{tea}还有吗", "想买{tea}", "{tea}什么时候到货"),
        ("想问一下今年的{tea}还有货吗？发到{town}大概要几天？", "网上显示{tea}暂时缺货，什么时候能补？我想要{n}罐。"),
        ("{tea}{day}到一批新货，已经为您留了{n}罐，到店即发。", "{tea}现在有货，今天下单明天发出，到{town}两天左右。"),
    ),
    Topic(
        ("开发票", "麻烦补一张发票", "发票抬头"),
        ("麻烦给上周的订单开一张公司抬头的发票，谢谢。", "收到货了，箱子里没有发票，能补一张电子版吗？"),
        ("电子发票已经发到这个邮箱，请查收。", "发票今天开好，抬头按您的会员资料填写，如需修改请告诉我们。"),
    ),
    Topic(
        ("送礼推荐", "给长辈选茶", "预算{sum}的礼盒"),
        ("想给长辈送茶，预算{sum}左右，平时喝红茶，有什么推荐？", "下周要拜访客户，{sum}元上下，送什么茶比较体面？"),
        (
            "平时喝红茶的话，川红工夫配一只公道杯很合适，{sum}元以内。",
            "推荐秋季礼盒，可以附手写卡片，{day}前都能送到{town}。",
        ),
    ),
    Topic(
        ("订单到哪里了", "物流没有更新", "催一下快递"),
        ("订单三天没有物流信息了，能帮忙查一下吗？", "显示{day}已发货，到现在还没到{town}，麻烦催一下。"),
        ("已经和快递联系，包裹在{town}转运中心，{day}派送。", "查到了，昨晚已到{town}，快递员会先给您打电话。"),
    ),
    Topic(
        ("{day}可以到店品茶吗", "预约品茶", "带朋友来喝茶"),
        ("{day}下午想带{n}位朋友到店里坐坐，需要提前预约吗？", "看到有品茶课，{day}晚上还有名额吗？我们{n}个人。"),
        ("{day}下午给您留了靠窗的桌子，{n}位，茶点我们准备。", "{day}晚上还有{n}个名额，已经写上您的名字。"),
    ),
    Topic(
        ("{tea}怎么泡", "水温和投茶量", "请教冲泡方法"),
        ("买了{tea}，总觉得泡出来有点涩，水温多少合适？", "用盖碗泡{tea}，投多少克、泡几秒？"),
        ("{tea}用八十五度的水，三克茶，头一泡十五秒，往后每泡加五秒。", "涩多半是水太烫或者泡久了，晾一分钟再冲试试。"),
    ),
    Topic(
        ("修改收货地址", "换个地址", "地址写错了"),
        ("刚下的订单地址写错了，能改成{town}的公司地址吗？", "我搬家了，麻烦把之后的订单都寄到新地址，门牌是{n}栋。"),
        ("还没有发出，地址已经改好。", "新地址记下了，原来的地址也保留着，下单时可以选。"),
    ),
    Topic(
        ("{ware}能单独配一只吗", "想配{ware}", "{ware}缺货"),
        ("家里的{ware}少了一只，能单独配吗？款式不用完全一样。", "{ware}有没有大一点的？想要能泡{n}个人喝的。"),
        ("可以单独配，{ware}库房还有，{day}一起寄给您。", "有大一号的{ware}，照片发在附件里，您看看喜不喜欢。"),
    ),
    Topic(
        ("会员积分", "生日有优惠吗", "老客户价格"),
        ("我是老客户了，请问生日月有什么优惠？", "想一次多买些，{n}罐以上价格可以便宜点吗？"),
        ("生日月下单送一份试饮装，已经给您备注。", "{n}罐以上九折，下单时写一句就行。"),
    ),
    Topic(
        ("公司茶歇", "企业采购", "茶席布置报价"),
        (
            "公司{day}有活动，大约{n}桌，想请你们来布置茶席，怎么报价？",
            "我们办公室每月都要茶，能不能固定送货、月底一起结？",
        ),
        ("{n}桌的报价附在邮件里，{day}可以先来看场地。", "可以月结，合同发您邮箱，第一次送货安排在{day}。"),
    ),
)
ENQUIRIES_EN = (
    Topic(
        ("Is the {tea} back?", "{tea} in stock?", "Looking for {tea}"),
        ("Is this year's {tea} in stock, and how long does delivery to {town} take?",
         "The shop says the {tea} has sold out. When will there be more? I would like {n} tins."),
        ("A new batch of {tea} comes in on {day}; {n} tins are kept for you.",
         "Yes, the {tea} is here. Ordered today it reaches {town} in two days."),
    ),
    Topic(
        ("VAT invoice", "Invoice for last week", "Could you send an invoice?"),
        ("Could you send me a VAT invoice for last week's order?",
         "There was no invoice in the parcel. A PDF would be fine."),
        ("The invoice went to this address just now.", "Here it is. Tell us if the company name should read differently."),
    ),
    Topic(
        ("A present for my father", "Gift ideas", "A gift of about £{sum}"),
        ("I am looking for a present of about £{sum} for my father, who likes black tea. What would you suggest?",
         "What would you give to somebody who has every tea already? My limit is £{sum}."),
        ("Sichuan Black with a small pitcher is what most people are happy with, and stays below £{sum}.",
         "The autumn gift box, with a card in your words. It reaches {town} by {day}."),
    ),
    Topic(
        ("Where is my order?", "No tracking news", "Parcel to {town}"),
        ("My order has had no tracking news for three days. Could you have a look?",
         "It was posted on {day} and has not reached {town} yet. Is everything all right?"),
        ("The carrier found it in the {town} depot; it is out for delivery on {day}.",
         "It got stuck over the weekend and moves again. You should have it by {day}."),
    ),
    Topic(
        ("Tasting on {day}", "A table for {n}", "Tea tasting"),
        ("May I come in for a tasting with {n} friends on {day} afternoon, or do we need to book?",
         "Are there places left in the tasting lesson on {day}? There would be {n} of us."),
        ("A table by the window is yours on {day}, for {n}.", "There are, and your name is on the list for {n}."),
    ),
    Topic(
        ("How to brew {tea}", "Water temperature", "My {tea} tastes bitter"),
        ("My {tea} always comes out a little bitter. How hot should the water be?",
         "How many grams of {tea} do you take for a gaiwan, and how long?"),
        ("85 degrees, three grams, fifteen seconds for the first cup and five more for each that follows.",
         "Let the kettle stand for a minute before you pour; it is nearly always the heat."),
    ),
    Topic(
        ("Change of address", "Wrong address on my order", "We have moved"),
        ("I typed the wrong house number, it should be {n}0. Can you still change it?",
         "We have moved within {town}. Please send everything to the new address from now on."),
        ("Changed; it had not left yet.", "Noted. The old address stays in your book in case you need it."),
    ),
    Topic(
        ("A single {ware}", "Spare {ware}", "Do you have a larger {ware}?"),
        ("We lost one of ours. Could we buy a single {ware}? It need not match exactly.",
         "Is there a larger {ware}, enough for {n} people?"),
        ("Certainly, one {ware} goes out on {day}.", "There is one a size up; a photo is attached."),
    ),
    Topic(
        ("Birthday offer?", "Price for {n} tins", "Regular customer"),
        ("Is there anything for regulars in the month of their birthday?",
         "Would there be a better price if I took {n} tins at once?"),
        ("There is: a sample of the new tea with any order that month.", "From {n} tins on it is ten per cent less."),
    ),
    Topic(
        ("Tea for our office", "Tea table for an event", "Monthly delivery"),
        ("We are planning an event on a {day} with about {n} tables. What would a tea table setting cost?",
         "Could you deliver to our office in {town} every month and invoice us at the end of it?"),
        ("The quote for {n} tables is attached; we could see the room on {day}.",
         "Gladly. The agreement is attached, and the first delivery would be on {day}."),
    ),
)  # fmt: skip
COMPLAINTS_ZH = (
    Topic(
        ("投诉：{tea}受潮", "茶叶有霉味，要求退款"),
        (
            "我要投诉！这次收到的{tea}已经受潮，泡出来有霉味，要求退款。",
            "{tea}封口没压好，打开就是潮的，请退款，也请说明是怎么检查的。",
        ),
        ("非常抱歉。款项今天原路退回，另寄一罐新的{tea}，这一批我们已经全部下架检查。",),
    ),
    Topic(
        ("投诉客服态度", "电话里的态度让人不满意"),
        ("{day}打电话催单，客服说话很不耐烦，我很不满意，请给个说法。", "投诉一下{day}接电话的人，没听完就挂了。"),
        ("听了录音，确实是我们不对，已和同事谈过，店长{day}会亲自给您打电话道歉。",),
    ),
    Topic(
        ("发错货了，要求退货", "又发错了，投诉"),
        (
            "订的是{ware}，寄来的是别的东西，这已经是第二次发错了，我要退货退款。",
            "投诉：{n}件里有一件发错，已经等了一周。",
        ),
        ("对不起，正确的{ware}今天用快件寄出，发错的请交给快递员带回，运费由我们承担。",),
    ),
    Topic(
        ("{ware}收到就坏了", "{ware}磕破，要求退换"),
        ("{ware}打开就是坏了的，杯口磕掉一块，照片附上，要求退款或者换新。", "包装太差，{ware}裂了一道，我很不满意。"),
        ("实在抱歉，新的{ware}今天寄出，包装改用双层纸箱，坏的不用寄回。",),
    ),
)
COMPLAINTS_EN = (
    Topic(
        ("Complaint: damp {tea}", "{tea} smells of mould, refund please"),
        ("I am writing to complain. The {tea} arrived damp and smells of mould. I would like a refund.",
         "The seal of the {tea} was open and the tea is damp. Please refund me and tell me how this is checked."),
        ("We are very sorry. The money goes back today, a new tin of {tea} is on its way, and the batch is off the shelf.",),
    ),
    Topic(
        ("Complaint about a phone call", "Spoken to rudely"),
        ("I rang on {day} about my order and was spoken to very rudely. I want to complain about it.",
         "The call on {day} was terrible: I was cut off in the middle of a sentence."),
        ("We have listened to the call, and you are right. The manager will ring you on {day} to apologise.",),
    ),
    Topic(
        ("Wrong item again", "Complaint: not what I ordered"),
        ("I ordered a {ware} and received something else, for the second time. I want a refund.",
         "A complaint: one of {n} items is wrong, and I have been waiting for a week."),
        ("Sorry. The right {ware} leaves today by express; the courier takes the other one back at our cost.",),
    ),
    Topic(
        ("Broken {ware}", "My {ware} arrived damaged"),
        ("The {ware} arrived broken, with a piece out of the rim. Photo attached; I expect a refund or a new one.",
         "Very disappointed: the packaging was thin and the {ware} is damaged."),
        ("We are sorry. A new {ware} goes out today in a double box; no need to send the old one back.",),
    ),
)  # fmt: skip
WRITTEN_BACK_ZH = (
    Topic(
        ("Re: 新茶到了",),
        ("新茶给我留{n}罐{tea}，{day}来取。", "看起来不错，可以先寄一份试饮装吗？", "{tea}今年的口感和去年比怎么样？"),
        ("已经记下，{day}给您准备好。", "试饮装明天寄到{town}，喝了再决定。"),
    ),
)
WRITTEN_BACK_EN = (
    Topic(
        ("Re: The new tea has arrived",),
        ("Please keep {n} tins of {tea} for me; I will collect them on {day}.",
         "Sounds lovely. Could I have a sample first?", "How does the {tea} compare with last year's?"),
        ("Noted; they will be ready on {day}.", "A sample is on its way to {town}; decide after the first cup."),
    ),
)  # fmt: skip
CALLS_ZH = {
    "reached": (
        "回访：{tea}喝着满意，想了解秋季礼盒。",
        "问了{ware}用得怎么样，没有问题。",
        "聊了十分钟，{day}可能到店。",
    ),
    "agreed": ("约好{day}到店品茶，{n}位。", "同意试饮新到的{tea}，寄到{town}。"),
    "no_answer": ("响铃后无人接听。", "没有接，下午再打。"),
    "left_message": ("留言：请他方便时回电，关于{ware}的订单。", "请家人转告新茶到货。"),
    "call_back": ("正在开会，{day}再打。", "请我们下周回电，谈公司茶歇。"),
    "declined": ("暂时不需要，家里还有{n}罐。", "谢绝品茶课，时间不合适。"),
}
CALLS_EN = {
    "reached": ("Asked about the {tea}: very happy, wants to know more about the gift box.",
                "The {ware} is in daily use, no wishes.", "A long talk; may come in on {day}."),
    "agreed": ("Booked the tasting on {day}, {n} people.", "Would like to try the new {tea}; sample to {town}."),
    "no_answer": ("Rang out.", "No answer, try again in the afternoon."),
    "left_message": ("Left word about the {ware}.", "Asked the partner to pass on that the {tea} is in."),
    "call_back": ("In a meeting; ring again on {day}.", "Asked us to ring next week about tea for the office."),
    "declined": ("Not now, {n} tins left at home.", "No lesson this time, the day does not suit."),
}  # fmt: skip
