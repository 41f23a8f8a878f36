#!/usr/bin/env python3
"""Every contract is valid JSON Schema (draft 7), named after its file, and closed.

usage: schemas_test.py FOLDER
"""
import json
import pathlib
import sys

import jsonschema


def problems(file):
    name = file.name.removesuffix(".schema.json")
    document = json.loads(file.read_text())
    if document.get("$schema") != "http://json-schema.org/draft-07/schema#":
        yield "does not say that it is draft 7"
    # An absolute one: under a relative one jsonschema resolves references within a schema wrongly.
    if document.get("$id") != f"urn:adgenome:{name}:v1":
        yield f"$id is {document.get('$id')!r}"
    if not document.get("title"):
        yield "has no title"
    try:
        jsonschema.Draft7Validator.check_schema(document)
    except jsonschema.SchemaError as error:
        yield error.message
    if document.get("type") == "object" and document.get("additionalProperties") is not False:
        yield "takes any additional property"
    for required in document.get("required", []):
        if required not in document.get("properties", {}):
            yield f"requires {required}, which it does not describe"


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.schema.json"))
    found = [f"{file.name}: {problem}" for file in files for problem in problems(file)]
    print("\n".join(found + [f"{len(files)} contracts, {len(found)} problems"]))
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
