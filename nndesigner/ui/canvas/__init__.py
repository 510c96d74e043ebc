"""The canvas: a scene that follows the document, items that only draw, gestures that make one edit each."""
