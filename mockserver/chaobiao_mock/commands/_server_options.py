"""The options that say where and how the server listens, and what the console shows."""

import argparse
import os

from chaobiao_mock.commands._parsing import Parser, reading, whole_number
from chaobiao_mock.cors import checked_origin
from chaobiao_mock.errors import InvalidInput


def declare_server(parser: Parser) -> None:
    """Add the options of a server that others reach."""
    group = parser.add_argument_group("server / 服务")
    group.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on / 监听地址 (%(default)s)"
    )
    group.add_argument(
        "--port",
        type=whole_number(0, 65535),
        default=8765,
        metavar="NUMBER",
        help="port, 0 for a free one / 端口，0 表示自动选择空闲端口 (%(default)s)",
    )
    group.add_argument(
        "--certfile",
        metavar="FILE",
        help="serve https with this certificate, in PEM format (default: plain http) / 以该 PEM 证书提供 https"
        "（默认 http）",
    )
    group.add_argument(
        "--keyfile",
        metavar="FILE",
        help="the certificate's private key (default: it is in the certificate's file) / 证书的私钥"
        "（默认与证书在同一文件中）",
    )
    group.add_argument(
        "--cors",
        action="append",
        type=reading(checked_origin),
        default=[],
        metavar="ORIGIN",
        help="let web pages of this origin call the families' endpoints, such as http://localhost:3000, or * for all;"
        " repeatable; /__mock__ stays closed to them (default: none) / 允许该来源的网页调用各接口系列，例如"
        " http://localhost:3000，* 表示全部；可多次使用；不含 /__mock__（默认无）",
    )
    group.add_argument(
        "--admin-token",
        type=reading(_token),
        default=os.environ.get("CHAOBIAO_MOCK_TOKEN") or None,
        metavar="TOKEN",
        help="open /__mock__ to callers on other machines that send this token (default: CHAOBIAO_MOCK_TOKEN; without "
        "it: localhost only) / 允许其他机器上发送该令牌的调用方使用 /__mock__（默认取环境变量 CHAOBIAO_MOCK_TOKEN，"
        "未设置时仅限本机）",
    )


def declare_state(parser: Parser) -> None:
    """Add the option of a file that keeps the worlds."""
    parser.add_argument(
        "--state",
        metavar="FILE",
        help="a file that keeps all worlds across restarts; once it exists, its settings apply (default: none)"
        " / 保存全部模拟环境的文件，重启后从中恢复；文件存在时以其中的设置为准（默认无）",
    )


def declare_console(parser: Parser) -> None:
    """Add the options of what is printed for each call."""
    group = parser.add_argument_group("console / 控制台").add_mutually_exclusive_group()
    group.add_argument(
        "--quiet",
        action="store_true",
        help="print nothing for calls (default: a line for each) / 不输出每次调用（默认每次一行）",
    )
    group.add_argument(
        "--json",
        action="store_true",
        help="print a JSON object on a line for each call (default: text) / 每次调用输出一行 JSON（默认文本）",
    )


def check_certificate(options: argparse.Namespace) -> None:
    """End the process with status 2 where the certificate cannot be used."""
    if options.certfile is None:
        if options.keyfile is not None:
            options.refuse("--keyfile needs --certfile", "--keyfile 须与 --certfile 一起使用")
        return
    import ssl  # takes a while, and few use it

    for name in ("certfile", "keyfile"):
        path = getattr(options, name)
        if path is not None and not os.access(path, os.R_OK):
            options.refuse(f"--{name}: cannot read {path}", f"--{name}：无法读取 {path}")
    try:
        # A password prompt would hold a server that nobody watches.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.certfile, options.keyfile, lambda: "")
    except (ssl.SSLError, ValueError):
        options.refuse(
            "--certfile: no certificate with its private key, in PEM format and without a password",
            "--certfile：须为 PEM 格式的证书及其私钥，且私钥没有密码",
        )


def _token(text: str) -> str:
    if not (text.isascii() and text.isprintable() and text.strip() == text != ""):
        raise InvalidInput(
            "must be printable ASCII text, without spaces around it", "须为可打印的 ASCII 文本，首尾无空格，不能为空"
        )
    return text
