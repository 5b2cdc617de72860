"""Compares what the models say after a step with the plain account."""

from contextlib import contextmanager

from .common_case_life import CaseLife
from .common_case_world import ACCOUNTS


class CaseCompare(CaseLife):
    @contextmanager
    def follows(self, step, given):
        """What somebody does in a case, and what comes of it."""
        case = self.cases[step.about]
        known = self.order.dropship_refund_book_ids
        yield case
        self.settle(case, known, given)

    def settle(self, case, known, given):
        """The supplier consents to what he is asked; then the refunds are those that ought to be."""
        requests = self.env["dropship.change.request"].search(
            [("resolution_id", "in", case.resolution_ids.ids), ("state", "in", ("to_ask", "asked"))]
        )
        for request in requests:
            request._answer("yes")
        made = (self.order.dropship_refund_book_ids - known).sorted("id")
        wanted = [one for one in given if one and not isinstance(one, dict)]
        why = ", ".join(filter(None, case.resolution_ids.mapped("error")))
        self.equal(len(made), len(wanted), f"number of refunds ({why})")
        for refund, one in zip(made, wanted, strict=True):
            self.check_given(refund, one)

    def check_given(self, refund, given):
        rows = {}
        for row in refund.line_ids:
            key = next(key for key, line in self.lines.items() if line == row.order_line_id)
            net, tax = rows.get(key, (0, 0))
            total = self.coins(row.total)
            rows[key] = (net + self.coins(row.net), tax + total - self.coins(row.net))
        self.equal(rows, given.credit, "credited")
        self.equal(self.coins(refund.money), given.money, "money back")
        self.equal(self.coins(refund.credit), sum(map(sum, given.credit.values())), "credit")

    def compare(self):
        """After each step: goods, money, papers, books, cases."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.compare_cases()
        self.compare_goods()
        self.compare_money()
        self.compare_books()

    def compare_cases(self):
        for number, plain in self.player.cases.items():
            case = self.cases[number]
            self.equal(case.acceptance, plain.acceptance, f"answer of {number}")
            self.equal(case.state == "closed", plain.closed, f"closed {number}")
            lives = case.resolution_ids.filtered(lambda one: one.state != "cancelled")
            states = sorted({"planned": "open"}.get(one.state, one.state) for one in lives)
            self.equal(states, sorted(deal.state for deal in plain.deals if deal.state != "open"), f"done of {number}")
            for line in plain.asked:
                row = self.case_line(case, line)
                self.equal(
                    (row.qty, row.qty_back, row.qty_received),
                    (plain.asked[line], plain.back(line), plain.received(line)),
                    f"asked, to come and received of line {line} in {number}",
                )
            self.read_claim(case, plain.claim)

    def compare_goods(self):
        player = self.player
        for number, sold in enumerate(player.life.lines):
            line, product = self.lines[number], self.products[number]
            bought = line.dropship_allocation_ids.purchase_line_id
            self.equal(line.qty_delivered, player.home[number], f"delivered of line {number}")
            received = sum(bought.mapped("qty_received"))
            self.equal(received, sold.delivered - player.at_supplier[number], f"received of line {number}")
            self.equal(self.lies(product, self.shelf), player.shelf[number], f"on the shelf of line {number}")
            self.equal(self.lies(product, self.to_check), player.checking[number], f"to check of line {number}")
            self.equal(self.lies(product, self.broken), player.broken[number], f"broken of line {number}")

    def compare_money(self):
        account = self.player.account
        self.send_money()
        rows = self.order.dropship_refund_ids
        self.equal(set(rows.mapped("state")) & {"planned", "sending"}, set(), "money under way")
        service = rows.filtered(lambda row: row.way == "refund")
        by_service, by_person = (
            self.coins(sum(service.mapped("amount"))),
            self.coins(sum((rows - service).mapped("amount"))),
        )
        self.equal(by_service, sum(payment.back for payment in account.payments), "sent through the service")
        self.equal(-self.coins(sum(self.ledger)), by_service, "the service's ledger")
        self.equal(by_person, account.out, "given otherwise")
        if account.returned > account.paid:
            raise AssertionError("The plain account gives back more than was paid")
        for back in service.refund_transaction_id.filtered(lambda tx: not tx.payment_id):
            self.book(back)
        service.refund_id._reconcile()
        cards = self.env["dropship.resolution"].search([("return_id.order_ids", "in", self.order.ids)]).card_id
        self.equal(self.coins(sum(cards.mapped("points"))), self.player.wallet, "store credit")

    def compare_books(self):
        account = self.player.account
        notes = self.env["account.move"].search(
            [("move_type", "=", "out_refund"), ("company_id", "=", self.company.id)]
        )
        self.equal(set(notes.mapped("state")) - {"posted"}, set(), "credit notes are posted")
        totals = [self.coins(sum(notes.mapped(name))) for name in ("amount_untaxed", "amount_tax")]
        self.equal(totals, account.credited, "credit notes without tax, and their tax")
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["amount_currency:sum"],
        )
        found = {one.name: self.coins(amount) for one, amount in groups if self.coins(amount)}
        wanted = {ACCOUNTS[name]: coins for name, coins in account.books.items() if coins}
        self.equal(found, wanted, "the ledger")
