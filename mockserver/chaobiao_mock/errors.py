"""What the mock rejects, in English and Chinese."""


class InvalidInput(ValueError):
    """A setting, a fault or a request to the mock's own endpoints that cannot be used."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(f"{english} / {chinese}")
        self.english = english
        self.chinese = chinese


class Refused(Exception):
    """A request that a server refuses, with its code, and its message where that is not the code's own."""

    def __init__(self, code: int, message: str | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
