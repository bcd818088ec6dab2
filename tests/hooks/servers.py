"""A system that receives notices: a real HTTPS server with a certificate of an authority made for the test."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from consulta.hooks.sending import Courier

HOST = "sistema.ejemplo.gob.mx"
Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (204, {}, b"")


class Authority:
    """Issues certificates, and is trusted by nobody but the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._issue("Autoridad de la prueba", self.key, is_authority=True)

    def server_context(self, host: str) -> ssl.SSLContext:
        """Return what a server of that name presents."""
        key = ec.generate_private_key(ec.SECP256R1())
        path = self.folder / f"{host}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(self._issue(host, key).public_bytes(Encoding.PEM) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return the rules of a client that trusts this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.certificate.public_bytes(Encoding.PEM).decode())
        return context

    def _issue(self, name: str, key: ec.EllipticCurvePrivateKey, *, is_authority: bool = False) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autoridad de la prueba")])
        built = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return built.sign(self.key, SHA256())


class Receiver:
    """Keeps what it was sent, and answers what it was told to: the last answer again and again."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Answer] = [OK]
        # What is done before an answer: a test may act meanwhile.
        self.before: Callable[[], None] = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
                receiver.before()
                status, headers, said = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(said)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """Where it listens, by the name of its certificate."""
        return f"https://{HOST}:{self.port}/avisos?de=consulta"

    @contextmanager
    def listening(self) -> "Iterator[Receiver]":
        """Listen meanwhile."""
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust this server goes away: that is no news."""


def courier_to(receiver: Receiver, authority: Authority) -> Courier:
    """Return a courier for which the receiver's name leads to this machine, because its operator allowed it."""
    return Courier(
        allowed=frozenset({f"{HOST}:{receiver.port}"}),
        resolver=lambda _host, _port: ["127.0.0.1"],
        make_context=authority.client_context,
    )
