"""``/openapi.json`` tells the truth: what it says may be sent is understood, what comes back is as it says."""

from __future__ import annotations

from typing import Any

import schemathesis
