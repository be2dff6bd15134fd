"""How connections are made: proxies that the environment names, TLS, and the settings of httpcore's pools."""

import importlib.util
import os
import ssl
import urllib.request
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from chaobiao.errors import ConfigurationError

#: Idle connections are kept this long, in seconds.
KEPT_FOR: Final = 5.0
_MOST_CONNECTIONS: Final = 100


@cache
def _tls(certificate_file: str | None, certificate_directory: str | None) -> ssl.SSLContext:
    """One context for all clients: loading the certificate store takes longer than many calls."""
    return httpx.create_ssl_context()


def proxy_for(base_url: str) -> httpx.Proxy | None:
    """The proxy that the environment names for this server, as curl and httpx understand it."""
    url = httpx.URL(base_url)
    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(url.host):
        return None
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy:
        return None
    try:
        found = httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
        if not found.url.host:
            raise ValueError
    except (ValueError, httpx.InvalidURL):
        raise ConfigurationError(
            f"the environment names a proxy for {url.scheme} that is no proxy URL; it should look like http://host:port",
            f"环境变量中的 {url.scheme} 代理地址无效，应形如 http://host:port",
            argument="proxy",
        ) from None
    if found.url.scheme.startswith("socks5") and importlib.util.find_spec("socksio") is None:
        raise ConfigurationError(
            "the environment names a SOCKS proxy, which needs httpx[socks] to be installed",
            "环境变量指定了 SOCKS 代理，需要安装 httpx[socks]",
            argument="proxy",
        )
    return found


def pool_settings(base_url: str, *, exclusive: bool) -> tuple[str, dict[str, Any]]:
    """Choose among httpcore's pools, and its settings: no connection is kept where none may be used twice."""
    proxy = proxy_for(base_url)
    settings: dict[str, Any] = {
        "max_connections": _MOST_CONNECTIONS,
        "max_keepalive_connections": 0 if exclusive else 20,
        "keepalive_expiry": KEPT_FOR,
    }
    if base_url.startswith("https://") or (proxy is not None and proxy.url.scheme == "https"):
        settings["ssl_context"] = _tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    if proxy is None:
        return "ConnectionPool", settings
    settings["proxy_url"] = httpcore.URL(
        scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
    )
    settings["proxy_auth"] = proxy.raw_auth
    if proxy.url.scheme.startswith("socks5"):
        return "SOCKSProxy", settings
    return "HTTPProxy", {**settings, "proxy_headers": proxy.headers.raw}
