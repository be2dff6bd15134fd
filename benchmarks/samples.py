"""Response bodies for the measurements: the documents' sample rows, as many as needed."""

import json
from typing import Any, Final

#: One meter's newest reading, as section 4.3 of the meter document shows it.
LATEST: Final = {
    "deviceId": "190620833464",
    "tableNo": "190620833464",
    "reading": "346.90",
    "readTime": "2023-04-22 10:31:53",
    "gate": "合闸",
}

TOKEN: Final = "benchmark-token"

_FIRST_NUMBER = 900_000_000_000


def _dump(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def login_response() -> bytes:
    """Return the response to a login."""
    return _dump({"code": 200, "data": TOKEN, "msg": "登录成功"})


def latest_response() -> bytes:
    """Return a small response: one row, as an object."""
    return _dump({"code": 200, "data": LATEST, "msg": "操作成功", "totalCount": 1})


def readings_response(rows: int, total: int, first: int = 0) -> bytes:
    """Return a page of readings with eight fields each; no two rows are equal."""
    data = [
        {
            "deviceId": str(_FIRST_NUMBER + first + row),
            "tableNo": str(_FIRST_NUMBER + first + row),
            "reading": f"{(row * 37 + first) % 99_999}.{row % 100:02d}",
            "readTime": f"2023-04-{row % 28 + 1:02d} {row % 24:02d}:{row % 60:02d}:53",
            "imei": "",
            "user_code": f"2022{row:06d}",
            "tableAddress": f"1号楼{row % 30 + 1}层{row % 4 + 1:02d}室",
            "deviceName": str(_FIRST_NUMBER + first + row),
        }
        for row in range(rows)
    ]
    return _dump({"code": 200, "data": data, "msg": "操作成功", "totalCount": total})
