"""Looks for secrets in whatever comes out of a client."""

import base64
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import chaobiao
from chaobiao import ChaobiaoError

_SOURCE = str(Path(chaobiao.__file__).parent)


class Leaks:
    """Fails where a planted secret can be read in what it is shown."""

    def __init__(self) -> None:
        self._canaries: dict[str, str] = {}
        self.checked = 0

    def plant(self, name: str, secret: str) -> None:
        """Look for a secret from now on, in every form in which it is sent or printed."""
        encoded = base64.b64encode(secret.encode())
        for form, text in {
            "plain": secret,
            "escaped": json.dumps(secret)[1:-1],
            "quoted": quote(secret),
            "base64": encoded.decode().rstrip("="),
            "bytes": repr(secret.encode())[2:-1],
        }.items():
            self._canaries[f"{name}, {form}"] = text

    def check(self, where: str, shown: object) -> None:
        """Fail if a secret can be read in a text, or in the repr of anything else."""
        text = shown if isinstance(shown, str) else repr(shown)
        self.checked += 1
        for name, canary in self._canaries.items():
            assert canary not in text, f"{name} in {where}: {text[:2000]}"

    def check_error(self, error: BaseException) -> None:
        """Check all that an error tracker keeps: words, attributes, causes, frames with their locals."""
        seen: set[int] = set()
        waiting: list[BaseException | None] = [error]
        while waiting:
            found = waiting.pop()
            if found is None or id(found) in seen:
                continue
            seen.add(id(found))
            name = type(found).__name__
            self.check(f"str of {name}", str(found))
            self.check(f"repr of {name}", repr(found))
            self.check(f"arguments of {name}", repr(found.args))
            self.check(f"attributes of {name}", repr(vars(found)))
            self._check_inside(name, found)
            self.check(f"traceback of {name}", "".join(traceback.format_exception(found)))
            self._check_frames(name, found)
            if isinstance(found, ChaobiaoError):
                self.check(f"pickle of {name}", pickle.dumps(found, protocol=0).decode("latin-1"))
                self.check(f"pickle of {name}", pickle.dumps(found).decode("latin-1"))
                again = pickle.loads(pickle.dumps(found))
                assert (type(again), str(again)) == (type(found), str(found))
            waiting += [found.__cause__, found.__context__]

    def _check_inside(self, name: str, error: BaseException) -> None:
        """Check the attributes by which HTTP libraries and parsers hold a request or a text."""
        for attribute in ("request", "_request", "response", "object", "doc"):
            inside = getattr(error, attribute, None) if attribute in dir(error) else None
            content = getattr(inside, "content", inside)
            self.check(f"{attribute} of {name}", content.decode("latin-1") if isinstance(content, bytes) else content)

    def _check_frames(self, name: str, error: BaseException) -> None:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        for frame in report.stack:
            if frame.filename.startswith(_SOURCE):
                self.check(f"locals of {frame.name} below {name}", repr(frame.locals))

    @contextmanager
    def in_log_records(self) -> Iterator[None]:
        """Check every log record with its extra fields when the block ends."""
        records: list[logging.LogRecord] = []

        class Keep(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                records.append(record)

        handler = Keep(logging.DEBUG)
        levels = {"chaobiao": logging.DEBUG, "httpx": logging.INFO, "httpcore": logging.INFO}
        before = {name: logging.getLogger(name).level for name in levels}
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).addHandler(handler)
        yield
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).removeHandler(handler)
        assert records, "nothing was logged"
        for record in records:
            self.check(f"log record {record.msg!r}", record.getMessage())
            self.check(f"fields of log record {record.msg!r}", repr(vars(record)))
            if record.exc_info and record.exc_info[1] is not None:
                self.check_error(record.exc_info[1])
