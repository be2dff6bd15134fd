"""Strikes secrets out of what is recorded."""

from collections.abc import Iterable, Mapping
from typing import Any

from chaobiao._call.redaction import strike_out
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Effect
from chaobiao._contract.secret import Secret
from chaobiao._probe.exchange import Exchange
from chaobiao_mock.journal import STRUCK
from chaobiao_mock.registry import MockFamily


def secret_names(family: MockFamily, kind: Kind) -> frozenset[str]:
    """Return the arguments of an operation that are secret or belong to the session, by wire name."""
    return family.protocol.session_names | {field.name for field in fields_of(kind) if field.secret}


class Secrets:
    """The secrets that have passed: values of secret arguments, tokens, cookies and credentials in headers."""

    def __init__(self) -> None:
        self._known: dict[str, Secret] = {}

    def learn_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Remember the credentials in the headers of a request or response."""
        for name, value in headers:
            match name.lower():
                case "authorization" | "proxy-authorization":
                    self._add(value, value.partition(" ")[2].strip())
                case "cookie":
                    self._add(*(pair.partition("=")[2].strip() for pair in value.split(";")))
                case "set-cookie":
                    self._add(value.partition(";")[0].partition("=")[2].strip())
                case other if "token" in other or "api-key" in other:
                    self._add(value)

    def learn(self, family: MockFamily, exchange: Exchange) -> None:
        """Remember the secrets of a call."""
        for name in secret_names(family, exchange.kind):
            value = exchange.arguments.get(name)
            if isinstance(value, str | int):
                self._add(str(value))
        data = exchange.envelope.get("data")
        if exchange.kind.spec.effect is Effect.SESSION and isinstance(data, str):
            self._add(data)

    def _add(self, *values: str) -> None:
        self._known |= {value: Secret(value) for value in values if value and value not in self._known}

    def strike(self, value: Any) -> Any:
        """Return a JSON value without secrets in its texts."""
        if isinstance(value, str):
            return strike_out(value, self._known.values())
        if isinstance(value, dict):
            return {self.strike(name): self.strike(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.strike(each) for each in value]
        if isinstance(value, int | float) and str(value) in self._known:
            return STRUCK
        return value

    def strike_arguments(self, family: MockFamily, exchange: Exchange) -> Mapping[str, Any]:
        """Return the arguments of a call without secrets."""
        hidden = secret_names(family, exchange.kind)
        return {name: STRUCK if name in hidden else self.strike(value) for name, value in exchange.arguments.items()}
