"""An application behind a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flask import Flask
from werkzeug.serving import make_server

from consulta.jobs.worker import Worker


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """Let the worker run beside the server."""
    stopped = Event()
    thread = Thread(target=worker.run_forever, args=(stopped.is_set, 0.05), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
