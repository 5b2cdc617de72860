from odoo import api, fields, models
from odoo.tools import SQL


class DropshipProfitWatermark(models.Model):
    """Until when the changes of a source are in a company's ledger."""

    _name = "dropship.profit.watermark"
    _description = "Progress of a Source of Profit"
    _order = "company_id, source"
    _rec_name = "source"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    source = fields.Char(required=True, readonly=True)
    until = fields.Datetime(readonly=True, help="Changes before this moment are in the ledger.")
    collected_at = fields.Datetime(string="Last Collected", readonly=True)
    documents = fields.Integer(readonly=True, help="Documents looked at the last time.")

    _once = models.UniqueIndex("(company_id, source)", "This source is known.")

    @api.model
    def _horizon(self):
        """The moment before which no change can appear any more: the start of the oldest transaction that runs.

        `write_date` is the start of the transaction that wrote; one that runs now may still commit older changes.
        """
        query = SQL(
            "SELECT LEAST(now(), MIN(xact_start)) AT TIME ZONE 'UTC' FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _since(self, company):
        """{source: moment or None}"""
        rows = self.sudo().search([("company_id", "=", company.id)])
        return {row.source: row.until or None for row in rows}

    @api.model
    def _set(self, company, until, documents):
        """documents: {source: count}"""
        now = fields.Datetime.now()
        known = self.sudo().search([("company_id", "=", company.id)]).grouped("source")
        for source, count in documents.items():
            vals = {"until": until, "collected_at": now, "documents": count}
            if source in known:
                known[source].write(vals)
            else:
                self.sudo().create({"company_id": company.id, "source": source, **vals})
