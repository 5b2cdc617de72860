"""What becomes of a simulated parcel: by mood, the same for the same seed and number."""

from .moods import chance

# {mood: [(hours since it was announced, state, detail, what the carrier writes, where)]}
FIRST = [
    (0.5, "info_received", "", "Shipment information received", "{origin}"),
    (6, "picked_up", "", "Picked up", "{origin}"),
    (14, "in_transit", "departed", "Left the sorting centre", "{origin}"),
]
LAST = [
    (70, "in_transit", "arrived", "Arrived at the delivery depot", "{target}"),
    (78, "out_for_delivery", "", "Out for delivery", "{target}"),
]
CUSTOMS = [
    (30, "in_transit", "arrived_country", "Arrived in the country of destination", "Liège, BE"),
    (36, "customs", "customs_pending", "Presented to customs", "Liège, BE"),
]
JOURNEYS = {
    "honest": [*FIRST, *LAST, (82, "delivered", "signed", "Delivered, signed by the receiver", "{target}")],
    "customs": [
        *FIRST,
        *CUSTOMS,
        (50, "customs", "customs_cleared", "Released by customs", "Liège, BE"),
        *LAST,
        (82, "delivered", "signed", "Delivered", "{target}"),
    ],
    "customs_stuck": [*FIRST, *CUSTOMS, (50, "customs", "customs_documents", "Customs want an invoice", "Liège, BE")],
    "locker": [*FIRST, *LAST, (80, "available_for_pickup", "locker", "Waiting in a parcel locker", "{target}"),
               (110, "delivered", "locker", "Collected from the locker", "{target}")],
    "waits": [*FIRST, *LAST, (80, "available_for_pickup", "locker", "Waiting in a parcel locker", "{target}")],
    "second_try": [
        *FIRST,
        *LAST,
        (80, "attempt_failed", "absent", "Nobody at home", "{target}"),
        (102, "out_for_delivery", "", "Out for delivery", "{target}"),
        (106, "delivered", "neighbour", "Left with a neighbour", "{target}"),
    ],
    "late": [
        *FIRST,
        (60, "exception", "delayed", "Delayed by weather", "{origin}"),
        (150, "in_transit", "departed", "Left the sorting centre", "{origin}"),
        (200, "out_for_delivery", "", "Out for delivery", "{target}"),
        (204, "delivered", "signed", "Delivered", "{target}"),
    ],
    "stuck": FIRST,
    "lost": [*FIRST, (90, "exception", "", "Being searched for", "{origin}"), (140, "lost", "", "Declared lost", "")],
    "damaged": [*FIRST, (60, "exception", "damaged", "Found damaged", "{target}")],
    "refused": [
        *FIRST,
        *LAST,
        (80, "exception", "refused", "Refused by the receiver", "{target}"),
        (90, "returning", "refused", "On the way back to the sender", "{target}"),
        (150, "returned", "", "Back at the sender", "{origin}"),
    ],
    "returns": [
        *FIRST,
        *LAST,
        (80, "attempt_failed", "address", "Address not found", "{target}"),
        (104, "returning", "address", "On the way back to the sender", "{target}"),
        (160, "returned", "", "Back at the sender", "{origin}"),
    ],
    "fake": FIRST[:1],
}  # fmt: skip
ORIGINS = ("Shenzhen, CN", "Yiwu, CN", "Duisburg, DE", "Guangzhou, CN")
TARGETS = {"DE": "Berlin, DE", "CN": "Shanghai, CN", "FR": "Lyon, FR", "US": "Austin, US", "GB": "Leeds, GB"}


class Mix:
    """Which journey a parcel makes: "honest,stuck:0.1" sends every tenth the second one."""

    def __init__(self, text, seed="1"):
        self.seed, self.parts = seed, []
        for part in text.split(","):
            name, _, share = part.strip().partition(":")
            if name not in JOURNEYS:
                raise ValueError(f"{name!r} is no journey: take {', '.join(JOURNEYS)}")
            self.parts.append((name, float(share) if share else 0.0))

    def mood(self, number):
        """
        >>> Mix("honest,lost:1.0").mood("X1"), Mix("honest,lost:0.0").mood("X1")
        ('lost', 'honest')
        """
        point = chance(self.seed, number)
        for name, share in self.parts[1:]:
            if share and point <= share:
                return name
            point -= share
        return self.parts[0][0]


def steps(number, mood, country=""):
    """[(hours, code, detail, text, place)] of a parcel.

    >>> [step[1] for step in steps("X1", "stuck")]
    ['info_received', 'picked_up', 'in_transit']
    """
    origin = ORIGINS[int(chance("origin", number) * 0.999 * len(ORIGINS))]
    target = TARGETS.get(country, TARGETS["DE"])
    return [
        (hours, code, detail, text, place.format(origin=origin, target=target))
        for hours, code, detail, text, place in JOURNEYS[mood]
    ]
