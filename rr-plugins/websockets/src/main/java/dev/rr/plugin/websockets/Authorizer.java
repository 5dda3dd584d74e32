package dev.rr.plugin.websockets;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.WholeReply;
import dev.rr.json.JsonReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks PHP who may connect and join. Any thread; nothing waits. */
final class Authorizer {
  /** What PHP may say to a client that may not connect, in bytes. */
  private static final int LONGEST_ANSWER = 1024 * 1024;

  private final Pool pool;
  private final Duration longest;

  Authorizer(Pool pool, Duration longest) {
    this.pool = pool;
    this.longest = longest;
  }

  /** What PHP answered. */
  record Verdict(int status, HttpHeaders headers, byte[] body) {
    /** Nothing but 200 is a yes. */
    boolean isYes() {
      return status == 200;
    }
  }

  /**
   * Asks.
   *
   * @param context of a {@link Visitor}
   * @return completes exceptionally when no worker answers in time, or none that can be read; on a
   *     thread that nothing may hold up
   */
  CompletionStage<Verdict> ask(byte[] context) {
    WholeReply reply = new WholeReply(LONGEST_ANSWER);
    Pool.Execution execution =
        pool.exec(new Payload(Payload.JSON, context, Payload.NO_BODY), reply);
    return reply
        .answer()
        .toCompletableFuture()
        .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            execution.cancel();
          }
        })
        .thenApply(answer -> verdict(answer.context(), answer.body()));
  }

  private static Verdict verdict(byte[] context, byte[] body) {
    if (JsonReader.read(context, 0) instanceof Map<?, ?> head
        && head.get("status") instanceof Number status) {
      HttpHeaders headers = new HttpHeaders();
      // PHP writes an empty map as an empty list.
      if (head.get("headers") instanceof Map<?, ?> fields) {
        fields.forEach((name, values) -> add(headers, String.valueOf(name), values));
      }
      return new Verdict(status.intValue(), headers, body);
    }
    throw new IllegalArgumentException("the worker's answer has no status");
  }

  private static void add(HttpHeaders headers, String name, @Nullable Object values) {
    List<?> all =
        values instanceof List<?> list ? list : values == null ? List.of() : List.of(values);
    for (Object value : all) {
      String text = String.valueOf(value);
      if (isField(name) && text.chars().allMatch(c -> c >= 0x20 && c != 0x7f)) {
        headers.add(name, text);
      }
    }
  }

  private static boolean isField(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0)
        // Told by whoever sends the answer.
        && !name.equalsIgnoreCase("Content-Length")
        && !name.equalsIgnoreCase("Transfer-Encoding")
        && !name.equalsIgnoreCase("Connection");
  }
}
