"""What a script does not say of the project it was written of, in a comment at its end: places, notes, data, settings.

The comment is the file of the project without what stands in the code, and the names of what does, in the order of the
code. The code is what counts: what is known by name keeps its place, what the code no longer has is gone, and a comment
that is lost costs the layout and the settings only.
"""

from nndesigner.script.drawing.comment import MARK, lines, name_of, parted, rest
from nndesigner.script.drawing.restoring import restored
from nndesigner.script.drawing.untold import Drawing, Said, drawing

__all__ = ["MARK", "Drawing", "Said", "drawing", "lines", "name_of", "parted", "rest", "restored"]
