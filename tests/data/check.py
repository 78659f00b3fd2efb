"""Holds the open data of a demonstration against independent validators.

Each check is a function that raises where something is wrong; all of them run, and the exit status says whether one failed.
"""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

import feedparser
from geojson_pydantic import FeatureCollection, Feature
from lxml import etree
from openapi_spec_validator import OpenAPIV31SpecValidator

STATIONS = ["fredericton", "jemseg", "connors", "perth-andover"]
ATOM = "{http://www.w3.org/2005/Atom}"


@contextlib.contextmanager
def demonstration(binary):
    """A demonstration that has fetched all its feeds; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "demo", "--port", "0", "--database", folder + "/demo.db"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as demo:
            try:
                address = demo.stdout.readline().strip().removeprefix("listening on ")
                deadline = time.monotonic() + 60
                while not all(feed["changed"] for feed in get(address + "/healthz")["feeds"]):
                    assert time.monotonic() < deadline, "the feeds of the demonstration bring nothing"
                    time.sleep(0.2)
                yield address
            finally:
                demo.terminate()


def text(address):
    with urllib.request.urlopen(address, timeout=30) as reply:
        return reply.read()


def get(address):
    return json.loads(text(address))


def the_description_is_openapi(address):
    description = get(address + "/openapi.json")
    faults = list(OpenAPIV31SpecValidator(description).iter_errors())
    assert not faults, faults
    assert len(description["paths"]) >= 15, list(description["paths"])


def geojson_is_of_rfc_7946(address):
    for language in ["en", "fr"]:
        collection = FeatureCollection.model_validate(get(f"{address}/{language}/stations.geojson"))
        assert len(collection.features) == 25
        Feature.model_validate(get(f"{address}/{language}/station/fredericton.geojson"))


def atom_is_of_rfc_4287(address):
    entries = 0
    for language in ["en", "fr"]:
        for path in ["stations", *(f"station/{station}" for station in STATIONS)]:
            document = text(f"{address}/{language}/{path}.atom")
            read = feedparser.parse(document)
            assert not read.bozo and read.version == "atom10", (path, read.get("bozo_exception"))
            elements(etree.fromstring(document))
            entries += len(read.entries)
            assert all(entry.updated_parsed and entry.id.startswith("tag:") for entry in read.entries), path
            assert len({entry.id for entry in read.entries}) == len(read.entries), path
    assert entries > 20, entries


def elements(feed):
    """RFC 4287, sections 4.1.1 and 4.1.2: what must be there, and only once."""
    assert feed.tag == ATOM + "feed" and feed.find(ATOM + "author") is not None
    for parent in [feed, *feed.findall(ATOM + "entry")]:
        for name in ["id", "title", "updated"]:
            assert len(parent.findall(ATOM + name)) == 1, (parent.tag, name)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", parent.findtext(ATOM + "updated"))
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}:[A-Za-z0-9/.:-]+", parent.findtext(ATOM + "id"))
        assert len(parent.findall(ATOM + "content")) == (parent is not feed)


def no_reply_is_undocumented(address):
    """Fuzzes each address of the description. It leaves open which stations there are, so the fuzzer is told some."""
    description = get(address + "/openapi.json")
    parameters = description["components"]["parameters"]
    parameters["id"]["schema"] = {"type": "string", "enum": [*STATIONS, "nowhere"]}
    parameters["source"]["schema"] = {"type": "string", "enum": ["nb-fews", "eccc-nb", "none"]}
    with tempfile.TemporaryDirectory() as folder:
        file, reports = pathlib.Path(folder, "openapi.json"), pathlib.Path(folder, "reports")
        file.write_text(json.dumps(description))
        fuzzer = pathlib.Path(sys.executable).parent / "schemathesis"
        options = ["--max-examples", "6", "--seed", "20260420", "--phases", "coverage,fuzzing", "--no-color"]
        report = ["--report", "ndjson", "--report-dir", str(reports)]
        command = [str(fuzzer), "run", str(file), "--url", address, *options, *report]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=200)
        print("\n".join(line for line in ran.stdout.splitlines() if line.strip())[-4000:])
        assert ran.returncode == 0, ran.stderr[-2000:]
        told = "".join(report.read_text() for report in reports.iterdir())
    replies = re.findall(r'"status_code": ?(\d+)', told)
    assert replies.count("200") > 100, "the fuzzer has hardly met any data"


CHECKS = [the_description_is_openapi, geojson_is_of_rfc_7946, atom_is_of_rfc_4287, no_reply_is_undocumented]


def main():
    failed = 0
    with demonstration(sys.argv[1]) as address:
        for check in CHECKS:
            name = check.__name__.replace("_", " ")
            try:
                check(address)
                print(f"ok: {name}", flush=True)
            except Exception:
                failed += 1
                traceback.print_exc()
                print(f"FAILED: {name}", flush=True)
    sys.exit(failed > 0)


main()
