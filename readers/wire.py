"""What goes between a crawl and the process that reads for it: frames of a length and a pickle of our own values.

The other side has read hostile pages, so nothing is unpickled but the classes that an answer can hold.
"""

from __future__ import annotations

import gc
import io
import pickle
import struct
from collections.abc import Collection
from typing import Any, Final

import pipeline.html
import pipeline.model

LENGTH: Final = struct.Struct(">I")
MOST: Final = 256 * 2**20
"""Bytes of a frame; a longer one is no answer of ours."""
_ALLOWED: Final = frozenset(
    {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta"), ("pipeline.html", "_rebuild")}
    | {
        (module.__name__, name)
        for module, kind in ((pipeline.model, object), (pipeline.html, pipeline.html.PageError))
        for name, found in vars(module).items()
        if isinstance(found, type) and issubclass(found, kind) and found.__module__ == module.__name__
    }
)


def frame(value: Any) -> bytes:
    """The value as it goes over the wire."""
    body = packed(value)
    return LENGTH.pack(len(body)) + body


def packed(value: Any) -> bytes:
    """The same without its length: what `unframed` takes."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def unframed(body: bytes, also: Collection[tuple[str, str]] = ()) -> Any:
    """The value of a frame without its length; raises UnpicklingError for what holds anything else than our values.

    `also` are module and name of further classes that it may hold.
    """
    collecting = gc.isenabled()
    gc.disable()  # thousands of new values, none of them garbage: looking for it among them takes longer than all else
    try:
        return _Unpickler(io.BytesIO(body), also).load()
    finally:
        if collecting:
            gc.enable()


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, also: Collection[tuple[str, str]]) -> None:
        super().__init__(file)
        self.also = also

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED and (module, name) not in self.also:
            raise pickle.UnpicklingError(f"an answer may not hold {module}.{name}")
        return super().find_class(module, name)
