#!/usr/bin/python3
"""Reads report.html files as a parser does and checks what a person relies on:
nothing is loaded or run, evidence stays text, the policy's hash is right,
structure is accessible, colours have enough contrast in both schemes.

usage: check_html.py FOLDER...   (every report.html below)
"""
import base64
import hashlib
import os
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "path", "circle", "rect"}
TAGS = set("""html head meta title style body a div header p span bdi main
 section h1 h2 h3 h4 dl dt dd nav ul ol li svg path circle rect text figure
 figcaption table caption thead tbody tr th td details summary article footer
 time code""".split())
ATTRIBUTES = set("""lang dir charset name content http-equiv class href id role
 aria-label aria-labelledby aria-hidden tabindex scope colspan datetime title
 viewbox preserveaspectratio width height x y cx cy r rx d transform fill stroke
 stroke-width stroke-linecap stroke-linejoin text-anchor""".split())


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.links, self.labels = [], [], [], []
        self.headings, self.text, self.style, self.policy = [], [], "", None
        self.problems, self.tables, self.captions = [], 0, 0

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.problems.append(f"tag <{tag}>")
        for key, value in attrs:
            if key not in ATTRIBUTES:
                self.problems.append(f"attribute {key} of <{tag}>")
            if value and re.search(r"url\(|javascript:", value):
                self.problems.append(f"{key}={value[:50]}")
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if "href" in attrs:
            self.links.append(attrs["href"])
        if "aria-labelledby" in attrs:
            self.labels.append(attrs["aria-labelledby"])
        if tag == "svg" and "aria-hidden" not in attrs \
                and "aria-label" not in attrs:
            self.problems.append("a picture without a text")
        if tag == "meta" and "http-equiv" in attrs:
            self.policy = attrs["content"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "th" and "scope" not in attrs:
            self.problems.append("<th> without scope")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.stack[-1:]}")
        else:
            self.stack.pop()

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "style":
            self.style += data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.problems.append("comment")


def luminance(colour):
    rgb = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    rgb = [c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4
           for c in rgb]
    return .2126 * rgb[0] + .7152 * rgb[1] + .0722 * rgb[2]


def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + .05) / (a + .05)


def check_colours(style):
    """Text on its ground at 4.5:1, shapes that mean something at 3:1."""
    schemes = re.findall(r":root\{([^}]*)\}", style)
    assert len(schemes) == 3, "light, dark and print"
    light = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", schemes[0]))
    for scheme in schemes:
        c = {**light, **dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", scheme))}
        for text in ("ink", "soft", "link"):
            for ground in ("bg", "card"):
                assert contrast(c[text], c[ground]) >= 4.5, (text, ground)
        assert contrast(c["ink"], c["code"]) >= 4.5
        for ground in ("match", "suspicious", "inconclusive", "nokt",
                       "critical", "high", "medium", "low", "info"):
            assert contrast(c["on"], c[ground]) >= 4.5, ground
        for pin in ("critical", "high", "medium", "low", "info"):
            assert contrast(c[pin], c["card"]) >= 3, pin


def check(path):
    with open(path, encoding="utf-8", newline="") as f:
        source = f.read()
    page = Page()
    page.feed(source)
    page.close()
    problems = page.problems
    if page.stack:
        problems.append(f"left open: {page.stack}")
    digest = base64.b64encode(
        hashlib.sha256(page.style.encode()).digest()).decode()
    if page.policy != f"default-src 'none'; style-src 'sha256-{digest}'; " \
                      "base-uri 'none'; form-action 'none'":
        problems.append(f"policy {page.policy}, hash {digest}")
    if re.search(r"url\(|@import|expression", page.style):
        problems.append("the style loads something")
    check_colours(page.style)
    twice = {i for i in page.ids if page.ids.count(i) > 1} \
        if len(page.ids) < 3000 else set()
    if twice:
        problems.append(f"ids twice: {sorted(twice)[:5]}")
    ids = set(page.ids)
    for link in page.links:
        if not link.startswith("#"):
            problems.append(f"link to {link}")
    inside = {link[1:] for link in page.links if not link.startswith("#f-")}
    if inside - ids or set(page.labels) - ids:
        problems.append(f"no target: {inside - ids} {set(page.labels) - ids}")
    if page.headings[:1] != [1] or page.headings.count(1) != 1:
        problems.append("one first heading")
    for a, b in zip(page.headings, page.headings[1:]):
        if b > a + 1:
            problems.append(f"heading {b} below {a}")
    if page.tables != page.captions:
        problems.append("a table without a caption")
    text = "".join(page.text)
    for cp in text:
        if cp in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" \
                or (ord(cp) < 32 and cp != "\n"):
            problems.append(f"U+{ord(cp):04X} is not shown")
            break
    return problems


def main():
    count, bad = 0, 0
    for top in sys.argv[1:]:
        for folder, _, files in sorted(os.walk(top)):
            if "report.html" not in files:
                continue
            path = os.path.join(folder, "report.html")
            count += 1
            problems = check(path)
            for problem in problems[:20]:
                print(f"{path}: {problem}")
            bad += bool(problems)
    print(f"{count} pages, {bad} bad")
    return 1 if bad or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
