"""What a customer wants to know first about an order: one code with its figures, of all its parcels."""

from typing import NamedTuple

# What asks something of the reader, or worries him, comes before what goes well.
_FIRST = (
    ("available_for_pickup", "pickup"),
    ("out_for_delivery", "out_for_delivery"),
    ("attempt_failed", "attempt_failed"),
    ("lost", "trouble"),
    ("exception", "trouble"),
    ("returned", "back"),
    ("returning", "back"),
    ("customs", "customs"),
    ("in_transit", "moving"),
    ("picked_up", "moving"),
    ("expired", "packed"),
    ("info_received", "packed"),
    ("pending", "packed"),
)
# When a day of arrival says something.
_ON_ITS_WAY = ("moving", "customs", "packed", "attempt_failed", "out_for_delivery")
KNOWN = {"cancelled", "received", "delivered", "preparing", *(code for _status, code in _FIRST)}


class Box(NamedTuple):
    """:param str status: one of `status.STATUSES` · day: when it is expected, was delivered, or left the last depot;
    None: unknown
    """

    status: str
    day: object = None


def headline(boxes, waiting=False, cancelled=False, received=False):
    """
    :param boxes: the parcels of the order that left or are packed
    :param bool waiting: something of the order is in no parcel yet
    :return: (code, {"day": …, "done": parcels delivered, "count": parcels})

    >>> headline([Box("delivered", 3), Box("in_transit", 9), Box("in_transit", 7)])
    ('moving', {'day': 7, 'done': 1, 'count': 3})
    >>> headline([Box("delivered", 3), Box("delivered", 4)])
    ('delivered', {'day': 4, 'done': 2, 'count': 2})
    >>> headline([Box("delivered", 3)], waiting=True)[0], headline([], waiting=True)[0], headline([], cancelled=True)[0]
    ('preparing', 'preparing', 'cancelled')
    >>> headline([Box("out_for_delivery", 5), Box("available_for_pickup")])[0]
    'pickup'
    >>> headline([Box("in_transit")], cancelled=True)[0]  # too late to stop it
    'moving'
    """
    boxes = [box for box in boxes if box.status != "cancelled"]
    done = [box for box in boxes if box.status == "delivered"]
    figures = {"day": None, "done": len(done), "count": len(boxes)}
    open_boxes = [box for box in boxes if box.status != "delivered"]
    if cancelled and not open_boxes:
        return "cancelled", figures
    if received:
        return "received", figures
    statuses = {box.status for box in open_boxes}
    code = next((word for status, word in _FIRST if status in statuses), None)
    if code is None:
        if waiting or not done:
            return "preparing", figures
        return "delivered", {**figures, "day": _last(done)}
    if code in _ON_ITS_WAY:
        of_code = {status for status, word in _FIRST if word == code}
        days = [box.day for box in open_boxes if box.status in of_code and box.day]
        figures["day"] = min(days, default=None)
    return code, figures


def _last(boxes):
    return max((box.day for box in boxes if box.day), default=None)
