"""What a whole line means to the desk, whichever words it is put in."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What the examples are sorted by. A line may mean several of them, or none: then nobody is needed."""

    HUMAN_REQUEST = "human_request"
    DECLINES_PERSON = "declines_person"
    SAFETY = "safety"
    LEGAL = "legal"
    FRAUD = "fraud"
    VULNERABLE = "vulnerable"
    DATA_PRIVACY = "data_privacy"
    EXCEPTION = "exception"
    FRUSTRATION = "frustration"
    LOOP = "loop"
    COMPLEXITY = "complexity"
    OUTAGE = "outage"
    VALUE = "value"
    RELIEF = "relief"
