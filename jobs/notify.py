"""Tells systemd that we are ready, alive and stopping: sd_notify(3), one datagram each."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> bool:
    """Send `state`, e.g. `READY=1`, to the service manager; False where there is none that listens.

    A manager that has gone is no reason to stop working: nothing is raised.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    # `@` is how an environment writes the NUL of an abstract socket
    name = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as there:
            there.settimeout(1.0)
            there.connect(name)
            there.sendall(state.encode())
    except OSError:
        return False
    return True
