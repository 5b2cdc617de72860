"""Supply moved: which products have to be looked at again, and who looks at them."""

from odoo import api, fields, models
from odoo.tools import SQL

from .offer import PROJECTED_FIELDS

BATCH = 20_000
# Beside what is projected, this of an offer changes what customers are told.
TOLD_FIELDS = frozenset(
    {
        "stock", "stock_mode", "backorder", "backorder_days", "discontinued", "moq", "pack", "next_arrival", "as_of",
    }
)  # fmt: skip


class DropshipSupplyChange(models.Model):
    """A product whose supply moved since anybody looked.

    Rows are only added and taken away: a product that moves again while somebody looks at it gets another row, so that
    nothing is missed and no order waits for another.
    """

    _name = "dropship.supply.change"
    _description = "Supply That Moved"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", ondelete="cascade", help="Whose product it is. Empty: shared.")


class DropshipSupply(models.AbstractModel):
    """What follows when supply moves: availability, then prices, then listings, each set by set."""

    _name = "dropship.supply"
    _description = "Supply"

    @api.model
    def _moved(self, product_ids):
        """These products' offers moved in whatever way; they are looked at soon."""
        self._moved_by(SQL("SELECT unnest(%s::int[])", sorted(set(product_ids))))

    @api.model
    def _moved_by(self, query):
        """The same for the products a query returns."""
        for model in ("dropship.supply.change", "product.product", "product.template"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_supply_change (product_id, company_id)
                SELECT product.id, template.company_id
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE product.id IN (SELECT moved.id FROM (%s) AS moved(id))
                 ORDER BY product.id
                """,
                query,
            )
        )

    @api.model
    def _follow(self, limit=BATCH):
        """Look at products that wait: one batch, the rows taken away by this transaction.

        :return: how many rows were taken
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dropship_supply_change WHERE id IN (
                    SELECT id FROM dropship_supply_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING product_id
                """,
                limit,
            )
        )
        taken = [row[0] for row in self.env.cr.fetchall()]
        products = self.env["product.product"].browse(sorted(set(taken))).exists()
        if products:
            self._follow_availability(products)
            self._follow_prices(products)
            self._follow_listings(products)
        return len(taken)

    @api.model
    def _follow_availability(self, products):
        """Renew what customers are told about stock."""

    @api.model
    def _follow_prices(self, products):
        """Renew the prices that follow from costs."""

    @api.model
    def _follow_listings(self, products):
        """Put listings on hold or bring them back."""

    @api.model
    def _cron_follow(self):
        """Every minute: follow what moved, a batch per transaction."""
        cron = self.env["ir.cron"]
        remaining = self.env["dropship.supply.change"].search_count([])
        cron._commit_progress(remaining=remaining)
        while remaining > 0:
            done = self._follow()
            remaining = max(remaining - done, 0)
            if not done or not cron._commit_progress(done, remaining=remaining):
                break

    @api.model
    def _walk(self, name, batch_after, total, work):
        """Work through all records of a kind, a batch per transaction. Out of time, the next run goes on from here.

        :param name: of the walk, for its place
        :param batch_after: the next records after an id, in the order of their ids
        :param total: about how many there are
        """
        places_sudo, key = self.env["ir.config_parameter"].sudo(), f"dropship_flow.walk.{name}"  # only a bookmark
        last = int(places_sudo.get_param(key) or 0)
        if last:
            places_sudo.set_param(key, False)
        batch, left = batch_after(last), total
        while batch:
            work(batch)
            last, done = batch[-1].id, len(batch)
            batch = batch_after(last)
            left = max(left - done, len(batch))
            if not self.env["ir.cron"]._commit_progress(done, remaining=left if batch else 0) and batch:
                places_sudo.set_param(key, str(last))
                return


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _project(self):
        """Override: whoever projects has changed what can be bought."""
        result = super()._project()
        self._supply_moved()
        return result

    def write(self, vals):
        """Override: stock and when something leaves are not projected, but customers are told about it."""
        before = self.product_id.ids if "product_id" in vals else []
        result = super().write(vals)
        if PROJECTED_FIELDS & vals.keys():  # projecting has told already
            self.browse()._supply_moved(before)
        elif TOLD_FIELDS & vals.keys():
            self._supply_moved()
        return result

    def unlink(self):
        products = self.product_id.ids
        result = super().unlink()
        self.env["dropship.supply"].sudo()._moved(products)
        return result

    def _supply_moved(self, more=()):
        moved = [*self.product_id.ids, *more]
        if moved:
            self.env["dropship.supply"].sudo()._moved(moved)
