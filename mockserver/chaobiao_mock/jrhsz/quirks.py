"""How the mock interprets the documents, where they leave something open."""

from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class JrhszQuirks:
    """The defaults are the likeliest interpretations; each other one can be set, to test a client against it."""

    #: ``data`` as each document shows it (recharge doc: JSON text in a string; meter doc: native), or one form for all.
    data: Literal["documented", "text", "native"] = "documented"
    #: ``code`` as a number or as text.
    code: Literal["number", "text"] = "number"
    #: A single row as an object where the documents show one (GetUserInfo, readMeter for one meter), or as a list.
    single_row: Literal["object", "list"] = "object"
    #: How consumption spells its amount: the sample's ``amout`` or the table's ``amount``.
    amount_key: Literal["amout", "amount"] = "amout"
    #: How a meter spells its kind: the sample's ``tableType`` or the table's ``typeType``.
    kind_key: Literal["tableType", "typeType"] = "tableType"
    #: Kinds of meters by the documents' lists, or the numbers that the lists leave out (25, 29, 33, 34).
    kinds: Literal["listed", "unassigned"] = "listed"
    #: Numbers as each sample writes them, or all as text, or all as JSON numbers.
    numbers: Literal["documented", "text", "number"] = "documented"
    #: States in the documents' words, or in others.
    words: Literal["documented", "other"] = "documented"
    #: Which fields rows lack: those that samples lack, or one more in each row (the first in the first row, and so on).
    missing: Literal["documented", "one"] = "documented"
    #: Whether ``tableNo`` comes twice, as in a sample: with the same value, or with another.
    repeated_key: Literal["no", "same", "different"] = "no"
    #: Whether ``type`` 2 lists consumption by the day; no document says so, and ``no`` refuses it.
    daily: Literal["yes", "no"] = "yes"
    #: What an ``EndDate`` without a time of day includes: that day, or only its first moment.
    date_end: Literal["day", "midnight"] = "day"
    #: The total beside a page: of all rows, or of the page (as some samples have it), or too small (1), or too large
    #: (readMeter's sample shows 52 beside one row), or none.
    total: Literal["all", "page", "one", "more", "none"] = "all"
    #: A page after the last: empty, or the last one again.
    after_last: Literal["empty", "repeat"] = "empty"
    #: A balance of zero: the valve trips until a recharge, or the resident has credit and consumption goes on.
    at_zero: Literal["trip", "credit"] = "trip"
    #: The 2 s interval for logins (recharge doc: yes; meter doc: no).
    login_paced: Literal["yes", "no"] = "yes"
    #: The interval for recharges (recharge doc: no; meter doc: yes).
    recharge_paced: Literal["yes", "no"] = "no"
    #: Whether the intervals are enforced at all.
    paced: Literal["yes", "no"] = "yes"
    #: Whether a new login ends the account's earlier tokens; calls with those are refused with 1006 or 1009.
    sessions: Literal["many", "one-1006", "one-1009"] = "many"
