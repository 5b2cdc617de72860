"""The simulated day moves returns and claims: suppliers answer, parcels travel, goods are counted."""

from random import Random

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from ..connectors.replies import READERS
from ..models.case.locked import locked

MOODS = (("honest", 6), ("slow", 2), ("liar", 1), ("stubborn", 1))
# Whose answers come by themselves is not played.
OWN_VOICE = ("json_api", "email", "file")


def mood(seed, ref):
    """How a supplier treats a return or a claim today: honest, slow (says nothing yet), liar, stubborn.

    >>> mood(1, "RMA/1") == mood(1, "RMA/1"), sorted({mood(1, ref) for ref in range(60)})
    (True, ['honest', 'liar', 'slow', 'stubborn'])
    """
    words, weights = zip(*MOODS, strict=True)
    return Random(f"return {seed} {ref}").choices(words, weights)[0]


class DropshipSimulateDay(models.TransientModel):
    _inherit = "dropship.simulate.day"

    with_returns = fields.Boolean(
        "Returns and Claims Move On", default=True, help="A step each: answered, sent back, arrived, counted."
    )

    def _simulate(self):
        """Override: what comes back moves on by a step."""
        orders = super()._simulate()
        if self.with_returns:
            wizard = self.with_user(SUPERUSER_ID).with_context(
                tracking_disable=True, mail_notrack=True, dropship_invented=True
            )
            wizard._move_returns()
            wizard._move_claims()
        return orders

    def _is_real_by_now(self, order):
        """Override: an order somebody asks something for stays."""
        return super()._is_real_by_now(order) or bool(order.dropship_return_line_ids)

    def _played(self, records):
        """Those whose supplier has no system of his own that answers."""
        return records.filtered(lambda row: row.supplier_id.connection_id.kind not in OWN_VOICE)

    def _move_returns(self):
        """A step for every return: the latest first, so that nothing is done in a day that takes a week."""
        sides = self.env["dropship.return.side"].search(
            [("company_id", "in", self.company_ids.ids), ("return_id.state", "=", "open"), ("revision", ">", 0)]
        )
        for side in self._played(sides):
            case, temper = side.return_id, mood(self.seed, side.ref)
            if side.state == "asked":
                self._say("return", side, self._approval(temper))
            elif case.reception == "received" and side.state in ("told", "approved", "counted"):
                self._say("return", side, self._count(side, temper))
            elif case.reception == "on_the_way":
                self._step(case, "arrive")
            elif case.reception == "awaited":
                self._step(case, "send")

    def _approval(self, temper):
        if temper == "slow":
            return None
        if temper == "stubborn":
            return {"answer": "refused", "reason": self.env._("The seal is broken.")}
        return {"answer": "approved"}

    def _count(self, side, temper):
        if temper == "slow":
            return None
        lines = []
        for line in (side.content or {}).get("lines", []):
            came = max(line["qty"] - 1, 0) if temper == "liar" else line["qty"]
            lines.append({"line": line["line"], "sku": line["sku"], "qty": came, "condition": "opened"})
        parcel = (side.parcels or [{}])[0].get("number")
        return {"answer": "inspected" if any(row["qty"] for row in lines) else "counted", "lines": lines,
                "parcel": parcel}  # fmt: skip

    def _step(self, case, code):
        """The customer sends it, or the carrier brings it."""
        number = f"SIM{case.id:08d}"
        by = "customer" if code == "send" else "system"
        sent = case.event_ids.filtered(lambda event: event.code == "send").sorted("id")[-1:]
        try:
            with self.env.cr.savepoint():
                if code == "send":
                    case._send_back(number, "sf", by=by)
                else:
                    case._record(code, by, parcel=sent.parcel or "")
        except UserError:  # what stands in its way is no matter of a simulated day
            return

    def _move_claims(self):
        """Suppliers answer what they were claimed for."""
        claims = self.env["dropship.claim"].search(
            [("company_id", "in", self.company_ids.ids), ("party", "=", "supplier"), ("supplier_id", "!=", False),
             ("state", "=", "filed")]
        )  # fmt: skip
        for claim in self._played(claims):
            temper = mood(self.seed, claim._supplier_ref())
            half = claim.currency_id.round(claim.amount / 2)
            said = {
                "honest": {"answer": "accepted"},
                "liar": {"answer": "partly", "amount": f"{half:.2f}"},
                "stubborn": {"answer": "refused", "reason_code": "no_evidence"},
            }.get(temper)
            self._say("claim", claim, said)

    def _say(self, about, record, said):
        """What a supplier says, as if his system had said it; what cannot be done waits for a person."""
        if not said:
            return
        locked(record)
        ref = record.ref if about == "return" else record._supplier_ref()
        message = self.env["dropship.exchange"]._put_in(
            READERS[about]({**said, "ref": ref}),
            f"play {record._name} {record.id} {self.id}",
            self.env["purchase.order"],
            record.supplier_id,
            record.company_id,
        )
        message._act_now()
