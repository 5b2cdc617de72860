import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...casework import ripe
from .locked import BUSY, locked
from .words import OUTCOMES

_logger = logging.getLogger(__name__)


class DropshipResolution(models.Model):
    """What was agreed and is carried out: once per agreement, as documents of Odoo.

    A kind is a method `_do_<kind>` that makes the documents. What fails is kept, shown and can be tried again.
    """

    _name = "dropship.resolution"
    _description = "Resolution of a Case"
    _inherit = ["dropship.state.mixin"]
    _order = "id"

    _transitions = frozenset(
        {
            ("planned", "done"),
            ("planned", "person"),
            ("planned", "cancelled"),
            ("person", "done"),
            ("person", "cancelled"),
        }
    )

    return_id = fields.Many2one("dropship.return", required=True, ondelete="restrict", index=True, readonly=True)
    event_id = fields.Many2one(
        "dropship.return.event", string="Agreed By", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="return_id.currency_id")
    kind = fields.Selection(OUTCOMES, required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="Money agreed on; 0 with `as_calculated`.")
    as_calculated = fields.Boolean(readonly=True, help="No amount was agreed: it is what the calculation says.")
    state = fields.Selection(
        [("planned", "To Do"), ("done", "Done"), ("person", "Needs a Person"), ("cancelled", "Given Up")],
        default="planned",
        required=True,
        index=True,
        readonly=True,
    )
    error = fields.Char(readonly=True, help="Why it could not be carried out.")
    done_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(event_id)", "This agreement is carried out already.")

    @api.depends("return_id.name", "kind")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for resolution in self:
            resolution.display_name = f"{resolution.return_id.name}: {words.get(resolution.kind, resolution.kind)}"

    def _offer(self):
        """What was agreed: `casework.Offer`."""
        return self.event_id._offer_of(self.event_id.offer)

    def _line_quantities(self):
        """{dropship.return.line: Decimal} it is about."""
        lines = self.env["dropship.return.line"]
        return {lines.browse(line): qty for line, qty in self._offer().lines}

    def _carry_out(self):
        """Make the documents, in a savepoint: what fails is a person's, with the reason. Repeats are silent."""
        for resolution in self:
            locked(resolution)
            if resolution.state not in ("planned", "person"):
                continue
            try:
                with self.env.cr.savepoint():
                    waits = resolution._do() == "waits"
            except BUSY:  # tried again as a whole
                raise
            except NotImplementedError:
                raise
            except Exception as error:  # whatever stands in the way of one case
                if not isinstance(error, UserError):
                    _logger.exception("Resolution %s failed", resolution.id)
                resolution._set_state("person", error=str(error) or type(error).__name__)
                resolution.error = str(error) or type(error).__name__
                resolution._needs_person()
                continue
            if not waits:
                resolution._finish()

    def _do(self):
        """Carry it out by its kind.

        :return: "waits" when somebody has to answer first; whoever hears the answer calls `_carry_out` again
        """
        method = getattr(self, f"_do_{self.kind}", None)
        if method is None:
            raise NotImplementedError(f"_do_{self.kind} on dropship.resolution")
        return method()

    def _do_nothing(self):
        """Agreed that nothing follows."""

    def _finish(self):
        self.ensure_one()
        self._set_state("done", error=False, done_at=fields.Datetime.now())
        self.return_id._record("resolve", "system", about=self.event_id, check=False)

    def _needs_person(self):
        """Hook: it could not be carried out by itself."""

    def action_retry(self):
        """Try again what could not be carried out."""
        self.check_access("write")
        self.sudo()._carry_out()
        return True


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _resolve_ripe(self, folded):
        """Carry out what was agreed and whose time has come, each agreement once."""
        for bound in folded.bound:
            if not bound.resolved and ripe(folded, bound):
                self._resolution_of(bound)._carry_out()

    def _resolution_of(self, bound):
        self.ensure_one()
        known = self.resolution_ids.filtered(lambda resolution: resolution.event_id.id == bound.key)
        if known:
            return known if known.state == "planned" else known.browse()
        offer = bound.offer
        with self.env["dropship.allocation"]._first_come():
            return self.env["dropship.resolution"].create(
                {
                    "return_id": self.id,
                    "event_id": bound.key,
                    "kind": offer.kind,
                    "amount": float(offer.amount or 0),
                    "as_calculated": offer.amount is None,
                }
            )
