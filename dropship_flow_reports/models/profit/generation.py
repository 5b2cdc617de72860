from odoo import api, fields, models
from odoo.addons.dropship_flow.models.state_mixin import write_locked

KEPT = 1  # old generations kept to compare with


class DropshipProfitGeneration(models.Model):
    """One edition of a company's profit ledger. Entries are only added; a rebuild writes another edition.

    Exactly one is live; record rules show the entries of live editions only.
    """

    _name = "dropship.profit.generation"
    _description = "Edition of the Profit Ledger"
    _inherit = ["dropship.state.mixin"]
    _order = "company_id, number desc"
    _rec_name = "number"

    _transitions = frozenset({("building", "live"), ("live", "old")})

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    number = fields.Integer(required=True, readonly=True)
    state = fields.Selection(
        [("building", "Being Written"), ("live", "In Use"), ("old", "Replaced")],
        required=True, default="building", readonly=True, copy=False,
    )  # fmt: skip
    made_at = fields.Datetime(readonly=True)

    _one_live = models.UniqueIndex("(company_id) WHERE state = 'live'", "Another edition is in use.")
    _number_once = models.UniqueIndex("(company_id, number)", "This edition exists.")

    @api.model
    def _live(self, company):
        """The edition in use; the first is made here."""
        domain = [("company_id", "=", company.id), ("state", "=", "live")]
        found = self.sudo().search(domain)
        if found:
            return found
        with self._first_come():
            found = self.sudo()._next(company)
            found._set_state("live")
            found.flush_recordset()
        return found

    @api.model
    def _next(self, company):
        last = self.search([("company_id", "=", company.id)], order="number desc", limit=1)
        return self.create(
            {"company_id": company.id, "number": (last.number or 0) + 1, "made_at": fields.Datetime.now()}
        )

    @api.model
    def _rebuild(self, company):
        """Write the ledger anew from all documents and use it from then on, in one transaction.

        Everything gets the day of its document: adjustments an earlier edition posted in later periods go where they
        belong, and months reported from it may differ. Nobody sees a half of it.
        """
        collector = self.env["dropship.profit.collector"].sudo()
        old = lock_written_generation(self._live(company))
        new = self.sudo()._next(company)
        new.flush_recordset()
        collector._collect_all(new)
        old._set_state("old")
        old.flush_recordset()
        new._set_state("live")
        new.flush_recordset()
        collector._expect(company, None, [])  # of the facts that count now
        collector._forget()
        self._purge(company)
        return new

    @api.model
    def _purge(self, company):
        """Entries of replaced editions go, those of the last ones stay to compare with."""
        replaced = self.sudo().search([("company_id", "=", company.id), ("state", "=", "old")])[KEPT:]
        if replaced:
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM dropship_profit_entry WHERE generation_id = ANY(%s)", [replaced.ids])
            replaced.unlink()


def lock_written_generation(generation):
    """Two collectors of one company take turns: the second waits, and is then tried again with what the first wrote."""
    generation.flush_recordset()
    write_locked(generation)
    return generation
