"""What does not fit, found on every edit: at a node, in the settings, in the network as a whole."""

from nndesigner.checks.fit import problem_at
from nndesigner.checks.settings import settings_problems
from nndesigner.checks.site import Arrival, Site
from nndesigner.checks.whole import advice

__all__ = ["Arrival", "Site", "advice", "problem_at", "settings_problems"]
