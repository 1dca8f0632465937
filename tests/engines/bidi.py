"""Firefox over WebDriver BiDi: a JSON conversation over one websocket that Firefox itself offers: no driver needed."""

import base64
import json
from pathlib import Path
from typing import Any

import websocket

_PATIENCE = 60  # seconds for one command; the slowest, the first page of a cold start, took under 10


class BidiTab:
    """A tab of the browser that listens at ``address`` (``ws://127.0.0.1:port``)."""

    def __init__(self, address: str) -> None:
        # Firefox refuses the connection of a web page, which is one that says where it comes from.
        self._socket = websocket.create_connection(f"{address}/session", timeout=_PATIENCE, suppress_origin=True)
        self._count = 0
        self._heard: list[str] = []
        self.version: str = self._ask("session.new", capabilities={})["capabilities"]["browserVersion"]
        self._ask("session.subscribe", events=["log.entryAdded"])
        # The keys of the first tab go to the address bar's window: there no ring is drawn, and Enter presses no button.
        self._context: str = self._ask("browsingContext.create", type="tab")["context"]

    def visit(self, address: str) -> None:
        """Load a page whole."""
        self._ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def run(self, script: str) -> Any:
        """What the body ``script`` of an async function returns in the page."""
        reply = self._ask(
            "script.evaluate",
            expression=f"(async () => {{{script}}})().then((value) => JSON.stringify(value ?? null))",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=False,
        )
        if reply["type"] == "exception":
            raise RuntimeError(reply["exceptionDetails"]["text"])
        return json.loads(reply["result"]["value"])

    def press(self, keys: str) -> None:
        """Press and let go each key."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, x: float, y: float) -> None:
        """Press the mouse there."""
        actions = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions})

    def size(self, width: int, height: int) -> None:
        """Make the view that large."""
        self._ask("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def picture(self, path: Path) -> None:
        """Write what is seen as PNG."""
        path.write_bytes(
            base64.b64decode(self._ask("browsingContext.captureScreenshot", context=self._context)["data"])
        )

    def complaints(self) -> list[str]:
        """Errors and warnings in the console since the start."""
        return self._heard

    def close(self) -> None:
        """End the browser."""
        self._ask("browser.close")
        self._socket.close()

    def _act(self, actions: dict[str, Any]) -> None:
        self._ask("input.performActions", context=self._context, actions=[actions])

    def _ask(self, method: str, **parameters: Any) -> Any:
        """The result of one command; what Firefox tells meanwhile is noted."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while (message := json.loads(self._socket.recv())).get("id") != self._count:
            entry = message.get("params", {})
            if message.get("method") == "log.entryAdded" and entry["level"] in ("warn", "error"):
                self._heard.append(f"{entry['level']}: {entry['text']}")
        if message["type"] == "error":
            problem = f"{method}: {message['error']}: {message['message']}"
            raise RuntimeError(problem)
        return message["result"]
