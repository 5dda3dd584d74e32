package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;

/**
 * The message alone, and behind a tab its attributes as JSON where it has any; a line ending is
 * added where there is none.
 */
final class RawEncoder implements LineEncoder {
  private final byte[] ending;

  RawEncoder(String ending) {
    this.ending = ending.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    if (JsonEncoder.hasAttributes(line)) {
      out.text(line.message().stripTrailing());
      JsonEncoder.column(out, line);
    } else {
      out.text(line.message());
    }
    if (!out.endsWith('\n')) {
      out.put(ending);
    }
  }
}
