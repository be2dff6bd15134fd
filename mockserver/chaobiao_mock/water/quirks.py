"""How the mock interprets the water document, where it leaves something open."""

from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class WaterQuirks:
    """The defaults are what the document shows; each other interpretation can be set, to test a client against it."""

    #: Times in responses: text of 13 digits, as the samples show them, or numbers.
    timestamps: Literal["text", "number"] = "text"
    #: The key of a user's name in rows: ``username`` or ``user_name`` as in each sample, or each time the other one.
    user_key: Literal["documented", "other"] = "documented"
    #: The key of a payment's amount: the sample's ``amcount_recharged``, or its correct spelling.
    amount_key: Literal["amcount_recharged", "amount_recharged"] = "amcount_recharged"
    #: The regions: the sample's provinces and cities, or also districts and streets below those.
    regions: Literal["documented", "deep"] = "documented"
    #: The ``children`` of a region without regions below it.
    no_children: Literal["null", "list"] = "null"
    #: The total beside the rows: a number, text, or none.
    total: Literal["number", "text", "none"] = "number"
