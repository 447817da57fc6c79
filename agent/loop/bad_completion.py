"""What is raised when a model answered, but not with something that can be used."""

from __future__ import annotations


class BadCompletion(Exception):
    """The model answered, but not with something that can be used: ``cause`` says why."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause
