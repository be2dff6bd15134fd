"""The clients of the prepaid meter platform jrhsz, made by tools/facades.py from its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from chaobiao._call.events import Hook
from chaobiao._call.options import Options
from chaobiao._client.async_client import AsyncClient
from chaobiao._client.http import AsyncHttpClient, HttpClient
from chaobiao._client.listing import AsyncListing, Listing
from chaobiao._client.protocols import UNSET, AsyncSender, Sender, Unset, drop_unset
from chaobiao._client.sync_client import Client
from chaobiao._contract.operation import Acknowledgement, Page
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock
from chaobiao.jrhsz.buildings import Address, Building, ListAddresses, ListBuildings, ListRoomsAtAddress
from chaobiao.jrhsz.codes import ConsumptionKind, Instruction
from chaobiao.jrhsz.dialect import JrhszDialect
from chaobiao.jrhsz.meters import InstructMeter, ListMeters, Meter
from chaobiao.jrhsz.readings import (
    CameraReading,
    Consumption,
    LatestReading,
    ListCameraReadings,
    ListConsumption,
    ListLatestReadings,
    ListReadings,
    ListTimeOfUseReadings,
    Reading,
    TimeOfUseReading,
)
from chaobiao.jrhsz.recharges import ListRecharges, Payment, Recharge
from chaobiao.jrhsz.residents import (
    GetResident,
    ListResidentConsumption,
    ListResidents,
    Resident,
    ResidentConsumption,
    ResidentMeter,
)

if TYPE_CHECKING:
    from tenacity.stop import StopBaseT
    from tenacity.wait import WaitBaseT


class Addresses:
    """Addresses below buildings, and the rooms there."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, build_code: str | None = None) -> Listing[Address]:
        """List the addresses of the account, or of one building.

        Args:
            build_code: Only this building. (楼栋编号, ``build_code``)

        Vendor section: recharge 4.8 (获取用户地址), ``POST /user/getAddress``, at most one call in 2 s.
        """
        return self._sender.iterate(ListAddresses(build_code=build_code))

    def rooms(self, address: str, *, build_code: str | None = None) -> Listing[Resident]:
        """List the rooms at an address, with the residents who hold them.

        Args:
            address: The address, as addresses.list gives it. (地址, ``address``)
            build_code: Only in this building. (楼栋编码, ``build_code``)

        Vendor section: recharge 4.9 (根据用户地址获取房间信息), ``POST /user/addressUserInfo``, at most one call in 2 s.
        """
        return self._sender.iterate(ListRoomsAtAddress(address, build_code=build_code))


class Buildings:
    """Buildings (楼栋)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> Listing[Building]:
        """List all buildings of the account.

        Vendor section: recharge 4.2 (获取楼栋号), ``POST /user/getBuildCode``, at most one call in 2 s.
        """
        return self._sender.iterate(ListBuildings())


class Meters:
    """Meters (表): readings, consumption, valve and breaker commands."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, page: int = 1, page_size: int = 1000) -> Listing[Meter]:
        """List all meters of the project.

        Args:
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.2 (设备信息), ``POST /meter/meterList``, at most one call in 2 s.
        """
        return self._sender.iterate(ListMeters(page=page, page_size=page_size))

    def latest_readings(
        self,
        *,
        table_no: str | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[LatestReading]:
        """Read the newest reading of one meter, or of all.

        Args:
            table_no: Only this meter. (表编号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.3 (抄表信息), ``POST /meter/readMeter``, at most one call in 2 s.
        """
        return self._sender.iterate(ListLatestReadings(table_no=table_no, page=page, page_size=page_size))

    def readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[Reading]:
        """List the readings of one meter, of several, or of all.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.4 (抄表记录), ``POST /meter/readMeterList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )

    def consumption(
        self,
        *,
        begin: datetime,
        end: datetime,
        kind: ConsumptionKind = ConsumptionKind.REALTIME,
        table_no: str | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[Consumption]:
        """List consumption and cost, record by record or day by day.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            kind: REALTIME 1 (documented), DAILY 2 (inferred). (类型, ``type``)
            table_no: Only this meter. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.5 (消费记录), ``POST /meter/readMeterDataList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListConsumption(begin=begin, end=end, kind=kind, table_no=table_no, page=page, page_size=page_size)
        )

    def instruct(self, device_id: str, instruction: Instruction) -> Acknowledgement:
        """Tell a meter to disconnect, to reconnect, or to take a reading.

        This cuts or restores somebody's water or electricity. When the answer gets lost, the call raises
        :class:`OutcomeUnknown` and is never repeated: read the state back with meters.latest_readings.

        Args:
            device_id: The device. (表设备id, ``deviceId``)
            instruction: What to do: DISCONNECT 1, RECONNECT 2, READ 3. (指令, ``type``)

        Vendor section: meter 4.6 (设备指令下发), ``POST /meter/meterInstruct``, at most one call in 2 s.
        """
        return self._sender.send(InstructMeter(device_id, instruction))

    def time_of_use_readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[TimeOfUseReading]:
        """List time-of-use readings of one meter, of several, or of all.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.7 (尖峰平谷抄表记录), ``POST /meter/peaksValleysRead``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListTimeOfUseReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )

    def camera_readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[CameraReading]:
        """List the readings of camera water meters.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.8 (摄像头水表抄表记录), ``POST /meter/cameraRead``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListCameraReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )


class Recharges:
    """Recharges (充值): paying money in, and the record of it."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(self, user_code: str, *, amount: Decimal | int | str, order_number: str) -> Acknowledgement:
        """Pay money into a resident's account.

        The order number is yours and must be new: the server refuses one that it has seen (:class:`DuplicateOrder`). When
        the answer gets lost, the call raises :class:`OutcomeUnknown` and is never repeated: look the order number up in
        recharges.list first.

        Args:
            user_code: Code of the resident. (用户编号, ``user_code``)
            amount: Positive, at most two decimals: Decimal, int or text, never a float. In yuan. (金额（元）, ``total_fee``)
            order_number: Your own number of the order. (第三方订单号, ``out_trade_no``)

        Vendor section: recharge 4.5 (充值), ``POST /user/Prestore``, no interval documented.
        """
        return self._sender.send(Recharge(user_code, amount=amount, order_number=order_number))

    def list(
        self,
        user_code: str,
        *,
        begin: datetime,
        end: datetime,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[Payment]:
        """List a resident's recharges.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            user_code: Code of the resident. (用户编号, ``user_code``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: recharge 4.6 (充值记录), ``POST /user/GetPaymentList``, at most one call in 2 s.
        """
        return self._sender.iterate(ListRecharges(user_code, begin=begin, end=end, page=page, page_size=page_size))


class Residents:
    """Residents (户), their meters and what they use."""

    __slots__ = ("_sender",)

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, build_code: str | None = None) -> Listing[Resident]:
        """List the residents of the account, or of one building.

        Args:
            build_code: Only this building. (楼栋编号, ``build_code``)

        Vendor section: recharge 4.3 (获取户号), ``POST /user/getUserCodeByAccount``, at most one call in 2 s.
        """
        return self._sender.iterate(ListResidents(build_code=build_code))

    def get(self, user_code: str) -> Page[ResidentMeter]:
        """Read a resident's meters: readings and balances.

        The document shows one object; a resident may own a water and an electricity meter, so the answer is a page of one
        or more.

        Args:
            user_code: Code of the resident. (用户编号, ``user_code``)

        Vendor section: recharge 4.4 (获取用户信息), ``POST /user/GetUserInfo``, at most one call in 2 s.
        """
        return self._sender.send(GetResident(user_code))

    def consumption(
        self,
        user_code: str,
        *,
        begin: datetime,
        end: datetime,
        page: int = 1,
        page_size: int = 1000,
    ) -> Listing[ResidentConsumption]:
        """List what a resident's meters used, reading by reading.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            user_code: Code of the resident. (用户编号, ``user_code``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: recharge 4.7 (消费记录), ``POST /user/GetConsumenList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListResidentConsumption(user_code, begin=begin, end=end, page=page, page_size=page_size)
        )


class Jrhsz(Client):
    """A client of the prepaid meter platform jrhsz.

    What is not passed comes from the environment: ``CHAOBIAO_JRHSZ_BASE_URL``, ``_USERNAME`` and ``_PASSWORD``.

    Args:
        username: The account.
        password: Its API password.
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
        username: str | None = None,
        password: str | None = None,
        *,
        base_url: str | None = None,
        dialect: JrhszDialect | None = None,
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
        secret = None if password is None else Secret(password)
        del password  # so that no traceback shows it
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
            dialect=dialect or JrhszDialect(),
            base_url=base_url,
            username=username,
            password=secret,
            clock=clock,
            http_client=http_client,
            options=options,
        )
        super().__init__(context, http)

    def _bind(self) -> None:
        self.addresses = Addresses(self)
        """Addresses below buildings, and the rooms there."""
        self.buildings = Buildings(self)
        """Buildings (楼栋)."""
        self.meters = Meters(self)
        """Meters (表): readings, consumption, valve and breaker commands."""
        self.recharges = Recharges(self)
        """Recharges (充值): paying money in, and the record of it."""
        self.residents = Residents(self)
        """Residents (户), their meters and what they use."""

    def login(self) -> None:
        """Log in now. Calls log in by themselves; this is for checking the account, or for a head start."""
        self._log_in()

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


class AsyncAddresses:
    """Addresses below buildings, and the rooms there."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(self, *, build_code: str | None = None) -> AsyncListing[Address]:
        """List the addresses of the account, or of one building.

        Args:
            build_code: Only this building. (楼栋编号, ``build_code``)

        Vendor section: recharge 4.8 (获取用户地址), ``POST /user/getAddress``, at most one call in 2 s.
        """
        return self._sender.iterate(ListAddresses(build_code=build_code))

    def rooms(self, address: str, *, build_code: str | None = None) -> AsyncListing[Resident]:
        """List the rooms at an address, with the residents who hold them.

        Args:
            address: The address, as addresses.list gives it. (地址, ``address``)
            build_code: Only in this building. (楼栋编码, ``build_code``)

        Vendor section: recharge 4.9 (根据用户地址获取房间信息), ``POST /user/addressUserInfo``, at most one call in 2 s.
        """
        return self._sender.iterate(ListRoomsAtAddress(address, build_code=build_code))


class AsyncBuildings:
    """Buildings (楼栋)."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(self) -> AsyncListing[Building]:
        """List all buildings of the account.

        Vendor section: recharge 4.2 (获取楼栋号), ``POST /user/getBuildCode``, at most one call in 2 s.
        """
        return self._sender.iterate(ListBuildings())


class AsyncMeters:
    """Meters (表): readings, consumption, valve and breaker commands."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(self, *, page: int = 1, page_size: int = 1000) -> AsyncListing[Meter]:
        """List all meters of the project.

        Args:
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.2 (设备信息), ``POST /meter/meterList``, at most one call in 2 s.
        """
        return self._sender.iterate(ListMeters(page=page, page_size=page_size))

    def latest_readings(
        self,
        *,
        table_no: str | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[LatestReading]:
        """Read the newest reading of one meter, or of all.

        Args:
            table_no: Only this meter. (表编号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.3 (抄表信息), ``POST /meter/readMeter``, at most one call in 2 s.
        """
        return self._sender.iterate(ListLatestReadings(table_no=table_no, page=page, page_size=page_size))

    def readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[Reading]:
        """List the readings of one meter, of several, or of all.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.4 (抄表记录), ``POST /meter/readMeterList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )

    def consumption(
        self,
        *,
        begin: datetime,
        end: datetime,
        kind: ConsumptionKind = ConsumptionKind.REALTIME,
        table_no: str | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[Consumption]:
        """List consumption and cost, record by record or day by day.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            kind: REALTIME 1 (documented), DAILY 2 (inferred). (类型, ``type``)
            table_no: Only this meter. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.5 (消费记录), ``POST /meter/readMeterDataList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListConsumption(begin=begin, end=end, kind=kind, table_no=table_no, page=page, page_size=page_size)
        )

    async def instruct(self, device_id: str, instruction: Instruction) -> Acknowledgement:
        """Tell a meter to disconnect, to reconnect, or to take a reading.

        This cuts or restores somebody's water or electricity. When the answer gets lost, the call raises
        :class:`OutcomeUnknown` and is never repeated: read the state back with meters.latest_readings.

        Args:
            device_id: The device. (表设备id, ``deviceId``)
            instruction: What to do: DISCONNECT 1, RECONNECT 2, READ 3. (指令, ``type``)

        Vendor section: meter 4.6 (设备指令下发), ``POST /meter/meterInstruct``, at most one call in 2 s.
        """
        return await self._sender.send(InstructMeter(device_id, instruction))

    def time_of_use_readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[TimeOfUseReading]:
        """List time-of-use readings of one meter, of several, or of all.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.7 (尖峰平谷抄表记录), ``POST /meter/peaksValleysRead``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListTimeOfUseReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )

    def camera_readings(
        self,
        *,
        begin: datetime,
        end: datetime,
        table_no: str | Iterable[str] | None = None,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[CameraReading]:
        """List the readings of camera water meters.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            table_no: Only this meter, or these. (表号, ``tableNo``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: meter 4.8 (摄像头水表抄表记录), ``POST /meter/cameraRead``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListCameraReadings(begin=begin, end=end, table_no=table_no, page=page, page_size=page_size)
        )


class AsyncRecharges:
    """Recharges (充值): paying money in, and the record of it."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def create(self, user_code: str, *, amount: Decimal | int | str, order_number: str) -> Acknowledgement:
        """Pay money into a resident's account.

        The order number is yours and must be new: the server refuses one that it has seen (:class:`DuplicateOrder`). When
        the answer gets lost, the call raises :class:`OutcomeUnknown` and is never repeated: look the order number up in
        recharges.list first.

        Args:
            user_code: Code of the resident. (用户编号, ``user_code``)
            amount: Positive, at most two decimals: Decimal, int or text, never a float. In yuan. (金额（元）, ``total_fee``)
            order_number: Your own number of the order. (第三方订单号, ``out_trade_no``)

        Vendor section: recharge 4.5 (充值), ``POST /user/Prestore``, no interval documented.
        """
        return await self._sender.send(Recharge(user_code, amount=amount, order_number=order_number))

    def list(
        self,
        user_code: str,
        *,
        begin: datetime,
        end: datetime,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[Payment]:
        """List a resident's recharges.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            user_code: Code of the resident. (用户编号, ``user_code``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: recharge 4.6 (充值记录), ``POST /user/GetPaymentList``, at most one call in 2 s.
        """
        return self._sender.iterate(ListRecharges(user_code, begin=begin, end=end, page=page, page_size=page_size))


class AsyncResidents:
    """Residents (户), their meters and what they use."""

    __slots__ = ("_sender",)

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(self, *, build_code: str | None = None) -> AsyncListing[Resident]:
        """List the residents of the account, or of one building.

        Args:
            build_code: Only this building. (楼栋编号, ``build_code``)

        Vendor section: recharge 4.3 (获取户号), ``POST /user/getUserCodeByAccount``, at most one call in 2 s.
        """
        return self._sender.iterate(ListResidents(build_code=build_code))

    async def get(self, user_code: str) -> Page[ResidentMeter]:
        """Read a resident's meters: readings and balances.

        The document shows one object; a resident may own a water and an electricity meter, so the answer is a page of one
        or more.

        Args:
            user_code: Code of the resident. (用户编号, ``user_code``)

        Vendor section: recharge 4.4 (获取用户信息), ``POST /user/GetUserInfo``, at most one call in 2 s.
        """
        return await self._sender.send(GetResident(user_code))

    def consumption(
        self,
        user_code: str,
        *,
        begin: datetime,
        end: datetime,
        page: int = 1,
        page_size: int = 1000,
    ) -> AsyncListing[ResidentConsumption]:
        """List what a resident's meters used, reading by reading.

        Args:
            begin: Start; naive times are China Standard Time. (开始时间, ``BeginDate``)
            end: End; not before the start. (结束时间, ``EndDate``)
            user_code: Code of the resident. (用户编号, ``user_code``)
            page: Page, counted from 1. (页码, ``pageNo``)
            page_size: Rows a page, at most 1000. (每页记录数, ``pageSize``)

        Vendor section: recharge 4.7 (消费记录), ``POST /user/GetConsumenList``, at most one call in 2 s.
        """
        return self._sender.iterate(
            ListResidentConsumption(user_code, begin=begin, end=end, page=page, page_size=page_size)
        )


class AsyncJrhsz(AsyncClient):
    """An async client of the prepaid meter platform jrhsz.

    What is not passed comes from the environment: ``CHAOBIAO_JRHSZ_BASE_URL``, ``_USERNAME`` and ``_PASSWORD``.

    Args:
        username: The account.
        password: Its API password.
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
        username: str | None = None,
        password: str | None = None,
        *,
        base_url: str | None = None,
        dialect: JrhszDialect | None = None,
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
        secret = None if password is None else Secret(password)
        del password  # so that no traceback shows it
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
            dialect=dialect or JrhszDialect(),
            base_url=base_url,
            username=username,
            password=secret,
            clock=clock,
            http_client=http_client,
            max_rate=max_rate,
            options=options,
        )
        super().__init__(context, http, limiter)

    def _bind(self) -> None:
        self.addresses = AsyncAddresses(self)
        """Addresses below buildings, and the rooms there."""
        self.buildings = AsyncBuildings(self)
        """Buildings (楼栋)."""
        self.meters = AsyncMeters(self)
        """Meters (表): readings, consumption, valve and breaker commands."""
        self.recharges = AsyncRecharges(self)
        """Recharges (充值): paying money in, and the record of it."""
        self.residents = AsyncResidents(self)
        """Residents (户), their meters and what they use."""

    async def login(self) -> None:
        """Log in now. Calls log in by themselves; this is for checking the account, or for a head start."""
        await self._log_in()

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
