#!/usr/bin/env python3
"""Makes public_suffixes.txt from Mozilla's public_suffix_list.dat.

    python3 update.py PATH/TO/public_suffix_list.dat

Needs the PyPI package `idna`. The list is published at https://publicsuffix.org/list/public_suffix_list.dat.
"""

import pathlib
import sys

import idna

HEADER = """\
# This Source Code Form is subject to the terms of the Mozilla Public
# License, v. 2.0. If a copy of the MPL was not distributed with this
# file, You can obtain one at https://mozilla.org/MPL/2.0/.
#
# Made by update.py from Mozilla's Public Suffix List, https://publicsuffix.org/list/public_suffix_list.dat
"""


def ascii_label(label):
    if label == "*" or label.isascii():
        return label.lower()
    return idna.encode(label, uts46=True).decode()


def line(rule):
    """One rule with its labels reversed, so that everything below a name stands together; exceptions end in `!`."""
    exception = rule.startswith("!")
    labels = [ascii_label(label) for label in rule.removeprefix("!").split(".")]
    if "*" in labels[1:]:
        sys.exit(f"a wildcard that is not the first label: {rule}")
    return ".".join(reversed(labels)) + ("!" if exception else "")


def main(path):
    rules, notes = set(), []
    for text in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if text.startswith(("// VERSION:", "// COMMIT:")):
            notes.append("#" + text.removeprefix("//"))
        elif text.strip() and not text.startswith("//"):
            rules.add(line(text.split()[0]))
    # `#` sorts before every letter and digit, so the notice does not disturb the binary search.
    lines = HEADER.splitlines() + notes + sorted(rules, key=lambda rule: rule.encode())
    out = pathlib.Path(__file__).with_name("public_suffixes.txt")
    out.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(rules)} rules, {out.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
