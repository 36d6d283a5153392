"""The figure of examples/kmeans.dl: its inertia against the best of ten starts of k-means++ on the very same points.

The starts are those of scikit-learn where a Python has it. Where none has, they are starts of the example itself, made to
begin with points taken in order (which are drawn independently of each other) in place of those far apart.
"""
import os
import subprocess
import sys

import common

STARTS = 10

# Run by a Python that has scikit-learn: the least inertia of ten starts on the points of a file.
SCIKIT_LEARN = """
import sys, numpy
from sklearn.cluster import KMeans
print(KMeans(int(sys.argv[2]), n_init=int(sys.argv[3]), random_state=0).fit(numpy.load(sys.argv[1])).inertia_)
"""


def python_with_sklearn():
    for python in (sys.executable, "python3", "/usr/bin/python3"):
        try:
            if subprocess.run([python, "-c", "import sklearn"], stderr=subprocess.DEVNULL).returncode == 0:
                return python
        except OSError:
            pass
    return None


def replaced(text, old, new):
    """The program with one piece of it exchanged; a piece that is not there is a mistake of this script."""
    if text.count(old) != 1:
        raise common.Failed(f"examples/kmeans.dl has no `{old}`, which this figure exchanges")
    return text.replace(old, new)


def ratios(place, seeds):
    """The inertia of the example over that of the peer for each seed, and what the peer was."""
    with open(common.example("kmeans"), encoding="utf8") as file:
        text = file.read()
    python = python_with_sklearn()
    program = os.path.join(place.folder, "kmeans_points.dl" if python else "kmeans_starts.dl")
    with open(program, "w", encoding="utf8") as file:
        if python:
            file.write(text + "\nexport fn all_points() -> f32[100_000, 16] { points }\n")
        else:
            file.write(replaced("const start = 0\n" + text, "= far_apart(points, k)", "= points[start * k + iota(k)]"))
    found = []
    for seed in range(seeds):
        ours = place.train("kmeans", "--seed", seed).metrics["inertia"]
        if python:
            best = scikit_learn(place, python, program, seed)
        else:
            best = min(place.train(program, "--seed", seed, "--set", f"start={start}").metrics["inertia"]
                       for start in range(5 * STARTS))
        found.append(ours / best)
        place.say(f"seed {seed}: {ours:.0f} against {best:.0f}")
    if python:
        return found, f"scikit-learn, {STARTS} starts"
    return found, f"no Python here has scikit-learn: the best of {5 * STARTS} starts of ours"


def scikit_learn(place, python, program, seed):
    """The inertia that scikit-learn reaches on the points that the example has with this seed."""
    common.dlc("call", program, "all_points", "--seed", seed, "--quiet", "-o", place.folder)
    points = os.path.join(place.folder, "all_points.npy")
    # Threads that wait for each other by spinning are slow where other programs run as well.
    environment = dict(os.environ, OMP_NUM_THREADS=str(place.threads), OPENBLAS_NUM_THREADS=str(place.threads))
    return float(common.run([python, "-c", SCIKIT_LEARN, points, "8", str(STARTS)], env=environment))
