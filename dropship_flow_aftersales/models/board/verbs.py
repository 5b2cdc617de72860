"""The buttons of a case: which are possible now, and which of them comes first."""

from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import AccessError

AGENT = "dropship_flow_aftersales.group_aftersales_agent"


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    verbs = fields.Char(compute="_compute_verbs", help="Codes of what an agent can do now, each between blanks.")
    first_verb = fields.Char(compute="_compute_verbs", help="What most usually comes next.")

    @api.model
    def _verb_buttons(self):
        """The buttons of the header, in their order. Parts add theirs.

        :return: {code of `casework.MAY`, or one `_extra_verbs` gives: title}; it calls the method `action_<code>`
        """
        return {
            "take": self.env._("Accept Customer's Offer"),
            "accept": self.env._("Accept as Asked"),
            "offer": self.env._("Make an Offer"),
            "refuse": self.env._("Refuse"),
            "decline": self.env._("Decline Customer's Offer"),
            "ask_again": self.env._("Ask Supplier Again"),
            "redirect": self.env._("Send to Us Instead"),
            "not_coming": self.env._("Goods Not Coming"),
            "retry": self.env._("Try Again"),
            "resolve": self.env._("Carry Out Now"),
            "close": self.env._("Close Case"),
            "cancel": self.env._("Call Off"),
        }

    @api.model
    def _verb_confirms(self):
        """What is asked before it is done: {code: question}."""
        return {
            "take": self.env._("Accept the offer of the customer? It binds at once."),
            "decline": self.env._("Decline the offer of the customer?"),
            "cancel": self.env._("Does the customer want nothing any more?"),
            "not_coming": self.env._("Does nobody expect the goods any more?"),
            "resolve": self.env._("Carry it out now, although it is not its time yet?"),
        }

    def _extra_verbs(self, folded):
        """Codes of what can be done beside the verbs of `casework`. Parts extend it."""
        self.ensure_one()
        extra = set()
        if folded.approval == "waiting":
            extra.add("ask_again")
        if any(resolution.state == "person" for resolution in self.resolution_ids):
            extra.add("retry")
        return extra

    @api.depends(
        "stage",
        "state",
        "approval",
        "event_ids",
        "resolution_ids.state",
        "side_ids.state",
        "parcel_ids.state",
        "label_state",
    )
    def _compute_verbs(self):
        known = self._verb_buttons()
        for case in self:
            if not case._origin.id:
                case.verbs, case.first_verb = " ", False
                continue
            folded = case._fold()
            able = {*case._verbs("agent", folded), *case._extra_verbs(folded)}
            case.verbs = f" {' '.join(code for code in known if code in able)} "
            case.first_verb = next((code for code in case._usual_verbs() if code in able and code in known), False)

    def _usual_verbs(self):
        """Codes of what usually comes next in this case, the most usual first. Parts may put theirs before."""
        self.ensure_one()
        by_column = {
            "judge": {"accept": ["accept", "offer"], "refuse": ["refuse", "offer"]}.get(self.verdict, ["offer"]),
            "ours": ["take", "redirect", "retry", "offer"],
            "carry": ["retry"],
            "done": ["close"],
        }
        return by_column.get(self.board_column, [])

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override: every verb has its button in the header; the next one is the only primary button."""
        arch, view = super()._get_view(view_id, view_type, **options)
        header = next(iter(arch.xpath("//form/header")), None) if view_type == "form" else None
        if header is None:
            return arch, view
        questions = self._verb_confirms()
        for place, (code, title) in enumerate(self._verb_buttons().items()):
            first, other = (self._verb_button(code, title, primary) for primary in (True, False))
            for button in (first, other) if code in questions else ():
                button.set("confirm", questions[code])
            header.insert(place, first)
            header.append(other)
        return arch, view

    @api.model
    def _verb_button(self, code, title, primary):
        hidden = f"first_verb != '{code}'" if primary else f"first_verb == '{code}' or ' {code} ' not in (verbs or '')"
        return etree.Element(
            "button",
            {
                "name": f"action_{code}",
                "type": "object",
                "string": title,
                "class": "btn-primary" if primary else "btn-secondary",
                "groups": AGENT,
                "invisible": hidden,
            },
        )

    def _agent_sudo(self):
        """The cases with the right to write down what happens in them, which only the buttons do.

        :raise AccessError: the user is no service agent, or the cases are of another company
        """
        self.check_access("write")
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("This needs the right Dropship After-sales / Service Agent."))
        return self.sudo()
