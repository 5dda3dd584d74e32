package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcNext;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.worker.Conversation;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.json.JsonReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes the answer to a call. Among its frames the worker asks for the client's next message, by a
 * frame without a body whose context has the key {@code next}: how many milliseconds it waits at
 * most. It is sent {@code {"next":"message"}} with the message, or what there is instead of one:
 * where not both sides stream, {@code end} at once, since a worker that asked waits for something.
 * On the worker's thread.
 */
final class ConversationReply implements Conversation {
  private static final String NEXT = "next";
  private static final long LONGEST = 60_000;
  private static final GrpcStatus CANCELLED =
      GrpcStatus.of(GrpcStatus.CANCELLED, "context canceled");

  private final GrpcCall call;
  private final GrpcReply reply;
  private final CallReply answer;
  private @Nullable CompletableFuture<Payload> asked;
  private boolean over;

  ConversationReply(GrpcCall call, GrpcReply reply, CallReply answer) {
    this.call = call;
    this.reply = reply;
    this.answer = answer;
  }

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    asked = null;
    Object wait = last ? null : wait(context);
    if (wait != null) {
      ask(wait, body.remaining() + remaining);
    } else if (last && (over || call.cancelled().isPresent())) {
      reply.fail(call.cancelled().orElse(CANCELLED));
      over = true;
    } else if (!over) {
      over = !answer.frame(codec, context, body, remaining, last);
    }
    return !over;
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    over = over || !answer.body(chunk, remaining);
    return !over;
  }

  /** How many milliseconds it waits, where it asks; null where it does not. */
  private static @Nullable Object wait(ByteBuffer context) {
    if (context.remaining() < NEXT.length()) {
      return null;
    }
    byte[] json = new byte[context.remaining()];
    context.duplicate().get(json);
    try {
      return JsonReader.read(json, 0) instanceof Map<?, ?> said ? said.get(NEXT) : null;
    } catch (IllegalArgumentException e) {
      // The answer's to tell.
      return null;
    }
  }

  private void ask(Object milliseconds, long length) {
    answer.beginStream();
    long wait = 0;
    try {
      wait = Long.parseLong(milliseconds.toString());
    } catch (NumberFormatException e) {
      fail("next is " + milliseconds + " in a frame's context, which is no number of milliseconds");
    }
    if (length > 0) {
      fail("a frame that asks for the next message has a message");
    }
    asked = call.next(Duration.ofMillis(Math.min(wait, LONGEST))).thenApply(this::payload);
  }

  private void fail(String why) {
    reply.fail(GrpcStatus.of(GrpcStatus.INTERNAL, why));
    over = true;
  }

  private Payload payload(GrpcNext next) {
    String kind =
        switch (next.kind()) {
          case MESSAGE -> "message";
          case END -> "end";
          case NOTHING -> "nothing";
          case STOPPING -> "stopping";
          case OVER -> isLate() ? "deadline" : "cancelled";
        };
    return Payload.of(
        Payload.JSON, ("{\"" + NEXT + "\":\"" + kind + "\"}").getBytes(UTF_8), next.message());
  }

  private boolean isLate() {
    return call.cancelled().filter(why -> why.code() == GrpcStatus.DEADLINE_EXCEEDED).isPresent();
  }

  @Override
  public @Nullable CompletableFuture<Payload> asked() {
    return asked;
  }

  @Override
  public void failed(ExecException error) {
    answer.failed(error);
  }
}
