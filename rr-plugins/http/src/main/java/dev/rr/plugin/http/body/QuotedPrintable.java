package dev.rr.plugin.http.body;

import dev.rr.http.Targets;
import java.io.IOException;
import java.io.OutputStream;

/** Decodes quoted-printable (RFC 2045, section 6.7) on its way to another stream. One thread. */
final class QuotedPrintable extends OutputStream {
  private final OutputStream out;
  private final byte[] escape = new byte[3];
  private int held;

  QuotedPrintable(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    if (held == 0 && b != '=') {
      out.write(b);
      return;
    }
    escape[held++] = (byte) b;
    if (held == 2 && b == '\n') {
      held = 0;
    } else if (held == 3) {
      held = 0;
      decode();
    }
  }

  private void decode() throws IOException {
    if (escape[1] == '\r' && escape[2] == '\n') {
      return;
    }
    int high = Targets.hex((char) (escape[1] & 0xff));
    int low = Targets.hex((char) (escape[2] & 0xff));
    if (high < 0 || low < 0) {
      throw new IOException("invalid quoted-printable escape");
    }
    out.write(high << 4 | low);
  }

  /** Ends the content. A lone {@code =} at its end is a soft line break. */
  void finish() throws IOException {
    if (held > 1) {
      throw new IOException("invalid quoted-printable escape");
    }
  }
}
