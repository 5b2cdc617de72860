"""A parcel's state does not depend on the order in which we hear of its events, or on how often."""

import doctest
import random
import time
from datetime import datetime, timedelta

import pytest
from tracking import fold as folding
from tracking import status
from tracking.fold import Event, fold

NOW = datetime(2026, 3, 20, 12)


def at(day, hour=12, minute=0):
    return datetime(2026, 3, day, hour, minute)


def events(*pairs):
    return [Event(moment, code, f"{number}") for number, (moment, code) in enumerate(pairs)]


def test_examples():
    for module in (folding, status):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("scans", "code", "flags"),
    [
        ([(at(1), "info_received")], "info_received", set()),
        ([(at(1), "info_received"), (at(2), "pending")], "info_received", set()),
        ([(at(2), "picked_up"), (at(3), "info_received")], "picked_up", set()),
        ([(at(2), "in_transit"), (at(9), "expired")], "in_transit", set()),
        ([(at(9), "expired")], "expired", set()),
        ([(at(9), "expired"), (at(10), "pending")], "pending", set()),
        ([(at(9), "expired"), (at(10), "in_transit")], "in_transit", set()),
        # One moment: the further state wins.
        ([(at(3), "delivered"), (at(3), "out_for_delivery")], "delivered", set()),
        # Back on the road after a failed attempt.
        ([(at(3), "attempt_failed"), (at(4), "out_for_delivery")], "out_for_delivery", set()),
        # A late scan does not take a delivery away …
        ([(at(3), "delivered"), (at(5), "in_transit")], "delivered", {"post_delivery_scan"}),
        ([(at(3), "delivered"), (at(5), "in_transit"), (at(6), "in_transit")], "delivered", {"post_delivery_scan"}),
        # … one soon after it that a second one confirms does: it was scanned by mistake.
        ([(at(3), "delivered"), (at(3, 20), "in_transit"), (at(4), "out_for_delivery")], "out_for_delivery",
         {"delivery_corrected"}),
        ([(at(3), "delivered"), (at(3, 20), "in_transit")], "delivered", {"post_delivery_scan"}),
        ([(at(3), "delivered"), (at(3, 20), "in_transit"), (at(4), "out_for_delivery"), (at(5), "delivered")],
         "delivered", {"delivery_corrected"}),
        ([(at(3), "delivered"), (at(7), "returning")], "returning", set()),
        ([(at(3), "delivered"), (at(7), "returning"), (at(9), "returned")], "returned", set()),
        ([(at(3), "lost"), (at(7), "in_transit")], "in_transit", set()),
        ([(at(1), "info_received"), (at(2), "cancelled")], "cancelled", set()),
        ([(at(1), "picked_up"), (at(2), "cancelled")], "picked_up", set()),
        # Foreign words.
        ([(at(1), "teleported")], "pending", {"unknown_code"}),
        ([(at(1), "picked_up"), (at(2), "teleported")], "in_transit", {"unknown_code"}),
        ([(at(1), "delivered"), (at(2), "teleported")], "delivered", {"unknown_code", "post_delivery_scan"}),
        # Clocks that are wrong.
        ([(at(2), "in_transit"), (at(20, 12, 10), "delivered")], "delivered", set()),
        ([(at(2), "in_transit"), (at(20, 13), "delivered")], "in_transit", set()),
        ([(at(2), "in_transit"), (at(25), "delivered")], "in_transit", {"future_event"}),
        ([(datetime(2025, 3, 1), "delivered"), (at(2), "info_received")], "info_received", {"old_events"}),
        ([(datetime(1, 1, 1), "delivered")], "pending", {"old_events"}),
    ],
)  # fmt: skip
def test_state(scans, code, flags):
    parcel = fold(events(*scans), NOW, made_at=at(1))
    assert (parcel.code, set(parcel.flags)) == (code, flags)


def test_an_event_of_the_future_counts_when_its_time_has_come():
    scans = events((at(2), "in_transit"), (at(20, 13), "delivered"))
    early = fold(scans, NOW)
    assert (early.code, early.waits_until) == ("in_transit", at(20, 12, 45))
    assert fold(scans, early.waits_until).code == "delivered"


def test_when_each_state_was_reached_first():
    parcel = fold(events((at(3), "in_transit"), (at(2), "in_transit"), (at(4), "delivered")), NOW)
    assert parcel.first == {"in_transit": at(2), "delivered": at(4)}
    assert parcel.at == at(4)


@pytest.mark.parametrize("seed", range(200))
def test_order_and_repetition_do_not_matter(seed):
    rng = random.Random(seed)
    codes = [*status.STATUSES, "nonsense"]
    scans = [
        Event(at(rng.randint(1, 22), rng.randint(0, 23)), rng.choice(codes), f"{number}")
        for number in range(rng.randint(0, 25))
    ]
    expected = fold(scans, NOW, made_at=at(1))
    for _turn in range(5):
        again = [event for event in scans for _copy in range(rng.randint(1, 5))]
        rng.shuffle(again)
        assert fold(again, NOW, made_at=at(1)) == expected


@pytest.mark.parametrize("seed", range(100))
def test_it_never_guesses_a_delivery(seed):
    rng = random.Random(seed)
    codes = [code for code in status.STATUSES if code != "delivered"] + ["Delivered ", "signed"]
    scans = [Event(at(rng.randint(1, 19)), rng.choice(codes), f"{number}") for number in range(20)]
    assert fold(scans, NOW).code != "delivered"


def test_ten_thousand_events_are_quick():
    """No timing here, only that the work grows with the events and not with their square."""
    def work(count):
        scans = [Event(NOW - timedelta(minutes=number), "in_transit", f"{number}") for number in range(count)]
        scans.append(Event(NOW - timedelta(days=28), "delivered", "first"))
        start = time.process_time()
        fold(scans, NOW)
        return time.process_time() - start

    work(1000)
    assert work(20_000) < 100 * max(work(1000), 1e-4)
