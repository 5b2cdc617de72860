"""Suppliers and carriers that pay for losses, and claims against them."""

from datetime import timedelta

import pytz
from odoo import Command, fields


class ClaimFactories:
    """Mixin for test classes on `CaseCase`: terms of Rhein, of the carrier, and time that passes for claims."""

    @classmethod
    def kinds(cls, *codes):
        return cls.env["dropship.claim.kind"].search([("code", "in", codes)])

    @classmethod
    def make_terms(cls, *rules, party="supplier", **vals):
        """Terms of Rhein or of all carriers; rules: ((kinds), {field: value})."""
        values = {
            "party": party,
            "supplier_id": cls.rhein.id if party == "supplier" else False,
            "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id,
            "rule_ids": [
                Command.create({"kind_ids": [Command.set(cls.kinds(*kinds).ids)], "sequence": number, **more})
                for number, (kinds, more) in enumerate(rules)
            ],
        }
        return cls.env["dropship.claim.terms"].create({**values, **vals})

    def pass_claim_days(self, claim, days):
        """Let days pass for a claim, as if all about it had been said earlier."""
        self.env.flush_all()
        back = timedelta(days=days)
        self.env.cr.execute("UPDATE dropship_claim_event SET at = at - %s WHERE claim_id = %s", [back, claim.id])
        self.env.cr.execute(
            "UPDATE dropship_claim SET answer_until = answer_until - %s WHERE id = %s", [back, claim.id]
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("dropship_flow_aftersales.cron_claim_follow").method_direct_trigger()
        self.env.invalidate_all()

    def photo(self, name="broken.png"):
        return self.env["ir.attachment"].create({"name": name, "raw": b"\x89PNG\r\n", "mimetype": "image/png"})

    def agreed_case(self, *lines, kind="keep", amount=None, **more):
        """A case about lines of a delivered order in which something was agreed."""
        case = self.open_case(*lines, **more)
        case._record("accept", "agent", offer=self.offer(case, kind, amount=amount))
        return case

    def claim_of(self, case, party="supplier"):
        return case.case_claim_ids.filtered(lambda claim: claim.party == party)

    def today(self):
        return fields.Date.context_today(self.env.user)

    def day_there(self, moment, warehouse=None):
        """The day of a moment where the days of a claim are counted."""
        zone = warehouse.tz if warehouse else self.company.partner_id.tz or "UTC"
        return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()
