from ..casework import Offer


def make(cls, order, supplier):
    """A case of the order's company with a reason of its own, its history, and what was carried out."""
    company = order.company_id
    reason = cls.env["dropship.return.reason"].create(
        {"name": "Scratched", "code": f"scratched {company.id}", "company_id": company.id, "liable": "supplier"}
    )
    line = order.order_line[:1]
    case = cls.env["dropship.return"]._open(order, [{"order_line": line, "qty": 1, "reason": reason}], "agent")
    nothing = Offer("nothing", tuple((row.id, row._decimal()) for row in case.line_ids))
    if "accept" in case._verbs("agent"):
        case._record("accept", "agent", offer=nothing)
    if not case.resolution_ids:
        event = cls.env["dropship.return.event"].create({"return_id": case.id, "code": "accept", "by": "agent"})
        cls.env["dropship.resolution"].create({"return_id": case.id, "event_id": event.id, "kind": "nothing"})
