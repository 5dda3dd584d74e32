package dev.rr.plugin.logger;

import java.io.Closeable;
import java.io.IOException;

/** Where bytes go in the end. Used by one thread at a time; the owner is a {@link Sink}. */
interface Target extends Closeable {
  /** Makes ready; called once before the first write. */
  void open() throws IOException;

  /** Writes whole lines. */
  void write(byte[] bytes, int length) throws IOException;
}
