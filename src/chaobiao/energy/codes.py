"""The codes of the energy management API. A value that no table lists is kept: reading it makes a member of it."""

from chaobiao._contract.enums import OpenNumber, OpenText


class EnergyKind(OpenText):
    """A kind of energy (能源类型), as sections 3.1 to 3.5 list them."""

    ELECTRICITY = "0"
    TAP_WATER = "1"
    RECLAIMED_WATER = "2"
    HOT_WATER = "3"
    SOFT_WATER = "4"
    MEDIUM_PRESSURE_STEAM = "5"
    LOW_PRESSURE_STEAM = "6"
    AIR = "7"
    NATURAL_GAS = "8"


class TimeType(OpenText):
    """The length of what a query is about (时间类型)."""

    YEAR = "1"
    MONTH = "2"
    DAY = "3"


class GroupBy(OpenText):
    """What amounts of energy are added up by (总量类型)."""

    ENERGY_KIND = "1"
    METER = "2"
    MACHINE = "3"
    DEPARTMENT = "4"


class Combination(OpenText):
    """How the amounts of a machine or department are divided (Amount_Combination)."""

    ENERGY_KIND = "1"
    METER = "2"


class AlarmLevel(OpenNumber):
    """How serious an alarm is (报警级别)."""

    GENERAL = 1
    WARNING = 2
    SEVERE = 3


class AlarmType(OpenNumber):
    """What an alarm watches (报警类型)."""

    #: The consumption of a machine in each hour.
    HOURLY_CONSUMPTION = 1
    #: A parameter of a machine at one moment, such as a current.
    PARAMETER = 2


class NotifyWay(OpenNumber):
    """How people are notified of an alarm (通知方式)."""

    PLATFORM = 1
    SMS = 2
    EMAIL = 3
    WECHAT = 4


class CountBy(OpenNumber):
    """What alarm messages are counted by (6.10)."""

    ALL = 0
    LEVEL = 1
    TYPE = 2
    NOTIFY_WAY = 3


class ReturnFormat(OpenNumber):
    """One total, or one for each part of the period: for a day, each hour."""

    TOTAL = 1
    DETAILS = 2


class SummaryBy(OpenNumber):
    """What statistics of output are added up by; ``BATCH`` is for batches (8.14) only."""

    NOTHING = 0
    PRODUCT = 1
    MACHINE = 2
    BATCH = 3


class OutputAmount(OpenNumber):
    """The amount that statistics of output return; ``EFFICIENCY`` is for batches (8.14) only."""

    OUTPUT = 1
    #: Consumption of one kind of energy.
    ENERGY = 2
    #: Consumption of all kinds of energy, converted to coal equivalent.
    COMPOSITE_ENERGY = 3
    #: ``ENERGY`` divided by the output.
    ENERGY_PER_UNIT = 4
    #: ``COMPOSITE_ENERGY`` divided by the output.
    COMPOSITE_ENERGY_PER_UNIT = 5
    #: Output per hour.
    EFFICIENCY = 6


class StatType(OpenText):
    """How often a data item is collected (采集频率)."""

    REALTIME = "0"
    DAY = "1"
    MONTH = "2"
    YEAR = "3"


class Scope(OpenNumber):
    """What a data item covers (范围)."""

    PLANT = 1
    PROCESS = 2
    PROCESS_UNIT = 3
    KEY_EQUIPMENT = 4


class ConsumeLevel(OpenNumber):
    """Yearly consumption in tonnes of coal equivalent (energyConsumeLevel)."""

    BELOW_5_000 = 1
    FROM_5_000 = 2
    FROM_10_000 = 3
    FROM_100_000 = 4
    FROM_500_000 = 5
    ABOVE_3_000_000 = 6


class Field(OpenText):
    """The field that an enterprise works in (领域编码)."""

    INDUSTRY = "100"
    TRANSPORT_STORAGE_POST = "200"
    HOTELS_CATERING = "300"
    TRADE = "400"
    EDUCATION = "500"
    OTHER = "600"


class ProvinceOperation(OpenNumber):
    """An operation on the provincial platform whose result can be asked for (5.8)."""

    UPLOAD_ORGANIZATION = 1
    UPDATE_VERSION = 2
