"""Plays an invented life in plain arithmetic: says of each step whether it is possible, and what it comes to."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .lives import rate
from .model import ZERO, Account, Document, Row, rounded, total

ONE, CENT = Decimal(1), Decimal("0.01")


@dataclass
class Bought:
    quantity: Decimal
    price: Decimal
    shipped: Decimal = ZERO
    billed: Decimal = ZERO


@dataclass
class Paper:
    """The lines of a bill or credit note. `sign` −1: a credit note."""

    rows: list
    goods: int  # how many of the first rows are goods
    purchase: int | None = None
    sign: int = 1

    def net_goods(self, currency):
        return self.sign * sum((row.net(currency) for row in self.rows[: self.goods]), ZERO)


@dataclass
class Player:
    """One life.

    `play(step)` returns what the step comes to (a dict for whoever does it for real), or None when it is impossible.
    """

    currency: str
    account: Account = field(default_factory=Account)
    bought: dict = field(default_factory=dict)
    papers: dict = field(default_factory=dict)
    closed_until: object = None
    closing: Decimal = ZERO

    def play(self, step):
        return getattr(self, f"_{step.verb}")(step)

    # -- goods -----------------------------------------------------------------------------------------------------

    def _buy(self, step):
        price = rounded(step.more["price"], self.currency)
        self.bought[step.number] = Bought(Decimal(step.more["quantity"]), price)
        return {"quantity": self.bought[step.number].quantity, "price": price}

    def _ship(self, step):
        bought = self.bought.get(step.about)
        left = bought.quantity - bought.shipped if bought else ZERO
        if left <= 0:
            return None
        quantity = max(ONE, (left * step.more["share"]) // 1)
        bought.shipped += quantity
        return {"quantity": quantity}

    # -- documents -------------------------------------------------------------------------------------------------

    def _bill(self, step):
        """A bill of the supplier as he sees it; or, `ours`, of what shipped and is not billed yet."""
        bought = self.bought.get(step.about)
        if not bought:
            return None
        currency = self.currency if step.more["ours"] else step.more["currency"]
        if step.more["ours"]:
            quantity = bought.shipped - bought.billed
            rows = [Row(quantity, bought.price)]
        else:
            quantity = max(ONE, (bought.quantity * step.more["share"]) // 1)
            price = rounded(bought.price * step.more["price"], currency)
            percent, inside = step.more["tax"]
            rows = [Row(quantity, price, Decimal(percent), inside)]
            if step.more["freight"]:
                rows.append(Row(ONE, step.more["freight"]))
        if quantity <= 0 or not self._book(step, "bill", currency, Paper(rows, 1, step.about)):
            return None
        bought.billed += quantity
        return {"rows": rows, "currency": currency, "ours": step.more["ours"]}

    def _rent(self, step):
        percent, inside = step.more["tax"]
        rows = [Row(ONE, rounded(step.more["amount"], self.currency), Decimal(percent), inside)]
        if not self._book(step, "bill", self.currency, Paper(rows, 0), inside=False):
            return None
        return {"rows": rows, "currency": self.currency}

    def _credit(self, step):
        """A credit note of a bill: the same lines, of some quantity; set off against the bill at once."""
        bill = self._of(step)
        if not bill or step.about not in self.papers:
            return None
        paper, share = self.papers[step.about], step.more["share"]
        rows = [Row((row.quantity * share).quantize(CENT), row.price, row.tax, row.inside) for row in paper.rows]
        credit = Paper(rows, paper.goods, paper.purchase, -1)
        if not self._book(step, "credit", bill.currency, credit, inside=bill.inside):
            return None
        if paper.purchase is not None:
            self.bought[paper.purchase].billed -= rows[0].quantity
        self.account.match(step.number, step.about)
        return {"rows": rows}

    def _book(self, step, kind, currency, paper, inside=True):
        amount = total(paper.rows, currency)
        if amount <= 0:
            return False
        self.account.add(Document(step.number, kind, currency, amount, step.day, inside))
        self.papers[step.number] = paper
        return True

    def _cancel(self, step):
        if not self._of(step):
            return None
        paper = self.papers.pop(step.about)
        if paper.purchase is not None:
            self.bought[paper.purchase].billed -= paper.rows[0].quantity
        self.account.remove(step.about)
        return {}

    # -- money -----------------------------------------------------------------------------------------------------

    def _pay(self, step):
        bill = self._of(step)
        owed = self.account.open(step.about) if bill else ZERO
        whole, euro = step.more["share"] == 1, "EUR"
        if owed <= 0:
            return None
        if step.more["in_euro"] and whole and bill.currency != euro:
            amount = rounded(owed / rate(bill.currency, step.day), euro)
            if not amount:
                return None
            self.account.add(Document(step.number, "payment", euro, amount, step.day))
            self.account.match_across(step.number, step.about)
            return {"currency": euro, "amount": amount, "whole": True}
        amount = rounded(owed * step.more["share"], bill.currency)
        if not amount:
            return None
        self.account.add(Document(step.number, "payment", bill.currency, amount, step.day))
        self.account.match(step.number, step.about)
        return {"currency": bill.currency, "amount": amount, "whole": False}

    def _deposit(self, step):
        amount = rounded(step.more["amount"], self.currency)
        self.account.add(Document(step.number, "payment", self.currency, amount, step.day))
        return {"currency": self.currency, "amount": amount}

    def _set_off(self, step):
        """A payment or credit note that is open is assigned to the bill."""
        bill = self._of(step)
        if not bill or not self.account.open(step.about):
            return None
        free = [
            key
            for key, one in self.account.documents.items()
            if one.kind != "bill" and one.currency == bill.currency and self.account.open(key)
        ]
        if not free:
            return None
        debit = free[step.more["nth"] % len(free)]
        self.account.match(debit, step.about)
        return {"debit": debit}

    def _release(self, step):
        if not self._of(step) or self.account.open(step.about) == self.account.documents[step.about].amount:
            return None
        self.account.release(step.about)
        return {}

    def _cancel_payment(self, step):
        paid = [
            match.debit
            for match in self.account.matches
            if match.credit == step.about and self.account.documents[match.debit].kind == "payment"
        ]
        if not paid:
            return None
        self.account.remove(paid[0])
        return {"payment": paid[0]}

    def _of(self, step):
        document = self.account.documents.get(step.about)
        return document if document and document.kind == "bill" else None

    # -- statements ------------------------------------------------------------------------------------------------

    def _statement(self, step):
        if not any(self._concerns(one, step.day) for one in self.account.documents.values()):
            return None
        return {}

    def _concerns(self, document, day):
        return document.inside and document.currency == self.currency and document.day <= day

    def figures(self, day):
        """What a statement until `day` says, as things stand."""
        account, currency = self.account, self.currency
        start = self._first_day()
        return {
            "opening": self.closing,
            "billed": self._sum("bill", start, day),
            "credited": self._sum("credit", start, day),
            "closing": account.balance(currency, day),
            "residual": account.residual(currency, day),
        }

    def goods(self, day):
        """Goods without tax on the bills and credit notes of the period."""
        return sum(
            (
                paper.net_goods(self.currency)
                for key, paper in self.papers.items()
                if self._concerns(self.account.documents[key], day)
                and self.account.documents[key].day >= self._first_day()
            ),
            ZERO,
        )

    def _first_day(self):
        return self.closed_until + timedelta(days=1) if self.closed_until else date.min

    def _sum(self, kind, start, end):
        """Documents of people; what a statement booked itself is shown apart from them."""
        return sum(
            (
                one.amount
                for one in self.account.documents.values()
                if one.kind == kind and self._concerns(one, end) and one.day >= start and one.key in self.papers
            ),
            ZERO,
        )

    def adjustment(self, kind, mode, value, day):
        """What an adjustment adds to what is owed."""
        amount = value * self.goods(day) / 100 if mode == "percent" else value
        amount = rounded(amount, self.currency)
        return -amount if kind in ("allowance", "penalty") else amount

    def approve(self, step, amounts):
        """The statement is agreed: charges become one bill, deductions one credit note.

        :param amounts: of adjustments, corrections and claims; positive: we owe more
        :return: keys of the documents
        """
        keys = []
        for kind, sign in (("bill", 1), ("credit", -1)):
            amount = sum((sign * one for one in amounts if one * sign > 0), ZERO)
            if amount:
                keys.append((step.number, kind))
                self.account.add(Document(keys[-1], kind, self.currency, amount, step.day))
        self.closing, self.closed_until = self.account.balance(self.currency, step.day), step.day
        return keys

    def pay_statement(self, step, keys, day, matches, paying=True):
        """What is due on the documents `keys`, money on account taken off, is paid on `day`.

        Nothing is paid with a statement on which nothing is due (`paying`): what is open of earlier ones is set off.

        Which of them was set off against which is told (core's order is nobody's business here), and only believed
        within what is open.

        :param matches: (debit key, credit key, amount); the payment's key is (statement, "pay")
        :return: the amount of the payment, 0 when nothing is due
        """
        account = self.account
        sides = [account.documents[key] for key in keys]
        sides += [
            one
            for one in account.documents.values()
            if one.kind == "payment" and one.currency == self.currency and one.key not in keys
        ]
        due = sum((one.sign * account.open(one.key) for one in sides), ZERO)
        due = max(due, ZERO) if paying else ZERO
        if due:
            account.add(Document((step.number, "pay"), "payment", self.currency, due, day))
            sides.append(account.documents[step.number, "pay"])
        known = {one.key for one in sides}
        most = min(sum((account.open(one.key) for one in sides if one.sign == sign), ZERO) for sign in (1, -1))
        done = ZERO
        for debit, credit, amount in matches:
            if not {debit, credit} <= known or account.match(debit, credit, amount) != amount:
                raise AssertionError(f"{debit} cannot be set off against {credit} with {amount}")
            done += amount
        if done != most:
            raise AssertionError(f"{done} was set off, {most} could be")
        return due
