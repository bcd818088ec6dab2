"""Every example of a call that the standard gives, as it stands there, with our code, jurisdiction and number put in.

Sources: wiki.open311.org/GeoReport_v2 (the page), wiki.open311.org/Service_Discovery, and the description
`schemas/swagger.json` (the file).
"""

from dataclasses import dataclass

FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Posted:
    """A call that hands in: what is in its address and what in its body."""

    name: str
    query: str
    body: str

    def filled(self, **values: str) -> "Posted":
        """Put our values in."""
        return Posted(self.name, self.query.format(**values), self.body.format(**values))


POSTS = (
    Posted(
        "the example request of the page",
        "",
        "api_key=xyz&jurisdiction_id={jurisdiction}&service_code={code}&lat=37.76524078&long=-122.4212043"
        "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456"
        "&first_name=john&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street"
        "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
        "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001",
    ),
    Posted(
        "several values of one attribute, as the table of arguments writes them",
        "",
        "jurisdiction_id={jurisdiction}&service_code={code}&address_string=1234+5th+street"
        "&attribute[code1][]=value1&attribute[code1][]=value2&attribute[code1][]=value3",
    ),
    Posted("a place by lat and long", "", "service_code={code}&lat=37.762221815&long=-122.4651145"),
    Posted("a place by address_string", "", "service_code={code}&address_string=8TH+AVE+and+JUDAH+ST"),
    Posted("a place by address_id", "", "service_code={code}&address_id=545483"),
    Posted(
        "the parameters of the file, in the address as it has them",
        "api_key=xyz&jurisdiction_id={jurisdiction}&service_code={code}&lat=37.762221815&long=-122.4651145"
        "&address_string=8TH+AVE+and+JUDAH+ST&address_id=545483&attribute[WHISHETN]=124",
        "",
    ),
)
# Sample addresses of the page, in both forms.
GETS = tuple(
    f"{path}.{extension}{query}"
    for path, query in (
        ("/discovery", ""),
        ("/services", "?jurisdiction_id={jurisdiction}"),
        ("/services/{code}", "?jurisdiction_id={jurisdiction}"),
        ("/tokens/{folio}", "?jurisdiction_id={jurisdiction}"),
        (
            "/requests",
            "?start_date=2010-05-24T00:00:00Z&end_date=2010-06-24T00:00:00Z&status=open&jurisdiction_id={jurisdiction}",
        ),
        ("/requests", "?start_date=1994-11-05T08:15:30-05:00&end_date=1994-11-05T13:15:30Z"),
        ("/requests/{folio}", "?jurisdiction_id={jurisdiction}"),
    )
    for extension in ("xml", "json")
)
