"""Random nested projects by the ten thousand: `python random_projects.py [how many] [first seed]`.

Each is written as a script in both forms and read back; ends with an error at the first that is not the same project.
"""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.test_round_trip import assert_same, sound


def measure(wanted: int, seed: int = 0) -> tuple[int, float]:
    """The seed after the last one, and how many seconds it took until so many projects came back the same."""
    start, same = perf_counter(), 0
    while same < wanted:
        project = sound(seed)
        if project is not None:
            try:
                assert_same(project)
                assert_same(project, "model")
            except AssertionError as error:
                raise AssertionError(f"the project of seed {seed}") from error
            same += 1
            if same % 500 == 0:
                print(f"{same} of {wanted}", file=sys.stderr, flush=True)
        seed += 1
    return seed, perf_counter() - start


if __name__ == "__main__":
    count, first = (int(word) for word in [*sys.argv[1:3], *("10000", "0")[len(sys.argv) - 1 :]])
    end, seconds = measure(count, first)
    print(f"{count} projects of the seeds {first} to {end - 1} in {seconds:.0f} s: each came back the same")
