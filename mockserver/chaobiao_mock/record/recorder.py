"""Passes calls through to a real server, and keeps what they show."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from chaobiao._contract.operation import Effect
from chaobiao._probe.exchange import Exchange, find_operation, read_arguments
from chaobiao._probe.findings import find
from chaobiao._probe.probe import observers_of
from chaobiao._probe.report import as_json, as_markdown
from chaobiao.clock import SYSTEM_CLOCK, Clock
from chaobiao_mock.record.sample import sample_of
from chaobiao_mock.record.secrets import Secrets
from chaobiao_mock.registry import MockFamily, mock_families

#: How many characters of responses are kept for the report.
MOST_TEXT: Final = 64 * 1024 * 1024
#: How many different unknown paths are listed.
_MOST_PATHS: Final = 1_000


class Recorder:
    """Keeps calls: the first success of each operation becomes a sample file at once, :meth:`report` says the rest."""

    def __init__(self, out: Path, clock: Clock = SYSTEM_CLOCK, families: Sequence[MockFamily] | None = None) -> None:
        self._out = out
        self._clock = clock
        self._families = families or mock_families()
        self._exchanges: dict[str, list[Exchange]] = {}
        self._kept = self._left_out = 0
        self._secrets = Secrets()
        #: The operations with a sample, by file; whether the sample shows a success.
        self._samples: dict[str, bool] = {}
        self._unknown: Counter[str] = Counter()

    def now(self) -> float:
        """Return the time in seconds since an arbitrary start."""
        return self._clock.monotonic()

    def add(
        self,
        *,
        at: float,
        verb: str,
        path: str,
        query: str,
        request_headers: Sequence[tuple[str, str]],
        body: bytes,
        status: int,
        headers: Sequence[tuple[str, str]],
        text: str,
    ) -> None:
        """Keep a call."""
        self._secrets.learn_headers([*request_headers, *headers])
        content_type = next((value for name, value in request_headers if name.lower() == "content-type"), "").lower()
        for family in self._families:
            kind = find_operation(family.family, verb, path)
            if kind is not None:
                exchange = Exchange(
                    kind=kind,
                    verb=verb,
                    arguments=read_arguments(verb, query, content_type, body),
                    in_query=bool(query),
                    content_type=content_type,
                    at=at,
                    status=status,
                    headers=tuple(headers),
                    text=text,
                )
                self._secrets.learn(family, exchange)
                self._keep(family, exchange)
                return
        if len(self._unknown) < _MOST_PATHS or f"{verb} {path}" in self._unknown:
            self._unknown[f"{verb} {path}"] += 1

    def _keep(self, family: MockFamily, exchange: Exchange) -> None:
        if self._kept + len(exchange.text) > MOST_TEXT:
            self._left_out += 1
        else:
            self._kept += len(exchange.text)
            self._exchanges.setdefault(family.name, []).append(exchange)
        name = f"{family.name}/{exchange.call}.json"
        good = exchange.status < 300 and _code(exchange) in ("", "0", "200")
        if name not in self._samples or (good and not self._samples[name]):
            self._samples[name] = good
            file = self._out / name
            file.parent.mkdir(parents=True, exist_ok=True)
            sample = sample_of(family, exchange, self._secrets)
            file.write_text(json.dumps(sample, ensure_ascii=False, indent=2) + "\n", "utf-8")

    def report(self) -> None:
        """Write ``report.md`` and ``report.json``."""
        unknown = {self._secrets.strike(path): count for path, count in sorted(self._unknown.items())}
        reports: list[dict[str, Any]] = []
        parts = ["# Recorded calls / 录制的调用", ""]
        for family in self._families:
            exchanges = sorted(self._exchanges.get(family.name, ()), key=lambda exchange: exchange.at)
            if exchanges:
                findings = find(family.family, observers_of(family.family), exchanges)
                writes = sum(each.kind.spec.effect not in (Effect.READ, Effect.SESSION) for each in exchanges)
                reports.append(as_json(family.family, findings, calls=len(exchanges), writes=writes))
                parts += [as_markdown(family.family, findings)]
        if self._left_out:
            parts += [
                f"{self._left_out} calls were too many for this report / 未计入本报告的调用数：{self._left_out}",
                "",
            ]
        parts += ["## Samples / 样例", "", *(f"- {name}" for name in sorted(self._samples)), ""]
        if unknown:
            parts += ["## Unknown paths / 未知路径", ""]
            parts += [f"- `{path}`: {count}" for path, count in unknown.items()]
        self._out.mkdir(parents=True, exist_ok=True)
        (self._out / "report.md").write_text("\n".join(parts).rstrip() + "\n", "utf-8")
        whole = {
            "families": reports,
            "samples": sorted(self._samples),
            "unknown_paths": unknown,
            "left_out": self._left_out,
        }
        text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        (self._out / "report.json").write_text(text, "utf-8")

    @property
    def summary(self) -> tuple[int, int]:
        """How many samples there are, and how many unknown paths."""
        return len(self._samples), len(self._unknown)


def _code(exchange: Exchange) -> str:
    envelope = exchange.envelope
    return str(envelope.get("code", envelope.get("Err_No", "")))
