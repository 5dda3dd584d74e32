package dev.rr.api.http;

import dev.rr.annotation.Contract;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A way to compress bodies (RFC 9110, section 8.4.1), for a plugin that carries the library of one.
 * Any thread; each of its compressors belongs to one.
 */
@Contract
public interface ContentCoding {
  /**
   * What {@code Content-Encoding} calls it, for example {@code br}. Lower case, always the same.
   */
  String token();

  /**
   * Loads what compressing needs, so that no request waits for it. May block; the second call does
   * nothing.
   *
   * @throws Exception when it cannot work on this machine; the message says why
   */
  void prepare() throws Exception;

  /**
   * Begins a body. On the thread that the compressor will belong to, which must not be held up: at
   * the coding's default settings 64 KiB take a few milliseconds at most.
   *
   * @param out takes what was compressed, in order, during the compressor's calls; the buffers
   *     belong to it
   */
  Compressor open(Consumer<ByteBuffer> out);

  /** Compresses one body. Holds native memory until {@link #finish} or {@link #close}. */
  interface Compressor extends AutoCloseable {
    /** Takes all of the bytes. What comes out may come later. */
    void write(ByteBuffer bytes);

    /** Puts out everything taken so far, in a form that can be decoded before more follows. */
    void flush();

    /** Puts out the rest and the end, and closes. */
    void finish();

    /** Releases the native memory, at whatever point the body is. Idempotent; nothing follows. */
    @Override
    void close();
  }
}
