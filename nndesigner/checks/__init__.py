"""What does not fit, found on every edit: at a node, in the settings, in the network as a whole."""

from nndesigner.checks.admission import unusable
from nndesigner.checks.fit import problem_at
from nndesigner.checks.settings import settings_problems
from nndesigner.checks.site import Arrival, Site
from nndesigner.checks.whole import whole_problems

__all__ = ["Arrival", "Site", "problem_at", "settings_problems", "unusable", "whole_problems"]
