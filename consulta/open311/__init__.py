"""`/open311/v2`: Open311 GeoReport v2, in XML and JSON, for service requests only.

What is handed in here goes through the one intake, and what is read here is what the policy of its kind makes public.
"""

from flask import Flask

from consulta.open311 import posting, routes
from consulta.open311.answers import answer_error
from consulta.web.errors import write_errors

PREFIX = "/open311/"


def install(app: Flask) -> None:
    """Register the calls, and that their errors are written as the standard says."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(posting.blueprint)
    write_errors(app, PREFIX, answer_error)
