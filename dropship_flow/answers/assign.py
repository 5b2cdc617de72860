from .model import ZERO, Piece

ORDER = ("accepted", "backordered", "asked", "rejected")


def assign(rows, wanted):
    """Which part of which row gets which answer.

    What left is accepted; a row keeps the answer it has as far as the new one allows; the rest follows in the order of
    the rows. What the customer waits for is covered by what comes first: a pack's surplus is refused before his goods.

    :param list rows: [Row]
    :param dict wanted: {status: quantity bought}; adds up to what the rows buy
    :return: [(row key, [Piece])]; the pieces of a row add up to it

    >>> from decimal import Decimal as D
    >>> from .model import Row
    >>> split = assign([Row("a", D(5), D(6))], {"accepted": D(4), "rejected": D(2)})
    >>> [(piece.status, str(piece.need), str(piece.buy)) for piece in split[0][1]]
    [('accepted', '4', '4'), ('rejected', '1', '2')]
    """
    left = {status: wanted.get(status, ZERO) for status in ORDER}
    parts = [dict.fromkeys(ORDER, ZERO) for _row in rows]

    def give(index, status, quantity):
        room = rows[index].buy - sum(parts[index].values())
        taken = max(min(quantity, left[status], room), ZERO)
        parts[index][status] += taken
        left[status] -= taken
        return taken

    for index, row in enumerate(rows):
        gone = row.shipped
        for status in ORDER[:3]:
            gone -= give(index, status, gone)
    for index, row in enumerate(rows):
        if row.status in left:
            give(index, row.status, row.buy)
    for index, row in enumerate(rows):
        for status in ORDER:
            give(index, status, row.buy)
    return [(row.key, _pieces(row, part)) for row, part in zip(rows, parts, strict=True)]


def _pieces(row, part):
    pieces, need = [], row.need
    for status in ORDER:
        if part[status]:
            covered = min(need, part[status])
            pieces.append(Piece(status, covered, part[status]))
            need -= covered
    return pieces
