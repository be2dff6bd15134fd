"""The descriptor of the prepaid meter platform jrhsz."""

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
        "residents": Namespace("Residents (户), their meters and what they use.", "户、户下表计与用量"),
        "recharges": Namespace("Recharges (充值): paying money in, and the record of it.", "充值与充值记录"),
        "addresses": Namespace("Addresses below buildings, and the rooms there.", "地址与房间"),
        "meters": Namespace(
            "Meters (表): readings, consumption, valve and breaker commands.", "表计：读数、用量、阀门与断路器指令"
        ),
    },
    documents=("recharge", "meter"),
    codes=CODES,
)
