"""Command lines whose help and errors are in English and Chinese."""

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

import attrs

from chaobiao._version import __version__
from chaobiao_mock.errors import InvalidInput


@attrs.frozen
class Command:
    """A subcommand: what it does in both languages, its options, and what runs it and returns the exit status."""

    english: str
    chinese: str
    declare: Callable[["Parser"], None]
    run: Callable[[argparse.Namespace], int]


#: argparse's own messages, and what they say in English and Chinese.
_MESSAGES: Final = (
    (r"expected one argument", "needs a value", "需要一个值"),
    (r"expected at least one argument", "needs at least one value", "至少需要一个值"),
    (r"unrecognized arguments: (.*)", "unknown arguments: {}", "无法识别的参数：{}"),
    (r"the following arguments are required: (.*)", "missing: {}", "缺少参数：{}"),
    (r"ignored explicit argument .*", "takes no value", "该选项不带值"),
    (r"not allowed with argument (.*)", "cannot be combined with {}", "不能与 {} 同时使用"),
    (r"invalid choice: .*\(choose from (.*)\)", "must be one of {}", "可选值：{}"),
)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help with headings in both languages."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "usage / 用法: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"options": "options / 选项", "positional arguments": "arguments / 参数"}
        super().start_section(known.get(heading or "", heading))


class Parser(argparse.ArgumentParser):
    """A parser that has no abbreviations, and ends with status 2 and a line in each language."""

    def __init__(self, prog: str, description: str, closing: Callable[[], str] | None = None) -> None:
        """Make a parser; ``closing`` returns what ends its help."""
        super().__init__(prog, None, description, formatter_class=_Help, allow_abbrev=False, add_help=False)
        self._closing = closing
        self.add_argument("-h", "--help", action="help", help="show this help and end / 显示帮助并退出")

    def add_version(self) -> None:
        """Add the option that prints the version."""
        version = f"chaobiao-mock {__version__}"
        self.add_argument(
            "--version", action="version", version=version, help="show the version and end / 显示版本并退出"
        )

    def refuse(self, english: str, chinese: str) -> NoReturn:
        """End the process with status 2 and a line in each language."""
        self.exit(2, f"{self.prog}: {english}\n{self.prog}：{chinese}\n")

    def format_help(self) -> str:
        if self._closing is not None:
            self.epilog = self._closing()
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        found = re.fullmatch(r"argument ([^:]+): (.*)", message, re.DOTALL)
        name, text = (found[1], found[2]) if found else ("", message)
        english, chinese = _in_both_languages(text)
        self.refuse(f"{name}: {english}" if name else english, f"{name}：{chinese}" if name else chinese)


def _in_both_languages(text: str) -> tuple[str, str]:
    for pattern, english, chinese in _MESSAGES:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found is not None:
            return english.format(*found.groups()), chinese.format(*found.groups())
    english, separator, translated = text.partition(" / ")
    return english, translated if separator else "命令行参数有误"


def reading(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a function for ``type=`` whose error is the text of ``InvalidInput``."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except InvalidInput as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def whole_number(least: int, greatest: int) -> Callable[[str], int]:
    """Return a function for ``type=`` that reads a whole number."""

    def read(text: str) -> int:
        digits = text.removeprefix("-")
        number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
        if number is None or not least <= number <= greatest:
            raise InvalidInput(
                f"must be a whole number from {least} to {greatest}", f"须为 {least} 到 {greatest} 的整数"
            )
        return number

    return reading(read)


def joined(texts: Iterable[str]) -> str:
    """Return texts as a list in a sentence, with percent signs as argparse wants them."""
    return ", ".join(texts).replace("%", "%%")
