"""Where the packaged program begins."""

import sys

from nndesigner.__main__ import main

sys.exit(main())
