"""A file that keeps the worlds of a server across restarts."""

import asyncio
import json
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.worlds import Worlds

#: The version of the form.
VERSION: Final = 1
#: The worlds are written every so many seconds, if there were requests.
INTERVAL: Final = 30.0

_LOG: Final = logging.getLogger(__name__)


class StateFile:
    """The file. It is replaced as a whole, so it is never half written."""

    def __init__(self, path: str | os.PathLike[str], interval: float = INTERVAL) -> None:
        self._path = Path(path)
        self._interval = interval
        self._written_at = 0
        self._task: asyncio.Task[None] | None = None
        self._writing: asyncio.Future[None] | None = None

    def load(self, worlds: Worlds) -> bool:
        """Restore the worlds; return whether there is a file. Raises ``ValueError`` for one that cannot be used."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            self._check_writable()
            return False
        except OSError as error:
            raise InvalidInput(
                f"cannot read {self._path}: {error.strerror}", f"无法读取 {self._path}：{error.strerror}"
            ) from None
        try:
            found = parse_json(content)
            version = found["state"] if isinstance(found, dict) else None
            if version != VERSION or not isinstance(found["worlds"], dict):
                raise InvalidInput(f"it is not a state of version {VERSION}", f"文件不是版本 {VERSION} 的状态文件")
            worlds.restore(found["worlds"])
        except (MalformedJson, KeyError):
            raise self._unusable(InvalidInput("it is not the state of a mock", "文件不是模拟服务的状态文件")) from None
        except InvalidInput as error:
            raise self._unusable(error) from None
        return True

    def _unusable(self, error: InvalidInput) -> InvalidInput:
        return InvalidInput(
            f"cannot use {self._path}: {error.english}; move it away to start afresh",
            f"无法使用 {self._path}：{error.chinese}；移走该文件后可重新开始",
        )

    def _check_writable(self) -> None:
        """Raise ``ValueError`` now, and not at the end, where the file cannot be written."""
        folder = self._path.absolute().parent
        if not os.access(folder, os.W_OK):
            raise InvalidInput(f"cannot write into {folder}", f"无法写入 {folder}")

    def save(self, worlds: Worlds) -> None:
        """Write the worlds."""
        self._written_at = worlds.requests
        self._write(worlds.snapshot())

    def begin(self, worlds: Worlds) -> None:
        """Write the worlds again and again from now on, in the running event loop."""
        self._written_at = worlds.requests
        self._task = asyncio.create_task(self._keep(worlds))

    async def end(self, worlds: Worlds) -> None:
        """Stop writing, after the last time. Raises ``ValueError`` where the file cannot be written."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._writing is not None:  # else what it writes would replace what is written now
            await asyncio.wait([self._writing])
        try:
            self.save(worlds)
        except OSError as error:
            raise InvalidInput(
                f"cannot write {self._path}: {error.strerror}", f"无法写入 {self._path}：{error.strerror}"
            ) from None

    async def _keep(self, worlds: Worlds) -> None:
        while True:
            await asyncio.sleep(self._interval)
            if worlds.requests == self._written_at:
                continue
            # The worlds are read here, between two requests; writing takes longer and needs no world.
            requests, snapshots = worlds.requests, worlds.snapshot()
            self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, snapshots))
            try:
                await asyncio.shield(self._writing)
            except OSError as error:
                _LOG.warning("cannot write %s: %s / 无法写入，稍后重试", self._path, error.strerror)
            else:
                self._written_at = requests

    def _write(self, snapshots: dict[str, Any]) -> None:
        content = json.dumps({"state": VERSION, "worlds": snapshots}, separators=(",", ":"))
        # Only its owner reads it: it contains passwords and tokens.
        number, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.absolute().parent)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
