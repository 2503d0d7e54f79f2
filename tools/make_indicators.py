#!/usr/bin/python3
"""Writes indicators/*.stix2 from published indicator files.

usage: tools/make_indicators.py SOURCES [DEST]

SOURCES holds checkouts (or copies) of the publishers' files under the paths
below. Only values are taken from them, which are facts: no names, texts or
ids of theirs. Every value is kept, also those that the loader will reject,
so that nothing is missing without being said. The same input gives the same
bytes: ids are derived from the values, dates are those of the sources.

`published` is the day of the file that the values were taken from. Some were
public earlier; a later day only means that visits keep their weight longer.
"""
import json
import pathlib
import sys
import uuid

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://telassay.invalid/indicators")
AMNESTY = ("Amnesty International Security Lab, "
           "https://github.com/AmnestyTech/investigations", "CC-BY-2.0")
MVT = ("MVT project, https://github.com/mvt-project/mvt-indicators", "MIT")

# file written, its campaign, where the values come from, path there
SETS = [
    ("candiru", "DevilsTongue (Candiru)", MVT, "candiru/candiru.stix2"),
    ("cellebrite", "Cellebrite", MVT, "cellebrite/cellebrite.stix2"),
    ("coruna", "Coruna", MVT,
     "2026-03-03_coruna_cryptowaters/coruna.stix2"),
    ("darksword", "DarkSword", MVT, "2026-03-30_darksword/darksword.stix2"),
    ("eaglemsgspy", "EagleMsgSpy", MVT,
     "2024-12-25_eaglemsgspy/eaglemsgspy.stix2"),
    ("hermit", "Hermit (RCS Lab)", MVT, "2022-06-23_rcs_lab/rcs.stix2"),
    ("kingspawn", "KingsPawn (QuaDream)", MVT,
     "2023-04-11_quadream/kingspawn.stix2"),
    ("mercenary-android-2023", "Mercenary Android campaign of 2023", AMNESTY,
     "2023-03-29_android_campaign/malware.stix2"),
    ("novispy", "NoviSpy", AMNESTY,
     "2024-12-16_serbia_novispy/novispy.stix2"),
    ("pegasus", "Pegasus", AMNESTY, "2021-07-18_nso/pegasus.stix2"),
    ("predator-cytrox", "Predator (Cytrox)", AMNESTY,
     "2021-12-16_cytrox/cytrox.stix2"),
    ("predator-intellexa", "Predator (Intellexa)", MVT,
     "intellexa_predator/predator.stix2"),
    ("residentbat", "ResidentBat", MVT, "ResidentBat/residentbat.stix2"),
    ("triangulation", "Operation Triangulation", MVT,
     "2023-06_01_operation_triangulation/operation_triangulation.stix2"),
    ("wintego-helios", "Helios (Wintego)", AMNESTY,
     "2024-05-02_wintego_helios/wintego_helios.stix2"),
    ("wyrmspy-dragonegg", "WyrmSpy and DragonEgg", MVT,
     "2023-07-25_wyrmspy_dragonegg/wyrmspy_dragonegg.stix2"),
]
FOLDERS = {AMNESTY: "amnesty", MVT: "mvt-indicators"}

# Ordinary sites that were taken over for a time: most visits are harmless.
HIJACKED = {("darksword", "7aac.gov.ua"), ("darksword", "novosti.dn.ua")}


def value_of(pattern):
    """What stands in quotes; no published pattern has more than one value."""
    return pattern.split("'", 1)[1].rsplit("'", 1)[0]


def object_id(kind, *parts):
    return f"{kind}--{uuid.uuid5(NAMESPACE, '|'.join((kind, *parts)))}"


def common(kind, oid, date):
    return {"type": kind, "spec_version": "2.1", "id": oid,
            "created": date, "modified": date}


def indicator(slug, pattern, date):
    o = common("indicator", object_id("indicator", slug, pattern), date)
    o |= {"pattern": pattern, "pattern_type": "stix",
          "pattern_version": "2.1", "valid_from": date}
    if (slug, value_of(pattern)) in HIJACKED:
        o["x_telassay_hijacked"] = True
    return o


def bundle(slug, campaign, origin, source):
    """All objects of one set, in an order that does not depend on theirs."""
    theirs = [o for o in source["objects"] if o["type"] == "indicator"]
    day = max(o["valid_from"] for o in theirs)[:10]
    date = day + "T00:00:00.000Z"
    patterns = sorted(o["pattern"] for o in theirs)
    malware = common("malware", object_id("malware", slug), date)
    malware |= {"name": campaign, "is_family": True}
    report = common("report", object_id("report", slug), date)
    report |= {"name": campaign, "published": date,
               "x_telassay_source": origin[0],
               "x_telassay_licence": origin[1]}
    objects, seen = [], {}
    for p in patterns:
        o = indicator(slug, p, date)
        # The same value twice in one file: the second gets an id of its own.
        n = seen[p] = seen.get(p, 0) + 1
        if n > 1:
            o["id"] = object_id("indicator", slug, p, str(n))
        objects.append(o)
    report["object_refs"] = [malware["id"]] + [o["id"] for o in objects]
    return [malware, report] + objects


def write(path, slug, objects):
    lines = [json.dumps(o, ensure_ascii=True, separators=(",", ":"))
             for o in objects]
    path.write_text('{"type":"bundle","id":"%s","objects":[\n%s\n]}\n' %
                    (object_id("bundle", slug), ",\n".join(lines)))


def main(argv):
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    sources = pathlib.Path(argv[1])
    dest = pathlib.Path(argv[2] if len(argv) == 3 else
                        pathlib.Path(__file__).parent.parent / "indicators")
    dest.mkdir(exist_ok=True)
    for slug, campaign, origin, path in SETS:
        source = json.loads((sources / FOLDERS[origin] / path).read_text())
        objects = bundle(slug, campaign, origin, source)
        write(dest / (slug + ".stix2"), slug, objects)
        print(f"{slug}: {len(objects) - 2} indicators")


if __name__ == "__main__":
    main(sys.argv)
