"""Says in the reader's language what a look at an address or in a mail found."""

from .reason_text import _lt

FETCH = {
    "new": _lt("A new file came."),
    "same": _lt("Nothing new since the last look."),
    "not_allowed": _lt("This address is not called: %(text)s"),
    "too_big": _lt("The file has more than %(limit)s MB. Allow more on the feed, or ask for a smaller file."),
    "not_reached": _lt("The supplier's server is not reached: %(text)s"),
    "broken_off": _lt("The download broke off, nothing of it was used: %(text)s"),
    "no_access": _lt("The server does not let us in (%(status)s): look whether the key is right."),
    "not_there": _lt("There is no file at this address (404). Ask the supplier for the address."),
    "status": _lt("The server answers with the error %(status)s."),
    "nothing": _lt("The file is empty. What we know stays as it is."),
    "page": _lt("A web page came instead of a file: the address probably asks for a login."),
    "not_taken": _lt("The file came and was not taken: %(text)s"),
}
MAIL = {
    "unknown_sender": _lt("%(sender)s is no contact of the supplier: add the address to his contacts if it is his."),
    "not_authenticated": _lt("Our mail server does not vouch for the sender %(sender)s."),
    "no_file": _lt("There is no file in it that could be a price list."),
    "which_feed": _lt("Which feed %(name)s belongs to is not clear: say on the feed how its files are named."),
    "not_taken": _lt("%(name)s was not taken: %(text)s"),
    "too_big": _lt("%(name)s has more than %(limit)s MB."),
    "taken": _lt("%(name)s came by mail and is being read."),
}
