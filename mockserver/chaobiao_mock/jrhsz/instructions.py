"""Commands to meters: open or close the gate, take a reading."""

from chaobiao.jrhsz import Instruction, InstructMeter
from chaobiao_mock.errors import Refused
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.registry import Handlers

handlers = Handlers()


@handlers.serves(InstructMeter)
def instruct(state: JrhszState, op: InstructMeter) -> None:
    index = state.fleet.index_of(op.device_id)
    if index is None:
        raise Refused(1001, f"设备 {op.device_id} 不存在")
    # Rows carry whole seconds. With a fraction, a command would lie after a period that ends with its own second.
    now = state.clock.now().replace(microsecond=0)
    online, events = state.fleet.is_online(state.fleet.spec(index)), state.fleet.events(index)
    if op.instruction is not Instruction.READ:
        state.devices.switch(index, now, connected=op.instruction is Instruction.RECONNECT)
    elif online:
        events.read(now)
    else:  # accepted, because no code says that a meter is offline; it is carried out when the meter is online
        events.read_waits = True
