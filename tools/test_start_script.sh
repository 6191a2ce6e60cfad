#!/usr/bin/env bash
# Tests tools/find_jdk.sh and start_ml_server.sh on made-up machines: fake JDKs, a fake Maven, a fake server.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() {
  local what=$1 expected=$2 actual=$3
  if [ "$expected" = "$actual" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected: %s\n  actual:   %s\n' "$what" "$expected" "$actual"
  fi
}

contains() {
  case $3 in *"$2"*) check "$1" yes yes ;; *) check "$1" "… $2 …" "$3" ;; esac
}

# The commands that the scripts may use, so that no Java of this machine is on the PATH.
mkdir "$tmp/commands"
for command in bash sh sed head dirname basename readlink find mkdir mv rm cat touch sleep ls tail locale true; do
  ln -s "$(type -P "$command")" "$tmp/commands/$command"
done
ln -s "$tmp/commands/true" "$tmp/commands/unzip"

# A fake JDK whose java says what it was given. It "extracts" a jar by making the one that is started then.
java_home() {
  local home=$1 version=$2
  mkdir -p "$home/bin"
  cat >"$home/bin/java" <<'JAVA'
#!/usr/bin/env bash
all=" $* "
case $all in
  *" -version "*) echo 'openjdk version "22.0.1" 2024-04-16' >&2; exit 0 ;;
  *" extract --destination "*)
    while [ "$1" != --destination ]; do shift; done
    mkdir -p "$2/lib"
    for jar in ml-model-server lib/a lib/b; do : >"$2/$jar.jar"; done
    exit 0
    ;;
  *--modelserver.warm-up.then-exit=true*)
    for argument in "$@"; do
      case $argument in -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) [ -n "${FAKE_PREPARATION_EXIT:-}" ] || : >"${argument#*=}" ;; esac
    done
    if [ -n "${FAKE_PREPARATION_WAITS:-}" ]; then
      trap '' TERM
      echo "$$" >"$FAKE_PREPARATION_WAITS"
      for _ in {1..1200}; do sleep 0.05; done
    fi
    exit "${FAKE_PREPARATION_EXIT:-0}"
    ;;
esac
if [ -n "${FAKE_SERVER_STREAMS:-}" ]; then
  streams=
  for stream in 0 1 2; do [ ! -e "/dev/fd/$stream" ] || streams="$streams $stream"; done
  echo "${streams# }" >"$FAKE_SERVER_STREAMS"
fi
echo "pid=$$"
echo "cwd=$PWD"
echo "home=$JAVA_HOME"
echo "arenas=$MALLOC_ARENA_MAX telemetry off=$ORT_DISABLE_TELEMETRY"
echo "language=${LC_ALL:-}"
for argument in "$@"; do echo "<$argument>"; done
if [ -n "${FAKE_SERVER_WAITS:-}" ]; then
  trap 'exit 43' TERM
  trap 'exit 42' INT
  : >"$FAKE_SERVER_WAITS"
  for _ in {1..1200}; do sleep 0.05; done
fi
exit "${FAKE_SERVER_EXIT:-0}"
JAVA
  chmod +x "$home/bin/java"
  [ -z "$version" ] || printf 'IMPLEMENTOR="Test"\nJAVA_VERSION="%s"\nJAVA_VERSION_DATE="2026-01-01"\n' "$version" >"$home/release"
}

jdk() {
  java_home "$@"
  cp "$tmp/commands/true" "$1/bin/javac"
}

# Each test has a machine (system directories) and a home of its own, both with a space in their names.
new_machine() {
  machines=$((${machines:-0} + 1))
  machine="$tmp/machine $machines"
  user_home="$tmp/home $machines"
  mkdir -p "$machine" "$user_home"
}

on_machine() {
  env -i HOME="$user_home" PATH="$tmp/commands" FIND_JDK_ROOT="$machine" "$@"
}

# ------------------------------------------------------------------------------------------------------ find_jdk.sh

new_machine
jdk "$machine/usr/lib/jvm/java-8" 1.8.0_392
jdk "$machine/usr/lib/jvm/java-17" 17.0.15
jdk "$machine/usr/lib/jvm/java-21" 21.0.4
jdk "$user_home/.sdkman/candidates/java/25.0.1-tem" 25.0.1
jdk "$user_home/.jdks/openjdk-24" 24
check "the newest is taken" "$user_home/.sdkman/candidates/java/25.0.1-tem" "$(on_machine "$here/find_jdk.sh")"
check "the newest is taken over an older JAVA_HOME" "$user_home/.sdkman/candidates/java/25.0.1-tem" \
  "$(on_machine JAVA_HOME="$machine/usr/lib/jvm/java-21" "$here/find_jdk.sh")"

java_home "$machine/opt/jre 27" 27-ea
check "a runtime is enough to run" "$machine/opt/jre 27" "$(on_machine "$here/find_jdk.sh")"
check "--javac passes over a runtime" "$user_home/.sdkman/candidates/java/25.0.1-tem" \
  "$(on_machine "$here/find_jdk.sh" --javac)"

new_machine
jdk "$machine/usr/lib/jvm/a" 25.0.2
jdk "$tmp/elsewhere/my jdk" 25.0.1
check "of equally new ones JAVA_HOME is taken" "$tmp/elsewhere/my jdk" \
  "$(on_machine JAVA_HOME="$tmp/elsewhere/my jdk" "$here/find_jdk.sh")"

for place in usr/java/j opt/vendor/jdk-21 usr/local/openjdk-21 Library/Java/JavaVirtualMachines/t.jdk/Contents/Home \
  opt/homebrew/opt/openjdk@21/libexec/openjdk.jdk/Contents/Home usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home; do
  new_machine
  jdk "$machine/$place" 21.0.1
  check "found in /$place" "$machine/$place" "$(on_machine "$here/find_jdk.sh")"
done
for place in .sdkman/candidates/java/j .jdks/j .jdks/j/Contents/Home .gradle/jdks/j .gradle/jdks/j/Contents/Home .m2/jdks/j \
  .asdf/installs/java/j .local/share/mise/installs/java/j Library/Java/JavaVirtualMachines/t.jdk/Contents/Home; do
  new_machine
  jdk "$user_home/$place" 21.0.1
  check "found in ~/$place" "$user_home/$place" "$(on_machine "$here/find_jdk.sh")"
done

new_machine
jdk "$tmp/path jdk" 23
mkdir -p "$machine/bin"
ln -s "$tmp/path jdk/bin/java" "$machine/bin/java"
check "java on PATH is followed to its home" "$(readlink -f "$tmp/path jdk" 2>/dev/null || echo "$machine")" \
  "$(on_machine PATH="$machine/bin:$tmp/commands" "$here/find_jdk.sh")"

new_machine
mkdir -p "$machine/usr/libexec"
jdk "$tmp/mac jdk" 25
printf '#!/usr/bin/env bash\n[ "$*" = "-v 21+" ] && echo "%s"\n' "$tmp/mac jdk" >"$machine/usr/libexec/java_home"
chmod +x "$machine/usr/libexec/java_home"
check "java_home is asked" "$tmp/mac jdk" "$(on_machine "$here/find_jdk.sh")"

new_machine
jdk "$machine/usr/lib/jvm/silent" ""
check "java is asked where there is no release file" "$machine/usr/lib/jvm/silent" "$(on_machine "$here/find_jdk.sh")"
check "HOME may be unset" "$machine/usr/lib/jvm/silent" \
  "$(env -i PATH="$tmp/commands" FIND_JDK_ROOT="$machine" "$here/find_jdk.sh")"

new_machine
jdk "$machine/usr/lib/jvm/java-17" 17.0.15
mkdir -p "$machine/usr/lib/jvm/leftover"
echo 'JAVA_VERSION="25"' >"$machine/usr/lib/jvm/leftover/release"
out=$(on_machine "$here/find_jdk.sh" 2>"$tmp/err")
check "none found: exit status" 1 $?
check "none found: nothing on stdout" "" "$out"
for word in "No Java 21" apt dnf brew winget Temurin; do contains "none found: says $word" "$word" "$(cat "$tmp/err")"; done

# ---------------------------------------------------------------------------------------------- a release archive

release="$tmp/release of today"
mkdir -p "$release/tools"
cp "$here/../start_ml_server.sh" "$release/"
cp "$here/find_jdk.sh" "$release/tools/"
: >"$release/ml-model-server.jar"

out=$(on_machine "$release/start_ml_server.sh" 2>&1)
check "no Java: exit status" 1 $?
contains "no Java: the message" "No Java 21 or newer was found" "$out"

new_machine
jdk "$machine/usr/lib/jvm/java-25" 25.0.1
out=$(on_machine "$release/start_ml_server.sh" --server.port=8002 "two words" '*' '' 2>&1)
check "a release starts without Maven" 0 $?
contains "arguments go to the server as they are" "$(printf '%s\n' '<--server.port=8002>' '<two words>' '<*>' '<>')" "$out"
contains "the banner has the port of the argument" "http://localhost:8002/health" "$out"
for path in /docs /redoc "/predict (POST)"; do contains "the banner has $path" "http://localhost:8002$path" "$out"; done
contains "it runs in its own directory" "cwd=$(cd "$release" && pwd -P)" "$out"
contains "the JVM's flags come from their file" "<@config/jvm.options>" "$out"
case $out in *Xmx*) check "and from nowhere else" "" "$out" ;; *) check "and from nowhere else" "" "" ;; esac
contains "glibc's arenas are few" "arenas=2 telemetry off=1" "$out"
contains "without a language, file names are UTF-8" "language=C.UTF-8" "$out"
contains "the JDK found is used" "home=$machine/usr/lib/jvm/java-25" "$out"

out=$(on_machine LANG=C.UTF-8 "$release/start_ml_server.sh" 2>&1)
contains "a language of UTF-8 stays" "$(printf 'language=\n<')" "$out"
out=$(on_machine LANG=no_SUCH.UTF-8 "$release/start_ml_server.sh" 2>&1)
contains "a language that is not installed is none" "language=C.UTF-8" "$out"

out=$(on_machine SERVER_PORT=8003 MODELSERVER_HEAP=1g JAVA_OPTS="-Da=1 -Db=2" "$release/start_ml_server.sh" 2>&1)
contains "the banner has the port of the environment" "http://localhost:8003" "$out"
contains "the heap can be set" "<-Xmx1g>" "$out"
contains "JAVA_OPTS are several flags" "$(printf '%s\n' '<-Da=1>' '<-Db=2>')" "$out"
contains "the default port is 8001" "http://localhost:8001" "$(on_machine "$release/start_ml_server.sh" 2>&1)"

on_machine FAKE_SERVER_EXIT=5 "$release/start_ml_server.sh" >/dev/null 2>&1
check "the server's exit status comes through" 5 $?

mkdir -p "$tmp/bin" "$tmp/cdpath/release of today"
ln -s "../release of today/start_ml_server.sh" "$tmp/bin/first"
ln -s "$tmp/bin/first" "$tmp/bin/second link"
out=$(cd / && on_machine "$tmp/bin/second link" --x=1 2>&1)
contains "through links, from elsewhere" "cwd=$(cd "$release" && pwd -P)" "$out"
out=$(cd "$tmp" && on_machine CDPATH="$tmp/cdpath" "release of today/start_ml_server.sh" 2>&1)
contains "by a relative path, with CDPATH" "cwd=$(cd "$release" && pwd -P)" "$out"

out=$(cd "$tmp" && on_machine "release of today/start_ml_server.sh" --help 2>&1)
check "--help: exit status" 0 $?
contains "--help: usage" "./start_ml_server.sh --server.port=8002" "$out"
case $out in *pid=*) check "--help starts nothing" "" "$out" ;; *) check "--help starts nothing" "" "" ;; esac

# Nobody may be there to read what it says, or the disk that it goes to may be full.
for prepared in no yes; do
  [ "$prepared" = yes ] || rm -rf "$release/data"
  if [ -e /dev/full ]; then
    on_machine FAKE_SERVER_EXIT=7 "$release/start_ml_server.sh" --server.port=9 >/dev/full 2>"$tmp/err"
    check "a full standard output keeps no server from starting (prepared: $prepared)" 7 $?
    check "and is not complained of" "" "$(grep start_ml_server "$tmp/err")"
  fi
  on_machine FAKE_SERVER_EXIT=7 "$release/start_ml_server.sh" --server.port=9 <&- >&- 2>&-
  check "closed standard streams keep no server from starting (prepared: $prepared)" 7 $?
done
open=$(on_machine FAKE_SERVER_STREAMS="$tmp/streams" "$release/start_ml_server.sh" --server.port=9 <&- >&- 2>&-; cat "$tmp/streams")
check "the server's standard streams are open" "0 1 2" "$open"

out=$(on_machine SERVER_SERVLET_CONTEXT_PATH=/ml "$release/start_ml_server.sh" --server.port=9 2>&1)
contains "the addresses have the context path" "http://localhost:9/ml/docs" "$out"

out=$(on_machine "$release/start_ml_server.sh" --server.port=9 --server.ssl.bundle=server 2>&1)
contains "with TLS the addresses are https" "https://localhost:9/docs" "$out"
out=$(on_machine SERVER_SSL_BUNDLE=server "$release/start_ml_server.sh" --server.port=9 2>&1)
contains "with TLS of the environment too" "https://localhost:9/docs" "$out"

# Signals reach the server itself, since the script has become the server. Jobs (set -m), because a plain background
# process ignores Ctrl+C, and each in a group of its own, to which a terminal would send it.
# Where this test was itself started with SIGINT ignored, as in the background, nobody below can be sent one.
signals="TERM:43 INT:42"
case $(trap -p INT) in "trap -- ''"*) signals=TERM:43 ;; esac
for signal in $signals; do
  rm -f "$tmp/waits"
  set -m
  # Not by on_machine: a function would be a process more.
  env -i HOME="$user_home" PATH="$tmp/commands" FIND_JDK_ROOT="$machine" FAKE_SERVER_WAITS="$tmp/waits" \
    "$release/start_ml_server.sh" >"$tmp/out" 2>&1 &
  script=$!
  set +m
  for _ in {1..1200}; do [ -f "$tmp/waits" ] && break; sleep 0.05; done
  check "the script's process is the server's" "pid=$script" "$(sed -n '/^pid=/p' "$tmp/out")"
  if [ "${signal%:*}" = TERM ]; then kill -TERM "$script"; else kill -INT -- "-$script"; fi
  wait "$script"
  check "SIG${signal%:*} ends the server, its status comes through" "${signal#*:}" $?
done

# They end what comes before the server too, and leave nothing of it behind.
for signal in ${signals//:4[23]/}; do
  rm -rf "$release/data" "$tmp/waits"
  set -m
  env -i HOME="$user_home" PATH="$tmp/commands" FIND_JDK_ROOT="$machine" FAKE_PREPARATION_WAITS="$tmp/waits" \
    "$release/start_ml_server.sh" --server.port=9 >"$tmp/out" 2>&1 &
  script=$!
  set +m
  for _ in {1..1200}; do [ -s "$tmp/waits" ] && break; sleep 0.05; done
  if [ "$signal" = TERM ]; then kill -TERM "$script"; status=143; else kill -INT -- "-$script"; status=130; fi
  wait "$script"
  check "SIG$signal while preparing ends the script" "$status" $?
  check "SIG$signal while preparing ends the preparation" yes "$(kill -0 "$(cat "$tmp/waits")" 2>/dev/null || echo yes)"
done

rm -rf "$release/data"
out=$(on_machine FAKE_PREPARATION_EXIT=1 "$release/start_ml_server.sh" 2>&1)
contains "a failed preparation does not keep the server from starting" "pid=" "$out"

rm -rf "$release/data"
out=$(on_machine FAKE_PREPARATION_EXIT=1 "$release/start_ml_server.sh" --prepare 2>&1)
check "--prepare says that it failed" 1 $?
contains "--prepare: the message" "The preparation failed" "$out"
out=$(on_machine MODELSERVER_APP_DIR="$tmp/made ready/app" "$release/start_ml_server.sh" --prepare 2>&1)
check "--prepare: exit status" 0 $?
check "--prepare starts nothing" "" "$out"
out=$(on_machine MODELSERVER_APP_DIR="$tmp/made ready/app" "$release/start_ml_server.sh" --server.port=9 2>&1)
contains "what was prepared is used" "<-XX:AOTCache=$tmp/made ready/app/classes-25.0.1.cache>" "$out"
contains "from where it lies" "<$tmp/made ready/app/ml-model-server.jar>" "$out"

rm "$release/ml-model-server.jar"
contains "an image holds what was prepared alone" "<$tmp/made ready/app/ml-model-server.jar>" \
  "$(on_machine MODELSERVER_APP_DIR="$tmp/made ready/app" "$release/start_ml_server.sh" --server.port=9 2>&1)"
rm "$tmp/made ready/app/classes-25.0.1.cache"
contains "and does not prepare it again" "<$tmp/made ready/app/ml-model-server.jar>" \
  "$(on_machine MODELSERVER_APP_DIR="$tmp/made ready/app" "$release/start_ml_server.sh" --server.port=9 2>&1)"
: >"$release/ml-model-server.jar"

rm -rf "$release/data"
preparations() { on_machine "$release/start_ml_server.sh" --server.port=9 2>&1 | sed -n 's/^Preparing.*/prepared/p'; }
check "the first start prepares" prepared "$(preparations)"
check "the second does not" "" "$(preparations)"
touch -t 202001010000 "$release/ml-model-server.jar"
check "another jar is prepared again, an older one too" prepared "$(preparations)"
rm "$release/data/app/lib/b.jar"
check "what has lost a part is prepared again" prepared "$(preparations)"
check "in another language and time zone it is the same" "" \
  "$(on_machine LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$release/start_ml_server.sh" --server.port=9 2>&1 | sed -n 's/^Preparing.*/prepared/p')"

# A port that is taken is another server's, which may run from what would be prepared anew.
exec 4< <(python3 -u -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1]); time.sleep(60)' 2>/dev/null)
listener=$!
if read -r busy <&4; then
  rm -rf "$release/data"
  out=$(on_machine "$release/start_ml_server.sh" --server.port="$busy" 2>&1)
  contains "on another server's port it fails by itself" "pid=" "$out"
  case $out in *Preparing*) check "nothing is prepared there" "" "$out" ;; *) check "nothing is prepared there" "" "" ;; esac
fi
kill "$listener" 2>/dev/null
exec 4<&-

# JDK 21 knows no log tag "aot" and would not start with it.
new_machine
jdk "$machine/usr/lib/jvm/java-21" 21.0.4
out=$(on_machine "$release/start_ml_server.sh" --server.port=9 2>&1)
contains "JDK 21 uses its class cache" "<-XX:SharedArchiveFile=data/app/classes-21.0.4.cache>" "$out"
case $out in *Xlog:aot*) check "JDK 21 gets no flag that it does not know" "" "$out" ;; *) check "JDK 21 flags" "" "" ;; esac

# ----------------------------------------------------------------------------------------------------------- a clone

clone="$tmp/my clone"
mkdir -p "$clone/tools" "$clone/src/main/java" "$clone/config/examples"
cp "$here/../start_ml_server.sh" "$clone/"
cp "$here/find_jdk.sh" "$clone/tools/"
: >"$clone/pom.xml"
: >"$clone/src/main/java/A.java"
cat >"$clone/mvnw" <<'MVNW'
#!/usr/bin/env bash
echo "mvnw $* with $JAVA_HOME"
mkdir -p target
: >target/ml-model-server.jar
[ -z "${FAKE_BUILD_FAILS:-}" ] || { echo "A.java: cannot find symbol" >&2; exit 1; }
MVNW
chmod +x "$clone/mvnw"
find "$clone" -exec touch -t 202601010000 {} +

new_machine
jdk "$machine/usr/lib/jvm/java-21" 21.0.4
java_home "$machine/usr/lib/jvm/jre-25" 25.0.1
out=$(on_machine FAKE_BUILD_FAILS=1 "$clone/start_ml_server.sh" 2>&1)
check "a failed build: exit status" 1 $?
contains "a failed build shows why" "A.java: cannot find symbol" "$out"
case $out in *pid=*) check "a failed build starts nothing" "" "$out" ;; *) check "a failed build starts nothing" "" "" ;; esac

out=$(on_machine "$clone/start_ml_server.sh" 2>&1)
contains "it builds with a JDK" "mvnw -q -DskipTests package with $machine/usr/lib/jvm/java-21" "$out"
contains "and runs on the newest Java" "home=$machine/usr/lib/jvm/jre-25" "$out"
builds() { on_machine "$clone/start_ml_server.sh" 2>&1 | sed -n '/^mvnw/s/ .*//p'; }
check "it builds once" "" "$(builds)"
for source in pom.xml src/main/java/A.java; do
  touch -t 202601020000 "$clone/target/ml-model-server.jar"
  touch -t 202601030000 "$clone/$source"
  check "it builds again when $source is newer" mvnw "$(builds)"
  touch -t 202601010000 "$clone/$source"
done

rm -rf "$clone/target" "$machine/usr/lib/jvm/java-21"
out=$(on_machine "$clone/start_ml_server.sh" 2>&1)
check "no compiler: exit status" 1 $?
contains "no compiler: the message" "No JDK (with javac) 21 or newer was found" "$out"

jdk "$machine/usr/lib/jvm/java-21" 21.0.4
rm "$tmp/commands/unzip"
out=$(on_machine "$clone/start_ml_server.sh" 2>&1)
check "no unzip: exit status" 1 $?
contains "no unzip: the message" "Building needs unzip" "$out"
mkdir -p "$user_home/.m2/wrapper/dists/apache-maven-3.9.16"
contains "no unzip: none is needed where Maven is there" "pid=" "$(on_machine "$clone/start_ml_server.sh" 2>&1)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
