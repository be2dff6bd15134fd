"""Commands to meters: the gate opens and closes, readings are taken."""

from chaobiao.jrhsz import Instruction, InstructMeter
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.registry import Handlers

handlers = Handlers()


@handlers.serves(InstructMeter)
def instruct(state: JrhszState, op: InstructMeter) -> None:
    index = state.fleet.index_of(op.device_id)
    if index is None:
        raise Refused(1001, f"设备 {op.device_id} 不存在")
    # Reports carry whole seconds; so must their moments, or a period that ends with one would not hold it.
    events, now = state.fleet.events(index), state.clock.now().replace(microsecond=0)
    if op.instruction is Instruction.READ:
        if not events.reads or events.reads[-1] != now:  # one reading a second
            events.reads.append(now)
    else:
        events.switches.append((now, op.instruction is Instruction.RECONNECT))
