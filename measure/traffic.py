"""What a page sends over the line, as the browser's own network log counts it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page


@dataclass
class Traffic:
    """The requests since the last reset: how many, how many bytes on the line, from which origins."""

    session: CDPSession
    requests: dict[str, str] = field(default_factory=dict)
    received: int = 0
    sent: int = 0

    def reset(self) -> None:
        """Begin to count anew."""
        self.requests, self.received, self.sent = {}, 0, 0

    @property
    def origins(self) -> set[str]:
        """Where the requests went."""
        return {urlsplit(url).netloc for url in self.requests.values()}

    def throttle(self, *, kbps: int, latency_ms: int) -> None:
        """Make the line as slow as a telephone's in a bad place."""
        speed = kbps * 1000 / 8
        self.session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": latency_ms, "downloadThroughput": speed, "uploadThroughput": speed},
        )

    def forget_cache(self) -> None:
        """Make the next visit a first visit."""
        self.session.send("Network.clearBrowserCache")

    def on_request(self, event: dict[str, Any]) -> None:
        """Note a request."""
        url = event["request"]["url"]
        if url.startswith("http"):
            key = event["requestId"] + (":redirected" if "redirectResponse" in event else "")
            self.requests[key] = url
            self.sent += len(event["request"].get("postData", ""))
            self.received += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def on_cached(self, event: dict[str, Any]) -> None:
        """Forget a request that never left the browser."""
        self.requests.pop(event["requestId"], None)

    def on_response(self, event: dict[str, Any]) -> None:
        """Forget a request that the browser's cache on disk answered."""
        if event["response"].get("fromDiskCache"):
            self.on_cached(event)

    def on_finished(self, event: dict[str, Any]) -> None:
        """Note the bytes of an answer, with its headers."""
        self.received += int(event["encodedDataLength"])


def listen(page: Page) -> Traffic:
    """Begin to count what a page sends and receives."""
    session = page.context.new_cdp_session(page)
    traffic = Traffic(session)
    session.on("Network.requestWillBeSent", traffic.on_request)
    session.on("Network.requestServedFromCache", traffic.on_cached)
    session.on("Network.responseReceived", traffic.on_response)
    session.on("Network.loadingFinished", traffic.on_finished)
    session.send("Network.enable")
    return traffic
