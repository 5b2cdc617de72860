"""The statements in an invented life: compared before, sent, objected to, agreed, paid."""

from odoo import Command

from .common_lives import Different
from .common_settlement_life import SupplierLife
from .settling.model import ZERO, rounded


class SettlementLife(SupplierLife):
    # -- comparing -------------------------------------------------------------------------------------------------

    def compare(self, step):
        """Every document is as open in the ledger as in the plain account, and nothing else is booked."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.rhein.partner_id.id),
                ("account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
                ("amount_currency", "!=", 0.0),
            ]
        )
        # A payment in another currency brings an entry about the rate, set off at once.
        lines -= lines.filtered(lambda line: line.journal_id == self.rates and not line.amount_residual_currency)
        names = {move.id: key for key, move in self.moves.items()}
        real = {
            names.get(line.move_id.id, line.move_id.name): self.money(
                abs(line.amount_residual_currency), line.currency_id.name
            )
            for line in lines
        }
        account = self.player.account
        plain = {key: account.open(key) for key in account.documents}
        self.equal(real, plain, f"open after step {step.number}")

    def compare_other_currencies(self, day):
        """Documents in other currencies have a statement of their own."""
        account = self.player.account
        for name, currency in self.currencies.items():
            if name == self.player.currency or not any(one.currency == name for one in account.documents.values()):
                continue
            statement = self.env["dropship.settlement"].create(
                {
                    "supplier_id": self.rhein.id,
                    "company_id": self.company.id,
                    "currency_id": currency.id,
                    "date_to": day,
                }
            )
            self.equal(self.money(statement.closing, name), account.balance(name, day), f"closing in {name}")
            self.equal(self.money(statement.residual, name), account.residual(name, day), f"open in {name}")

    def compare_statement(self, statement, day):
        figures = self.player.figures(day)
        for name, plain in figures.items():
            self.equal(self.money(statement[name]), plain, f"{name} of {day}")
        self.compare_sum(statement)

    def compare_sum(self, statement):
        """Opening and movements are the closing balance; so is the sum of the lines."""
        moved = statement.later + statement.billed - statement.credited - statement.paid + statement.adjusted
        self.equal(self.money(statement.opening + moved), self.money(statement.closing), "opening and movements")
        counted = sum(statement.line_ids.filtered("counts").mapped("amount"))
        before = 0.0 if any(line.kind == "opening" for line in statement.line_ids) else statement.opening
        self.equal(self.money(before + counted), self.money(statement.closing), "sum of the lines")

    def compare_closed(self, statement, before, amounts):
        """An agreed statement: as it was, with what it booked itself."""
        booked = sum(amounts, ZERO)
        self.equal(self.money(statement.adjusted), booked, "adjustments booked")
        self.equal(self.money(statement.pending), ZERO, "not booked yet, after approval")
        for name in ("opening", "billed", "credited"):
            self.equal(self.money(statement[name]), before[name], f"{name} when agreed")
        for name in ("closing", "residual"):
            self.equal(self.money(statement[name]), before[name] + booked, f"{name} when agreed")
        self.equal(self.player.closing, before["closing"] + booked, "closing of the plain account")
        self.compare_sum(statement)

    # -- statements ------------------------------------------------------------------------------------------------

    def make_statement(self, day):
        wizard = self.env["dropship.settlement.make"].create(
            {"company_id": self.company.id, "supplier_ids": [Command.set(self.rhein.ids)], "date_to": day}
        )
        wizard.action_make()
        made = self.env["dropship.settlement"].search([("supplier_id", "=", self.rhein.id), ("date_to", "=", day)])
        others = made.filtered(lambda statement: statement.currency_id.name != self.player.currency)
        others.action_cancel()
        return made - others

    def adjust(self, statement, step, kind, mode, value):
        """The accountant adds a charge or an allowance."""
        value = value if mode == "percent" else rounded(value, self.player.currency)
        adjustment = self.env["dropship.settlement.adjustment"].create(
            {"settlement_id": statement.id, "kind": kind, "name": kind, "mode": mode, "value": float(value)}
        )
        plain = self.player.adjustment(kind, mode, value, step.day)
        self.equal(self.money(adjustment.amount), plain, f"adjustment {kind} {mode}")
        return plain

    def claim(self, step):
        """The supplier grants us a claim."""
        amount = rounded(step.more["claim"], self.player.currency)
        claim = self.env["dropship.claim"].create(
            {
                "supplier_id": self.rhein.id,
                "party": "supplier",
                "kind": "damage",
                "amount": float(amount),
                "amount_granted": float(amount),
                "currency_id": self.currencies[self.player.currency].id,
            }
        )
        claim._set_state("filed")
        claim._set_state("accepted")
        return -amount

    def object(self, statement, answer, correction):
        """The supplier objects to the first line; he is right (with a correction) or not. What it adds to the debt."""
        line = statement.line_ids.filtered("counts")[:1]
        if not line:
            return ZERO
        objection = statement._object(line, "Not ours", "Mr Rhein")
        self.equal(statement.state, "objected", "state")
        if answer == "refused":
            objection.answer = "It is yours."
            objection.action_refuse()
            return ZERO
        correction = rounded(correction, self.player.currency)
        objection.correction = float(correction)
        objection.action_accept()
        return correction

    def name_booked(self, statement, keys):
        """The documents an approval made, by the plain account's names."""
        booked = self.env["account.move"].search([("dropship_settlement_id", "=", statement.id)])
        kinds = {"in_invoice": "bill", "in_refund": "credit"}
        made = {kinds[move.move_type]: move for move in booked}
        self.equal(sorted(made), sorted(kind for _number, kind in keys), "documents booked by the statement")
        for key in keys:
            self.moves[key] = made[key[1]]

    def pay_statement(self, statement, step, day):
        """Pay what the statement says is due."""
        items, _held = statement._payable_items()
        names = {move.id: key for key, move in self.moves.items()}
        keys = [names[line.move_id.id] for line in items]
        left_out = set(self.to_pay(step.day)) ^ set(keys)
        self.equal([key for key in left_out if not self.is_held(key, statement)], [], "documents to pay")
        before = self.partials()
        paying = statement.state == "agreed"
        if paying:
            wizard = self.env["dropship.settlement.pay"].create(
                {"settlement_ids": [Command.set(statement.ids)], "date": day, "journal_id": self.bank.id}
            )
            wizard.action_pay()
            payment = wizard.payment_ids
        else:
            statement.action_match()
            payment = self.env["account.payment"]
        if payment:
            self.moves[step.number, "pay"] = payment.move_id
        names = {move.id: key for key, move in self.moves.items()}
        matches = []
        for one in self.partials() - before:
            if one.debit_amount_currency:
                pair = (names[one.debit_move_id.move_id.id], names[one.credit_move_id.move_id.id])
                matches.append((*pair, self.money(one.debit_amount_currency)))
        try:
            due = self.player.pay_statement(step, keys, day, matches, paying)
        except AssertionError as error:
            raise Different(str(error)) from error
        self.equal(self.money(payment.amount), due, "payment of the statement")

    def to_pay(self, day):
        """Approved and open: every bill and credit note of the statements so far."""
        account = self.player.account
        return [
            one.key
            for one in account.documents.values()
            if one.kind != "payment" and self.player._concerns(one, day) and account.open(one.key)
        ]

    def is_held(self, key, statement):
        """Whether the matching of bills has a reason for not paying a document."""
        move = self.moves[key]
        lines = statement.line_ids.filtered(lambda line: line.move_id == move)
        held = lines.filtered(lambda line: line.verdict in ("held", "objected"))
        return bool(held) or bool(move._dropship_blockers())

    def partials(self):
        self.env.flush_all()
        lines = self.env["account.move.line"].search([("partner_id", "=", self.rhein.partner_id.id)])
        return lines.matched_debit_ids | lines.matched_credit_ids
