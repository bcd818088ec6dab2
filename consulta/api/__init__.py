"""`/api/v1`: the same operations as the pages, as JSON, for machines."""

from apiflask import APIFlask

from consulta.api import answering, coordinating, describing, docs, errors, handing_in, limits, reading, record, search
from consulta.web.access import EVERYBODY, access


def install(app: APIFlask) -> None:
    """Register the calls and their description."""
    errors.install(app)
    limits.install(app)
    describing.install(app)
    for module in (reading, handing_in, answering, coordinating, record, search):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(docs.blueprint)
    app.view_functions["openapi.spec"] = access(EVERYBODY)(app.view_functions["openapi.spec"])
