"""The mock's energy statistics of a large plant, against the time that writing the same response as JSON takes."""

import json
from datetime import datetime

from measure import Result, interleave

from chaobiao.energy import ListConsumptionDetails, Login
from chaobiao_mock import World, WorldSettings
from chaobiao_mock.energy import FAMILY
from chaobiao_mock.energy.accounts import DEMO_PASSWORD, DEMO_USERNAME
from chaobiao_mock.registry import Call

MACHINES = 1000


def measure(quick: bool) -> list[Result]:
    """Measure a year of quarters of an hour, added up over all machines."""
    world = World(WorldSettings(meters=4 * MACHINES, start=datetime(2026, 6, 1)))
    state = world.states[FAMILY.name]
    account = json.dumps({"Usr_Name": DEMO_USERNAME, "Usr_Password": DEMO_PASSWORD}).encode()
    login = FAMILY.protocol.respond(state, Call(Login, "POST", "application/json", {}, account), FAMILY.handlers)
    cookies = dict([text.partition(";")[0].split("=", 1) for name, text in login.headers if name == "set-cookie"])
    question = {
        "Time_Type": "3",
        "Time_Start": "2025-06-01 00:00:00",
        "Time_End": "2026-06-01 00:00:00",
        "Time_Interval": "15",
        "Amount_Type": "1",
        "Amount_Value": "0",
    }
    call = Call(ListConsumptionDetails, "GET", "", question, b"", cookies)

    def ours() -> int:
        return len(json.dumps(FAMILY.protocol.respond(state, call, FAMILY.handlers).payload))

    payload = FAMILY.protocol.respond(state, call, FAMILY.handlers).payload
    assert len(payload["Data"]) == 365 * 96

    def theirs() -> int:
        return len(json.dumps(payload))

    found = interleave(ours, theirs, rounds=5 if quick else 20, calls=1)
    return [
        Result(
            f"mock: energy statistics of {MACHINES} machines, a year of quarters of an hour, CPU, against json.dumps",
            found.ratio,
            budget=8,
            spread=found.spread,
            detail=f"{found.ours * 1e3:.0f} ms against {found.theirs * 1e3:.0f} ms for {len(payload['Data'])} rows",
        )
    ]
