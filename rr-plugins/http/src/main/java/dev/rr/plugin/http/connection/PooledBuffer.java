package dev.rr.plugin.http.connection;

import dev.rr.http.OutboundBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Memory that the socket is written from: neither zeroed nor copied. */
public final class PooledBuffer implements OutboundBuffer {
  private final ByteBuf memory;
  private final ByteBuffer view;
  private final Consumer<ByteBuf> to;

  /**
   * Takes memory of the loop's.
   *
   * @param to takes the bytes when they are sent, and releases them
   */
  public PooledBuffer(ByteBufAllocator allocator, int length, Consumer<ByteBuf> to) {
    this.memory = allocator.directBuffer(length, length).writerIndex(length);
    this.view = memory.nioBuffer();
    this.to = to;
  }

  @Override
  public ByteBuffer bytes() {
    return view;
  }

  @Override
  public void send() {
    to.accept(memory);
  }

  @Override
  public void drop() {
    memory.release();
  }
}
