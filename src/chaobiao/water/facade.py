"""The clients of the water query API, made by tools/facades.py from its operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from chaobiao._call.events import Hook
from chaobiao._call.options import Options
from chaobiao._client.async_client import AsyncClient
from chaobiao._client.http import AsyncHttpClient, HttpClient
from chaobiao._client.listing import AsyncListing, Listing
from chaobiao._client.protocols import UNSET, AsyncSender, Sender, Unset, drop_unset
from chaobiao._client.sync_client import Client
from chaobiao.clock import Clock
from chaobiao.water.dialect import WaterDialect
from chaobiao.water.flows import Cost, Flow, ListCosts, ListFlows
from chaobiao.water.history import ListPayments, ListReadings, PastPayment, PastReading
from chaobiao.water.logs import ListOperationLogs, ListSchedules, OperationLog, Schedule
from chaobiao.water.regions import ListRegions, Region

if TYPE_CHECKING:
    from tenacity.stop import StopBaseT
    from tenacity.wait import WaitBaseT


class Costs:
    """Costs (费用): balances and arrears by user."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        region_id: int | None = None,
        user_name: str | None = None,
        user_code: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> Listing[Cost]:
        """List what users have paid, used and owe.

        Args:
            region_id: Only here. (区域id, ``region_id``)
            user_name: Part of the user's name. (用户名, ``user_name``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 3 (费用查询模块), ``GET /cost``, no interval documented.
        """
        return self._sender.iterate(
            ListCosts(region_id=region_id, user_name=user_name, user_code=user_code, page=page, page_size=page_size)
        )


class Flows:
    """Flows (流水): metered volumes by device."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        region_id: int | None = None,
        device_code: str | None = None,
        watch_status: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> Listing[Flow]:
        """List what devices have metered.

        Args:
            region_id: Only here. (区域id, ``region_id``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            watch_status: Such as "成功" (success). (抄表状态, ``watch_status``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 2 (流水查询), ``GET /flow``, no interval documented.
        """
        return self._sender.iterate(
            ListFlows(
                region_id=region_id,
                device_code=device_code,
                watch_status=watch_status,
                page=page,
                page_size=page_size,
            )
        )


class OperationLogs:
    """Operation logs (操作日志)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, operation_type: str | None = None, page: int = 1, page_size: int = 100) -> Listing[OperationLog]:
        """List what operators did.

        Args:
            operation_type: Part of the kind. (操作类型, ``opt_type``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 4 (操作日志模块), ``GET /opt``, no interval documented.
        """
        return self._sender.iterate(ListOperationLogs(operation_type=operation_type, page=page, page_size=page_size))


class Payments:
    """Past payments (历史缴费)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        address: str | None = None,
        device_code: str | None = None,
        user_code: str | None = None,
        user_name: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> Listing[PastPayment]:
        """List past payments.

        Args:
            address: Part of the address. (地址, ``address``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            user_name: Part of the user's name. (用户名, ``username``)
            start: Start; naive times are China Standard Time. (开始时间, ``start_time``)
            end: End; not before the start. (结束时间, ``end_time``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 7 (历史缴费模块), ``GET /hispay``, no interval documented.
        """
        return self._sender.iterate(
            ListPayments(
                address=address,
                device_code=device_code,
                user_code=user_code,
                user_name=user_name,
                start=start,
                end=end,
                page=page,
                page_size=page_size,
            )
        )


class Readings:
    """Past readings (历史抄收)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        address: str | None = None,
        device_code: str | None = None,
        user_code: str | None = None,
        user_name: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> Listing[PastReading]:
        """List past readings.

        Args:
            address: Part of the address. (地址, ``address``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            user_name: Part of the user's name. (用户名, ``username``)
            start: Start; naive times are China Standard Time. (开始时间, ``start_time``)
            end: End; not before the start. (结束时间, ``end_time``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 6 (历史抄收模块), ``GET /trans``, no interval documented.
        """
        return self._sender.iterate(
            ListReadings(
                address=address,
                device_code=device_code,
                user_code=user_code,
                user_name=user_name,
                start=start,
                end=end,
                page=page,
                page_size=page_size,
            )
        )


class Regions:
    """Regions (区域), as a tree."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> Listing[Region]:
        """Read the tree of regions: the rows are its roots.

        Vendor section: 1 (区域查询), ``GET /region``, no interval documented.
        """
        return self._sender.iterate(ListRegions())


class Schedules:
    """Schedules (定时任务)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        collector_code: str | None = None,
        water_meter_number: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> Listing[Schedule]:
        """List scheduled tasks.

        Args:
            collector_code: Part of the collector's code. (采集器编码, ``coll_code``)
            water_meter_number: Part of the meter's number. (水表编号, ``watcher_num``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 5 (定时任务模块), ``GET /schedule``, no interval documented.
        """
        return self._sender.iterate(
            ListSchedules(
                collector_code=collector_code,
                water_meter_number=water_meter_number,
                page=page,
                page_size=page_size,
            )
        )


class WaterQuery(Client):
    """A client of the water query API.

    What is not passed comes from the environment: ``CHAOBIAO_WATER_BASE_URL``.

    Args:
        base_url: Where the server is; plain paths are added to it.
        dialect: How to read what the vendor's documents leave open.
        clock: A clock in place of the system's, for tests.
        http_client: Your own httpx-compatible client, with proxies, certificates or auth as you like; it stays yours to close.
        timeout: Seconds for one attempt.
        deadline: Seconds for a whole call: waiting for its turn, logging in, and all attempts.
        strict: Raise for a single unreadable field instead of answering ``None`` for it.
        stop: A tenacity stop policy in place of the default (4 attempts).
        wait: A tenacity wait policy in place of the default (random, exponential).
        max_response_bytes: The largest answer to read.
        paced: Keep the documented intervals; ``False`` only to see what a server does then.
        margin: How much a call's way to the server may vary, in seconds.
        headers: Extra HTTP headers for every request.
        on_request: Called with a :class:`CallEvent` before each attempt is sent.
        on_response: Called after each attempt.
        on_retry: Called before an attempt is repeated.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        dialect: WaterDialect | None = None,
        clock: Clock | None = None,
        http_client: HttpClient | None = None,
        timeout: float = 30.0,
        deadline: float = 120.0,
        strict: bool = False,
        stop: StopBaseT | None = None,
        wait: WaitBaseT | None = None,
        max_response_bytes: int = 67108864,
        paced: bool = True,
        margin: float = 0.25,
        headers: Mapping[str, str] | None = None,
        on_request: Hook | None = None,
        on_response: Hook | None = None,
        on_retry: Hook | None = None,
    ) -> None:
        options = Options(
            timeout=timeout,
            deadline=deadline,
            strict=strict,
            stop=stop,
            wait=wait,
            max_response_bytes=max_response_bytes,
            paced=paced,
            margin=margin,
            headers=headers or {},
            on_request=on_request,
            on_response=on_response,
            on_retry=on_retry,
        )
        context, http = self._make(
            dialect=dialect or WaterDialect(),
            base_url=base_url,
            username=None,
            password=None,
            clock=clock,
            http_client=http_client,
            options=options,
        )
        super().__init__(context, http)

    def _bind(self) -> None:
        self.costs = Costs(self)
        """Costs (费用): balances and arrears by user."""
        self.flows = Flows(self)
        """Flows (流水): metered volumes by device."""
        self.operation_logs = OperationLogs(self)
        """Operation logs (操作日志)."""
        self.payments = Payments(self)
        """Past payments (历史缴费)."""
        self.readings = Readings(self)
        """Past readings (历史抄收)."""
        self.regions = Regions(self)
        """Regions (区域), as a tree."""
        self.schedules = Schedules(self)
        """Schedules (定时任务)."""

    def with_options(
        self,
        *,
        timeout: float | Unset = UNSET,
        deadline: float | Unset = UNSET,
        strict: bool | Unset = UNSET,
        stop: StopBaseT | Unset | None = UNSET,
        wait: WaitBaseT | Unset | None = UNSET,
        max_response_bytes: int | Unset = UNSET,
        paced: bool | Unset = UNSET,
        margin: float | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        on_request: Hook | Unset | None = UNSET,
        on_response: Hook | Unset | None = UNSET,
        on_retry: Hook | Unset | None = UNSET,
    ) -> Self:
        """Answer a copy with some options changed. It shares the login, the pacing and the connections."""
        return self._copy(
            drop_unset(
                timeout=timeout,
                deadline=deadline,
                strict=strict,
                stop=stop,
                wait=wait,
                max_response_bytes=max_response_bytes,
                paced=paced,
                margin=margin,
                headers=headers,
                on_request=on_request,
                on_response=on_response,
                on_retry=on_retry,
            )
        )


class AsyncCosts:
    """Costs (费用): balances and arrears by user."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        region_id: int | None = None,
        user_name: str | None = None,
        user_code: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[Cost]:
        """List what users have paid, used and owe.

        Args:
            region_id: Only here. (区域id, ``region_id``)
            user_name: Part of the user's name. (用户名, ``user_name``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 3 (费用查询模块), ``GET /cost``, no interval documented.
        """
        return self._sender.iterate(
            ListCosts(region_id=region_id, user_name=user_name, user_code=user_code, page=page, page_size=page_size)
        )


class AsyncFlows:
    """Flows (流水): metered volumes by device."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        region_id: int | None = None,
        device_code: str | None = None,
        watch_status: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[Flow]:
        """List what devices have metered.

        Args:
            region_id: Only here. (区域id, ``region_id``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            watch_status: Such as "成功" (success). (抄表状态, ``watch_status``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 2 (流水查询), ``GET /flow``, no interval documented.
        """
        return self._sender.iterate(
            ListFlows(
                region_id=region_id,
                device_code=device_code,
                watch_status=watch_status,
                page=page,
                page_size=page_size,
            )
        )


class AsyncOperationLogs:
    """Operation logs (操作日志)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        operation_type: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[OperationLog]:
        """List what operators did.

        Args:
            operation_type: Part of the kind. (操作类型, ``opt_type``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 4 (操作日志模块), ``GET /opt``, no interval documented.
        """
        return self._sender.iterate(ListOperationLogs(operation_type=operation_type, page=page, page_size=page_size))


class AsyncPayments:
    """Past payments (历史缴费)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        address: str | None = None,
        device_code: str | None = None,
        user_code: str | None = None,
        user_name: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[PastPayment]:
        """List past payments.

        Args:
            address: Part of the address. (地址, ``address``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            user_name: Part of the user's name. (用户名, ``username``)
            start: Start; naive times are China Standard Time. (开始时间, ``start_time``)
            end: End; not before the start. (结束时间, ``end_time``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 7 (历史缴费模块), ``GET /hispay``, no interval documented.
        """
        return self._sender.iterate(
            ListPayments(
                address=address,
                device_code=device_code,
                user_code=user_code,
                user_name=user_name,
                start=start,
                end=end,
                page=page,
                page_size=page_size,
            )
        )


class AsyncReadings:
    """Past readings (历史抄收)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        address: str | None = None,
        device_code: str | None = None,
        user_code: str | None = None,
        user_name: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[PastReading]:
        """List past readings.

        Args:
            address: Part of the address. (地址, ``address``)
            device_code: Part of the device's code. (设备编码, ``device_code``)
            user_code: Part of the user's code. (用户编码, ``user_code``)
            user_name: Part of the user's name. (用户名, ``username``)
            start: Start; naive times are China Standard Time. (开始时间, ``start_time``)
            end: End; not before the start. (结束时间, ``end_time``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 6 (历史抄收模块), ``GET /trans``, no interval documented.
        """
        return self._sender.iterate(
            ListReadings(
                address=address,
                device_code=device_code,
                user_code=user_code,
                user_name=user_name,
                start=start,
                end=end,
                page=page,
                page_size=page_size,
            )
        )


class AsyncRegions:
    """Regions (区域), as a tree."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(self) -> AsyncListing[Region]:
        """Read the tree of regions: the rows are its roots.

        Vendor section: 1 (区域查询), ``GET /region``, no interval documented.
        """
        return self._sender.iterate(ListRegions())


class AsyncSchedules:
    """Schedules (定时任务)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        collector_code: str | None = None,
        water_meter_number: str | None = None,
        page: int = 1,
        page_size: int = 100,
    ) -> AsyncListing[Schedule]:
        """List scheduled tasks.

        Args:
            collector_code: Part of the collector's code. (采集器编码, ``coll_code``)
            water_meter_number: Part of the meter's number. (水表编号, ``watcher_num``)
            page: Page, counted from 1. (查询第几页, ``page``)
            page_size: Rows a page. (一页数据条数, ``page_count``)

        Vendor section: 5 (定时任务模块), ``GET /schedule``, no interval documented.
        """
        return self._sender.iterate(
            ListSchedules(
                collector_code=collector_code,
                water_meter_number=water_meter_number,
                page=page,
                page_size=page_size,
            )
        )


class AsyncWaterQuery(AsyncClient):
    """An async client of the water query API.

    What is not passed comes from the environment: ``CHAOBIAO_WATER_BASE_URL``.

    Args:
        base_url: Where the server is; plain paths are added to it.
        dialect: How to read what the vendor's documents leave open.
        clock: A clock in place of the system's, for tests.
        http_client: Your own httpx-compatible client, with proxies, certificates or auth as you like; it stays yours to close.
        max_rate: At most this many requests a second from this client, bursts allowed.
        timeout: Seconds for one attempt.
        deadline: Seconds for a whole call: waiting for its turn, logging in, and all attempts.
        strict: Raise for a single unreadable field instead of answering ``None`` for it.
        stop: A tenacity stop policy in place of the default (4 attempts).
        wait: A tenacity wait policy in place of the default (random, exponential).
        max_response_bytes: The largest answer to read.
        paced: Keep the documented intervals; ``False`` only to see what a server does then.
        margin: How much a call's way to the server may vary, in seconds.
        headers: Extra HTTP headers for every request.
        on_request: Called with a :class:`CallEvent` before each attempt is sent.
        on_response: Called after each attempt.
        on_retry: Called before an attempt is repeated.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        dialect: WaterDialect | None = None,
        clock: Clock | None = None,
        http_client: AsyncHttpClient | None = None,
        max_rate: float | None = None,
        timeout: float = 30.0,
        deadline: float = 120.0,
        strict: bool = False,
        stop: StopBaseT | None = None,
        wait: WaitBaseT | None = None,
        max_response_bytes: int = 67108864,
        paced: bool = True,
        margin: float = 0.25,
        headers: Mapping[str, str] | None = None,
        on_request: Hook | None = None,
        on_response: Hook | None = None,
        on_retry: Hook | None = None,
    ) -> None:
        options = Options(
            timeout=timeout,
            deadline=deadline,
            strict=strict,
            stop=stop,
            wait=wait,
            max_response_bytes=max_response_bytes,
            paced=paced,
            margin=margin,
            headers=headers or {},
            on_request=on_request,
            on_response=on_response,
            on_retry=on_retry,
        )
        context, http, limiter = self._make(
            dialect=dialect or WaterDialect(),
            base_url=base_url,
            username=None,
            password=None,
            clock=clock,
            http_client=http_client,
            max_rate=max_rate,
            options=options,
        )
        super().__init__(context, http, limiter)

    def _bind(self) -> None:
        self.costs = AsyncCosts(self)
        """Costs (费用): balances and arrears by user."""
        self.flows = AsyncFlows(self)
        """Flows (流水): metered volumes by device."""
        self.operation_logs = AsyncOperationLogs(self)
        """Operation logs (操作日志)."""
        self.payments = AsyncPayments(self)
        """Past payments (历史缴费)."""
        self.readings = AsyncReadings(self)
        """Past readings (历史抄收)."""
        self.regions = AsyncRegions(self)
        """Regions (区域), as a tree."""
        self.schedules = AsyncSchedules(self)
        """Schedules (定时任务)."""

    def with_options(
        self,
        *,
        timeout: float | Unset = UNSET,
        deadline: float | Unset = UNSET,
        strict: bool | Unset = UNSET,
        stop: StopBaseT | Unset | None = UNSET,
        wait: WaitBaseT | Unset | None = UNSET,
        max_response_bytes: int | Unset = UNSET,
        paced: bool | Unset = UNSET,
        margin: float | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        on_request: Hook | Unset | None = UNSET,
        on_response: Hook | Unset | None = UNSET,
        on_retry: Hook | Unset | None = UNSET,
    ) -> Self:
        """Answer a copy with some options changed. It shares the login, the pacing and the connections."""
        return self._copy(
            drop_unset(
                timeout=timeout,
                deadline=deadline,
                strict=strict,
                stop=stop,
                wait=wait,
                max_response_bytes=max_response_bytes,
                paced=paced,
                margin=margin,
                headers=headers,
                on_request=on_request,
                on_response=on_response,
                on_retry=on_retry,
            )
        )
