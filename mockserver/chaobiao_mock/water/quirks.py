"""How the mock interprets the water document, where it leaves something open."""

from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class WaterQuirks:
    """The defaults are what the document shows; each other interpretation can be set, to test a client."""

    #: Times in responses: text of 13 digits, as the samples show them, or numbers.
    timestamps: Literal["text", "number"] = "text"
    #: How rows call a user's name: ``username`` or ``user_name`` as each sample does, or each the other way round.
    user_key: Literal["documented", "other"] = "documented"
    #: How a payment spells its amount: the sample's ``amcount_recharged``, or as it is meant.
    amount_key: Literal["amcount_recharged", "amount_recharged"] = "amcount_recharged"
    #: The regions: the sample's provinces and cities, or districts and streets below those.
    regions: Literal["documented", "deep"] = "documented"
    #: What a region without any below it has for ``children``.
    no_children: Literal["null", "list"] = "null"
    #: The total beside the rows: a number, text, or none.
    total: Literal["number", "text", "none"] = "number"
