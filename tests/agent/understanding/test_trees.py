import numpy as np

from agent.understanding.trees import grow

PLACES = np.random.default_rng(3).uniform(-1, 1, (600, 3)).astype(np.float32)
EITHER = (PLACES[:, 0] > 0) != (PLACES[:, 1] > 0)
"""True on two opposite corners: what no weighing of the figures one by one can tell."""


def test_trees_learn_what_only_two_figures_together_tell() -> None:
    trees = grow(PLACES[:400], EITHER[:400], 40)
    assert ((trees.log_odds(PLACES[400:]) > 0) == EITHER[400:]).mean() > 0.9


def test_the_same_rows_grow_the_same_trees() -> None:
    first, second = grow(PLACES, EITHER, 5), grow(PLACES, EITHER, 5)
    assert first.leaves.tobytes() == second.leaves.tobytes()
    assert (first.asked.tolist(), first.start) == (second.asked.tolist(), second.start)


def test_a_figure_that_is_always_the_same_is_never_asked_for() -> None:
    still = np.column_stack((np.ones(len(PLACES), np.float32), PLACES[:, :2]))
    assert 0 not in grow(still, EITHER, 10).asked
