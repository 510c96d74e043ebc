"""Curves: the only place that knows pyqtgraph."""
