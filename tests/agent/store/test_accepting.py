import asyncio
from datetime import datetime, timedelta

import pytest

from agent.casework.ports import Claim, LeaseLost, Store
from agent.conversation import Conversation, Turn, TurnKind, TurnStatus
from agent.errors import NotFound
from agent.store.bounds import HISTORY_MESSAGES, HISTORY_TURNS
from tests.agent.store.conftest import Make
