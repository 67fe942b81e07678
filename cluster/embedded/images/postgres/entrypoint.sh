#!/bin/sh
# What the official image's entrypoint does: make the database on the first start, then become the server.
# From the environment: PGBIN, PGDATA, POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB. Arguments go to the server.
set -eu
umask 077

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'The database is new and has no superuser password: set POSTGRES_PASSWORD.' >&2
    exit 1
  fi
  # Made beside its place and moved there when it is whole: a start that is cut short leaves nothing half done.
  new=$PGDATA.new
  rm -rf "$new"
  printf '%s\n' "$POSTGRES_PASSWORD" > "$new.password"
  "$PGBIN/initdb" --pgdata="$new" --username="$POSTGRES_USER" --pwfile="$new.password" \
    --auth-local=reject --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-instructions
  rm "$new.password"
  if [ "$POSTGRES_DB" != postgres ]; then
    name=$(printf %s "$POSTGRES_DB" | sed 's/"/""/g')
    printf 'CREATE DATABASE "%s"\n' "$name" | "$PGBIN/postgres" --single -D "$new" postgres > /dev/null
  fi
  if [ -d "$PGDATA" ]; then rmdir "$PGDATA"; fi
  mv "$new" "$PGDATA"
fi

exec "$PGBIN/postgres" -D "$PGDATA" "$@"
