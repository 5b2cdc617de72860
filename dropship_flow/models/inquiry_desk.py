"""A supplier's own page: the questions that wait for him, and what he enters there."""

from odoo import fields, models
from odoo.exceptions import UserError


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _dropship_open_inquiries(self):
        """The questions this supplier has not answered yet, for his page. He sees his own code and a quantity."""
        lines_sudo = self.env["dropship.inquiry.line"].sudo()  # suppliers have no rights on our records
        return lines_sudo.search(
            [
                ("supplier_id", "in", self.ids),
                ("state", "=", "waiting"),
                ("inquiry_id.state", "=", "asked"),
                ("inquiry_id.deadline", ">", fields.Datetime.now()),
            ],
            order="inquiry_id, id",
            limit=200,
        )

    def _dropship_inquiry_answers(self, form):
        """What was entered in the block of his page: answers with the question's id as `line`.

        :param dict form: stock_<id>, price_<id>, date_<id>; whatever else it holds is not looked at
        """
        answers = []
        for line in self._dropship_open_inquiries():
            said = {name: str(form.get(f"{name}_{line.id}") or "").strip()[:40] for name in ("stock", "price", "date")}
            if any(said.values()):
                answers.append({"line": str(line.id), "sku": line.sku, **said})
        return answers

    def _dropship_take_inquiry(self, answers, way="desk"):
        """Take answers of this supplier to any of his open questions.

        :param list answers: see `connectors.inquiry`; `line` is the question's id
        :raise UserError: nothing is written then
        """
        self.ensure_one()
        open_lines = {str(line.id): line for line in self._dropship_open_inquiries()}
        by_inquiry = {}
        for answer in answers:
            line = open_lines.get(str(answer.get("line")))
            if not line:
                raise UserError(self.env._("This question is closed already. Thank you anyway."))
            by_inquiry.setdefault(line.inquiry_id, []).append({**answer, "sku": line.sku})
        if not by_inquiry:
            raise UserError(self.env._("Enter what you have of at least one of them."))
        for inquiry, found in by_inquiry.items():
            inquiry._dropship_take_inquiry(self, found, way)
