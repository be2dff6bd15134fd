"""The codes and state words of the prepaid platform, as enums.

A value that no table lists is kept: decoding it creates a member with that value.
"""

import enum

from chaobiao._contract.enums import OpenNumber, OpenText


class Commodity(enum.Enum):
    """What a meter measures (计量介质)."""

    ELECTRICITY = "electricity"
    WATER = "water"


class MeterKind(OpenNumber):
    """The kind of a meter: codes from meter 4.2, names from 4.5. A code without a name here is kept as its number."""

    NB_ELECTRICITY_RS485 = 1
    WATER = 2
    ELECTRICITY = 3
    NB_WATER_WET_DIAL = 4
    ELECTRICITY_4G = 5
    NB_WATER_PHOTOELECTRIC = 6
    TIME_OF_USE_ELECTRICITY = 7
    WIRED_WATER = 8
    WIRED_ELECTRICITY = 9
    LXS_COLD_WATER = 10
    TIME_OF_USE_ELECTRICITY_4G = 11
    LXS_UDP_COLD_WATER = 12
    INDUSTRIAL_PC_ELECTRICITY = 13
    INDUSTRIAL_PC_COLD_WATER = 14
    TIME_OF_USE_ELECTRICITY_4G_NEW = 15
    CONCENTRATOR_3_ELECTRICITY = 16
    CONCENTRATOR_3_WATER = 17
    CONCENTRATOR_2_ELECTRICITY = 18
    CONCENTRATOR_2_WATER_RS485 = 19
    CONCENTRATOR_2_WATER_MBUS = 20
    OPAQUE_CONCENTRATOR_ELECTRICITY = 21
    OPAQUE_CONCENTRATOR_WATER_RS485 = 22
    OPAQUE_CONCENTRATOR_WATER_MBUS = 23
    WATER_4G = 24
    CONCENTRATOR_ELECTRICITY_WEEKLY = 26
    CONCENTRATOR_WATER_RS485_WEEKLY = 27
    CONCENTRATOR_WATER_MBUS_WEEKLY = 28
    PREPAID_ELECTRICITY_4G = 30
    NB_TERMINAL_WATER = 31

    @property
    def commodity(self) -> Commodity | None:
        """Electricity or water, by the lists in meter 4.2; ``None`` for a code that is in neither list."""
        if self.value in _ELECTRICITY:
            return Commodity.ELECTRICITY
        return Commodity.WATER if self.value in _WATER else None


_ELECTRICITY = frozenset({1, 3, 5, 7, 9, 11, 13, 15, 16, 18, 21, 26, 30, 42, 43, 46, 48})
_WATER = frozenset({2, 4, 6, 8, 10, 12, 14, 17, 19, 20, 22, 23, 24, 27, 28, 31, 32, *range(35, 42), 44, 45, 47, 49})


class Gate(OpenText):
    """The state of a meter's valve or breaker (阀门状态): whether it lets water or electricity through."""

    #: The valve is closed, the breaker is tripped.
    DISCONNECTED = "跳闸"
    #: The valve is open, the breaker is closed. In no sample; meter 4.6 uses the word for the command.
    CONNECTED = "合闸"


class NetworkState(OpenText):
    """Whether a meter is online (netStatis, 设备当前状态)."""

    #: Inferred: the document shows 不在线 only.
    ONLINE = "在线"
    OFFLINE = "不在线"


class ImageStatus(OpenText):
    """Whether the picture of a camera meter could be parsed (解析状态)."""

    PARSED = "解析正常"


class Instruction(enum.Enum):
    """A command to a device (meter 4.6)."""

    #: Trip the breaker or close the valve (跳闸、关阀).
    DISCONNECT = "1"
    #: Close the breaker or open the valve (合闸、开阀).
    RECONNECT = "2"
    #: Take a reading now (抄表).
    READ = "3"


class ConsumptionKind(enum.Enum):
    """The kind of consumption records to list (meter 4.5)."""

    #: All records, several per day (实时数据).
    REALTIME = "1"
    #: One record per day (日数据). The document describes these but lists no code for them: 2 is inferred.
    DAILY = "2"
