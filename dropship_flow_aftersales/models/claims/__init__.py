from . import case, claim, credit, event, letter, loss, overview, parcel, raising, settlement, terms
