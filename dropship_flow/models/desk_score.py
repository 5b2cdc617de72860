from datetime import timedelta

from odoo import fields, models

# What the score is made of: the orders of so many days.
DAYS = 90


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_score(self, company=None):
        """What the supplier sees of his own record: how much he accepted and shipped, and in time.

        :return dict: counts and shares (0 to 1, None without a case) of the last DAYS days
        """
        self.ensure_one()
        domain = self._desk_domain() & fields.Domain(
            "dropship_told_at", ">=", fields.Datetime.now() - timedelta(days=DAYS)
        )
        if company:
            domain &= fields.Domain("company_id", "=", company.id)
        groups = self.env["dropship.allocation"]._read_group(
            fields.Domain("purchase_id", "any", domain), ["state", "release_reason"], ["__count"]
        )
        counts = {"accepted": 0, "shipped": 0, "refused": 0, "waiting": 0}
        for state, reason, count in groups:
            if state in ("accepted", "shipped"):
                counts["accepted"] += count
                counts["shipped"] += count if state == "shipped" else 0
            elif state == "released" and reason == "refused":
                counts["refused"] += count
            elif state == "submitted":
                counts["waiting"] += count
        answered = counts["accepted"] + counts["refused"]
        return {**counts, "days": DAYS, "accepted_share": counts["accepted"] / answered if answered else None}
