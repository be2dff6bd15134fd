"""Reads the transcription of the vendors' documents, and the exemptions: what the code has in another way, and why."""

import csv
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._families import families

Direction = Literal["operation", "request", "response", "envelope"]


@attrs.frozen
class Row:
    """A line of ``contract.csv``: one endpoint, parameter, response field or member of an envelope."""

    family: str
    section: str
    direction: str
    name: str
    type: str
    required: str
    words: str
    where: str
    note: str

    @property
    def path(self) -> str:
        """The path of an endpoint; some are written without their leading slash."""
        return "/" + self.name.lstrip("/")

    def __str__(self) -> str:
        return f"{self.family} {self.section} {self.direction} {self.name}"


@attrs.frozen
class Exemption:
    """A line of ``exemptions.csv``, for one of its sections and names."""

    family: str
    section: str
    direction: str
    name: str
    rule: str
    value: str
    reason: str


@attrs.frozen(slots=False)
class Transcription:
    """Everything that is transcribed."""

    rows: tuple[Row, ...]
    exemptions: tuple[Exemption, ...]

    @cached_property
    def rows_of(self) -> dict[tuple[str, str, str], list[Row]]:
        """The rows by family, section and direction."""
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.family, row.section, row.direction), []).append(row)
        return found

    def envelope_names(self, family: Family) -> set[str]:
        """Return all members of envelopes that a family's documents show."""
        return {row.name for row in self.rows if (row.family, row.direction) == (family.name, "envelope")}

    def changed(self, section: str, direction: str, name: str, changes: dict[str, str]) -> "Transcription":
        """Return a transcription with one row changed, for tests that want to see a difference."""
        (row,) = (row for row in self.rows if (row.section, row.direction, row.name) == (section, direction, name))
        rows = tuple(attrs.evolve(each, **changes) if each is row else each for each in self.rows)
        return attrs.evolve(self, rows=rows)


@attrs.frozen
class Endpoint:
    """An operation beside what is transcribed of it."""

    family: Family
    kind: Kind
    transcription: Transcription = attrs.field(repr=False)

    @property
    def sections(self) -> list[str]:
        """The sections that describe the operation: "recharge 4.1 = meter 4.1" is two."""
        return [section.strip() for section in self.kind.spec.section.split("=")]

    def rows(self, direction: Direction) -> list[Row]:
        """Return the rows of its sections, and those that hold for all sections."""
        rows_of = self.transcription.rows_of
        sections = (*self.sections, "*")
        return [row for section in sections for row in rows_of.get((self.family.name, section, direction), [])]

    def exempt(self, direction: str, name: str, rule: str) -> str | None:
        """Return what the code may have instead of what is documented; ``None`` where it may not differ."""
        mine = (self.family.name, direction, name, rule)
        found = (
            exemption.value
            for exemption in self.transcription.exemptions
            if (exemption.family, exemption.direction, exemption.name, exemption.rule) == mine
            and exemption.section in (*self.sections, "*")
        )
        return next(found, None)

    def __str__(self) -> str:
        return f"{self.family.name} {self.kind.spec.section}"


def table(name: str) -> list[dict[str, Any]]:
    """Read one of this directory's tables."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def transcription() -> Transcription:
    """Return what is transcribed, read once."""
    exemptions = [
        Exemption(line["family"], section, line["direction"], name, line["rule"], line["value"], line["reason"])
        for line in table("exemptions.csv")
        for section in line["sections"].split(", ")
        for name in line["names"].split()
    ]
    return Transcription(tuple(Row(**line) for line in table("contract.csv")), tuple(exemptions))


def endpoints(transcribed: Transcription | None = None) -> list[Endpoint]:
    """Return every operation of every family, beside the transcription or another one."""
    beside = transcription() if transcribed is None else transcribed
    return [Endpoint(family, kind, beside) for family in families() for kind in family.operations]
