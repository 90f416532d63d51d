"""RFM as one Ibis expression over the lines of a file: the same for every engine that Ibis knows."""

import ibis
from ibis import _

from guanxi.analytics.rfm.rules import CLASSES, FIFTHS, bounds


def documents(lines: ibis.Table) -> ibis.Table:
    """The documents of known customers, from the lines of the retail file."""
    amount = (_.Quantity.cast("decimal(16, 4)") * _.UnitPrice.cast("decimal(18, 4)")).cast("decimal(34, 4)")
    known = lines.filter((_.CustomerID != "") & _.CustomerID.notnull()).mutate(amount=amount)
    letter = _.InvoiceNo.substr(0, 1)
    kinds = ((letter == "C", "cancellation"), (letter == "A", "adjustment"), (_.most > 0, "sale"))
    kind = ibis.cases(*kinds, else_="adjustment")
    each = known.group_by("InvoiceNo").agg(
        customer=_.CustomerID.max(),
        total=_.amount.sum(),
        day=_.InvoiceDate.substr(0, 10).min(),
        most=_.Quantity.cast("int64").max(),
    )
    return each.mutate(kind=kind)


def scores(documents: ibis.Table) -> ibis.Table:
    """The scores and the class of whoever bought."""
    each = documents.group_by("customer").agg(
        often=(_.kind == "sale").sum(), last=_.day.max(where=_.kind == "sale"), spent=_.total.sum()
    )
    buyers = each.filter(_.often > 0)
    scored = buyers.mutate(recency=fifth(_.last), frequency=fifth(_.often), monetary=fifth(_.spent))
    valued = scored.mutate(value=(_.frequency + _.monetary + 1) // 2)
    arms = [(ibis.and_(*(_[name].between(*asked) for name, *asked in bounds(one))), one.name) for one in CLASSES[:-1]]
    return valued.mutate(called=ibis.cases(*arms, else_=CLASSES[-1].name)).select(
        "customer", "recency", "frequency", "monetary", "called"
    )


def fifth(value: ibis.Value) -> ibis.Value:
    """1 for the worst fifth to 5 for the best; whoever has the same value has the same score."""
    place = ibis.rank().over(order_by=value)  # begins at nothing
    return 1 + (place * FIFTHS) // _.count().over()
