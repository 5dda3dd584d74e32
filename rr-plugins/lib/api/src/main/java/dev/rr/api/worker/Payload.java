package dev.rr.api.worker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is asked.
 *
 * @param codec the goridge codec flag of the frame, for example {@link #JSON}
 * @param context the part before the body
 * @param body the body
 * @param source who asks, compared by identity: of many payloads of one source only some stand in
 *     line at once, so that others get their turn; null for whoever asks one after another
 */
public record Payload(int codec, Context context, Body body, @Nullable Object source) {
  /** Codec flags of goridge (frame byte 1). */
  public static final int RAW = 0x04;

  /** JSON. */
  public static final int JSON = 0x08;

  /** Protobuf. */
  public static final int PROTO = 0x80;

  /** No body. */
  public static final Body NO_BODY = new Bytes(new byte[0]);

  /** A payload of somebody who asks one after another. */
  public Payload(int codec, Context context, Body body) {
    this(codec, context, body, null);
  }

  /**
   * A payload whose context is written already.
   *
   * @param context not changed afterwards
   */
  public Payload(int codec, byte[] context, Body body) {
    this(codec, new Written(context), body, null);
  }

  /** A payload with its body in memory. */
  public static Payload of(int codec, byte[] context, byte[] body) {
    return new Payload(codec, context, body.length == 0 ? NO_BODY : new Bytes(body));
  }

  /**
   * The part before the body. It is asked for when a worker is there, so that it takes no memory
   * while the payload waits for one: what it is made of may be far smaller.
   */
  @FunctionalInterface
  public interface Context {
    /**
     * Writes it. Called on the thread that owns the worker; once more for each worker that could
     * not begin.
     */
    byte[] bytes();
  }

  private record Written(byte[] bytes) implements Context {}

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
    return body.length() == 0 && context instanceof Written(byte[] bytes) && bytes.length == 0;
  }
}
