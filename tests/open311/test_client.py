"""The client that others wrote (PyPI `georeport`), against a real server on a port of its own."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from georeport import GeoReport
from werkzeug.serving import make_server

from consulta.db import Database, session_scope
from consulta.submissions.states import SubmissionKind
from tests.builders import World, a_referral
from tests.clock import START


@pytest.fixture
def address(app: Flask, world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/open311/v2"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("written", ["json", "xml"])
@pytest.mark.parametrize("jurisdiction", [None, "guanajuato"])
def test_client_of_others_lists_and_reads(
    address: str, database: Database, world: World, written: str, jurisdiction: str | None
) -> None:
    with session_scope(database):
        draft = {"kind": SubmissionKind.SERVICE_REQUEST}
        folios = [a_referral(world, START, "mailbox", draft=draft).submission.folio for _ in range(2)]
    client = GeoReport(address, jurisdiction=jurisdiction, output_format=written)

    services = client.get_service_list()
    definition = client.get_service_definition(services[0]["service_code"])
    listed = client.get_service_requests(status="open", start_date="2026-06-01T00:00:00Z")
    one = client.get_service_request(folios[0])

    assert [item["service_name"] for item in services] == ["Transporte escolar", "Sin unidad"]
    assert definition["service_code"] == "atencion-1"
    assert [item["service_request_id"] for item in listed] == folios[::-1]
    assert dict(one) == dict(listed[1])
    assert (one["service_request_id"], one["status"]) == (folios[0], "open")
