"""The statement as the supplier reads it on his own pages: his documents, our sums, his objections and our answers."""

import hashlib

from odoo import models
from odoo.tools import format_date

# What he may object to: what counts, and what he misses or did not expect.
OBJECTABLE = ("later", "bill", "credit", "adjustment", "payment", "claim", "pending", "unbilled", "draft", "carried")
SHOWN_LINES = 500


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _desk_rows(self):
        """[{id, name, period, closing, state, until}] for his list."""
        return [
            {
                "id": statement.id,
                "name": statement.name,
                "period": statement._paper_period(),
                "closing": statement._mail_amount(),
                "state": statement.state,
                "until": statement._mail_day() if statement.state == "sent" else "",
            }
            for statement in self
        ]

    def _desk_stamp(self):
        """What the page showed: another figure, another line, another state are another stamp."""
        self.ensure_one()
        facts = [self.id, self.state, self.closing, self.turn]
        facts += [(line.key, line.amount, line.verdict) for line in self.line_ids]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]

    def _objections_of(self):
        """All he ever said to this statement, wherever it waits now."""
        self.ensure_one()
        return self.env["dropship.settlement.objection"].search(
            ["|", ("settlement_id", "=", self.id), ("current_id", "=", self.id)], order="id"
        )

    def _desk_facts(self):
        """All his page shows, in his language."""
        self.ensure_one()
        currency = self.currency_id
        lines = self._statement_rows()
        rows = [row for row in lines if row["type"] == "line"]
        kinds = {line.id: line.kind for line in self.line_ids}
        groups = []
        for row in rows[:SHOWN_LINES]:
            if not groups or groups[-1]["name"] != row["group"]:
                groups.append({"name": row["group"], "counts": row["counts"], "rows": []})
            amount = row["credit"] - row["debit"]
            groups[-1]["rows"].append(
                {
                    "id": row["id"],
                    "date": format_date(self.env, row["date"]) if row["date"] else "",
                    "document": row["document"],
                    "reference": row["reference"],
                    "amount": currency.format(amount),
                    "due": format_date(self.env, row["due_date"]) if row["due_date"] else "",
                    "difference": row["difference"],
                    "objectable": kinds.get(row["id"]) in OBJECTABLE,
                }
            )
        return {
            "id": self.id,
            "name": self.name,
            "company": self.company_id.name,
            "period": self._paper_period(),
            "state": self.state,
            "until": self._mail_day(),
            "silent": self.agreed_silently,
            "note": self.note or "",
            "sums": [(words, currency.format(amount)) for words, amount in self._paper_facts()],
            "groups": groups,
            "more": len(rows) - sum(len(group["rows"]) for group in groups),
            "objections": [
                {"document": row.document or "", "text": row.text, "state": row.state, "answer": row.answer or ""}
                for row in self._objections_of()
            ],
            "fapiao": self._fapiao_rows(),
            "stamp": self._desk_stamp(),
            "may_agree": self.state in ("sent", "objected") and not self.objection_count,
        }
