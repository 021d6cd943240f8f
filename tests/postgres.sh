#!/bin/sh
# A private PostgreSQL for tests: on 127.0.0.1, on a free port, in a directory of its own.
#   tests/postgres.sh start [DIRECTORY]   prints the URL:  export BRIDGE_TEST_POSTGRES="$(tests/postgres.sh start)"
#   tests/postgres.sh stop [DIRECTORY]    stops it and removes the directory
# PostgreSQL refuses to run as root, who therefore borrows the user postgres of the Debian package (installed when missing).
set -eu

action="${1:-}"
home="${2:-${TMPDIR:-/tmp}/helpdesk-bridge-postgres-$(id -u)}"

as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

programs() {
    dirname "$(ls -d /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -V | tail -n 1)" 2>/dev/null
}

install_if_missing() {
    [ -n "$(ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null)" ] && return
    apt-get update -q >&2
    # The package would start a server of its own.
    [ -e /etc/postgresql-common/createcluster.conf ] || {
        mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    }
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql >&2
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    install_if_missing
    if [ ! -d "$home/data" ]; then
        mkdir -p "$home"
        [ "$(id -u)" = 0 ] && chown postgres "$home"
        as_owner "$(programs)/initdb" -D "$home/data" -U bridge -A trust -E UTF8 --locale=C --no-sync >&2
    fi
    if ! as_owner "$(programs)/pg_ctl" -D "$home/data" status >/dev/null 2>&1; then
        port="$(free_port)"
        as_owner "$(programs)/pg_ctl" -D "$home/data" -w -t 30 -l "$home/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200" start >&2
    fi
    echo "postgresql://bridge@127.0.0.1:$(sed -n 4p "$home/data/postmaster.pid")/postgres"
}

stop() {
    [ -d "$home/data" ] || return 0
    as_owner "$(programs)/pg_ctl" -D "$home/data" -w -m fast stop >&2 || true
    rm -rf "$home"
}

case "$action" in
    start) start ;;
    stop) stop ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
esac
