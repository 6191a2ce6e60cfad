#!/usr/bin/env bash
# Starts the server on port 8001; builds it first if necessary. Arguments are passed to the server, e.g.
#   ./start_ml_server.sh --server.port=8002
# The environment may give MODELSERVER_HEAP (512m), JAVA_OPTS and every setting of config/application.yml (SERVER_PORT).
#   ./start_ml_server.sh --prepare
# prepares what the first start would prepare for the later ones, and exits. MODELSERVER_APP_DIR (data/app) is where it is stored.
set -eu

# A JVM reuses the numbers of closed streams for its files, and would then write its log into one of them.
[ -e /dev/fd/0 ] || exec </dev/null
[ -e /dev/fd/1 ] || exec >/dev/null
[ -e /dev/fd/2 ] || exec 2>/dev/null
# Output that nobody can read any more, or that finds the disk full, does not keep the server from starting.
say() {
  echo "$@" 2>/dev/null || true
}

self=${BASH_SOURCE[0]}
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in /*) self=$target ;; *) self=$(dirname -- "$self")/$target ;; esac
done
# CDPATH, where it is set, would lead elsewhere.
CDPATH='' cd -- "$(dirname -- "$self")"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  sed -n '2,6s/^# \{0,1\}//p' "$(basename -- "$self")"
  exit 0
fi

JAVA_HOME=$(tools/find_jdk.sh)
export JAVA_HOME

# Runs what comes before the server. Bash alone would wait for its end before handling Ctrl+C, and leave it running after a SIGTERM.
# A group of its own, since a JVM that writes a class cache starts another for that; and no orderly exit, which would write it.
child='' unfinished=''
run() {
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child"
}
end() {
  if [ -n "$child" ]; then
    {
      kill -KILL -- "-$child"
      wait "$child"
    } 2>/dev/null || true
  fi
  if [ -n "$unfinished" ]; then rm -f "$unfinished"; fi
  exit "$1"
}
trap 'end 130' INT
trap 'end 143' TERM

# A release archive has the jar next to this script; an image has a prepared one; a clone builds it, and builds it again
# when a source is newer.
app=${MODELSERVER_APP_DIR:-data/app}
jar=ml-model-server.jar
if [ ! -f "$jar" ] && [ ! -f pom.xml ]; then
  jar=$app/ml-model-server.jar
elif [ ! -f "$jar" ]; then
  jar=target/ml-model-server.jar
  if [ ! -f "$jar" ] || [ -n "$(find pom.xml src/main config/examples -newer "$jar" -type f -print | head -n 1)" ]; then
    say "Building (once; the first time, Maven downloads the server's dependencies) ..."
    build_home=$JAVA_HOME
    if [ ! -x "$build_home/bin/javac" ]; then build_home=$(tools/find_jdk.sh --javac); fi
    # Without unzip the wrapper downloads a different archive of Maven from the one whose checksum it knows, and rejects it.
    if ! command -v unzip >/dev/null && ! ls -d "${MAVEN_USER_HOME:-${HOME:-}/.m2}"/wrapper/dists/apache-maven-* >/dev/null 2>&1; then
      echo "Building needs unzip, to unpack Maven. Install it, for example: sudo apt install unzip" >&2
      exit 1
    fi
    # Maven writes the jar twice, and only the second one can be started.
    unfinished=$jar
    JAVA_HOME=$build_home run ./mvnw -q -DskipTests package || end $?
    unfinished=
  fi
fi

port=$(sed -n '/^server:/,/^[^ #]/s/^  port: *\([0-9][0-9]*\).*/\1/p' config/application.yml 2>/dev/null | head -n 1)
port=${SERVER_PORT:-${port:-8001}} path=${SERVER_SERVLET_CONTEXT_PATH:-} scheme=http
tls=$(sed -n '/^server:/,/^[^ #]/s/^  ssl:.*/yes/p' config/application.yml 2>/dev/null | head -n 1)
if [ -n "$tls${SERVER_SSL_BUNDLE:-}${SERVER_SSL_CERTIFICATE:-}${SERVER_SSL_KEYSTORE:-}" ]; then scheme=https; fi
for argument in "$@"; do
  case $argument in
    --server.port=*) port=${argument#*=} ;;
    --server.servlet.context-path=*) path=${argument#*=} ;;
    --server.ssl.bundle=?* | --server.ssl.certificate=?* | --server.ssl.key-store=?*) scheme=https ;;
  esac
done

# Settings that only the environment can hold. The first: see config/jvm.options. The second: ONNX Runtime sends no telemetry.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} ORT_DISABLE_TELEMETRY=1
# Under cron, systemd or ssh there may be no language, and then Java finds no file whose name, or whose folder's, is not ASCII.
case $(locale charmap 2>/dev/null) in
  '' | ANSI_X3.4-1968) { export LC_ALL=C.UTF-8; } 2>/dev/null ;;
esac

# Classes are loaded three times as fast from an unpacked jar with a class cache, which a start that warms up and ends
# leaves behind, with what it learned about the code. If that can't be written, the server only starts slower.
version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9.]*\).*/\1/p' "$JAVA_HOME/release" 2>/dev/null || true)
cache=$app/classes-${version:-unknown}.cache
if [ "${version%%.*}" -ge 25 ] 2>/dev/null; then
  write_cache=-XX:AOTCacheOutput=$cache.new use_cache=(-XX:AOTCache="$cache" "-Xlog:aot*=off" -Xlog:cds=off)
else
  # No -Xlog:aot here: a JVM that does not know the name does not start.
  write_cache=-XX:ArchiveClassesAtExit=$cache.new use_cache=(-XX:SharedArchiveFile="$cache" -Xlog:cds=off)
fi
# Names, sizes and times, independent of the user's language.
made_of() {
  LC_ALL=C TZ=UTC0 ls -l "$jar" "$app/ml-model-server.jar" "$app/lib/"* 2>/dev/null
}
prepare() {
  rm -rf "$app" && mkdir -p data "$(dirname -- "$app")" || return
  run "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$jar" extract --destination "$app" >/dev/null || return
  made_of >"$app/made-of" || true
  # Here with the usual thresholds, so that more is learned.
  run "$JAVA_HOME/bin/java" @config/jvm.options -XX:CompileThresholdScaling=1 -Xlog:disable "$write_cache" \
    -jar "$app/ml-model-server.jar" --server.address=127.0.0.1 --server.port=0 --modelserver.window.file="$app/windows" \
    --modelserver.ledger.file="$(CDPATH='' cd -- "$app" && pwd)/ledger" \
    --modelserver.warm-up.requests=3000 --modelserver.warm-up.longest=6s --modelserver.warm-up.then-exit=true \
    >"$app/preparation.log" 2>&1 || return
  mv "$cache.new" "$cache"
}
if [ "${1:-}" = "--prepare" ]; then
  prepare && exit
  echo "The preparation failed:" >&2
  tail -n 5 "$app/preparation.log" >&2
  exit 1
fi
# A server that runs from there must not have its classes taken away: on a busy port this start will fail anyway.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  app=none
elif [ "$jar" != "$app/ml-model-server.jar" ] && { [ ! -f "$cache" ] || [ "$(made_of)" != "$(cat "$app/made-of" 2>/dev/null)" ]; }; then
  say "Preparing a fast start (once) ..."
  prepare 2>/dev/null || true
fi
if [ -f "$app/ml-model-server.jar" ]; then
  jar=$app/ml-model-server.jar
fi

flags=(@config/jvm.options ${MODELSERVER_HEAP:+"-Xmx$MODELSERVER_HEAP"})
if [ -f "$cache" ]; then
  # The cache, without a message if it does not fit.
  flags+=("${use_cache[@]}")
fi

say "$(
  cat <<BANNER
==================================================
  ML Model Server
==================================================
  URL:      $scheme://localhost:$port$path
  Docs:     $scheme://localhost:$port$path/docs
  ReDoc:    $scheme://localhost:$port$path/redoc
  Health:   $scheme://localhost:$port$path/health
  Predict:  $scheme://localhost:$port$path/predict (POST)
  Java:     $JAVA_HOME
  Stop:     Ctrl+C
==================================================
BANNER
)"

# shellcheck disable=SC2086 # JAVA_OPTS holds several flags
exec "$JAVA_HOME/bin/java" "${flags[@]}" ${JAVA_OPTS:-} -jar "$jar" "$@"
