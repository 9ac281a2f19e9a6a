"""What the journeys of all Python clients share: where to call, and a connection that cannot leave this machine."""

import json
import os
import socket
import sys
import time
import traceback

KEY = os.environ["TOKENROUTER_API_KEY"]
# A gateway before a provider of each dialect: {"openai-chat": "http://127.0.0.1:1234", ...}.
SERVERS = json.loads(os.environ["TOKENROUTER_SERVERS"])

TEXT = "Grüße aus Köln 👋🏽, schön!"
WEATHER = {"city": "Zürich", "days": 3}
TIME = {"zone": "Europe/Zurich"}
SEAL = "c2VhbCBvZiB0aGUgbWFrZXI="
RESULTS = {"get_weather": "rain", "get_time": "12:00"}


def heard(text, dialect, *, seals, wrap=str):
    """
    Once it has results, the provider answers with what it was told. `seals`: whether this client brings them back;
    `wrap`: what it makes of a result.
    """
    told = json.loads(text)
    assert told["results"] == [wrap(result) for result in RESULTS.values()], told
    assert told["calls"] == [WEATHER, TIME], told
    # Chat completions have no seals of their own.
    if seals:
        assert told["seals"] == ([] if dialect == "openai-chat" else [SEAL]), told


def run(*cases):
    """Runs every case against every server, and ends with 1 where one failed."""
    failures = 0
    for dialect, url in SERVERS.items():
        for case in cases:
            began = time.monotonic()
            try:
                case(url, dialect)
                print(f"  ok    {dialect:20} {case.__name__} ({time.monotonic() - began:.2f} s)", flush=True)
            except Exception:
                failures += 1
                print(f"  FAIL  {dialect:20} {case.__name__}\n{traceback.format_exc(limit=-6, chain=False)}", flush=True)
    sys.exit(1 if failures else 0)


def raises(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"nothing was raised, and not {kind.__name__}")


def _stays_here(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")


def _guard(name):
    connect = getattr(socket.socket, name)

    def guarded(self, address, *rest):
        if not _stays_here(address):
            raise OSError(f"a test may not call {address[0]}")
        return connect(self, address, *rest)

    setattr(socket.socket, name, guarded)


_guard("connect")
_guard("connect_ex")
