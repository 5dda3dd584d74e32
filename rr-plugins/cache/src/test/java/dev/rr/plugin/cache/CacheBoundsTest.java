package dev.rr.plugin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever clients send, no more is kept than was set. */
class CacheBoundsTest {
  private static final int BOUND = 1 << 20;
  private static final String LONG = "x".repeat(100_000);

  private final AnswerStore store = new AnswerStore(BOUND);
  private final List<HttpResponse> open = new ArrayList<>();

  private CacheHandler around(HttpHandler application) {
    CacheConfig config =
        new CacheConfig(
            1, 512, Duration.ofMinutes(1), Duration.ZERO, "memory", List.of(), Map.of());
    Instant now = Instant.parse("2026-06-01T12:00:00Z");
    return new CacheHandler(
        config, store, new RequestCollapser(late -> {}), application, () -> now);
  }

  private static HttpHandler answering(HttpHeaders headers, int bytes) {
    return (request, response) -> {
      response.head(200, headers.copy());
      response.write(ByteBuffer.allocate(bytes));
      response.end();
    };
  }

  @Test
  void weighsTheRequestValuesOfVariedFields() {
    CacheHandler cache = around(answering(new HttpHeaders().set("Vary", "X"), 1));
    for (int i = 0; i < 240; i++) {
      cache.handle(FakeRequest.get("/" + i).header("X", LONG + i), new FakeResponse());
    }

    assertThat(store.size()).isBetween(1L, (long) BOUND / LONG.length());
    assertThat(store.bytes()).isLessThanOrEqualTo(BOUND);
  }

  @Test
  void weighsEveryLineOfAVariedField() {
    CacheHandler cache = around(answering(new HttpHeaders().set("Vary", "X"), 1));
    FakeRequest many = FakeRequest.get("/");
    for (int i = 0; i < 10_000; i++) {
      many.header("X", "");
    }
    cache.handle(many, new FakeResponse());

    assertThat(store.size()).as("more than an entry may have").isZero();
  }

  @Test
  void keepsNoAnswerWhoseFieldsAreLargerThanAnEntry() {
    HttpHeaders large = new HttpHeaders().set("X", LONG.repeat(6));
    around(answering(large, 1)).handle(FakeRequest.get("/"), new FakeResponse());

    assertThat(store.size()).isZero();
  }

  @Test
  void passesLongUrisByAndAsksTheApplicationForEach() {
    List<String> asked = new ArrayList<>();
    CacheHandler cache =
        around((request, response) -> {
          asked.add(request.target());
          response.head(200, new HttpHeaders());
          response.end();
        });
    FakeResponse response = new FakeResponse();
    cache.handle(FakeRequest.get("/" + LONG), new FakeResponse());
    cache.handle(FakeRequest.get("/" + LONG), response);

    assertThat(asked).hasSize(2);
    assertThat(store.size()).isZero();
    assertThat(response.headers().contains("Cache-Status")).isFalse();
  }

  @Test
  void notesNoMoreAnswersAtOnceThanMayBeStored() {
    CacheHandler cache = around((request, response) -> open.add(response));
    List<FakeResponse> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FakeResponse client = new FakeResponse();
      clients.add(client);
      cache.handle(FakeRequest.get("/" + i), client);
      open.getLast().head(200, new HttpHeaders());
      open.getLast().write(ByteBuffer.allocate(200_000));

      assertThat(store.noted()).isLessThanOrEqualTo(BOUND);
    }
    open.forEach(HttpResponse::end);

    assertThat(clients).allMatch(c -> c.bytes().length == 200_000);
    assertThat(store.size()).isEqualTo(BOUND / 200_000);
    assertThat(store.noted()).isZero();
  }

  @Test
  void letsGoOfWhatItNotedWhenAnAnswerBreaksOffOrIsTooLarge() {
    CacheHandler cache = around((request, response) -> open.add(response));
    for (int i = 0; i < 2; i++) {
      cache.handle(FakeRequest.get("/" + i), new FakeResponse());
      open.get(i).head(200, new HttpHeaders());
      open.get(i).write(ByteBuffer.allocate(200_000));
    }
    open.get(0).abort(new IllegalStateException("the worker died"));
    open.get(1).write(ByteBuffer.allocate(400_000));

    assertThat(store.noted()).isZero();
  }

  @Test
  void notesNothingOfAnAnswerThatMayNotBeKept() {
    around((request, response) -> open.add(response))
        .handle(FakeRequest.get("/"), new FakeResponse());
    open.getFirst().head(200, new HttpHeaders().set("Cache-Control", "private"));
    open.getFirst().write(ByteBuffer.allocate(1_000));

    assertThat(store.noted()).isZero();
  }
}
