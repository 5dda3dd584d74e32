# Sourced by bin/demo and bin/check: gets a fresh machine ready, or says in one sentence what to do.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# Installs Debian packages, or tells how. usage: install_packages WHAT_FOR PACKAGE...
install_packages() {
  local purpose=$1
  shift
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    die "$purpose is missing. Install it with: sudo apt-get install $*"
  fi
  say "Installing $* …"
  local log
  log=$(mktemp)
  # In run level 1 packages start no servers: tests start theirs.
  if ! { apt-get update -q || true; RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install $*. Mend that and start again; the lines above tell why."
  fi
  rm -f "$log"
}

# Makes sure that a command exists. usage: need COMMAND PACKAGE
need() {
  command -v "$1" >/dev/null || install_packages "$1" "$2"
}

# JDK 25, Maven and PHP: what everything here stands on.
need_basics() {
  JAVA25_HOME=$("$top/bin/jdk25") || exit 1
  export JAVA25_HOME
  # A packed rr and the Maven plugin look there first.
  export RR_JAVA=${RR_JAVA:-$JAVA25_HOME/bin/java}
  if ! command -v java >/dev/null && [ -z "${JAVA_HOME:-}" ]; then
    export JAVA_HOME=$JAVA25_HOME
  fi
  need mvn maven
  need php php-cli
}

# Where bin/php-packages puts the real PHP packages, and bin/check looks for them.
php_packages_folder() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/rr/php-packages"
}

# The libraries that the real PHP packages build on.
need_php_libraries() {
  local library
  for library in Nyholm/Psr7 Psr/Http/Message/RequestFactoryInterface.php Psr/Log Psr/SimpleCache Google/Protobuf; do
    [ -e "/usr/share/php/$library" ] && continue
    install_packages "A PHP library ($library)" \
      php-nyholm-psr7 php-psr-http-factory php-psr-log php-psr-simple-cache php-google-protobuf
    return
  done
}
