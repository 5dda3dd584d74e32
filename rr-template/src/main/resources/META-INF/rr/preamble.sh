#!/bin/sh
# This file is a shell script and a jar at once: the script finds a Java 25 and runs the jar.
#   RR_JAVA       the Java to use: a JDK's folder or its bin/java
#   RR_JAVA_OPTS  options for the JVM; they come last, so they win
rr_key='@RR_KEY@'
rr_file=$0

# Accepts a JDK by its release file, which is quicker than starting it.
rr_accept() {
  rr_major='' rr_build=''
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r rr_line || [ -n "$rr_line" ]; do
    case $rr_line in
      JAVA_VERSION=*) rr_major=${rr_line#*\"} rr_major=${rr_major%%[!0-9]*} ;;
      JAVA_RUNTIME_VERSION=* | IMPLEMENTOR_VERSION=* | OS_ARCH=*) rr_build="$rr_build $rr_line" ;;
    esac
  done < "$1/release"
  [ "${rr_major:-0}" -ge 25 ] || return 1
  rr_home=$1
}

# The same for the path of a java program, links followed.
rr_accept_program() {
  rr_program=$(readlink -f "$1" 2>/dev/null) || rr_program=$1
  rr_program=${rr_program%/bin/java}
  rr_accept "$rr_program" || rr_accept "${rr_program%/jre}"
}

rr_find() {
  [ -n "${JAVA_HOME-}" ] && rr_accept "$JAVA_HOME" && return
  rr_program=$(command -v java) && rr_accept_program "$rr_program" && return
  for rr_folder in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    rr_accept "$rr_folder" && return
  done
  return 1
}

rr_home=''
if [ -n "${RR_JAVA-}" ]; then
  rr_accept "$RR_JAVA" || rr_accept_program "$RR_JAVA" || {
    printf '%s\n' "rr: RR_JAVA=$RR_JAVA is not a Java 25 or newer${rr_major:+, it is $rr_major}" >&2
    exit 1
  }
elif ! rr_find; then
  printf '%s\n' "rr: needs Java 25 or newer; there is none in JAVA_HOME, PATH, /usr/lib/jvm, /usr/java," \
    "/opt, ~/.sdkman or ~/.jdks. Install one, or say where it is: RR_JAVA=/path/to/jdk" >&2
  exit 1
fi

# A quarter of the machine's or container's memory, which is the JVM's own rule, but at most 1 GiB. Survivor spaces
# have room for what is in flight, which would grow old and fill the heap; what is not used of them costs no memory.
rr_options='-XX:+UseSerialGC -Xmn32m -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90'
case ${RR_JAVA_OPTS-} in
  *-XX:+Use*GC*) rr_options='' ;;
  # Of the two survivors one is always empty: so small a heap cannot spare it.
  *-Xmx[1-5][0-9][mM]*) rr_options='-XX:+UseSerialGC' ;;
esac
[ "$rr_major" -eq 25 ] && rr_options="$rr_options -XX:MaxRAM=4g -XX:MaxRAMPercentage=25"

# Without memory a server ends rather than live on without some of its threads, and so do its workers, which are
# groups of their own: the JVM runs this first, with its process id for %p. At a semicolon or line end it would split.
rr_options="$rr_options -XX:+ExitOnOutOfMemoryError"
# shellcheck disable=SC2016
rr_last='cat /proc/%p/task/*/children 2>&- | xargs -n 1 sh -c '"'kill -9 -\$0 \$0' 2>&-"

# Only a server lives long enough for the second compiler to pay.
rr_short=' -XX:TieredStopAtLevel=1' rr_making=''
for rr_argument; do
  case $rr_argument in
    serve) rr_short='' ;;
    aot) rr_making=yes ;;
  esac
done
rr_options=$rr_options$rr_short

# The cache that "rr aot" makes, when it was made of this very file by this very JVM. Java itself would tell
# about a cache it rejects on standard output, hence the log options.
rr_want="$rr_key$rr_build"
rr_cache="${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/rr/$rr_key.aot"
rr_aot=''

# What is in a cache runs as this user: it, its key and its folder have to be this user's or root's, and nobody
# else may be able to write them.
rr_trusted() {
  case $1 in */*) rr_folder=${1%/*}/. ;; *) rr_folder=. ;; esac
  rr_user=$(id -u)
  ls -dln -- "$rr_folder" "$1" "$1.key" 2>/dev/null | {
    rr_count=0
    while read -r rr_mode rr_links rr_owner rr_line; do
      case $rr_mode in ????????w*) exit 1 ;; esac
      [ "$rr_owner" = 0 ] || [ "$rr_owner" = "$rr_user" ] || exit 1
      rr_count=$((rr_count + 1))
    done
    [ "$rr_count" -eq 3 ]
  }
}

# Java takes one archive only: one that the user names goes first.
case ${RR_JAVA_OPTS-} in *-Xshare* | *-XX:AOT* | *-XX:Shared*) rr_want='' ;; esac
if [ -n "${RR_AOT_OUTPUT-}" ]; then
  rr_aot="-XX:AOTCacheOutput=$RR_AOT_OUTPUT"
else
  for rr_candidate in "$rr_file.aot" "$rr_cache"; do
    if [ -r "$rr_candidate.key" ] && [ -f "$rr_candidate" ] && [ ! "$rr_file" -nt "$rr_candidate" ] &&
      IFS= read -r rr_line < "$rr_candidate.key" && [ "$rr_line" = "$rr_want" ] && rr_trusted "$rr_candidate"; then
      rr_aot="-XX:AOTCache=$rr_candidate"
      break
    fi
  done
fi

# Shells drop variables whose names are none to them, such as my.name: those go to the server as lines of one.
rr_dropped=''
if [ -z "${BASH_VERSION-}" ] && [ -r /proc/$$/environ ]; then
  rr_ifs=$IFS IFS='
'
  set -f
  for rr_line in $(LC_ALL=C tr '\0\n' '\n\1' < /proc/$$/environ); do
    case ${rr_line%%=*} in
      [0-9]* | *[!A-Za-z0-9_]*) rr_dropped=$rr_dropped$rr_line$IFS ;;
    esac
  done
  IFS=$rr_ifs
fi
unset _RR_DROPPED
[ -n "$rr_dropped" ] && export _RR_DROPPED="$rr_dropped"

# The JVM reads names, arguments and variables in the locale's encoding and destroys what is not in it; UTF-8 it hands
# on as it is. Workers get back what was set.
export _RR_LC_ALL="${LC_ALL-}" LC_ALL=C.UTF-8

# Leaves SIGUSR2, by which the JVM suspends threads, to rr.
[ -e /proc/self/stat ] && export _JAVA_SR_SIGNUM=40
# Who may see colours: tables go to standard output, errors to standard error.
rr_terminals=''
[ -t 1 ] && rr_terminals=1
[ -t 2 ] && rr_terminals=${rr_terminals}2

# shellcheck disable=SC2086
exec "$rr_home/bin/java" $rr_options "-XX:OnOutOfMemoryError=$rr_last" ${rr_aot:+"$rr_aot" "-Xlog:aot*=off,cds*=off"} \
  -Djdk.tls.rejectClientInitiatedRenegotiation=true \
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ${TMPDIR:+"-Djava.io.tmpdir=$TMPDIR"} "-Drr.file=$rr_file" "-Drr.terminals=$rr_terminals" \
  ${rr_making:+"-Drr.aot.key=$rr_want" "-Drr.aot.cache=$rr_cache"} \
  ${RR_JAVA_OPTS-} -jar "$rr_file" "$@"
exit 126
