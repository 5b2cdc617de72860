"""An order's account kept by hand: it shares no code and no way of working with the package.

Money is whole numbers of the smallest coin, shares are fractions, and every event changes the account on the spot,
where the package reads all its rows again. Amounts are {"": without taxes, group of taxes: tax}.
"""

import copy
from fractions import Fraction as F

from model_shelf import WHERE, No, Shelf, cut, fairly, full, near, piece, plus, scaled


class Account:
    def __init__(self, facts):
        self.facts, gross = facts, facts["gross"]
        lines = {line["key"]: line for line in facts["lines"]}
        self.falls = {}
        worth = {
            key: dict(line["amount"]) for key, line in lines.items() if line["kind"] not in ("promotion", "rounding")
        }
        carriers = [line for line in facts["lines"] if line["kind"] in ("goods", "delivery")]
        for key, line in lines.items():
            if key in worth:
                continue
            on = carriers
            if line["kind"] == "promotion":
                goods = [one for one in carriers if one["kind"] == "goods"]
                if line["given_for"]:
                    on = [one for one in carriers if one["key"] in line["given_for"]]
                elif sum(full(one["amount"]) for one in goods) + full(line["amount"]) >= 0:
                    on = goods
            self.falls[key] = falls = {one["key"]: {} for one in on}
            for group, coins in line["amount"].items():
                sizes = [one["amount"].get(group, 0) for one in on]
                if not sum(sizes):
                    sizes = [one["amount"].get("", 0) for one in on]
                for one, share in zip(on, fairly(coins, sizes), strict=True):
                    falls[one["key"]][group] = share
            for target, share in falls.items():
                worth[target] = plus(worth[target], share)
        below = {key: full(amount) for key, amount in worth.items() if full(amount) < 0}
        above = {key: full(amount) for key, amount in worth.items() if full(amount) > 0}
        cake = min(-sum(below.values()), sum(above.values()))
        for (key, _size), coins in zip(above.items(), cut(cake, list(above.values())), strict=True):
            worth[key] = plus(worth[key], piece(worth[key], coins), -1)
        for key in below:
            worth[key] = {"": 0}
        self.lines = lines
        self.shelves = {key: Shelf(lines[key], worth[key], gross) for key in worth}
        self.debt = sum(full(amount) for amount in worth.values())
        self.till = []
        self.out = 0
        self.taken = {one["key"]: {} for one in facts["promotions"]}
        self.points = {"gone": 0, **dict.fromkeys(self.falls, 0)}
        self.freight = 0

    def pay(self, **payment):
        self.till.append({"back": 0, "bank": 0, "own_back": 0, **payment})

    def deliver(self, key, qty):
        self.shelves[key].came += qty

    def charge_back(self, number, coins):
        self.till[number]["bank"] += coins

    def refund(self, wish):
        """
        :return: what happened as a dict, or the code of the refusal; then nothing happened
        """
        kept = (self.facts, self.lines, self.falls)  # nothing changes in them
        trial = copy.deepcopy(self, {id(one): one for one in kept})
        try:
            answer = trial._refund(wish)
        except No as no:
            return str(no)
        self.__dict__ = trial.__dict__
        return answer

    def _refund(self, wish):
        paid = sum(one["coins"] - one["bank"] for one in self.till)
        if not sum(one["coins"] for one in self.till):
            raise No("not_collected" if self.facts["cash"] else "never_paid")
        if paid <= 0:
            raise No("charged_back")
        self.paper, before, twice = {}, self._gone(), 0
        too_much = max(paid - self._given() - self.debt, 0)
        for ask in wish["asks"]:
            if ask["kind"] == "paid_twice":
                coins = too_much - twice if ask.get("amount") is None else ask["amount"]
                if not coins or coins > too_much - twice:
                    raise No("more_than_paid")
                twice += coins
        for ask in wish["asks"]:
            if ask["kind"] != "paid_twice":
                self._ask(ask, wish["ours"])
        self._ship(wish, before)
        if any(ask["kind"] in WHERE and ask.get("qty") for ask in wish["asks"]):
            self._lose()
        reimbursed = self._way_back(wish)
        credit = sum(full(amount) for amount in self.paper.values()) + twice
        given, charged = self._given(), sum(one["bank"] for one in self.till)
        money = max(min(credit, paid - given - max(self.debt, 0)), 0)
        if charged and credit and not money:
            raise No("charged_back")
        backs, person = self._pay_out(money, wish["stored"])
        return {
            "paper": {key: {g: c for g, c in amount.items() if c} for key, amount in self.paper.items()},
            "credit": credit, "money": money, "backs": backs, "person": person, "reimbursed": reimbursed,
            "points": self._points(),
        }  # fmt: skip

    def _given(self):
        return self.out + sum(one["back"] for one in self.till)

    def _write(self, key, amount):
        if full(amount) or any(amount.values()):
            self.paper[key] = plus(self.paper.get(key, {}), amount)
        self.debt -= full(amount)

    def _ask(self, ask, ours):
        kind, key, coins = ask["kind"], ask.get("line"), ask.get("amount")
        qty = None if ask.get("qty") is None else F(ask["qty"])
        if kind == "freight_only":
            vans = self._shelves("delivery")
            most = sum(full(shelf.open()) for _key, shelf in vans)
            coins = most if coins is None else coins
            if not most or coins > most:
                raise No("more_than_paid")
            self._unload([full(shelf.open()) for _key, shelf in vans], coins)
        elif key is None:
            self._kindness(coins)
        elif kind in WHERE and qty is not None:
            ours = ours or kind in ("short", "cancelled_by_us")
            self._write(key, self.shelves[key].settle(kind, qty, ask.get("fee", 0), ours))
        else:
            self._write(key, self._cheaper(self.shelves[key], ask, qty, coins))

    def _cheaper(self, shelf, ask, qty, coins):
        if coins is not None:
            if coins > full(shelf.open()):
                raise No("more_than_paid")
            return shelf.cheapen(piece(shelf.open(), coins), qty)
        qty = shelf.here if qty is None else qty
        if not qty or qty > shelf.here:
            raise No("more_than_invoiced")
        figure = shelf.part_of_stock(qty)
        if ask["kind"] == "keep":
            figure = near(figure * F(ask["percent"]) / 100)
        else:
            figure -= shelf.part_of_off(min(qty, shelf.cheap)) + near(ask["price"] * F(qty))
            if figure <= 0:
                raise No("not_cheaper")
        return shelf.cheapen(shelf.slice(min(figure, max(shelf.figure(shelf.open()), 0))), qty)

    def _shelves(self, kind):
        return [(key, shelf) for key, shelf in self.shelves.items() if shelf.kind == kind]

    def _kindness(self, coins):
        groups = [self._shelves("goods"), self._shelves("delivery")]
        if coins > sum(full(shelf.open()) for group in groups for _key, shelf in group):
            raise No("more_than_paid")
        for group in groups:
            sizes = [full(shelf.open()) for _key, shelf in group]
            now = min(coins, sum(sizes))
            coins -= now
            for (key, shelf), share in zip(group, cut(now, sizes), strict=True):
                if share:
                    self._write(key, shelf.cheapen(piece(shelf.open(), share), None))

    def _unload(self, amounts, most):
        for (key, shelf), amount in zip(self._shelves("delivery"), amounts, strict=True):
            now = min(amount, most)
            if now > 0:
                most -= now
                self.freight += now
                self._write(key, shelf.cheapen(piece(shelf.open(), now), None))

    def _gone(self):
        """The share of the goods that is settled."""
        goods = [shelf for _key, shelf in self._shelves("goods")]
        whole = sum(shelf.figure(shelf.price) for shelf in goods)
        gone = sum(shelf.figure(shelf.price) * (shelf.qty - shelf.here) / shelf.qty for shelf in goods)
        return F(gone) / whole if whole else F(0)

    def _ship(self, wish, before):
        if wish["freight"] == "no":
            return
        vans = [shelf for _key, shelf in self._shelves("delivery")]
        most = sum(full(shelf.open()) for shelf in vans)
        if wish["freight_most"] is not None:
            most = min(most, max(wish["freight_most"] - self.freight, 0))
        amounts = [full(shelf.open()) for shelf in vans]
        if wish["freight"] == "part":
            after = self._gone()
            due = [near(full(shelf.worth) * after) - near(full(shelf.worth) * before) for shelf in vans]
            amounts = [min(pair) for pair in zip(due, amounts, strict=True)]
        self._unload(amounts, most)

    def _enjoyed(self, key):
        total = {}
        for target, share in self.falls[key].items():
            shelf = self.shelves[target]
            stays = shelf.here / shelf.qty if shelf.kind == "goods" else F(1)
            total = plus(total, scaled(share, -stays))
        return total

    def _lose(self):
        changes = []
        for promotion in self.facts["promotions"]:
            goods = [(k, s) for k, s in self._shelves("goods") if not promotion["on"] or k in promotion["on"]]
            kept = sum(shelf.figure(shelf.price) * shelf.here / shelf.qty for _key, shelf in goods)
            spared = sum(shelf.figure(shelf.price) * shelf.spared / shelf.qty for _key, shelf in goods)
            due = {}
            if kept + spared < promotion["threshold"] and promotion["rule"] != "let_go":
                for key in promotion["lines"]:
                    shelf = self.shelves.get(key)
                    if shelf is None and any(one.here for _key, one in self._shelves("goods")):
                        due = plus(due, self._enjoyed(key))
                    elif shelf and promotion["rule"] == "charge":
                        due = plus(due, scaled(shelf.charge, shelf.here / shelf.qty))
            changes.append((promotion["key"], plus(due, self.taken[promotion["key"]], -1)))
        for key, change in sorted(changes, key=lambda pair: full(pair[1])):
            there = sum(full(amount) for amount in self.paper.values())
            if full(change) > there:
                change = piece({"": 0, **change}, max(there, 0))
            self.taken[key] = plus(self.taken[key], change)
            self._write(key, plus({}, change, -1))

    def _way_back(self, wish):
        cost = wish["return_freight"]
        if wish["payer"] == wish["advanced"]:
            return 0
        if wish["payer"] == "us":
            return max(cost - wish["insured"], 0)
        there = sum(full(amount) for amount in self.paper.values())
        self._write("way back", {"": -min(cost, max(there, 0))})
        return 0

    def _pay_out(self, money, stored):
        backs = {}
        for one in sorted(
            self.till, key=lambda one: (one["stored"] == (stored == "last"), one["back"] + one["bank"] - one["coins"])
        ):
            free = one["coins"] - one["bank"] - one["back"]
            part = min(money, free)
            fresh = not one["bank"] and not one["back"]
            if part <= 0 or not one["able"] or (one["whole"] and not (fresh and part == free)):
                continue
            one["back"] += part
            money -= part
            own = None
            if one["own"]:
                own = near(F(one["own"]) * one["back"] / one["coins"]) - one["own_back"]
                one["own_back"] += own
            backs[one["key"]] = (part, own)
        self.out += money
        return backs, money

    def _points(self):
        new = {"gone": max(near(self.facts["earned"] * self._gone()) - self.points["gone"], 0)}
        by_line = {key: one["key"] for one in self.facts["promotions"] for key in one["lines"]}
        for key in self.falls:
            spent, given = self.lines[key].get("points", 0), -full(self.lines[key]["amount"])
            if spent and given > 0 and self.lines[key]["kind"] == "promotion":
                left = full(self._enjoyed(key)) - full(self.taken.get(by_line.get(key), {}))
                new[key] = max(spent - near(F(spent) * max(left, 0) / given) - self.points[key], 0)
        self.points = plus(self.points, new)
        return {key: points for key, points in new.items() if points}
