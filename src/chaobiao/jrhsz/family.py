"""The descriptor of the prepaid platform."""

from typing import Final

from chaobiao._contract.family import Family, Namespace
from chaobiao.jrhsz import buildings, login, meters, readings, recharges, residents
from chaobiao.jrhsz.dialect import CODES, JrhszDialect

FAMILY: Final = Family(
    name="jrhsz",
    title="prepaid meter platform jrhsz",
    title_zh="智能抄表预付费平台 jrhsz",
    client="Jrhsz",
    dialect=JrhszDialect,
    modules=(login, buildings, residents, recharges, meters, readings),
    namespaces={
        "buildings": Namespace("Buildings (楼栋).", "楼栋"),
        "residents": Namespace("Residents (住户): their meters, balances and consumption.", "住户：表计、余额与用量"),
        "recharges": Namespace("Recharges (充值): pay money in, and list past recharges.", "充值与充值记录"),
        "addresses": Namespace("Addresses (地址) in buildings, and the rooms at an address.", "地址与房间"),
        "meters": Namespace(
            "Meters (表计): readings, consumption, and commands to valves and breakers.",
            "表计：读数、用量、阀门与断路器指令",
        ),
    },
    documents=("recharge", "meter"),
    codes=CODES,
)
