from odoo import SUPERUSER_ID, Command, fields, models
from odoo.tools import SQL

from ..remedy import OPTIONS, stamp
from .customer_order import kept


class DropshipCustomerQuestion(models.Model):
    """Carrying out the answer: exactly one counts, whoever clicks how often."""

    _inherit = "dropship.customer.question"

    def _answer(self, option, picks=None, shown=None, by=None):
        """Carry out what the customer chose.

        :param dict picks: {sale.order.line id: product id} of a substitution; the first offer of a line without one
        :param shown: the stamp of the figures he saw; other figures are shown to him again first
        :param by: the user who answers; nobody means that time ran out
        :return: done, already, expired, changed or sourced
        """
        self.ensure_one()
        self = self.with_user(SUPERUSER_ID).with_company(self.company_id)  # the visitor has no rights on the order
        # Waits for whoever answers at the same time; he who comes second is tried again and sees the first answer.
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE dropship_customer_question SET write_uid = write_uid WHERE id = %s", self.id)
        )
        self.invalidate_recordset()
        if self.state != "open":
            return "already"
        if by and self.deadline < fields.Datetime.now():
            return "expired"
        return self._answer_locked(option, picks or {}, shown, by)

    def _answer_locked(self, option, picks, shown, by):
        missing = self.order_id._dropship_missing()
        if not missing:
            self.order_id.order_line._dropship_source()
            return "sourced" if self.state == "closed" else "changed"
        before = self.options or {}
        facts = self._facts(missing)
        if option not in {*facts, "nothing"} or (shown and shown != stamp(facts.get(option))):
            self._renew(before, facts)
            return "changed"
        if option == "substitute" and not self._picks(facts, picks):
            return "changed"
        self._set_state(
            "answered" if by else "defaulted",
            answer=option,
            options=facts,
            answered_at=fields.Datetime.now(),
            answered_by_id=by.id if by else False,
            line_ids=[Command.set([line.id for line in missing])],
            error=False,
        )
        # The router ends open questions by itself; this one ends here.
        self = self.with_context(dropship_answering=True)
        getattr(self, f"_do_{option}")(facts, missing, picks)
        self._tell_hold()
        self._note_answer(by)
        self._mail("outcome")
        return "done"

    def _renew(self, before, facts):
        """What can be offered is not what was shown: keep the new figures for the next look."""
        if facts != before:
            self.options = facts
            self._set_default()
            self._tell_hold()

    def _picks(self, facts, picks):
        """The chosen offers: {line id as text: offer}; None when something else was chosen than was offered."""
        chosen = {}
        for key, offers in facts["substitute"]["lines"].items():
            wanted = picks.get(int(key), offers[0]["product"])
            chosen[key] = next((offer for offer in offers if offer["product"] == wanted), None)
        return chosen if all(chosen.values()) else None

    def _note_answer(self, by):
        answer = dict(self._fields["answer"]._description_selection(self.env))[self.answer]
        if by:
            user = self.partner_id.name if by.share else by.name
            text = self.env._(
                "%(user)s answered the question about the missing goods: %(answer)s.", user=user, answer=answer
            )
        else:
            text = self.env._("Nobody answered the question about the missing goods: %(answer)s.", answer=answer)
        self.order_id._dropship_note(text)

    # --- the ways out ---

    def _do_wait(self, facts, missing, picks):
        self.wait_until = facts["wait"]["until"]

    def _do_nothing(self, facts, missing, picks):
        """A person decides: whoever is called for holds is called again."""
        for hold in self.order_id.dropship_hold_ids._no_source()[:1]:
            hold._call_somebody()

    def _do_refund(self, facts, missing, picks):
        back = facts["refund"]["lines"]
        self._change_order({line: kept(line, qty) for line, qty in missing.items()}, {})
        self._pay_back(back)

    def _do_substitute(self, facts, missing, picks):
        """Each line is replaced by the chosen product; what has no substitute is refunded."""
        chosen = self._picks(facts, picks)
        offers = {line: chosen[str(line.id)] for line in missing if str(line.id) in chosen}
        self.substitute_ids = [Command.set([offer["product"] for offer in offers.values()])]
        stays = {line: kept(line, qty) for line, qty in missing.items()}
        back = self._refund_facts(stays, {line: offer["total"] for line, offer in offers.items()})["lines"]
        self._change_order(stays, {line: (offer, missing[line]) for line, offer in offers.items()})
        self._pay_back(back)

    def _do_cancel(self, facts, missing, picks):
        order = self.order_id
        order._dropship_stop(self)
        order._dropship_credit_all()
        self._pay_back({"": facts["cancel"]["amount"]}, everything=True)

    def _change_order(self, stays, replaced):
        """Write the new quantities, substitutes and deductions, then buy what the customer still wants.

        :param dict stays: {sale.order.line: quantity}
        :param dict replaced: {sale.order.line: (offer, quantity)}
        """
        order = self.order_id
        worth = {line: offer["total"] for line, (offer, _qty) in replaced.items()}
        _total, factor = order._dropship_total_with(stays, worth)
        with order._dropship_unlocked():
            # The price agreed stays, whatever the price list says about smaller quantities.
            priced = [self.env["sale.order.line"]._fields[name] for name in ("price_unit", "discount", "tax_ids")]
            lines = order.order_line.with_context(skip_procurement=True)
            added = lines._dropship_deduct(factor) | self._add_substitutes(lines, replaced)
            with self.env.protecting(priced, lines):
                for line in lines.filtered(lambda line: line in stays):
                    line.product_uom_qty = stays[line]
            self.env.flush_all()
        changed = self.env["sale.order.line"].union(*stays)
        order._dropship_credit(changed, added.with_context(skip_procurement=False))
        order.order_line._dropship_source()

    def _add_substitutes(self, lines, replaced):
        vals_list = [
            {
                "order_id": self.order_id.id,
                "sequence": line.sequence,
                "product_id": offer["product"],
                "product_uom_id": line.product_uom_id.id,
                "product_uom_qty": qty,
                "price_unit": offer["price"],
                "discount": 0.0,
            }
            for line, (offer, qty) in replaced.items()
        ]
        return lines.create(vals_list) if vals_list else lines.browse()

    # --- without an answer ---

    def _default(self):
        """Time ran out: what the policy says counts, as if the customer had chosen it."""
        self.ensure_one()
        missing = self.order_id._dropship_missing()
        if missing:
            self._renew(self.options or {}, self._facts(missing))
        return self._answer(self.default_answer)

    def action_retry(self):
        """Try the default once more after its error was mended."""
        self._check_desk()
        self.check_access("read")
        for question_sudo in self.sudo().filtered("error"):
            question_sudo.error = False
            question_sudo._default()
        return True

    def _shown(self):
        """What the page needs of each option, with the stamp of its figures: [(option, facts, stamp)]."""
        self.ensure_one()
        options = self.options or {}
        return [(option, options[option], stamp(options[option])) for option in OPTIONS if option in options]

    def _can_be_answered(self):
        self.ensure_one()
        return self.state == "open" and self.deadline >= fields.Datetime.now()

    def _offered_products(self):
        """The substitutes on offer, by id."""
        self.ensure_one()
        lines = (self.options or {}).get("substitute", {}).get("lines", {})
        ids = {offer["product"] for offers in lines.values() for offer in offers}
        return {product.id: product for product in self.env["product.product"].browse(ids).exists()}
