#!/usr/bin/env bash
# A private PostgreSQL for the tests: a cluster of its own in a temporary folder, on a free loopback port, fsync on.
#
#   . .ci/postgres.sh            exports TEST_DATABASE_URL; the server stops when this shell ends
#   .ci/postgres.sh npm test     the same around one command, and its exit code
#
# Sourcing it sets the shell's EXIT trap; call stop_postgres from your own trap if you need another one.
# Does nothing where TEST_DATABASE_URL names a server already.

postgres_bin() {
  ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_postgres() {
  echo 'PostgreSQL is missing: installing the distribution’s.' >&2
  # The package would otherwise start a server of its own.
  as_root mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >&2
}

# initdb refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgres() {
  local bin port password
  bin=$(postgres_bin)
  if [ -z "$bin" ]; then
    install_postgres || return 1
    bin=$(postgres_bin)
  fi
  POSTGRES_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/baton-postgres-XXXXXX") || return 1
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" >"$POSTGRES_FOLDER/password"
  [ "$(id -u)" != 0 ] || chown -R postgres: "$POSTGRES_FOLDER"
  (
    cd "$POSTGRES_FOLDER" || exit 1
    as_postgres "$bin/initdb" --pgdata="$POSTGRES_FOLDER/data" --username=baton --auth=scram-sha-256 \
      --pwfile="$POSTGRES_FOLDER/password" --encoding=UTF8 --locale=C.UTF-8 >"$POSTGRES_FOLDER/initdb.log" 2>&1
  ) || { cat "$POSTGRES_FOLDER/initdb.log" >&2; return 1; }
  # Between finding a free port and using it somebody else may take it.
  for _ in 1 2 3 4 5; do
    port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
    if (
      cd "$POSTGRES_FOLDER" || exit 1
      as_postgres "$bin/pg_ctl" --pgdata="$POSTGRES_FOLDER/data" --log="$POSTGRES_FOLDER/server.log" --wait --timeout=60 --silent \
        --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=200" start >&2
    ); then
      POSTGRES_BIN=$bin
      export TEST_DATABASE_URL="postgres://baton:$password@127.0.0.1:$port/postgres"
      return 0
    fi
  done
  cat "$POSTGRES_FOLDER/server.log" >&2
  return 1
}

stop_postgres() {
  [ -n "${POSTGRES_FOLDER:-}" ] || return 0
  if [ -n "${POSTGRES_BIN:-}" ]; then
    (cd / && as_postgres "$POSTGRES_BIN/pg_ctl" --pgdata="$POSTGRES_FOLDER/data" --mode=immediate --silent stop >&2) || true
  fi
  rm -rf "$POSTGRES_FOLDER"
  unset POSTGRES_FOLDER POSTGRES_BIN TEST_DATABASE_URL
}

if [ -z "${TEST_DATABASE_URL:-}" ]; then
  trap stop_postgres EXIT
  start_postgres || { echo 'PostgreSQL did not start.' >&2; stop_postgres; return 1 2>/dev/null || exit 1; }
fi

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  if [ $# -gt 0 ]; then
    "$@"
    exit $?
  fi
  echo "$TEST_DATABASE_URL"
  echo 'Stops at Ctrl+C.' >&2
  sleep infinity
fi
