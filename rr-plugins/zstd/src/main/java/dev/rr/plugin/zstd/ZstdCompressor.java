package dev.rr.plugin.zstd;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.rr.api.http.ContentCoding;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Compresses one body. One thread. */
final class ZstdCompressor implements ContentCoding.Compressor {
  /**
   * 512 KiB, so that a body takes 2 MiB of native memory at the default level, however long it is.
   * Clients need not take more than 8 MiB (RFC 9659).
   */
  private static final int WINDOW_LOG = 19;

  private static final int BUFFER = 16 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  /** Owns the two buffers: direct ones of the JDK would wait for a garbage collection. */
  private final Arena arena = Arena.ofConfined();

  private final ByteBuffer input = arena.allocate(BUFFER).asByteBuffer();
  private final ByteBuffer output = arena.allocate(BUFFER).asByteBuffer();
  private final Consumer<ByteBuffer> out;
  private boolean closed;

  ZstdCompressor(int level, Consumer<ByteBuffer> out) {
    this.out = out;
    context.setLevel(level).setWindowLog(WINDOW_LOG);
  }

  @Override
  public void write(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int size = Math.min(bytes.remaining(), BUFFER);
      input.clear().put(bytes.slice(bytes.position(), size)).flip();
      bytes.position(bytes.position() + size);
      while (input.hasRemaining()) {
        step(input, EndDirective.CONTINUE);
      }
    }
  }

  @Override
  public void flush() {
    drain(EndDirective.FLUSH);
  }

  @Override
  public void finish() {
    drain(EndDirective.END);
    close();
  }

  private void drain(EndDirective end) {
    boolean done = false;
    while (!done) {
      done = step(NOTHING.duplicate(), end);
    }
  }

  /** Whether everything that was taken is out. */
  private boolean step(ByteBuffer from, EndDirective end) {
    boolean done = context.compressDirectByteBufferStream(output.clear(), from, end);
    output.flip();
    if (output.hasRemaining()) {
      out.accept(ByteBuffer.allocate(output.remaining()).put(output).flip());
    }
    return done;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.close();
      arena.close();
    }
  }
}
