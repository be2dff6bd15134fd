"""The console: one line for each call, as text or JSON, written by a thread of its own.

Who started the mock may not read its output. The pipe is full then, and a write would wait: only the thread does, and
lines that come meanwhile are dropped and counted.
"""

import contextlib
import json
import os
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, TextIO

from chaobiao_mock.journal import Entry

#: How many calls wait to be written.
LONGEST: Final = 10_000
#: How many contract violations a line shows.
SHOWN: Final = 3

_LONGEST_TEXT: Final = 80
_GREEN: Final = "\x1b[32m"
_RED: Final = "\x1b[31m"
_YELLOW: Final = "\x1b[33m"
_DIM: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"

Format = Callable[[str, Entry], str]


def text_line(world: str, entry: Entry, *, coloured: bool = False) -> str:
    """Return a call as text: time and name of the world, operation, account, code, and why it was refused."""

    def paint(text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if coloured and text else text

    refused = entry.code != entry.family.success
    name = f"{entry.family.name}:{entry.operation}"
    code = str(entry.code) if entry.status in (200, entry.code) else f"{entry.code} (HTTP {entry.status})"
    parts = [
        paint(f"{entry.time:%Y-%m-%d %H:%M:%S}", _DIM),
        f"{world:<8}" if world else "",
        f"{name:<30}",
        f"{_printable(entry.account) or '-':<10}",
        paint(code, _RED if refused else _GREEN),
    ]
    if refused:
        parts.append(" / ".join(text for text in entry.reason if text))
    if entry.fault is not None:
        done = "carried out / 已执行" if entry.carried_out else "not carried out / 未执行"
        parts.append(paint(f"[fault / 故障: {entry.fault}, {done}]", _YELLOW))
    # Where the body could not be read as it was meant, everything is missing.
    if entry.violations and not entry.hint[0]:
        parts.append(paint(f"[contract / 不符合文档: {_violations(entry)}]", _YELLOW))
    line = "  ".join(part for part in parts if part).rstrip()
    hints = [paint(f"    -> {text}", _YELLOW) for text in entry.hint if text]
    return "\n".join([line, *hints])


def json_line(world: str, entry: Entry) -> str:
    """Return a call as one line of JSON: what the journal has of it, and the world's name."""
    return event_line("call", world=world, **entry.to_dict())


def event_line(event: str, **facts: Any) -> str:
    """Return an event as one line of JSON."""
    return json.dumps({"event": event, **facts}, ensure_ascii=False, separators=(",", ":"))


def is_coloured(stream: TextIO) -> bool:
    """Tell whether to write colours: to a terminal that shows them."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Console:
    """Writes calls to a stream; use it as ``create_app(on_call=…)``. Text is coloured on a terminal only."""

    def __init__(self, stream: TextIO, *, as_json: bool = False) -> None:
        coloured = is_coloured(stream)
        self._format: Format = json_line if as_json else lambda world, entry: text_line(world, entry, coloured=coloured)
        self._stream = stream
        self._as_json = as_json
        self._waiting: queue.Queue[tuple[str, Entry] | None] = queue.Queue(LONGEST)
        self._dropped = 0
        self._counting = threading.Lock()
        # A daemon: the reader that has stopped reading must not keep the process alive.
        self._thread = threading.Thread(target=self._write_all, name="chaobiao-mock console", daemon=True)
        self._thread.start()

    def __call__(self, world: str, entry: Entry) -> None:
        """Write a call, soon; it never waits."""
        try:
            self._waiting.put_nowait((world, entry))
        except queue.Full:
            with self._counting:
                self._dropped += 1

    def close(self, timeout: float = 2.0) -> bool:
        """Write what waits, for some seconds at most; tell whether all of it was read."""
        if not self._thread.is_alive():  # the reader is gone
            return True
        try:
            self._waiting.put(None, timeout=timeout)
        except queue.Full:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _write_all(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # the reader is gone; calls go on
            while (found := self._waiting.get()) is not None:
                write_line(self._stream, self._format(*found))
                self._tell_dropped()
            self._tell_dropped()

    def _tell_dropped(self) -> None:
        with self._counting:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            write_line(self._stream, self._about_dropped(dropped))

    def _about_dropped(self, count: int) -> str:
        if self._as_json:
            return event_line("dropped", calls=count)
        return f"({count} calls are not shown: the output was not read / {count} 次调用未显示：输出未被读取)"


def write_line(stream: TextIO, text: str) -> None:
    """Write a line past the stream's buffer, whose lock would be held at the end by a thread that waits."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no file, as in tests
        stream.write(f"{text}\n")
        return
    rest = memoryview(f"{text}\n".encode(stream.encoding or "utf-8", "backslashreplace"))
    while rest:
        rest = rest[os.write(number, rest) :]


def _violations(entry: Entry) -> str:
    shown = [f"{_printable(english)} / {_printable(chinese)}" for english, chinese in entry.violations[:SHOWN]]
    more = len(entry.violations) - SHOWN
    return "; ".join([*shown, *([f"+{more}"] if more > 0 else [])])


def _printable(text: str) -> str:
    """Return a text of a client's as it can be shown: it could hold the control codes of a terminal."""
    short = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return "".join(char if char.isprintable() else "�" for char in short)
