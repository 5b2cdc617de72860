"""Signs of risk. Each is a function of an order and the signal's figures that gives figures to say, or nothing."""

from .deliverable import has_digits, is_post_box

FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "hotmail.com", "hotmail.de",
        "hotmail.fr", "outlook.com", "outlook.de", "live.com", "msn.com", "aol.com", "icloud.com", "me.com", "gmx.de",
        "gmx.net", "gmx.com", "gmx.at", "web.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "proton.me",
        "protonmail.com", "qq.com", "163.com", "126.com", "sina.com", "sina.cn", "foxmail.com", "yeah.net", "sohu.com",
        "139.com", "189.cn", "aliyun.com", "naver.com", "orange.fr", "free.fr", "laposte.net", "wanadoo.fr",
        "libero.it",
    }
)  # fmt: skip


def first_order(order, signal):
    """>>> from .facts import OrderFacts, Signal
    >>> first_order(OrderFacts(value=300.0), Signal(1, "first_order", 30, amount=200.0))
    {'value': '300.00'}
    """
    if not order.earlier and order.value > signal.amount:
        return {"value": f"{order.value:.2f}"}
    return None


def countries_differ(order, _signal):
    if order.country and order.billing_country and order.country != order.billing_country:
        return {}
    return None


def free_mail(order, signal):
    """>>> from .facts import OrderFacts, Signal
    >>> free_mail(OrderFacts(email="A <a@QQ.com>", value=900.0), Signal(1, "free_mail", 10, amount=500.0))
    {'domain': 'qq.com', 'value': '900.00'}
    """
    domain = order.email.rpartition("@")[2].strip(" >.").casefold()
    if domain in FREE_MAIL and order.value > signal.amount:
        return {"domain": domain, "value": f"{order.value:.2f}"}
    return None


def many_orders(order, signal):
    """>>> from .facts import OrderFacts, Signal
    >>> many_orders(OrderFacts(recent=[0.5, 3.0, 50.0]), Signal(1, "many_orders", 20, count=3, hours=24.0))
    {'count': 3, 'hours': '24'}
    """
    count = 1 + sum(hours <= signal.hours for hours in order.recent)
    return {"count": count, "hours": f"{signal.hours:g}"} if count >= max(signal.count, 2) else None


def no_phone(order, _signal):
    return None if has_digits(order.phone) else {}


def post_box(order, _signal):
    street = f"{order.address.get('street') or ''} {order.address.get('street2') or ''}"
    return {} if is_post_box(street) else None


def failed_payments(order, signal):
    """>>> from .facts import OrderFacts, Payment, Signal
    >>> order = OrderFacts(payments=[Payment("error", 9.0), Payment("cancel", 9.0), Payment("done", 9.0)])
    >>> failed_payments(order, Signal(1, "failed_payments", 25, count=2))
    {'count': 2}
    """
    count = sum(payment.state in ("error", "cancel") for payment in order.payments)
    return {"count": count} if count >= max(signal.count, 1) else None


def bad_debtor(order, _signal):
    return {} if order.trust == "bad" else None


SIGNALS = {
    "first_order": first_order,
    "countries_differ": countries_differ,
    "free_mail": free_mail,
    "many_orders": many_orders,
    "no_phone": no_phone,
    "post_box": post_box,
    "failed_payments": failed_payments,
    "bad_debtor": bad_debtor,
}


def score(order, signals):
    """(points, [(signal, figures)]) of the signals that show.

    >>> from .facts import OrderFacts, Signal
    >>> score(OrderFacts(phone="ask my wife"), [Signal(7, "no_phone", 20), Signal(8, "bad_debtor", 40)])
    (20, [(Signal(id=7, code='no_phone', points=20, amount=0.0, count=0, hours=0.0), {})])
    """
    shown = [(signal, SIGNALS[signal.code](order, signal)) for signal in signals if signal.code in SIGNALS]
    shown = [(signal, figures) for signal, figures in shown if figures is not None]
    return sum(signal.points for signal, _figures in shown), shown
