"""How the water API's answers are wrapped."""

from typing import Any

from chaobiao.water import OPERATIONS
from chaobiao_mock.serves import Call, Reply


class WaterFamily:
    """The water API's protocol."""

    operations = OPERATIONS

    def answer(self, state: Any, call: Call) -> Reply:
        return Reply({"data": [], "total": 0}, 200)

    def refusal(self, code: int) -> Reply:
        return Reply({"error": "failed"}, code)
