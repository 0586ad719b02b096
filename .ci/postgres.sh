# Functions for .ci/run: Debian's PostgreSQL 15 with pgvector 0.8 built from Debian's own source package, and a server
# of our own on a free loopback port. Needs root. Sourced, not run.

pg_bin=/usr/lib/postgresql/15/bin

# Installs what is missing; quick when everything is there.
install_packages() {
  local missing=() package
  for package in postgresql-15 postgresql-server-dev-15 build-essential dpkg-dev chromium-headless-shell fonts-liberation rsyslog rsyslog-gnutls openssl golang-go golang-golang-x-mod-dev; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
}

# Debian 12 has no pgvector package, so its source comes from the next release, from the mirror that this machine uses.
# apt checks the signature as for any package; its lists go to a folder of their own, the machine's stay as they are.
install_pgvector() {
  if [ -f "$($pg_bin/pg_config --sharedir)/extension/vector.control" ]; then return; fi
  local work mirror
  work=$(mktemp -d)
  chmod 755 "$work"
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | sed -n 1p)
  mirror=${mirror:-$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | sed -n 1p)}
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
  local apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  (cd "$work/source" && "${apt[@]}" source pgvector >/dev/null)
  # OPTFLAGS empty: portable code instead of code for the processor it happens to be built on.
  make -s -C "$work"/source/pgvector-*/ -j2 OPTFLAGS='' PG_CONFIG=$pg_bin/pg_config >/dev/null
  make -s -C "$work"/source/pgvector-*/ install PG_CONFIG=$pg_bin/pg_config >/dev/null
  rm -rf "$work"
}

# Starts a server in folder $1 and sets DATABASE_SERVER_URL to its superuser's address. Data is thrown away, so it need not be synced.
start_postgres() {
  local folder=$1 password port
  password=$(head -c 18 /dev/urandom | base64 | tr -d '+/=')
  port=$(free_port)
  mkdir -p "$folder"
  printf '%s' "$password" >"$folder/password"
  chown -R postgres "$folder"
  (cd / && runuser -u postgres -- $pg_bin/initdb -D "$folder/data" -U postgres --auth=scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C.UTF-8 >/dev/null)
  (cd / && runuser -u postgres -- $pg_bin/pg_ctl -D "$folder/data" -w -s -l "$folder/log" \
    -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c max_connections=200" start)
  DATABASE_SERVER_URL="postgresql://postgres:$password@127.0.0.1:$port/postgres"
}

stop_postgres() {
  if [ -d "$1/data" ]; then (cd / && runuser -u postgres -- $pg_bin/pg_ctl -D "$1/data" -m immediate -s stop) || true; fi
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
