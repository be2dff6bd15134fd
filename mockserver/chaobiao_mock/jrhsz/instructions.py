"""Commands to meters: open or close the gate, take a reading."""

from chaobiao.jrhsz import Instruction, InstructMeter
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.registry import Handlers

handlers = Handlers()


@handlers.serves(InstructMeter)
def instruct(state: JrhszState, op: InstructMeter) -> None:
    index = state.fleet.index_of(op.device_id)
    if index is None:
        raise Refused(1001, f"设备 {op.device_id} 不存在")
    # Rows carry whole seconds. With a fraction, a command would lie after a period that ends with its own second.
    events, now = state.fleet.events(index), state.clock.now().replace(microsecond=0)
    if op.instruction is Instruction.READ:
        if not events.read_commands or events.read_commands[-1] != now:  # one reading a second
            events.read_commands.append(now)
    else:
        events.switches.append((now, op.instruction is Instruction.RECONNECT))
