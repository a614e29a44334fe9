#!/bin/sh
# Takes the README's picture (docs/images/bill.png) from a real run. GONGJI and CHROMIUM as for run.sh.
set -eu
export E2E_SCRIPT=picture.mjs
exec "$(dirname "$0")/run.sh"
