package dev.rr.plugin.logger;

/** Turns records into lines, line ending included. Immutable; any thread. */
@FunctionalInterface
interface LineEncoder {
  void encode(LineBuffer out, Record line);
}
