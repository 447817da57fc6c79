"""What tests put in a loop's place."""

from __future__ import annotations


class WithoutLlm:
    """A loop that no LLM stands behind: nobody to choose between, nobody to write a case up."""

    has_llm = False
    writes_cases = False
