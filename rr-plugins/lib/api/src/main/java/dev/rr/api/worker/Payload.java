package dev.rr.api.worker;

import java.nio.file.Path;

/**
 * What a worker is asked.
 *
 * @param codec the goridge codec flag of the frame, for example {@link #JSON}
 * @param context the part before the body; not changed afterwards by the caller
 * @param body the body
 */
public record Payload(int codec, byte[] context, Body body) {
  /** Codec flags of goridge (frame byte 1). */
  public static final int RAW = 0x04;

  /** JSON. */
  public static final int JSON = 0x08;

  /** Protobuf. */
  public static final int PROTO = 0x80;

  /** No body. */
  public static final Body NO_BODY = new Bytes(new byte[0]);

  /** A payload with its body in memory. */
  public static Payload of(int codec, byte[] context, byte[] body) {
    return new Payload(codec, context, body.length == 0 ? NO_BODY : new Bytes(body));
  }

  /** A body: in memory or on disk. */
  public sealed interface Body {
    /** Its length in bytes. */
    long length();
  }

  /**
   * A body in memory.
   *
   * @param bytes not changed afterwards
   */
  public record Bytes(byte[] bytes) implements Body {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /**
   * A body on disk, streamed to the worker. The caller deletes the file once the reply has ended.
   *
   * @param path the file
   * @param length its length in bytes
   */
  public record Spooled(Path path, long length) implements Body {}

  /** Whether there is nothing in it, which workers would take for the end. */
  public boolean isEmpty() {
    return context.length == 0 && body.length() == 0;
  }
}
