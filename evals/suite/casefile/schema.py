"""The published JSON Schema of a case file: ``python -m evals.suite.casefile.schema`` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from evals.suite.casefile.case import CaseBody
from evals.suite.casefile.reading import CASES

SCHEMA: Final[Path] = CASES / "schema.json"


def schema_text() -> str:
    """The schema as it is published."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://postventa.example/evals/case.schema.json",
        **CaseBody.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
