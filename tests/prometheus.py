"""A real Prometheus, with a small target of our own that it scrapes."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from tests.daemons import daemon
from tests.needs import need
from tests.ports import free_port

METRICS = """\
agentrun_ready{namespace="agentrun-v01"} 1
agentrun_ready{namespace="agentrun-v02"} 0
agentrun_ratio{namespace="agentrun-v01"} NaN
agentrun_pods{pod="a"} 2
agentrun_pods{pod="b"} 2.05
agentrun_build{commit="0123456789012345678901234567890123456789"} 1
"""
_CONFIG = """\
global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}
scrape_configs:
- job_name: agentrun
  static_configs:
  - {{targets: ["127.0.0.1:{up}"], labels: {{lane: v01}}}}
- job_name: broken
  static_configs:
  - {{targets: ["127.0.0.1:{down}"], labels: {{lane: v01}}}}
- job_name: later
  scrape_interval: 1h
  scrape_timeout: 1s
  static_configs:
  - {{targets: ["127.0.0.1:{up}"], labels: {{lane: v01}}}}
"""
_PATIENCE = 60.0


class _Metrics(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = METRICS.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@dataclass(frozen=True, slots=True)
class Scraping:
    """Where a Prometheus listens that has scraped its targets once."""

    url: str


@contextmanager
def scraping(folder: Path) -> Iterator[Scraping]:
    """Run a Prometheus that has scraped two of its targets; a third one is due in an hour."""
    program, port, down = need("prometheus"), free_port(), free_port()
    with serve(_Metrics) as up:
        config = folder / "prometheus.yml"
        config.write_text(_CONFIG.format(up=up, down=down))
        argv = [
            program,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        with daemon(argv, "Server is ready to receive web requests"):
            url = f"http://127.0.0.1:{port}"
            _wait_for_two(url)
            yield Scraping(url)


@contextmanager
def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve HTTP on a free port of loopback, by threads of this process."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _wait_for_two(url: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        asked = urlencode({"query": "count(up) == 2 and on() count(agentrun_ready) == 2"})
        with urllib.request.urlopen(f"{url}/api/v1/query?{asked}", timeout=10) as answer:
            told: Mapping[str, Mapping[str, object]] = json.load(answer)
        if told["data"]["result"]:
            return
        time.sleep(0.05)
    raise RuntimeError("Prometheus did not scrape its targets")
