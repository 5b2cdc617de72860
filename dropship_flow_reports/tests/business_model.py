"""What a business earned, order by order and day by day, by nothing but what happened. Plain Python, no Odoo.

`Business` is told what happens in the words of the trade and answers what of it is possible: quantities, amounts, dates
(None: nothing). What is booked becomes a `Fact`: an amount in euro on a day, of an order or of none, by kind. The books
close month by month; what is dated into a closed month counts in the first open one.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .business_facts import Fact, Order, Paper
from .business_money import ONE, PLACES, ZERO, Row, amounts, divided, month_end, rate, rounded

CHARGES = {"freight": "supplier_freight", "fee": "supplier_fee"}


class Business:
    def __init__(self):
        self.orders, self.papers, self.others = {}, {}, []
        self.closed = date(2024, 12, 31)

    # -- what is read ----------------------------------------------------------------------------------------------

    def facts(self):
        return [fact for paper in self.papers.values() if paper.alive for fact in paper.facts] + self.others

    def profit(self, key):
        """{kind: amount} of an order."""
        return self._sums(fact for fact in self.facts() if fact.order == key)

    def rest(self):
        """{(side, kind): amount} of what is of no order."""
        return self._sums((fact for fact in self.facts() if fact.order is None), lambda fact: (fact.side, fact.kind))

    def days(self):
        """{day: amount}"""
        return self._sums(self.facts(), lambda fact: fact.day)

    @staticmethod
    def _sums(facts, by=lambda fact: fact.kind):
        found = defaultdict(lambda: ZERO)
        for fact in facts:
            found[by(fact)] += fact.amount
        return {name: amount for name, amount in found.items() if amount}

    def open_day(self, day):
        """The day on which something of that day is booked: in a closed month, the end of the first open one."""
        return day if day > self.closed else month_end(self.closed + timedelta(days=1))

    # -- orders ----------------------------------------------------------------------------------------------------

    def sell(self, key, day, currency, lines, market):
        self.orders[key] = Order(key, day, currency, lines, market)
        return {"order": self.orders[key]}

    def ship(self, about, part):
        """{place: quantity} of what leaves: a part of what is still here, kits in one piece."""
        order = self.orders.get(about)
        if not order or not order.alive:
            return None
        moved = {}
        for place, line in enumerate(order.lines):
            if line.moves and line.shipped < line.row.quantity:
                rest = line.row.quantity - line.shipped
                quantity = rest if line.what == "kit" else max(ONE, (rest * part).to_integral_value())
                moved[place] = min(quantity, rest)
                line.shipped += moved[place]
        return {"moved": moved} if moved else None

    def cancel(self, about):
        order = self.orders.get(about)
        if not order or not order.alive or order.papers or any(line.shipped or line.billed for line in order.lines):
            return None
        order.alive = False
        return {}

    def change(self, about, place, discount):
        """A discount agreed afterwards, on a line nobody invoiced yet. {} where the order only moves elsewhere."""
        order = self.orders.get(about)
        if not order or not order.alive:
            return None
        line = order.lines[place % len(order.lines)]
        if discount is None or line.invoiced or not line.moves:
            return {"line": None, "discount": None}
        line.row = Row(line.row.quantity, line.row.price, line.row.tax, line.row.inside, discount)
        return {"line": order.lines.index(line), "discount": discount}

    # -- papers of customers ---------------------------------------------------------------------------------------

    def invoice(self, key, day, about):
        """About what left and is not invoiced; shipping and coupons go on the first invoice."""
        order = self.orders.get(about)
        if not order or not order.alive or day <= self.closed:
            return None
        rows, names = [], []
        for line in order.lines:
            quantity = (line.shipped if line.moves else line.row.quantity) - line.invoiced
            if quantity > 0:
                rows.append(Row(quantity, line.row.price, line.row.tax, line.row.inside, line.row.discount))
                names.append((about, line.what, line))
        if not any(line.moves for _order, _what, line in names):
            return None
        for row, (_order, _what, line) in zip(rows, names, strict=True):
            line.invoiced += row.quantity
        paper = self._write(Paper(key, "out", 1, day, day, order.currency, rows, names))
        order.papers.append(key)
        return {"paper": paper}

    def credit(self, key, day, about, part):
        """A part of an invoice or bill is taken back: whole pieces of goods; shipping and coupons all or nothing.

        What a customer got back is not invoiced any more: the next invoice asks for it again.
        """
        paper = self.papers.get(about)
        if not paper or not paper.alive or paper.sign < 0 or day <= self.closed or day < paper.booked:
            return None
        rows = []
        for row, (_order, what, _line) in zip(paper.rows, paper.names, strict=True):
            quantity = row.quantity * part
            if what not in CHARGES:
                quantity = row.quantity if part == 1 else quantity.to_integral_value()
            if what in ("shipping", "coupon") and part < 1:
                quantity = ZERO
            rows.append(Row(quantity, row.price, row.tax, row.inside, row.discount))
        if amounts(rows, paper.currency).total <= 0:
            return None
        note = self._write(Paper(key, paper.side, -1, day, day, paper.currency, rows, paper.names, about=about))
        if paper.side == "out":
            self.orders[paper.names[0][0]].papers.append(key)
            for row, (_order, _what, line) in zip(rows, paper.names, strict=True):
                line.invoiced -= row.quantity
        self._settle(paper, note)
        return {"paper": note}

    # -- papers of suppliers ---------------------------------------------------------------------------------------

    def bill(self, key, day, supplier, currency, orders, part, factor, tax, charges, late):
        """One bill about a part of what was bought for some orders at a supplier, with charges.

        :param charges: [(what, amount)] about the first of the orders; one that starts with "-" does not say of which
        :param late: dated into the closed month; it is booked in the open one
        """
        rows, names = [], []
        for number in orders:
            order = self.orders.get(number)
            for line in order.lines if order and order.alive else ():
                if line.supplier != supplier or line.billed == line.row.quantity:
                    continue
                rest = line.row.quantity - line.billed
                pieces = min(rest, max(ONE, (rest * part).to_integral_value()))
                line.billed += pieces
                for place, cost in enumerate(line.costs):
                    rows.append(Row(pieces * (place + 1), rounded(cost * factor, currency), *tax))
                    names.append((number, "goods", (line, place)))
        if not rows:
            return None
        for what, amount in charges:
            rows.append(Row(ONE, amount, *tax))
            names.append((None if what.startswith("-") else names[0][0], what.lstrip("-"), None))
        day = self.closed if late and self.closed.year == day.year else day
        paper = self._write(Paper(key, "in", 1, day, self.open_day(day), currency, rows, names))
        return {"paper": paper}

    def drop(self, about):
        """A bill is taken out of the books again: nothing of it is left. Not after the close, not once paid."""
        paper = self.papers.get(about)
        touched = any(other.about == about for other in self.papers.values())
        if not paper or not paper.alive or paper.side != "in" or paper.booked <= self.closed or touched:
            return None
        if paper.sign < 0 or paper.open != paper.whole:
            return None
        paper.alive = False
        for row, (_order, _what, part) in zip(paper.rows, paper.names, strict=True):
            if part and not part[1]:
                part[0].billed -= row.quantity
        return {}

    def _write(self, paper):
        """What a paper books: row by row, the discount of a row beside its full price."""
        ours = amounts(paper.rows, "EUR", rate(paper.currency, paper.day))
        paper.worth(amounts(paper.rows, paper.currency).total, ours.total)
        flow = paper.sign * (1 if paper.side == "out" else -1)
        for row, net, (order, what, line) in zip(paper.rows, ours.nets, paper.names, strict=True):
            for kind, amount in self._kinds(paper, row, what, flow * net):
                shares = [(order, amount)] if order is not None else paper.shared(ours.nets, amount)
                paper.facts += [Fact(paper.booked, whose, kind, share) for whose, share in shares]
            if what == "own":
                cost = rounded(line.costs[0] * row.quantity)
                paper.facts.append(Fact(paper.booked, order, "own_stock", -flow * cost))
        self.papers[paper.key] = paper
        return paper

    @staticmethod
    def _kinds(paper, row, what, amount):
        if paper.side == "in":
            return [(CHARGES.get(what, "goods"), amount)]
        if paper.sign < 0:
            return [("refund", amount)]
        if what in ("shipping", "coupon"):
            return [("shipping_income" if what == "shipping" else "discount", amount)]
        less, full = divided(amount, [-row.discount, Decimal(100)])
        return [("sales", full), ("discount", less)]

    # -- money -----------------------------------------------------------------------------------------------------

    def pay(self, about, day, part):
        """A paper is paid, in whole or in part, at the rate of that day. A marketplace's customers pay there."""
        paper = self.papers.get(about)
        if not paper or not paper.alive or paper.sign < 0 or day <= self.closed or paper.open <= 0:
            return None
        if paper.side == "out" and self.orders[paper.names[0][0]].market:
            return None
        amount = paper.open if part == 1 else rounded(paper.open * part, paper.currency)
        if not amount:
            return None
        payment = Paper(-1, paper.side, -1, day, day, paper.currency, [], [])
        payment.worth(amount, rounded(Fraction(amount) / Fraction(rate(paper.currency, day))))
        self._settle(paper, payment)
        return {"paper": paper, "amount": amount}

    def payout(self, day, about, fees, rent):
        """A marketplace pays invoices and keeps fees of each, and its rent.

        :param fees: [(kind, percent)]
        :return: {sales: [(order, amount)], fees: [(order, kind, amount)], rent: amount}
        """
        sales, kept = [], []
        for number in about if day > self.closed else ():
            paper = self.papers.get(number)
            order = paper and self.orders.get(paper.names[0][0])
            if not order or not order.market or order.papers != [number] or not paper.open:
                continue
            if paper.open != paper.whole:
                continue
            sales.append((order, paper.open))
            kept += [(order, kind, rounded(paper.open * share / 100)) for kind, share in fees]
            paper.open = paper.ours = ZERO
        if not sales:
            return None
        kept = [one for one in kept if one[2]]
        self.others += [Fact(day, order.key, kind, -amount) for order, kind, amount in kept]
        if rent:
            self.others.append(Fact(day, None, "overhead", -rent, "overhead"))
        return {"sales": sales, "fees": kept, "rent": rent}

    def typed(self, day, what, amount):
        """Somebody books by hand: on the account of sales, or on one of rent."""
        if day <= self.closed:
            return None
        side, kind = ("unattributed", "sales") if what == "sales" else ("overhead", "overhead")
        self.others.append(Fact(day, None, kind, amount, side))
        return {"what": what, "amount": amount}

    def close(self, day):
        """The month of the day is closed."""
        if day <= self.closed:
            return None
        self.closed = month_end(day)
        return {"until": self.closed}

    def _settle(self, paper, other):
        """Two papers, or a paper and money, settle each other; what the rates made of it is won or lost.

        Each gives what the amount is worth at its own rate, and the whole rest with its last cent. What differs by
        rounding only is no difference.
        """
        amount = min(paper.open, other.open)
        if amount <= 0:
            return
        both = (paper, other)
        parts = [min(rounded(Fraction(amount) * one.rate), one.ours) for one in both]
        common = min(parts)
        if paper.currency != "EUR" and self._near(amount, parts, both):
            common = min(one.ours for one in both)
            parts = [common, common]
        for one, part in zip(both, parts, strict=True):
            taken = one.ours if amount == one.open else part
            sign = -1 if one is paper else 1
            self._difference(both, sign * (1 if paper.side == "out" else -1) * (taken - common))
            one.open, one.ours = one.open - amount, one.ours - taken

    @staticmethod
    def _near(amount, parts, both):
        """Whether what two papers give differs by the rounding of their currency only."""
        half, amount = Fraction(1, 2 * 10 ** PLACES[both[0].currency]), Fraction(amount)
        ranges = [(rounded((amount - half) * one.rate), rounded((amount + half) * one.rate)) for one in both]
        return all(low <= part <= high for part, (low, high) in zip(parts, reversed(ranges), strict=True))

    def _difference(self, both, amount):
        """A difference of rates belongs to the orders of the papers, by what those say about them."""
        if not amount:
            return
        day = month_end(self.open_day(max(one.booked for one in both)))
        weights = defaultdict(lambda: ZERO)
        for one in both:
            for order, worth in one.weights().items():
                weights[order] += abs(worth)
        if not weights:
            self.others.append(Fact(day, None, "fx", amount, "unattributed"))
        orders = sorted(weights)
        for order, share in zip(orders, divided(amount, [weights[order] for order in orders]), strict=True):
            self.others.append(Fact(day, order, "fx", share))
