"""Handing in: the examples of the standard, what is kept, what is refused, and the key told once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_own
from consulta.submissions.states import SubmissionKind
from tests.builders import SECRET, World, get_submission
from tests.open311.speakers import Speaker

# The request of the standard's page, as it stands there; the code of the service and the jurisdiction are ours.
EXAMPLE = {
    "api_key": "xyz",
    "jurisdiction_id": "guanajuato",
    "service_code": "atencion-1",
    "lat": "37.76524078",
    "long": "-122.4212043",
    "address_string": "1234 5th street",
    "email": "smit333@sfgov.edu",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "john",
    "last_name": "smith",
    "phone": "111111111",
    "description": "A large sinkhole is destroying the street",
    "media_url": "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg",
    "attribute[WHISPAWN]": "123456",
    "attribute[WHISDORN]": "COISL001",
}


@pytest.mark.parametrize("extension", ["json", "xml"])
def test_example_of_the_standard_is_received_whole(speaker: Speaker, database: Database, extension: str) -> None:
    [told] = speaker.post(EXAMPLE, extension=extension)

    with session_scope(database):
        kept = get_submission(told["service_request_id"])
        assert kept.kind == SubmissionKind.SERVICE_REQUEST
        assert kept.text == (
            "A large sinkhole is destroying the street\n\n"
            "media_url: http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg\n"
            "WHISPAWN: 123456\nWHISDORN: COISL001"
        )
        assert (kept.author_name, kept.email, kept.phone) == ("john smith", "smit333@sfgov.edu", "111111111")
        assert kept.place is not None
        assert (kept.place.latitude, kept.place.longitude) == ("37.76524078", "-122.4212043")
        assert (kept.place.address, kept.notice_version) == ("1234 5th street", "2026-1")
