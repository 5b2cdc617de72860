"""Invented orders and what happens to them, in whole coins; and the same told to the package."""

from decimal import Decimal as D

from model_shelf import WHERE
from refunding import Ask, Line, Order, Own, Parts, Payment, Promotion, Wish

STEPS = (D("0.01"), D("0.01"), D(1), D("0.001"))  # euro, yen, dinar
GROUPS = ("13 %", "19 %", "7 %", "levy")


def amount_of(dice, most=20000):
    net = dice.randint(1, most)
    return {"": net, **{group: dice.randint(0, net // 4) for group in dice.sample(GROUPS, dice.choice((0, 1, 1, 2)))}}


def share_of(dice, amounts, percent):
    """Less of some amounts, as the document rounded it: not by itself what the shares come to."""
    groups = {group for amount in amounts for group in amount}
    sums = {group: sum(amount.get(group, 0) for amount in amounts) for group in sorted(groups)}
    return {group: -(coins * percent // 100) - (coins > 50 and dice.randint(0, 1)) for group, coins in sums.items()}


def order(dice):
    """The facts of an order."""
    goods = []
    for number in range(dice.choice((1, 1, 2, 3, 4))):
        qty = dice.choice((D(1), D(2), D(3), D(3), D(7), D("2.5")))
        came = dice.choice((qty, qty, D(0), min(qty, D(1))))
        goods.append({"key": f"g{number}", "kind": "goods", "qty": qty, "delivered": came, "amount": amount_of(dice)})
    lines, promotions = list(goods), []
    delivery = []
    for number in range(dice.choice((0, 1, 1, 2))):
        delivery.append({"key": f"d{number}", "kind": "delivery", "amount": amount_of(dice, 900)})
    lines += delivery
    gross = dice.random() < 0.6
    value = sum(sum(line["amount"].values()) if gross else line["amount"][""] for line in goods)
    names = []
    for number in range(dice.choice((0, 0, 1, 2))):
        kind = dice.choice(("sale", "line", "freight", "gift"))
        key = f"p{number}"
        if kind == "gift":
            charge = amount_of(dice, 3000)
            lines.append({"key": key, "kind": "gift", "delivered": D(1), "amount": {"": 0}, "charge": charge})
        else:
            on = {"sale": goods, "line": dice.sample(goods, 1), "freight": delivery}[kind]
            if not on:
                continue
            amount = share_of(
                dice, [line["amount"] for line in on], 49 if kind == "freight" else dice.choice((5, 10, 20, 40, 70))
            )
            given_for = () if kind == "sale" else tuple(line["key"] for line in on)
            points = dice.choice((0, 0, 100, 333))
            lines.append({"key": key, "kind": "promotion", "amount": amount, "given_for": given_for, "points": points})
        names.append(key)
    for key, own in (("all", tuple(names)),) if dice.random() < 0.5 else ((f"of {name}", (name,)) for name in names):
        promotions.append({
            "key": key, "threshold": value * dice.randint(30, 110) // 100, "lines": own,
            "on": dice.choice(((), (), ("g0",))),
            "rule": dice.choice(("take_back", "take_back", "let_go", "charge")),
        })  # fmt: skip
    if dice.random() < 0.15:
        lines.append({"key": "round", "kind": "rounding", "amount": {"": dice.randint(-2, 2)}})
    for line in lines:
        for name, value in (("qty", D(1)), ("delivered", D(0)), ("given_for", ())):
            line.setdefault(name, value)
    return {
        "gross": gross, "lines": lines, "promotions": promotions, "step": dice.choice(STEPS),
        "cash": dice.random() < 0.2, "earned": dice.choice((0, 50, 333)),
    }  # fmt: skip


def payment(dice, number, coins):
    return {
        "key": number, "coins": coins, "able": dice.random() < 0.8, "whole": dice.random() < 0.15,
        "stored": dice.random() < 0.3, "own": dice.choice((None, None, coins * 7 + 3)),
    }  # fmt: skip


def wish(dice, account):
    """Something a customer or an agent asks: mostly possible, sometimes a little too much."""
    asks = [ask(dice, account) for _number in range(dice.choice((1, 1, 1, 2, 3)))]
    return {
        "asks": asks, "ours": dice.random() < 0.2,
        "freight": dice.choice(("no", "no", "part", "yes")),
        "freight_most": dice.choice((None, None, None, 300)),
        "return_freight": dice.choice((0, 0, 0, 350)),
        "payer": dice.choice(("us", "customer")), "advanced": dice.choice(("us", "customer")),
        "insured": dice.choice((0, 0, 200, 500)), "stored": dice.choice(("last", "last", "first")),
    }  # fmt: skip


def ask(dice, account):
    shelves = {key: shelf for key, shelf in account.shelves.items() if shelf.kind in ("goods", "gift")}
    key = dice.choice(sorted(shelves))
    shelf = shelves[key]
    kinds = (*WHERE, "keep", "price_difference", "goodwill", "freight_only", "paid_twice")
    kind = dice.choice((*kinds, *["any"] * 12))
    if kind == "any":
        kind = dice.choice([kind for kind in WHERE if shelf.room(kind)] or ["goodwill"])
    if kind == "freight_only" or kind == "paid_twice":
        return {"kind": kind, "amount": dice.choice((None, dice.randint(1, 500)))}
    if kind == "goodwill":
        on = dice.choice((None, key))
        return {"kind": kind, "line": on, "amount": some_of(dice, sum(shelf.rest.values()))}
    if kind == "keep" and dice.random() < 0.7:
        return {
            "kind": kind,
            "line": key,
            "percent": dice.choice((D(10), D(30), D(100))),
            "qty": dice.choice((None, D(1))),
        }
    if kind == "price_difference" and shelf.price[""] and dice.random() < 0.8:
        price = int(shelf.figure(shelf.price) / shelf.qty * dice.randint(50, 105) / 100)
        return {"kind": kind, "line": key, "price": price, "qty": dice.choice((None, D(1)))}
    if kind in ("keep", "price_difference") or (kind == "refund_only" and dice.random() < 0.4):
        return {"kind": kind, "line": key, "amount": some_of(dice, sum(shelf.rest.values()))}
    room = D(str(float(shelf.room(kind))))
    qty = dice.choice((room, min(room, D(1)), min(room, D(1)), D("0.5"), room + 1)) or D(1)
    return {"kind": kind, "line": key, "qty": qty, "fee": dice.choice((0, 0, 0, 10, 15, 100))}


def some_of(dice, coins):
    return max(dice.choice((coins // 3, coins // 10, coins // 20, dice.randint(0, max(coins, 1)), coins + 1)), 1)


class Told:
    """The package's order of a life's facts."""

    def __init__(self, facts):
        self.step = facts["step"]
        self.order = Order(
            lines=tuple(self.line(line) for line in facts["lines"]),
            promotions=tuple(
                Promotion(one["key"], self.money(one["threshold"]), one["lines"], one["rule"], one["on"])
                for one in facts["promotions"]
            ),
            step=self.step,
            included=facts["gross"],
            cash=facts["cash"],
            earned=D(facts["earned"]),
        )

    def money(self, coins):
        return None if coins is None else coins * self.step

    def coins(self, amount):
        assert amount % self.step == 0, amount
        return int(amount / self.step)

    def parts(self, amount):
        return Parts(self.money(amount[""]), tuple((g, self.money(c)) for g, c in amount.items() if g))

    def amount(self, parts):
        found = {"": self.coins(parts.net), **{group: self.coins(tax) for group, tax in parts.taxes}}
        return {group: coins for group, coins in found.items() if coins}

    def line(self, line):
        return Line(
            line["key"], line["kind"], line["qty"], self.parts(line["amount"]), line["delivered"], line["given_for"],
            charge=self.parts(line.get("charge", {"": 0})), points=D(line.get("points", 0)),
        )  # fmt: skip

    def pay(self, one):
        own = one["own"] and Own("USD", self.money(one["own"]), step=self.step)
        paid = Payment(one["key"], self.money(one["coins"]), own=own, refundable=one["able"], whole=one["whole"],
                       stored=one["stored"])  # fmt: skip
        self.order = self.order._replace(payments=(*self.order.payments, paid))

    def deliver(self, key, qty):
        lines = (one._replace(delivered=one.delivered + qty) if one.key == key else one for one in self.order.lines)
        self.order = self.order._replace(lines=tuple(lines))

    def charge_back(self, number, coins):
        payments = list(self.order.payments)
        more = payments[number].charged_back + self.money(coins)
        payments[number] = payments[number]._replace(charged_back=more)
        self.order = self.order._replace(payments=tuple(payments))

    def wish(self, wish):
        asks = tuple(
            Ask(
                one["kind"], one.get("line"), one.get("qty"), self.money(one.get("amount")),
                self.money(one.get("price")), one.get("percent"), D(one.get("fee", 0)),
            )
            for one in wish["asks"]
        )  # fmt: skip
        return Wish(
            asks, freight=wish["freight"], freight_most=self.money(wish["freight_most"]),
            return_freight=self.money(wish["return_freight"]), return_payer=wish["payer"],
            return_advanced=wish["advanced"], insured=self.money(wish["insured"]), ours=wish["ours"],
            stored=wish["stored"],
        )  # fmt: skip

    def answer(self, result):
        """A result in the words of the account."""
        if result.refused:
            return result.refused[0][0]
        paper = {}
        for row in result.rows:
            if row.kind != "paid_twice":
                key = "way back" if row.kind == "return_freight" else row.line
                paper[key] = paper.get(key, Parts()) + row.parts
        points = {key: int(count) for key, count in (("gone", result.points_taken), *result.points_back) if count}
        return {
            "paper": {key: self.amount(parts) for key, parts in paper.items() if self.amount(parts)},
            "credit": self.coins(result.credit.total), "money": self.coins(result.money),
            "backs": {
                back.payment: (self.coins(back.amount), None if back.own is None else self.coins(back.own))
                for back in result.backs
            },
            "person": self.coins(result.person), "reimbursed": self.coins(result.reimbursed), "points": points,
        }  # fmt: skip
