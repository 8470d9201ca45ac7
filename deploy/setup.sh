#!/usr/bin/env bash
# Makes .venv from a locked, hashed list: `setup.sh runtime|roster|dev|tools`. Needs Python 3.11+ with venv, nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
what=$1
uv_version=0.13.9
export UV_SYSTEM_CERTS=1

stamp=.venv/.installed
if command -v flock > /dev/null; then exec 9> .setup.lock; flock 9; fi
# who has the development list, or the extra for rosters, keeps it: they hold the runtime list too
case "$what $(cat "$stamp" 2>/dev/null)" in
  "runtime dev "*) what=dev ;;
  "runtime roster "*) what=roster ;;
esac
lock=requirements/$what.txt
if [ "$what" != tools ] && [ -x .venv/bin/python ]; then
  [ "$(cat "$stamp" 2>/dev/null)" = "$what $(cat "$lock" deploy/setup.sh | cksum)" ] && exit 0
fi

python=
for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
  if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; break; fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is missing: install it with 'sudo apt-get install python3 python3-venv' and run this again." >&2
  exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  echo "Python's venv module is missing: install it with 'sudo apt-get install python3-venv' and run this again." >&2
  exit 1
fi

if [ ! -x .tools/bin/uv ] && [ ! -e .tools/pip-only ]; then
  echo "Setting up once: a private Python environment in .venv …" >&2
  rm -rf .tools
  "$python" -m venv .tools
  .tools/bin/pip install -q --disable-pip-version-check "uv==$uv_version" ||
    { echo "uv cannot be had here; pip does its work, a little slower." >&2; touch .tools/pip-only; }
fi
[ "$what" = tools ] && exit 0

if ! .venv/bin/python -c '' 2>/dev/null; then
  rm -rf .venv
  "$python" -m venv .venv
fi
rm -f "$stamp"
if [ -x .tools/bin/uv ]; then
  VIRTUAL_ENV=$PWD/.venv .tools/bin/uv pip sync -q --require-hashes "$lock"
else
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
fi
# the import path is the folder path: services.booking.use_cases
purelib=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$PWD" > "$purelib/xiuhao.pth"
echo "$what $(cat "$lock" deploy/setup.sh | cksum)" > "$stamp"
