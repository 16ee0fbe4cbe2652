#!/bin/sh
# Prepares an empty data folder as the public image does with what compose.yaml asks of it, then becomes the server.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    password=$(mktemp)
    cat "$POSTGRES_PASSWORD_FILE" > "$password"
    # shellcheck disable=SC2086  # several options in one variable
    initdb --username=postgres --pwfile="$password" $POSTGRES_INITDB_ARGS
    rm "$password"
    echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --options="-c listen_addresses=''" start
    for file in /docker-entrypoint-initdb.d/*.sql; do
        psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --file="$file"
    done
    pg_ctl --wait --mode=fast stop
fi
exec "$@"
