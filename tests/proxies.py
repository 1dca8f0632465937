"""The real nginx and the real Caddy, run from the very files that are shipped, but for names, ports and paths."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

from tests.conftest import ROOT
from tests.services import free_port
from tests.waiting import PATIENCE

NAME = "ask.clinic.example"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that listens on ``port``, and on ``plain`` without TLS.

    Its ``log`` is whatever it has written, its ``certificate`` one that a test has made.
    """

    port: int
    log: Path
    certificate: Path
    plain: int

    def connect(self, address: str = "127.0.0.1") -> HTTPSConnection:
        """A client at one of this machine's addresses that believes this certificate and no other."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection("localhost", self.port, timeout=60, context=trust, source_address=(address, 0))

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        return f"https://localhost:{self.port}"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody else would believe, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], capture_output=True, check=True)
    return certificate, key


@contextmanager
def nginx(folder: Path, behind: int, log_level: str = "crit") -> Iterator[Proxy]:
    """The real nginx before the server on port ``behind``; it logs as it does in earnest, or more at another level."""
    certificate, key = make_certificate(folder)
    port, plain, log = free_port(), free_port(), folder / "log"
    site = replaced(
        (ROOT / "deploy" / "nginx.conf").read_text(),
        {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "127.0.0.1:8000": f"127.0.0.1:{behind}",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
            "/var/log/nginx/citewell.log crit": f"{log} {log_level}",
        },
    )
    kept = {"client_body": "body", "proxy": "proxy", "fastcgi": "fastcgi", "uwsgi": "uwsgi", "scgi": "scgi"}
    own = "".join(f"{module}_temp_path {folder / name};\n" for module, name in kept.items())
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"daemon off; pid {folder}/pid; error_log {log}; worker_processes 1; {user}\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{main}http {{\naccess_log {log};\n{own}{site}}}\n")
    with _running(["nginx", "-c", str(folder / "nginx.conf")], folder, Proxy(port, log, certificate, plain)) as proxy:
        yield proxy


@contextmanager
def caddy(folder: Path, behind: int) -> Iterator[Proxy]:
    """The real Caddy before the server on port ``behind``."""
    certificate, key = make_certificate(folder)
    port, plain = free_port(), free_port()
    own = replaced(
        (ROOT / "deploy" / "Caddyfile").read_text(),
        {
            "{\n\t# Who sends": f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {port}\n\t# Who sends",
            f"\n{NAME} {{": "\nlocalhost {",
            f"\nhttp://{NAME} {{": "\nhttp://localhost {",
            "# tls /etc/caddy/certificate.pem /etc/caddy/key.pem": f"tls {certificate} {key}",
            "127.0.0.1:8000": f"127.0.0.1:{behind}",
        },
    )
    (folder / "Caddyfile").write_text(own)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with _running(command, folder, Proxy(port, folder / "log", certificate, plain)) as proxy:
        yield proxy


def replaced(text: str, others: dict[str, str]) -> str:
    """``text`` with each key replaced; every one must be there."""
    for old, new in others.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


Start = Callable[[Path, int], AbstractContextManager[Proxy]]
KINDS: dict[str, Start] = {"nginx": nginx, "caddy": caddy}


def is_installed(kind: str) -> bool:
    """Whether the proxy and the program that makes certificates are there."""
    return bool(shutil.which(kind) and shutil.which("openssl"))


@contextmanager
def _running(command: list[str], folder: Path, proxy: Proxy) -> Iterator[Proxy]:
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with proxy.log.open("ab") as log:
        process = subprocess.Popen(command, env=os.environ | home, stdout=log, stderr=log)
    try:
        _wait_for(proxy, process)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait_for(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    """Return when the proxy takes connections."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", proxy.port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(proxy.log.read_text())
