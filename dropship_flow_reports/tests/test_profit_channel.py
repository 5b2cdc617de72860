"""Whose channel a fact is: the order's, else the one that takes orders of its shop."""

from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitChannel(ProfitCase):
    def shipped(self):
        """(order, purchase) of a chair that left."""
        purchase = self.sell(self.chair)
        self.dispatch(purchase)
        return purchase.dropship_sale_id, purchase

    def test_an_order_of_no_channel_is_of_the_one_that_takes_its_shop(self):
        def channels(order):
            """The channels of what is booked and expected now."""
            rows = self.env["dropship.profit.estimate"].search([("order_id", "=", order.id), ("amount", "!=", 0)])
            found = {}
            for entry in self.entries(("order_id", "=", order.id)):
                found[entry.channel_id] = found.get(entry.channel_id, 0.0) + entry.amount
            return {channel for channel, amount in found.items() if round(amount, 2)}, rows.channel_id

        order, purchase = self.shipped()
        mine, _other = self.shipped()
        mine.dropship_channel_id = self.second_channel
        self.invoice(order)
        self.invoice(mine)
        self.assertFalse(order.dropship_channel_id)
        self.assertEqual(self.env["dropship.sales.channel"]._channel_of(order)[order], self.channel)
        self.collect()
        self.assertEqual(channels(order), ({self.channel}, self.channel))
        self.assertEqual(self.collect(), 0)
        team = self.env["crm.team"].create({"name": "Web", "company_id": self.company.id})
        order.team_id = team
        self.collect()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET write_date = write_date - INTERVAL '30 days'")
        web = self.channel.copy({"name": "Web", "team_id": team.id, "sequence": 90})
        self.assertEqual(self.env["dropship.sales.channel"]._channel_of(order)[order], web)
        self.collect()
        self.assertEqual(channels(order), ({web}, web))
        self.assertEqual(channels(mine)[0], {self.second_channel})
        self.assertEqual(self.collect(), 0)
        self.bill(purchase)
        self.collect()
        self.assertEqual(channels(order), ({web}, web))
        self.assertTies()
