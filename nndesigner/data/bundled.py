"""The data sets that need no network, each read by one plain function.

The text of these functions is also what an exported script contains, so each stands alone: it imports nothing but
what `IMPORTS` says, and gives a dict of arrays by field.
"""

from collections.abc import Callable

import numpy as np
from sklearn import datasets


def load_digits() -> dict[str, np.ndarray]:
    """1,797 pictures of handwritten digits: image (N, 1, 8, 8) from 0 to 1, label (N,)."""
    digits = datasets.load_digits()
    image = digits.images[:, None].astype(np.float32) / 16
    return {"image": image, "label": digits.target.astype(np.int64)}


def load_iris() -> dict[str, np.ndarray]:
    """150 iris flowers: features (N, 4), label (N,)."""
    iris = datasets.load_iris()
    return {"features": iris.data.astype(np.float32), "label": iris.target.astype(np.int64)}


def load_wine() -> dict[str, np.ndarray]:
    """178 wines: features (N, 13), label (N,)."""
    wine = datasets.load_wine()
    return {"features": wine.data.astype(np.float32), "label": wine.target.astype(np.int64)}


def load_breast_cancer() -> dict[str, np.ndarray]:
    """569 tumours: features (N, 30), benign (N, 1) as 0 or 1."""
    cancer = datasets.load_breast_cancer()
    return {
        "features": cancer.data.astype(np.float32),
        "benign": cancer.target[:, None].astype(np.float32),
    }


def load_diabetes() -> dict[str, np.ndarray]:
    """442 patients: features (N, 10), progression (N, 1)."""
    diabetes = datasets.load_diabetes()
    return {
        "features": diabetes.data.astype(np.float32),
        "progression": diabetes.target[:, None].astype(np.float32),
    }


LOADERS: dict[str, Callable[[], dict[str, np.ndarray]]] = {
    "digits": load_digits,
    "iris": load_iris,
    "wine": load_wine,
    "breast-cancer": load_breast_cancer,
    "diabetes": load_diabetes,
}
