"""Checks what --diagnostics=json and --diagnostics=sarif print: machine.py MOUNTC DIRECTORY."""
import json
import os
import subprocess
import sys

MOUNTC, DIRECTORY = sys.argv[1], os.fsencode(sys.argv[2])
TEXT = ('mount "/mnt/\\xff\\x01é" tmpfs nosiud;\n\tmount /a bind /x shared lgos;\n'
        'group logs;').encode()
PLACE = {"file", "line", "column", "end_line", "end_column", "offset", "end_offset"}


def said(form, name, text):
    path = os.path.join(DIRECTORY, name)
    with open(path, "wb") as file:
        file.write(text)
    done = subprocess.run([MOUNTC, "check", "--diagnostics=" + form, path], capture_output=True)
    return done.returncode, json.loads(done.stderr.decode("utf-8"))  # invalid UTF-8 would fail


def is_place(place, extra):
    assert set(place) == PLACE | extra, place
    assert place["offset"] <= place["end_offset"] and place["line"] <= place["end_line"]


def check_json():
    status, all_ = said("json", b"bad-\xff.mnt", TEXT)
    assert status == 1 and [each["id"] for each in all_] == ["M205", "M201"], all_
    for each in all_:
        is_place({k: v for k, v in each.items() if k in PLACE}, set())
        assert set(each) == PLACE | {"severity", "id", "name", "errno", "message", "notes", "hints"}
        for note in each["notes"]:
            is_place(note, {"message"})
    first, second = all_
    assert first["file"].endswith("bad-\\xff.mnt") and first["severity"] == "error"
    assert (first["line"], first["column"], first["end_column"]) == (1, 30, 36), first
    assert TEXT[first["offset"]:first["end_offset"]] == b"nosiud"
    assert first["hints"][0]["safe"] is True and first["hints"][0]["edit"]["text"] == "nosuid"
    is_place(first["hints"][0]["edit"], {"text"})
    assert second["hints"][0]["safe"] is False and second["column"] == 26, second
    assert said("json", b"good.mnt", b"mount /mnt tmpfs;") == (0, [])


def check_sarif():
    status, log = said("sarif", b"bad-\xff.mnt",
                       TEXT + b" mount /b bind /y shared g; group g slave of g;")
    assert status == 1 and log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "mountc" and run["columnKind"] == "unicodeCodePoints"
    wanted = {"id", "fullDescription", "defaultConfiguration"}
    assert all(wanted <= set(rule) for rule in driver["rules"])
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning") and result["message"]["text"]
        for location in result["locations"] + result.get("relatedLocations", []):
            physical = location["physicalLocation"]
            assert physical["artifactLocation"]["uri"].endswith("bad-%FF.mnt")
            region = physical["region"]
            assert region["startLine"] >= 1 and region["startColumn"] >= 1
            end = region["endLine"], region["endColumn"]
            assert end >= (region["startLine"], region["startColumn"])
        for fix in result.get("fixes", []):
            (change,) = fix["artifactChanges"]
            (replacement,) = change["replacements"]
            assert set(replacement) == {"deletedRegion", "insertedContent"}
    assert [r["ruleId"] for r in run["results"]] == ["M205", "M201", "M301"], run["results"]
    assert run["results"][0]["fixes"] and run["results"][2]["relatedLocations"]
    status, log = said("sarif", b"good.mnt", b"mount /mnt tmpfs;")
    assert status == 0 and log["runs"][0]["results"] == []


check_json()
check_sarif()
print("as documented")
