from odoo import api, fields, models
from odoo.exceptions import UserError

# In the order of the path from an empty installation to the first real sale.
STEPS = (
    "company",
    "sender",
    "languages",
    "supplier",
    "price_list",
    "freight",
    "products",
    "charges",
    "payment",
    "test_order",
    "phone",
    "go_live",
)


class DropshipFirstHour(models.Model):
    """The path of a newcomer. What is done is read from the company's records each time; nothing is ticked by hand."""

    _name = "dropship.first.hour"
    _description = "First Hour"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade", readonly=True)
    step_ids = fields.One2many("dropship.first.hour.step", "first_hour_id", string="Steps")
    next_step_id = fields.Many2one("dropship.first.hour.step", compute="_compute_progress")
    next_title = fields.Char(compute="_compute_progress")
    next_why = fields.Text(compute="_compute_progress")
    next_missing = fields.Text(compute="_compute_progress")
    next_button = fields.Char(compute="_compute_progress")
    next_can_skip = fields.Boolean(compute="_compute_progress")
    done_count = fields.Integer(string="Done", compute="_compute_progress")
    total_count = fields.Integer(compute="_compute_progress")
    progress = fields.Char(compute="_compute_progress")
    is_over = fields.Boolean(compute="_compute_progress")
    # A removed test order leaves nothing else behind: without these days its two steps would be open again.
    test_bought_on = fields.Date(string="Test Order Bought", readonly=True, copy=False)
    test_shipped_on = fields.Date(string="Test Order Shipped", readonly=True, copy=False)

    _company_uniq = models.Constraint("UNIQUE (company_id)", "This company has its first hour already.")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("First Hour")

    @api.depends("step_ids.skipped")
    @api.depends_context("lang")
    def _compute_progress(self):
        for panel in self:
            steps = panel.step_ids
            over = steps.filtered(lambda step: step.state in ("done", "skipped"))
            following = (steps - over)[:1]
            panel.total_count = len(steps)
            panel.done_count = len(over)
            panel.is_over = bool(steps) and not following
            panel.progress = self.env._("%(done)s of %(total)s", done=len(over), total=len(steps))
            panel.next_step_id = following
            panel.next_title = following.title
            panel.next_why = following.why
            panel.next_missing = following.missing
            panel.next_button = following.button
            panel.next_can_skip = following.can_skip

    @api.model
    def _of(self, company):
        """The panel of a company, made when it is first asked for."""
        panels_sudo = self.sudo()  # who may see the panel need not be the one who makes it
        panel_sudo = panels_sudo.search([("company_id", "=", company.id)])
        if not panel_sudo:
            with self.env["dropship.state.mixin"]._first_come():
                panel_sudo = panels_sudo.create({"company_id": company.id})
        return panel_sudo.sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        panels = super().create(vals_list)
        self.env["dropship.first.hour.step"].create(
            [
                {"first_hour_id": panel.id, "code": code, "sequence": number}
                for panel in panels
                for number, code in enumerate(STEPS, 1)
            ]
        )
        return panels

    @api.model
    def action_open(self):
        """Open the panel of the current company."""
        panel = self._of(self.env.company)
        panel.check_access("read")
        return panel._window()

    def _window(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Hour"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def action_next(self):
        """Do the next step."""
        self.ensure_one()
        return self.next_step_id.action_open_step() if self.next_step_id else self._window()

    def action_skip_next(self):
        """The next step is not needed here."""
        self.ensure_one()
        return self.next_step_id.action_skip()

    def action_finish(self):
        """The path is walked: the panel moves from the top menu to Configuration."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_over:
            raise UserError(self.env._("Still open: %s. Do it, or say that it is not needed here.", self.next_title))
        # Menus are the administrator's; that the panel is over follows from the records.
        menu_sudo = self.env.ref("dropship_flow.menu_first_hour").sudo()
        others = self.sudo().search([("id", "!=", self.id)])
        menu_sudo.active = not all(panel.is_over for panel in others)
        return {
            "type": "ir.actions.act_url",
            "url": "/odoo/action-dropship_flow.action_dropship_overview",
            "target": "self",
        }


class DropshipFirstHourStep(models.Model):
    _name = "dropship.first.hour.step"
    _description = "First Hour: Step"
    _order = "sequence, id"
    _rec_name = "code"

    first_hour_id = fields.Many2one("dropship.first.hour", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="first_hour_id.company_id", store=True, index=True)
    sequence = fields.Integer()
    code = fields.Char(required=True)
    skipped = fields.Boolean(string="Not Needed Here")
    title = fields.Char(compute="_compute_texts")
    why = fields.Text(compute="_compute_texts")
    button = fields.Char(compute="_compute_texts")
    can_skip = fields.Boolean(compute="_compute_texts")
    missing = fields.Text(string="What Is Missing", compute="_compute_state", help="What is not there yet.")
    state = fields.Selection(
        [("done", "Done"), ("skipped", "Not Needed Here"), ("next", "Next"), ("todo", "To Do")],
        compute="_compute_state",
    )

    _code_uniq = models.Constraint("UNIQUE (first_hour_id, code)", "A step comes once.")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_texts(self):
        texts = self._step_texts()
        for step in self:
            step.title, step.why, step.button = texts[step.code]
            step.can_skip = step.code not in ("company", "supplier", "products")

    @api.depends("skipped", "first_hour_id.step_ids.skipped")
    @api.depends_context("lang")
    def _compute_state(self):
        """By facts, for the whole path: the first step that is neither done nor skipped is the next one."""
        for panel in self.first_hour_id:
            facts = panel._facts()
            following = True
            for step in panel.step_ids.sorted("sequence"):
                missing = facts[step.code]
                step.missing = missing
                if not missing:
                    step.state = "done"
                elif step.skipped:
                    step.state = "skipped"
                else:
                    step.state = "next" if following else "todo"
                    following = False
        for step in self.filtered(lambda step: not step.state):
            step.missing, step.state = False, "todo"

    def action_open_step(self):
        """Open the one screen of the step."""
        self.ensure_one()
        self.check_access("read")
        return getattr(self.with_company(self.company_id), f"_open_{self.code}")()

    def action_skip(self):
        """Not needed here; the step comes back when asked for."""
        for step in self:
            if not step.can_skip:
                raise UserError(self.env._('Nothing can be sold without "%s".', step.title))
        self.write({"skipped": True})
        return False

    def action_unskip(self):
        """Needed after all."""
        self.write({"skipped": False})
        return False
