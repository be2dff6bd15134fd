"""The naive client, to compare with: what a careful developer writes by hand with httpx and attrs in an afternoon.

It calls, checks the code and converts values. It has no log, no pacing, no retry and no tolerant decoding.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import httpx

SHANGHAI = ZoneInfo("Asia/Shanghai")


@attrs.frozen
class LatestReading:
    device_id: str
    table_no: str
    reading: Decimal
    read_at: datetime
    gate: str


@attrs.frozen
class Reading:
    device_id: str
    table_no: str
    reading: Decimal
    read_at: datetime
    imei: str
    user_code: str
    table_address: str
    device_name: str


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def rows_of(envelope: Any) -> list[dict[str, Any]]:
    if str(envelope["code"]) != "200":
        raise RuntimeError(f"{envelope['code']}: {envelope['msg']}")
    data = envelope["data"]
    return [data] if isinstance(data, dict) else data


def readings(envelope: Any) -> list[Reading]:
    return [
        Reading(
            device_id=row["deviceId"],
            table_no=row["tableNo"],
            reading=Decimal(row["reading"]),
            read_at=moment(row["readTime"]),
            imei=row["imei"],
            user_code=row["user_code"],
            table_address=row["tableAddress"],
            device_name=row["deviceName"],
        )
        for row in rows_of(envelope)
    ]


def latest_readings(envelope: Any) -> list[LatestReading]:
    return [
        LatestReading(
            device_id=row["deviceId"],
            table_no=row["tableNo"],
            reading=Decimal(row["reading"]),
            read_at=moment(row["readTime"]),
            gate=row["gate"],
        )
        for row in rows_of(envelope)
    ]


class Caller:
    def __init__(self, base_url: str, username: str, token: str) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=30)
        self.account = {"token": token, "admin_user_name": username}

    def latest_readings(self, table_no: str) -> list[LatestReading]:
        body = {**self.account, "tableNo": table_no, "pageNo": 1, "pageSize": 1000}
        response = self.http.post("/meter/readMeter", json=body)
        response.raise_for_status()
        return latest_readings(response.json())


class AsyncCaller:
    def __init__(self, base_url: str, username: str, token: str) -> None:
        self.http = httpx.AsyncClient(base_url=base_url, timeout=30)
        self.account = {"token": token, "admin_user_name": username}

    async def latest_readings(self, table_no: str) -> list[LatestReading]:
        body = {**self.account, "tableNo": table_no, "pageNo": 1, "pageSize": 1000}
        response = await self.http.post("/meter/readMeter", json=body)
        response.raise_for_status()
        return latest_readings(response.json())
