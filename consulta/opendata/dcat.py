"""The catalogue of datasets as DCAT-AP 2.1.1 in JSON-LD."""

from collections.abc import Mapping
from typing import Any

from consulta.opendata.columns import Dataset
from consulta.opendata.formats import MEDIA_TYPES
from consulta.opendata.shelf import Manifest

LICENCE = "https://datos.gob.mx/libreusomx"
VOCABULARY = "http://publications.europa.eu/resource/authority"
# Codes of the authority tables that DCAT-AP asks for.
DAILY, SPANISH, MEXICO = f"{VOCABULARY}/frequency/CONT", f"{VOCABULARY}/language/SPA", f"{VOCABULARY}/country/MEX"
GOVERNMENT_THEME = f"{VOCABULARY}/data-theme/GOVE"
FILE_TYPES = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX", "parquet": "OCTET"}
TITLES = {"csv": "CSV", "json": "JSON por líneas", "xlsx": "Excel (XLSX)", "parquet": "Parquet"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def write_catalogue(
    *, root: str, publisher: str, mail: str, datasets: Mapping[Dataset, Manifest | None], has_parquet: bool
) -> dict[str, Any]:
    """Return the catalogue.

    Args:
        root: the address of the instance.
        publisher: who publishes.
        mail: where questions about the data are answered; empty where none is known.
        datasets: each with what was built of it; None before the first build.
        has_parquet: whether Parquet files are prepared here.
    """
    agent = {"@id": f"{root}/#publica", "@type": "foaf:Agent", "foaf:name": publisher}
    forms = [form for form in MEDIA_TYPES if form != "parquet" or has_parquet]
    moments = [str(item.versions[-1]["at"]) for item in datasets.values() if item and item.versions]
    return {
        "@context": CONTEXT,
        "@id": f"{root}/data.json",
        "@type": "dcat:Catalog",
        "dct:title": _text("Datos abiertos de Consulta"),
        "dct:description": _text("Consultas públicas, comentarios, respuestas, plazos y bitácora, para reutilizar."),
        "dct:publisher": agent,
        "foaf:homepage": _page(f"{root}/datos"),
        "dct:language": _concept(SPANISH, "dct:LinguisticSystem"),
        "dct:license": _licence(),
        "dct:spatial": _concept(MEXICO, "dct:Location"),
        **({"dct:modified": _instant(max(moments))} if moments else {}),
        "dcat:dataset": [
            _dataset(root, dataset, manifest, {"@id": agent["@id"]}, mail, forms)
            for dataset, manifest in datasets.items()
        ],
    }


def _dataset(
    root: str, dataset: Dataset, manifest: Manifest | None, agent: dict[str, str], mail: str, forms: list[str]
) -> dict[str, Any]:
    address = f"{root}/datos/{dataset.filename}"
    built = manifest.versions[-1] if manifest and manifest.versions else None
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.filename,
        "dct:title": _text(dataset.title),
        "dct:description": _text(dataset.description),
        "dct:publisher": agent,
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": "Datos abiertos",
            **({"vcard:hasEmail": {"@id": f"mailto:{mail}"}} if mail else {}),
        },
        "dcat:landingPage": _page(address),
        "dcat:keyword": [_text("participación ciudadana"), _text("consulta pública")],
        "dcat:theme": {
            **_concept(GOVERNMENT_THEME, "skos:Concept"),
            "skos:prefLabel": _text("Gobierno y sector público"),
        },
        "dct:accrualPeriodicity": _concept(DAILY, "dct:Frequency"),
        "dct:language": _concept(SPANISH, "dct:LinguisticSystem"),
        "dct:spatial": _concept(MEXICO, "dct:Location"),
        "dct:conformsTo": {"@id": f"{address}.schema.json", "@type": "dct:Standard"},
        "owl:versionInfo": f"{dataset.version}.{built['number']}" if built else dataset.version,
        **({"dct:modified": _instant(str(built["at"]))} if built else {}),
        "dcat:distribution": [_distribution(root, dataset, manifest, form) for form in forms],
    }


def _distribution(root: str, dataset: Dataset, manifest: Manifest | None, form: str) -> dict[str, Any]:
    address = f"{root}/datos/{dataset.filename}.{form}"
    media = MEDIA_TYPES[form].split(";", 1)[0]
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:identifier": f"{dataset.filename}.{form}",
        "dct:title": _text(TITLES[form]),
        "dcat:accessURL": {"@id": f"{root}/datos/{dataset.filename}", "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": address, "@type": "rdfs:Resource"},
        "dcat:mediaType": _concept(f"https://www.iana.org/assignments/media-types/{media}", "dct:MediaType"),
        "dct:format": _concept(f"{VOCABULARY}/file-type/{FILE_TYPES[form]}", "dct:MediaTypeOrExtent"),
        "dct:license": _licence(),
        **_bytes(manifest, form),
    }


def _bytes(manifest: Manifest | None, form: str) -> dict[str, Any]:
    """Return how long a file is, its header left out; nothing where it is made when it is asked for."""
    if manifest is None or form not in ("csv", "json"):
        return {}
    size = sum(part.size(form) for part in manifest.parts.values())
    return {"dcat:byteSize": {"@value": str(size), "@type": "xsd:decimal"}}


def _text(value: str) -> dict[str, str]:
    return {"@value": value, "@language": "es"}


def _instant(value: str) -> dict[str, str]:
    return {"@value": value, "@type": "xsd:dateTime"}


def _page(address: str) -> dict[str, str]:
    return {"@id": address, "@type": "foaf:Document"}


def _concept(address: str, kind: str) -> dict[str, str]:
    return {"@id": address, "@type": kind}


def _licence() -> dict[str, str]:
    return {"@id": LICENCE, "@type": "dct:LicenseDocument"}
