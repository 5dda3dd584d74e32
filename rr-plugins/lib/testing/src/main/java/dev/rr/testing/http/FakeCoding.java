package dev.rr.testing.http;

import dev.rr.api.http.ContentCoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Passes bytes on as they are and keeps count of its compressors. One thread. */
public final class FakeCoding implements ContentCoding {
  private final String token;
  private final List<Integer> pieces = new ArrayList<>();
  private int prepared;
  private int opened;
  private int open;
  private int flushes;
  private Step onFirstWrite = () -> {};

  /** A coding of that name. */
  public FakeCoding(String token) {
    this.token = token;
  }

  /** Bytes of each write, in order. */
  public List<Integer> pieces() {
    return List.copyOf(pieces);
  }

  /** How often it was prepared. */
  public int prepared() {
    return prepared;
  }

  /** Compressors that were opened. */
  public int opened() {
    return opened;
  }

  /** Compressors that are not closed yet. */
  public int open() {
    return open;
  }

  /** How often one was flushed. */
  public int flushes() {
    return flushes;
  }

  /** Has this happen during the first write. */
  public void onFirstWrite(Step step) {
    onFirstWrite = step;
  }

  @Override
  public String token() {
    return token;
  }

  @Override
  public void prepare() {
    prepared++;
  }

  @Override
  public Compressor open(Consumer<ByteBuffer> out) {
    opened++;
    open++;
    return new Pass(out);
  }

  /** Something that a test does meanwhile. */
  public interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  private final class Pass implements Compressor {
    private final Consumer<ByteBuffer> out;
    private boolean closed;

    private Pass(Consumer<ByteBuffer> out) {
      this.out = out;
    }

    @Override
    public void write(ByteBuffer bytes) {
      requireOpen();
      if (pieces.isEmpty()) {
        runFirst();
      }
      pieces.add(bytes.remaining());
      out.accept(bytes);
      requireOpen();
    }

    @Override
    public void flush() {
      requireOpen();
      flushes++;
    }

    @Override
    public void finish() {
      requireOpen();
      close();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open--;
      }
    }

    private void runFirst() {
      try {
        onFirstWrite.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void requireOpen() {
      if (closed) {
        throw new AssertionError("a call after the compressor was closed");
      }
    }
  }
}
