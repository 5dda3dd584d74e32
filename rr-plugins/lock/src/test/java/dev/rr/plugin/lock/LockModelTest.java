package dev.rr.plugin.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hundred clients do at random what clients do, under a clock moved by hand; after each step
 * everything that can be seen of the table is what a model says that is made of lists.
 */
class LockModelTest {
  private static final int CLIENTS = 100;
  private static final int STEPS = 4_000;
  private static final List<String> RESOURCES = List.of("a", "b", "c", "d");

  /** A lock, held or waited for. */
  private static final class Entry {
    final int client;
    final String id;
    final boolean exclusive;
    final long ttl;
    final long number;

    /** What its caller is to be told, if it waits. */
    final CompletableFuture<Boolean> expected = new CompletableFuture<>();

    long end;

    Entry(int client, String id, boolean exclusive, long ttl, long number) {
      this.client = client;
      this.id = id;
      this.exclusive = exclusive;
      this.ttl = ttl;
      this.number = number;
    }
  }

  /** What a resource should be. */
  private static final class Model {
    final List<Entry> holders = new ArrayList<>();
    final List<Entry> queue = new ArrayList<>();

    boolean reads(String id) {
      return holders.stream().anyMatch(h -> h.id.equals(id) && !h.exclusive);
    }

    boolean canHold(Entry e) {
      return e.exclusive
          ? holders.stream().allMatch(h -> h.id.equals(e.id) && !h.exclusive)
          : holders.stream().noneMatch(h -> h.exclusive);
    }

    void grant(Entry e, long now) {
      holders.removeIf(h -> h.id.equals(e.id));
      e.end = now + e.ttl;
      holders.add(e);
    }

    List<Entry> serve(long now) {
      List<Entry> granted = new ArrayList<>();
      for (Entry next = next(); next != null; next = next()) {
        queue.remove(next);
        grant(next, now);
        granted.add(next);
      }
      return granted;
    }

    private @Nullable Entry next() {
      if (!queue.isEmpty() && canHold(queue.getFirst())) {
        return queue.getFirst();
      }
      return holders.size() == 1
          ? queue.stream().filter(e -> e.exclusive && canHold(e)).findFirst().orElse(null)
          : null;
    }
  }

  /** A client that waits, and what the table tells it. */
  private record Waiting(Claim claim, CompletableFuture<Boolean> told, Entry entry) {}

  private final LockTable table = new LockTable(Long.MAX_VALUE);
  private final Map<String, Model> models = new HashMap<>();
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private long now;
  private long number;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void theTableDoesWhatTheModelDoes(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < STEPS; i++) {
      step(random);
      compare(seed, i);
    }
    // Whoever waits may obtain in the end, and hold for a while.
    for (int i = 0; i < CLIENTS; i++) {
      pass(100);
      compare(seed, STEPS + i);
    }
    assertThat(table.size()).isZero();
    assertThat(table.bytes()).isZero();
    assertThat(waiting).isEmpty();
  }

  private void step(Random random) {
    int client = random.nextInt(CLIENTS);
    String name = RESOURCES.get(random.nextInt(RESOURCES.size()));
    // Some clients share an id, as threads of one application may.
    String id = "id" + (random.nextInt(4) == 0 ? random.nextInt(5) : client);
    Waiting waits = waiting.get(client);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> ask(client, name, id, true, random);
      case 3, 4, 5 -> ask(client, name, id, false, random);
      case 6, 7 -> release(name, holder(name, id, random));
      case 8 -> {
        if (random.nextInt(10) == 0) {
          forceRelease(name);
        }
      }
      case 9 -> updateTtl(name, holder(name, id, random), random.nextInt(60));
      case 10 -> pass(random.nextInt(15));
      default -> {
        if (waits != null) {
          leave(waits);
        }
      }
    }
  }

  /** An id that holds the resource, most of the time. */
  private String holder(String name, String id, Random random) {
    List<Entry> holders = model(name).holders;
    return holders.isEmpty() || random.nextInt(4) == 0
        ? id
        : holders.get(random.nextInt(holders.size())).id;
  }

  private Model model(String name) {
    return models.computeIfAbsent(name, n -> new Model());
  }

  private void ask(int client, String name, String id, boolean exclusive, Random random) {
    if (waiting.containsKey(client)) {
      return;
    }
    long ttl = 1 + random.nextInt(80);
    long wait = 1 + random.nextInt(40);
    Claim claim = table.ask(name, id, exclusive, ttl, wait, now);
    Entry entry = new Entry(client, id, exclusive, ttl, number++);
    Model model = model(name);
    if (model.canHold(entry) && (model.queue.isEmpty() || model.reads(id))) {
      model.grant(entry, now);
      assertThat(claim.answer()).as("granted at once").isNull();
    } else {
      entry.end = now + wait;
      model.queue.add(entry);
      CompletableFuture<Boolean> told = Objects.requireNonNull(claim.answer(), "it waits");
      waiting.put(client, new Waiting(claim, told, entry));
    }
  }

  private void release(String name, String id) {
    Model model = model(name);
    boolean held = model.holders.removeIf(h -> h.id.equals(id));
    assertThat(table.release(name, id, now)).isEqualTo(held);
    serve(model);
  }

  private void forceRelease(String name) {
    boolean known = models.containsKey(name) && table.isKnown(name);
    assertThat(table.forceRelease(name, now)).isEqualTo(known);
    model(name).holders.clear();
    serve(model(name));
  }

  private void updateTtl(String name, String id, long ttl) {
    List<Entry> held = model(name).holders.stream().filter(h -> h.id.equals(id)).toList();
    held.forEach(h -> h.end = now + ttl);
    assertThat(table.updateTtl(name, id, ttl, now)).isEqualTo(!held.isEmpty());
  }

  private void leave(Waiting waits) {
    table.abandon(waits.claim, now);
    models
        .values()
        .forEach(model -> {
          if (model.queue.remove(waits.entry)) {
            waits.entry.expected.complete(false);
            serve(model);
          }
        });
  }

  private void pass(long time) {
    now += time;
    table.expire(now, Integer.MAX_VALUE);
    for (Entry over = over(); over != null; over = over()) {
      for (Model model : models.values()) {
        boolean waited = model.queue.remove(over);
        if (waited) {
          over.expected.complete(false);
        }
        if (model.holders.remove(over) || waited) {
          serve(model);
        }
      }
    }
  }

  private @Nullable Entry over() {
    return models.values().stream()
        .flatMap(m -> Stream.concat(m.holders.stream(), m.queue.stream()))
        .filter(e -> e.end <= now)
        .min(Comparator.<Entry>comparingLong(e -> e.end).thenComparingLong(e -> e.number))
        .orElse(null);
  }

  private void serve(Model model) {
    model.serve(now).forEach(e -> e.expected.complete(true));
  }

  private void compare(long seed, int step) {
    String where = "seed " + seed + ", step " + step;
    int size = 0;
    for (String name : RESOURCES) {
      Model model = model(name);
      size += model.holders.size() + model.queue.size();
      assertThat(table.exists(name, "*")).as(where).isEqualTo(!model.holders.isEmpty());
      for (Entry holder : model.holders) {
        assertThat(table.exists(name, holder.id)).as(where).isTrue();
        assertThat(!holder.exclusive || model.holders.size() == 1).as("alone, " + where).isTrue();
      }
      assertThat(model.queue.isEmpty() || !model.canHold(model.queue.getFirst()))
          .as("nobody waits for nothing, " + where)
          .isTrue();
    }
    assertThat(table.size()).as(where).isEqualTo(size);
    waiting
        .values()
        .removeIf(w -> {
          assertThat(w.told.getNow(null)).as(where).isEqualTo(w.entry.expected.getNow(null));
          return w.told.isDone();
        });
  }
}
