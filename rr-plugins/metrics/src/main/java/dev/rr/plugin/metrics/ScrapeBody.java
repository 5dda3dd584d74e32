package dev.rr.plugin.metrics;

import dev.rr.api.http.HttpResponse;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/** Bytes as they were written, sent as fast as they are taken. One thread after the other. */
final class ScrapeBody extends OutputStream {
  private final Queue<ByteBuffer> chunks = new ArrayDeque<>();
  private long size;
  private boolean ended;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    chunks.add(ByteBuffer.wrap(copy));
    size += length;
  }

  /** How many bytes were written. */
  long size() {
    return size;
  }

  /** Sends what may be sent now, and the end with the last of it. */
  void send(HttpResponse response) {
    while (!chunks.isEmpty() && response.writable()) {
      response.write(chunks.remove());
    }
    if (!chunks.isEmpty()) {
      response.flush();
    } else if (!ended) {
      ended = true;
      response.end();
    }
  }
}
