from . import columns
from . import clock_words
from . import verbs
from . import links
from . import actions
