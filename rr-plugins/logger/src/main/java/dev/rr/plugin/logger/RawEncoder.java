package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;

/** The message alone; a line ending is added where it has none. */
final class RawEncoder implements LineEncoder {
  private final byte[] ending;

  RawEncoder(String ending) {
    this.ending = ending.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    out.text(line.message());
    if (!out.endsWith('\n')) {
      out.put(ending);
    }
  }
}
