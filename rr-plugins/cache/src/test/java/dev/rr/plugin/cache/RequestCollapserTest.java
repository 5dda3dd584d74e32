package dev.rr.plugin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestCollapserTest {
  private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
  private final RequestCollapser collapser = new RequestCollapser(late::add);
  private final AtomicInteger goneOn = new AtomicInteger();

  private RequestCollapser.Place join(String name) {
    return collapser.join(key(name), goneOn::incrementAndGet);
  }

  private static CacheKey key(String name) {
    return CacheKey.of("http", "h", "/" + name);
  }

  @Test
  void letsOneOfManyThreadsAskAndForgetsNobody() throws Exception {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger waiting = new AtomicInteger();
    Callable<Void> client =
        () -> {
          for (int i = 0; i < 5_000; i++) {
            String name = "key " + i % 7;
            switch (join(name)) {
              case FIRST -> {
                first.incrementAndGet();
                collapser.served(key(name));
              }
              case WAITING -> waiting.incrementAndGet();
              case ALONE -> throw new AssertionError("nobody said that it is useless");
            }
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(client));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    }

    assertThat(first.get() + waiting.get()).isEqualTo(40_000);
    assertThat(goneOn).as("each that waited, once").hasValue(waiting.get());
  }

  @Test
  void startsAnewOnceTheFirstIsServed() {
    assertThat(join("a")).isEqualTo(RequestCollapser.Place.FIRST);
    assertThat(join("a")).isEqualTo(RequestCollapser.Place.WAITING);
    assertThat(join("b")).isEqualTo(RequestCollapser.Place.FIRST);
    collapser.served(key("a"));

    assertThat(goneOn).hasValue(1);
    assertThat(join("a")).isEqualTo(RequestCollapser.Place.FIRST);
  }

  @Test
  void letsGoOnAtOnceWhomeverComesAfterTheTimeout() {
    join("a");
    join("a");
    late.forEach(Runnable::run);
    assertThat(goneOn).hasValue(1);

    assertThat(join("a")).isEqualTo(RequestCollapser.Place.WAITING);
    assertThat(goneOn).hasValue(2);
  }

  @Test
  void remembersWhoseAnswersAreOfNoUseToOthers() {
    join("a");
    collapser.useless(key("a"));

    assertThat(join("a")).isEqualTo(RequestCollapser.Place.ALONE);
    assertThat(join("a")).isEqualTo(RequestCollapser.Place.ALONE);
  }

  @Test
  void setsOneDeadlineForMany() {
    for (int i = 0; i < 100; i++) {
      join("a");
    }

    assertThat(late).hasSize(1);
  }
}
