OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A rule of the order's company, and a message about the order."""
    rule = cls.env["dropship.notification.rule"].create(
        {
            "fact": "moving",
            "company_id": order.company_id.id,
            "mail_template_id": cls.env.ref("dropship_flow.mail_news_moving").id,
            "sms_template_id": cls.env.ref("dropship_flow.sms_news_moving").id,
            "sequence": 999,
        }
    )
    cls.env["dropship.notification"].create(
        {
            "order_id": order.id,
            "fact": "moving",
            "audience": "customer",
            "partner_id": order.partner_id.id,
            "channel": "list",
            "rule_id": rule.id,
        }
    )
