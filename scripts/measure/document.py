# SPDX-License-Identifier: Apache-2.0
"""What was measured, for docs/performance.md: each part stands between `<!-- measured PART -->` and `<!-- end -->`."""
import os
import re

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "performance.md")


def put(part, lines):
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    block = "<!-- measured %s -->\n%s\n<!-- end -->" % (part, "\n".join(lines).strip())
    new, count = re.subn(r"<!-- measured %s -->.*?<!-- end -->" % part, lambda _: block, text, flags=re.S)
    if count != 1:
        raise SystemExit("docs/performance.md has no place for %s" % part)
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(new)
