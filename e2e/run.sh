#!/bin/sh
# Starts the built server on a free loopback port, drives its pages in Chromium, and closes with "N passed, N failed".
#   GONGJI    the program (default: the newest of target/{release,debug}/gongji)
#   CHROMIUM  the browser (default: /usr/bin/chromium)
set -eu
cd "$(dirname "$0")"
target="${CARGO_TARGET_DIR:-../target}"
if [ -z "${GONGJI:-}" ]; then
    GONGJI=$(ls -t "$target"/release/gongji "$target"/debug/gongji 2>/dev/null | head -n 1 || true)
fi
[ -n "$GONGJI" ] && [ -x "$GONGJI" ] || { echo "no gongji program: run cargo build first, or set GONGJI" >&2; exit 2; }
[ -d node_modules/playwright-core ] || npm ci --omit=optional --no-audit --no-fund --silent
export GONGJI
exec node "${E2E_SCRIPT:-pages.mjs}"
