package dev.rr.plugin.brotli;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import dev.rr.api.http.ContentCoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Compresses one body. One thread. */
final class BrotliCompressor implements ContentCoding.Compressor {
  /** 512 KiB, so that a body takes 5 MiB of native memory at most, however long it is. */
  private static final int WINDOW_BITS = 19;

  private static final int INPUT = 16 * 1024;

  private final EncoderJNI.Wrapper encoder;
  private final Consumer<ByteBuffer> out;
  private boolean closed;

  BrotliCompressor(int level, Consumer<ByteBuffer> out) {
    try {
      this.encoder = new EncoderJNI.Wrapper(INPUT, level, WINDOW_BITS, Encoder.Mode.GENERIC);
    } catch (IOException e) {
      throw new UncheckedIOException("no native memory for a brotli encoder", e);
    }
    this.out = out;
  }

  @Override
  public void write(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int size = Math.min(bytes.remaining(), INPUT);
      encoder.getInputBuffer().clear().put(bytes.slice(bytes.position(), size));
      bytes.position(bytes.position() + size);
      run(Operation.PROCESS, size);
    }
  }

  @Override
  public void flush() {
    run(Operation.FLUSH, 0);
  }

  @Override
  public void finish() {
    run(Operation.FINISH, 0);
    close();
  }

  /** Repeats an operation until the encoder has taken all input and given all output. */
  private void run(Operation operation, int size) {
    encoder.push(operation, size);
    while (true) {
      if (!encoder.isSuccess()) {
        throw new IllegalStateException("the brotli encoder failed");
      }
      if (encoder.hasMoreOutput()) {
        ByteBuffer piece = encoder.pull();
        // Native memory that the next call overwrites.
        out.accept(ByteBuffer.allocate(piece.remaining()).put(piece).flip());
      } else if (encoder.hasRemainingInput()
          || operation == Operation.FINISH && !encoder.isFinished()) {
        encoder.push(operation, 0);
      } else {
        return;
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      encoder.destroy();
    }
  }
}
