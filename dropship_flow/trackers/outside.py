"""How a call to a service ends, in the words of the relay. The same for every service."""

try:
    from ..connectors.http import CallError, NotSent, Refused
    from ..connectors.outcome import AGAIN, PARKED, SENT, UNKNOWN, Outcome
except ImportError:  # outside Odoo the packages stand side by side
    from connectors.http import CallError, NotSent, Refused
    from connectors.outcome import AGAIN, PARKED, SENT, UNKNOWN, Outcome

MAX_PAGES = 200


class Endless(Exception):
    """A service that pages in a circle, or for ever."""


def post(client, url, headers, data):
    """Send JSON, read JSON.

    :return: (the answer's data or None, Outcome)
    """
    try:
        answer = client.request("POST", url, headers, data=data)
    except Refused as error:
        return None, Outcome(PARKED, error=str(error), healthy=False)
    except NotSent as error:
        return None, Outcome(AGAIN, error=str(error), healthy=False)
    except CallError as error:
        return None, Outcome(UNKNOWN, error=str(error), healthy=False)
    if answer.status in (401, 403):
        return None, Outcome(PARKED, error=f"The service does not accept our key ({answer.status}).", healthy=False)
    if answer.status in (429, 503):
        text = f"The service asks us to wait ({answer.status})."
        return None, Outcome(AGAIN, error=text, wait=answer.retry_after() or 60.0)
    if answer.status >= 500:
        return None, Outcome(UNKNOWN, error=f"The service failed ({answer.status}).", healthy=False)
    if not answer.ok:
        return None, Outcome(PARKED, error=f"The service does not take this call ({answer.status}).")
    try:
        return answer.json(), Outcome(SENT)
    except (ValueError, RecursionError) as error:
        return None, Outcome(UNKNOWN, error=f"The answer is not readable: {error}"[:300], healthy=False)


def pages(fetch, cursor=None, most=MAX_PAGES):
    """Everything of a list that comes in pages; a service that never ends, or goes in a circle, is left.

    :param fetch: called with a cursor, returns (list of items, the next cursor or None)
    :raise Endless: when a cursor comes again, or there are more than `most` pages; what came until then was yielded

    >>> book = {None: ([1, 2], "b"), "b": ([3], None)}
    >>> list(pages(book.get))
    [1, 2, 3]
    >>> circle = {None: ([1], "b"), "b": ([2], "c"), "c": ([3], "b")}
    >>> list(pages(circle.get))
    Traceback (most recent call last):
      ...
    trackers.outside.Endless: page 'b' comes again
    """
    seen = set()
    for _page in range(most):
        items, following = fetch(cursor)
        yield from items
        if following is None or following == "":
            return
        if following in seen:
            raise Endless(f"page {following!r} comes again")
        seen.add(following)
        cursor = following
    raise Endless(f"more than {most} pages")
