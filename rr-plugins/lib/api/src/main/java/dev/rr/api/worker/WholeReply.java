package dev.rr.api.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes an answer whole, for protocols that need all of it before they can say anything: the first
 * frame's context and the bodies of all frames, within a bound. Given to one {@link Pool#exec}.
 */
public final class WholeReply implements Reply {
  private static final byte[] EMPTY = {};

  private final int limit;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  // Touched by the worker's owner alone.
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private byte[] context = EMPTY;
  private int codec;
  private boolean begun;
  private boolean last;

  /**
   * A reply that waits for its answer.
   *
   * @param limit the most bytes that context and body may have together; a longer answer fails
   */
  public WholeReply(int limit) {
    this.limit = limit;
  }

  /**
   * What a worker said.
   *
   * @param codec the first frame's codec flags
   * @param context the first frame's context
   * @param body the bodies of all frames, one after the other
   */
  public record Answer(int codec, byte[] context, byte[] body) {}

  /**
   * The answer. Completed on the thread that owns the worker, which is held up by whatever depends
   * on it; with an {@link ExecException} when there is none, on any thread, and with an {@code
   * IOException} when it is too long.
   */
  public CompletionStage<Answer> answer() {
    return answer.minimalCompletionStage();
  }

  @Override
  public boolean frame(
      int flags, ByteBuffer before, ByteBuffer bytes, long remaining, boolean isLast) {
    if (!begun) {
      begun = true;
      codec = flags;
      context = new byte[before.remaining()];
      before.get(context);
    }
    last = isLast;
    return add(bytes, remaining);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    return add(chunk, remaining);
  }

  private boolean add(ByteBuffer bytes, long remaining) {
    if (context.length + body.size() + bytes.remaining() + remaining > limit) {
      answer.completeExceptionally(
          new IOException("the worker's answer is longer than " + limit + " bytes"));
      return false;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
    if (last && remaining == 0) {
      answer.complete(new Answer(codec, context, body.toByteArray()));
    }
    return true;
  }

  @Override
  public void failed(ExecException error) {
    answer.completeExceptionally(error);
  }
}
