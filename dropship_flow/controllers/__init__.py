from . import portal, question
