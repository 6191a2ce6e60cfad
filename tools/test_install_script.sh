#!/usr/bin/env bash
# Tests deploy/systemd/install.sh in a folder of its own: fake systemctl, useradd and chown, a made-up release.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3"
  fi
}

mkdir -p "$tmp/fakes" "$tmp/jdk/bin" "$tmp/units"
fake() {
  printf '#!/usr/bin/env bash\n%s\n' "$2" >"$tmp/fakes/$1"
  chmod +x "$tmp/fakes/$1"
}
fake id "[ \"\$1\" != -u ] || { echo \"\${FAKE_UID:-0}\"; exit; }; [ -e '$tmp/user' ]"
fake useradd ": >'$tmp/user'; echo \"useradd \$*\" >>'$tmp/calls'"
fake userdel "rm '$tmp/user'"
fake chown "echo \"chown \$*\" >>'$tmp/calls'"
fake systemctl "echo \"systemctl \$*\" >>'$tmp/calls'"
printf '#!/bin/sh\nexit 0\n' >"$tmp/jdk/bin/java"
chmod +x "$tmp/jdk/bin/java"
echo 'JAVA_VERSION="25"' >"$tmp/jdk/release"

release="$tmp/a release"
make_release() {
  mkdir -p "$release/tools" "$release/deploy/systemd" "$release/config" "$release/models/m/1"
  cp "$here/find_jdk.sh" "$release/tools/"
  cp "$here/../deploy/systemd/"* "$release/deploy/systemd/"
  cp "$here/../start_ml_server.sh" "$release/"
  echo "$1" >"$release/ml-model-server.jar"
  echo "$1" >"$release/config/application.yml"
  echo "$1" >"$release/models/m/1/model.pt"
}
home="$tmp/opt/ml-model-server"
install() {
  : >"$tmp/calls"
  env PATH="$tmp/fakes:$PATH" JAVA_HOME="$tmp/jdk" FIND_JDK_ROOT="$tmp/none" HOME="$tmp" HOME_DIR="$home" UNIT_DIR="$tmp/units" \
    "$release/deploy/systemd/install.sh" "$@" >"$tmp/out" 2>&1
}
tree() { (cd "$tmp/opt" && find . -type f -exec cksum {} + | sort -k 3); }

make_release one
FAKE_UID=1000 install
check "only root installs" 1 $?
check "nothing is done by others" "" "$(cat "$tmp/calls")"

install
check "it installs" 0 $?
check "the unit's paths are those of the installation" "ExecStart=$home/start_ml_server.sh" "$(grep ^ExecStart= "$tmp/units/ml-model-server.service")"
check "the server's own are the data and the models" "chown -R ml-model-server: $home/data $home/models" "$(grep 'ml-model-server:' "$tmp/calls")"
check "it starts" "systemctl daemon-reload systemctl enable ml-model-server systemctl restart ml-model-server" "$(grep systemctl "$tmp/calls" | xargs)"
check "a user is made" 1 "$(grep -c '^useradd --system' "$tmp/calls")"

before=$(tree)
install
check "it can be run again" 0 $?
check "and changes nothing" "$before" "$(tree)"
check "nor makes a second user" 0 "$(grep -c useradd "$tmp/calls")"

echo mine >"$home/config/application.yml"
echo mine >"$home/models/m/1/model.pt"
echo kept >"$home/data/windows"
: >"$release/tools/new_tool.sh"
make_release two
install
check "an upgrade brings the program" two "$(cat "$home/ml-model-server.jar")"
check "all of it" yes "$([ -e "$home/tools/new_tool.sh" ] && echo yes)"
check "settings stay" mine "$(cat "$home/config/application.yml")"
check "the new defaults lie beside them" two "$(cat "$home/config/application.yml.new")"
check "models stay" mine "$(cat "$home/models/m/1/model.pt")"
check "data stays" kept "$(cat "$home/data/windows")"

rm "$release/ml-model-server.jar"
install
check "without a jar it says so" 1 $?
check "and leaves what is there" two "$(cat "$home/ml-model-server.jar")"

install --nonsense
check "what it does not know is refused" 2 $?

install --uninstall
check "it uninstalls" 0 $?
check "the program is gone" "" "$(ls "$home/ml-model-server.jar" "$home/tools" "$tmp/units/ml-model-server.service" 2>/dev/null)"
check "models, data and settings stay" "mine kept mine" "$(cat "$home/models/m/1/model.pt" "$home/data/windows" "$home/config/application.yml" | xargs)"
install --uninstall
check "twice, too" 0 $?
install --purge
check "--purge leaves nothing" "" "$(ls -A "$tmp/opt")"
check "nor the user" no "$([ -e "$tmp/user" ] && echo yes || echo no)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
