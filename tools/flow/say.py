"""What the person at the terminal sees: steps with their seconds, warnings, and one-sentence failures."""

import sys
import time
from contextlib import contextmanager


class Stop(Exception):
    """A step failed. The text is one sentence telling the person what to do."""

    def __init__(self, text, detail=""):
        super().__init__(text)
        self.detail = detail


def line(text=""):
    print(text, file=sys.stderr, flush=True)


def warn(text):
    line(f"  ! {text}")


@contextmanager
def step(text):
    """Announce a step, run it, print how long it took."""
    line(f"- {text} ...")
    start = time.monotonic()
    yield
    line(f"  done in {time.monotonic() - start:.1f} s")
