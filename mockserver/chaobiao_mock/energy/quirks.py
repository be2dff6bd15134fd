"""How the mock interprets the energy document, where it leaves something open."""

from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class EnergyQuirks:
    """The defaults are the likeliest interpretations; each other one can be set, to test a client against it."""

    #: The number of the first page: chapters 6 to 8 say 0, the appendix 1.
    page_base: Literal["0", "1"] = "0"
    #: What a PUT does to fields that the request leaves out: they stay, or they get their defaults.
    put: Literal["merge", "replace"] = "merge"
    #: Deleting what others refer to: refused with 4004, or they are deleted too.
    cascade: Literal["no", "yes"] = "no"
    #: ``Err_No`` as text, as a number, or as 3.5's sample shows it: empty text, beside ``Err_msg``, in success.
    err_no: Literal["text", "number", "empty"] = "text"
    #: The HTTP status of 4101.
    unauthorized: Literal["200", "401"] = "200"
    #: How many cookies a login sets.
    cookies: Literal["one", "two", "none"] = "one"
    #: A single object in ``Data``: in a list of one, or bare.
    single: Literal["list", "object"] = "list"
    #: What a list without rows returns: 4002, or success without rows.
    empty: Literal["4002", "rows"] = "4002"
    #: The verbs that 6.9 takes: GET and the documented DELETE, or one alone.
    alarm_message_verb: Literal["both", "GET", "DELETE"] = "both"
    #: Where DELETE takes its parameters from: from both, or one alone.
    delete_parameters: Literal["both", "body", "query"] = "both"
    #: ``Total_Numbers`` beside a page: as text, as a number, or none.
    total: Literal["text", "number", "none"] = "text"
