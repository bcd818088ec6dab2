"""`/api/v1`: the same operations as the pages, as JSON, for machines."""

from apiflask import APIFlask

from consulta.api import errors, public, record, search, work
from consulta.web.access import EVERYBODY, access


def install(app: APIFlask) -> None:
    """Register the calls and their description."""
    errors.install(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(work.blueprint)
    app.register_blueprint(record.blueprint)
    app.register_blueprint(search.blueprint)
    app.view_functions["openapi.spec"] = access(EVERYBODY)(app.view_functions["openapi.spec"])
