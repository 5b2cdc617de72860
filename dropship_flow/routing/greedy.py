"""A good plan quickly: the start of the general method and its answer when the time is over before it has any."""

from .columns import price_bundle

TRIED = 12  # cheapest options looked at per line


def greedy(instance):
    """Columns of a plan built line by line, each time where the basket grows least; () when a line finds no place."""
    by_line = {}
    for supply in instance.supplies:
        for line, options in supply.options.items():
            rows = [(option.goods / float(option.qty), supply, option) for option in options]
            by_line.setdefault(line, []).extend(rows)
    taken, best = {}, {}
    for line in sorted(by_line, key=lambda line: (len(by_line[line]), line)):
        left = instance.lines[line].qty
        while left > 0:
            found = place(instance, by_line[line], left, taken, best)
            if found is None:
                return ()
            _growth, supply, option, column = found
            taken.setdefault(supply.index, []).append(option)
            best[supply.index] = column
            left -= option.qty
    columns = [cheapest(instance, instance.supplies[index], options) for index, options in taken.items()]
    return () if None in columns else tuple(columns)


def place(instance, options, left, taken, best):
    """(growth per unit, supply, option, column) of the best next purchase for a line."""
    found = None
    fitting = [row for row in options if row[2].qty <= left]
    whole = [row for row in fitting if row[2].qty == left]
    for _unit, supply, option in sorted(whole or fitting, key=lambda row: (row[0], -row[2].qty, row[1].index))[:TRIED]:
        chosen = taken.get(supply.index, [])
        if any(other.offer is option.offer and other.line == option.line for other in chosen):
            continue
        column = cheapest(instance, supply, [*chosen, option])
        if column is None:
            continue
        known = best.get(supply.index)
        growth = (column.objective - (known.objective if known else 0)) / float(option.qty)
        if found is None or growth < found[0]:
            found = growth, supply, option, column
    return found


def cheapest(instance, supply, options):
    """The cheapest column of a bundle, those that keep promise and maximum price first."""
    promise = instance.policy.promise_days
    columns = price_bundle(instance, supply, sorted(options, key=lambda option: option.line))
    return min(columns, default=None, key=lambda column: (
        column.dear or (promise is not None and column.days > promise + 1e-9), column.objective, column.days))
