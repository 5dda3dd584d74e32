package dev.rr.plugin.http.connection;

import dev.rr.http.OutboundBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Memory that the socket is written from: neither zeroed nor copied. */
public final class PooledBuffer implements OutboundBuffer {
  private final ByteBuf bytes;
  private final ByteBuffer room;
  private final Consumer<ByteBuf> to;

  /**
   * Takes memory of the loop's.
   *
   * @param to takes the bytes when they are sent, and releases them
   */
  public PooledBuffer(ByteBufAllocator memory, int length, Consumer<ByteBuf> to) {
    this.bytes = memory.directBuffer(length, length).writerIndex(length);
    this.room = bytes.nioBuffer();
    this.to = to;
  }

  @Override
  public ByteBuffer room() {
    return room;
  }

  @Override
  public void send() {
    to.accept(bytes);
  }

  @Override
  public void drop() {
    bytes.release();
  }
}
