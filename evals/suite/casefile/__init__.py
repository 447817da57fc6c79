"""Cases as files: what is there, who comes, and what has to come of it."""

from evals.suite.casefile.case import Case
from evals.suite.casefile.reading import CASES, CaseRefused, read_case, read_cases

__all__ = ["CASES", "Case", "CaseRefused", "read_case", "read_cases"]
