from unittest.mock import patch

from odoo.tests import tagged

from .common_payout import PayoutCase

WRITTEN = "SELECT pg_stat_get_xact_tuples_updated('dropship_payout_line'::regclass)"


@tagged("post_install", "-at_install", "standard")
class TestPayoutMatch(PayoutCase):
    """What a person says of one row costs one row, however long the payout is."""

    def payout_of(self, name, count):
        """A payout of many orders, and one row nobody knows."""
        numbers = [f"{name}-{place}" for place in range(count)]
        for number in numbers:
            self.sold(number, invoice=False)
        rows = [row for number in numbers for row in ((number, "sale", "100"), (number, "commission", "-5"))]
        payout = self.enter(*rows, (f"X-{name}", "sale", "70"), Payout=name)
        self.assertEqual((payout.open_count, payout.row_count), (1, 2 * count + 1))
        return payout

    def cost_of(self, payout, verb):
        """(statements, rows of payouts written, orders looked at) of something done to the row nobody knows"""
        line = payout.sudo().line_ids.filtered(lambda line: line.state == "unknown")
        seen = []
        refresh = self.registry["sale.order"]._dropship_payout_refresh

        def counted(orders):
            seen.extend(orders.ids)
            return refresh(orders)

        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute(WRITTEN)
        before, statements = self.env.cr.fetchone()[0], self.env.cr.sql_log_count
        with patch.object(self.registry["sale.order"], "_dropship_payout_refresh", counted):
            verb(line)
            self.env.flush_all()
        statements = self.env.cr.sql_log_count - statements
        self.env.cr.execute(WRITTEN)
        return statements, self.env.cr.fetchone()[0] - before, len(seen)

    def test_a_row_chosen_by_hand(self):
        self.terms.expects = True
        order = self.sold("A-1", 70.0, invoice=False)
        short, long = self.payout_of("S", 2), self.payout_of("L", 40)

        def decide(line):
            line._decide(order, False, False)

        # Once beforehand: what is read once in a transaction is no part of it.
        self.cost_of(self.payout_of("W", 1), decide)
        cost = self.cost_of(short, decide)
        self.assertEqual((short.state, cost[2]), ("matched", 1))
        self.assertEqual(self.cost_of(long, decide), cost)
        self.assertEqual((long.state, long.open_count, long.row_total), ("matched", 0, 40 * 95.0 + 70.0))

    def test_a_row_taken_as_it_is(self):
        first = self.enter(("X-1", "commission", "-2"), Payout="P-0")
        rows = [(f"X-{place}", "commission", "-2") for place in range(30)]
        many = self.enter(("", "subscription", "-2"), ("X-1", "commission", "-3"),
                          *(("", kind, "-2") for _number, kind, _amount in rows), Payout="P-1")  # fmt: skip

        def accept(line):
            line.action_accept()

        self.cost_of(self.enter(("X-1", "commission", "-4"), Payout="P-2"), accept)
        self.assertEqual(self.cost_of(first, accept), self.cost_of(many, accept))
        self.assertEqual((first.state, many.state), ("matched", "matched"))

    def test_what_was_said_of_other_rows_stays(self):
        """An order that comes late does not take back what posting said of the others."""
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 1.25}
        )
        self.sold("A-1")
        self.sold("A-2")
        payout = self.enter(("A-1", "sale", "60"), ("A-1", "sale", "64"), ("A-2", "sale", "126"),
                            ("X-9", "sale", "10"), Currency="USD")  # fmt: skip
        payout.action_post_apart()
        said = [["payout_rate"], [], ["payout_rate"], ["payout_order_unknown"]]
        self.assertEqual([self.codes(line) for line in payout.line_ids.sorted("line")], said)
        self.sold("X-9", 8.0)
        said[-1] = []
        self.assertEqual([self.codes(line) for line in payout.line_ids.sorted("line")], said)

    def test_different_rates_are_said_at_once(self):
        """Posting says of each order whose rate is not ours that it is so: read in one statement, written in one."""
        orders = [self.sold(f"A-{place}") for place in range(7)]
        payout = self.enter(*((f"A-{place}", "sale", "100") for place in range(7)))

        def say(some):
            booking = self.env["dropship.payout.booking"]._of(payout.sudo())
            booking.rates = {order.id: [["payout_rate", {"order": order.name}]] for order in some}
            self.env.invalidate_all()
            statements = self.env.cr.sql_log_count
            booking._say_rates()
            self.env.flush_all()
            return self.env.cr.sql_log_count - statements

        say(orders[:1])
        self.assertEqual(say(orders[1:2]), say(orders[2:]))
        self.assertEqual(payout.line_ids.mapped("reasons"), [[["payout_rate", {"order": o.name}]] for o in orders])
