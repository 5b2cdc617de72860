"""One record of each model of the question to the customer."""


def make(cls, order, supplier):
    question = cls.env["dropship.customer.question"].create(
        {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "deadline": "2030-01-01",
            "default_answer": "nothing",
            "token": f"{order.id:052x}",
            "token_key": f"{order.id:012x}",
            "options": {},
        }
    )
    cls.env["dropship.customer.refund"].create(
        {
            "question_id": question.id,
            "order_id": order.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "line_key": 0,
            "amount": 1.0,
            "way": "person",
        }
    )
