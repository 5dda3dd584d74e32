package dev.rr.plugin.tcp;

/** What workers are told of a connection; the names are those on the wire. */
enum Event {
  CONNECTED,
  DATA,
  CLOSE
}
