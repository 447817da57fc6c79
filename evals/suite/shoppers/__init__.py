"""Who talks to the service: a script, a goal without a model, or a person played by one."""

from evals.suite.shoppers.move import Move, Player

__all__ = ["Move", "Player"]
