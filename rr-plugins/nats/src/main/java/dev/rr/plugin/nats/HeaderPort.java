package dev.rr.plugin.nats;

import io.nats.client.impl.SocketDataPort;
import java.io.IOException;

/** The library's connection, with {@link EscapedHeaders}. Made by the library, by its name. */
public final class HeaderPort extends SocketDataPort {
  private final EscapedHeaders received = new EscapedHeaders(super::read);

  /** For the library. */
  public HeaderPort() {}

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    return received.read(to, from, length);
  }
}
