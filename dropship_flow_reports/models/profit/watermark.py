from datetime import timedelta

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
    seen = fields.Datetime(
        string="Next", readonly=True, help="Changes before this moment will be in the ledger after the next collection."
    )
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
    def _set(self, company, seen, documents):
        """What is read from now on.

        A transaction may end after the collection's snapshot was taken and before the horizon was read: its changes are
        neither in this collection nor after that horizon. So each horizon counts one collection later; the first time
        a day is enough, which no transaction lasts.

        :param seen: the horizon, read in this collection
        :param documents: {source: count}
        """
        now = fields.Datetime.now()
        known = self.sudo().search([("company_id", "=", company.id)]).grouped("source")
        for source, count in documents.items():
            vals = {"seen": seen, "collected_at": now, "documents": count}
            until = known[source].seen if source in known else False
            vals["until"] = until or seen - timedelta(days=1)
            if source in known:
                known[source].write(vals)
            else:
                self.sudo().create({"company_id": company.id, "source": source, **vals})
