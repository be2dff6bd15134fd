"""chaobiao (抄表, "meter reading"): typed clients for Chinese metering platforms, sync and async.

Public names are loaded on first use (PEP 562), so importing the package is cheap and a program loads only the clients
that it uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chaobiao._version import __version__ as __version__

if TYPE_CHECKING:
    from chaobiao._call.events import CallEvent
    from chaobiao._call.options import Options
    from chaobiao._client.listing import AsyncListing, Listing
    from chaobiao._contract.fields import Record
    from chaobiao._contract.operation import Acknowledgement, Page
    from chaobiao.clock import SHANGHAI, Clock, SystemClock, VirtualClock
    from chaobiao.energy._async import AsyncEnergyManager
    from chaobiao.energy._sync import EnergyManager
    from chaobiao.energy.dialect import EnergyDialect
    from chaobiao.errors import (
        RETRYABLE,
        AlreadyExists,
        ArgumentError,
        ChaobiaoError,
        ClientClosed,
        ConfigurationError,
        CredentialError,
        DeadlineExceeded,
        DuplicateOrder,
        HttpStatusError,
        IncompleteList,
        InvalidArgument,
        NeedsReconciliation,
        NoResponse,
        NotFound,
        NotSent,
        OperationFailed,
        OutcomeUnknown,
        ParameterMissing,
        ParameterRefused,
        PermissionRefused,
        PlainHttpWarning,
        RetryLater,
        ServerUnavailable,
        SessionRefused,
        StillInUse,
        TooFast,
        UnknownAccount,
        UnknownCode,
        UnreadableResponse,
        VendorFault,
        WaitTooLong,
        WrongPassword,
    )
    from chaobiao.jrhsz._async import AsyncJrhsz
    from chaobiao.jrhsz._sync import Jrhsz
    from chaobiao.jrhsz.dialect import JrhszDialect
    from chaobiao.water._async import AsyncWaterQuery
    from chaobiao.water._sync import WaterQuery
    from chaobiao.water.dialect import WaterDialect

#: The public names by the module that defines them.
_MODULES = {
    "chaobiao.clock": ("SHANGHAI", "Clock", "SystemClock", "VirtualClock"),
    "chaobiao.errors": (
        "RETRYABLE",
        "AlreadyExists",
        "ArgumentError",
        "ChaobiaoError",
        "ClientClosed",
        "ConfigurationError",
        "CredentialError",
        "DeadlineExceeded",
        "DuplicateOrder",
        "HttpStatusError",
        "IncompleteList",
        "InvalidArgument",
        "NeedsReconciliation",
        "NoResponse",
        "NotFound",
        "NotSent",
        "OperationFailed",
        "OutcomeUnknown",
        "ParameterMissing",
        "ParameterRefused",
        "PermissionRefused",
        "PlainHttpWarning",
        "RetryLater",
        "ServerUnavailable",
        "SessionRefused",
        "StillInUse",
        "TooFast",
        "UnknownAccount",
        "UnknownCode",
        "UnreadableResponse",
        "VendorFault",
        "WaitTooLong",
        "WrongPassword",
    ),
    "chaobiao.jrhsz.dialect": ("JrhszDialect",),
    "chaobiao.jrhsz._async": ("AsyncJrhsz",),
    "chaobiao.jrhsz._sync": ("Jrhsz",),
    "chaobiao._contract.fields": ("Record",),
    "chaobiao._contract.operation": ("Acknowledgement", "Page"),
    "chaobiao._call.events": ("CallEvent",),
    "chaobiao._call.options": ("Options",),
    "chaobiao._client.listing": ("AsyncListing", "Listing"),
    "chaobiao.water.dialect": ("WaterDialect",),
    "chaobiao.energy._async": ("AsyncEnergyManager",),
    "chaobiao.energy._sync": ("EnergyManager",),
    "chaobiao.energy.dialect": ("EnergyDialect",),
    "chaobiao.water._async": ("AsyncWaterQuery",),
    "chaobiao.water._sync": ("WaterQuery",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "RETRYABLE",
    "SHANGHAI",
    "Acknowledgement",
    "AlreadyExists",
    "ArgumentError",
    "AsyncEnergyManager",
    "AsyncJrhsz",
    "AsyncListing",
    "AsyncWaterQuery",
    "CallEvent",
    "ChaobiaoError",
    "ClientClosed",
    "Clock",
    "ConfigurationError",
    "CredentialError",
    "DeadlineExceeded",
    "DuplicateOrder",
    "EnergyDialect",
    "EnergyManager",
    "HttpStatusError",
    "IncompleteList",
    "InvalidArgument",
    "Jrhsz",
    "JrhszDialect",
    "Listing",
    "NeedsReconciliation",
    "NoResponse",
    "NotFound",
    "NotSent",
    "OperationFailed",
    "Options",
    "OutcomeUnknown",
    "Page",
    "ParameterMissing",
    "ParameterRefused",
    "PermissionRefused",
    "PlainHttpWarning",
    "Record",
    "RetryLater",
    "ServerUnavailable",
    "SessionRefused",
    "StillInUse",
    "SystemClock",
    "TooFast",
    "UnknownAccount",
    "UnknownCode",
    "UnreadableResponse",
    "VendorFault",
    "VirtualClock",
    "WaitTooLong",
    "WaterDialect",
    "WaterQuery",
    "WrongPassword",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
