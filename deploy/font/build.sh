#!/usr/bin/env bash
# Builds service/document/font/court-kai.ttf.zst: the embedded font of papers.
# Source: LXGW WenKai Regular (SIL Open Font License 1.1), as packaged by Debian
# (fonts-lxgw-wenkai). It is cut down to Latin, punctuation and Chinese
# characters and renamed, because the licence reserves the original names.
# Needs: fonts-lxgw-wenkai, fonttools, zstd.
set -euo pipefail
cd "$(dirname "$0")/../../service/document/font"
/usr/bin/python3 - /usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf court-kai.ttf <<'PY'
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

source, target = sys.argv[1:]
font = TTFont(source, recalcTimestamp=False)
ranges = [(0x20, 0x24F), (0x2000, 0x2BFF), (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3200, 0x33FF), (0x3400, 0x9FFF),
          (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)]
keep = [c for c in font.getBestCmap() if any(a <= c <= b for a, b in ranges)]
options = subset.Options(hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True,
                         drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "DSIG", "vhea", "vmtx"])
s = subset.Subsetter(options)
s.populate(unicodes=keep)
s.subset(font)
for record in list(font["name"].names):
    if record.nameID in (1, 3, 4, 6, 16):
        record.string = {6: "CourtKai"}.get(record.nameID, "Court Kai")
    elif record.nameID not in (0, 2, 13, 14):
        font["name"].removeNames(nameID=record.nameID)
font.save(target)
PY
zstd -19 --force --rm court-kai.ttf
