package dev.rr.plugin.service;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.process.GroupGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The services that there are, by name. One is created, terminated or restarted at a time; looking
 * at them, and stopping all, waits for nobody. Any thread.
 */
final class Services {
  /** Processes of all services together that calls may create. */
  static final int MOST_CREATED = 256;

  private static final Deadline NONE_LEFT = Deadline.after(Duration.ZERO);

  private final ProcessFactory factory;
  private final ReentrantLock management = new ReentrantLock();
  private final ConcurrentNavigableMap<String, RunningService> services =
      new ConcurrentSkipListMap<>();
  // Those that start, run or stop: a stop of the server finds also who is in no list yet or any
  // more.
  private final Set<RunningService> alive = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile @Nullable GroupGuard guard;

  /** Makes the places of a service; starts nothing. */
  @FunctionalInterface
  interface ProcessFactory {
    /** A process. */
    ServiceProcess make(ServiceSpec spec, int number, GroupGuard guard);
  }

  Services(ProcessFactory factory) {
    this.factory = factory;
  }

  /** Starts what watches over the processes. */
  void open() throws IOException {
    guard = GroupGuard.start();
  }

  /**
   * Starts a service; all of it or nothing.
   *
   * @throws IllegalArgumentException when there is one of this name, or there are too many
   * @throws IOException when one of its processes cannot be started
   */
  void create(ServiceSpec spec, Deadline deadline) throws IOException, InterruptedException {
    manage(deadline);
    try {
      if (services.containsKey(spec.name())) {
        throw new IllegalArgumentException(
            "the service with " + spec.name() + " name already exists");
      }
      checkRoom(spec);
      services.put(spec.name(), started(spec));
    } finally {
      management.unlock();
    }
  }

  private void manage(Deadline deadline) throws InterruptedException {
    if (!management.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("another service takes too long to start or stop");
    }
  }

  private void checkRoom(ServiceSpec spec) {
    long created =
        services.values().stream()
            .filter(s -> !s.spec().configured())
            .mapToLong(s -> s.processes().size())
            .sum();
    if (!spec.configured() && created + spec.config().processNum() > MOST_CREATED) {
      throw new IllegalArgumentException(
          "services created by calls may have at most "
              + MOST_CREATED
              + " processes together, they have "
              + created
              + "; terminate one first");
    }
  }

  private RunningService started(ServiceSpec spec) throws IOException, InterruptedException {
    GroupGuard open = guard;
    if (open == null) {
      throw new IOException("the service plugin has not started");
    }
    List<ServiceProcess> processes = new ArrayList<>();
    for (int i = 1; i <= spec.config().processNum(); i++) {
      processes.add(factory.make(spec, i, open));
    }
    RunningService service = new RunningService(spec, processes);
    boolean done = false;
    alive.add(service);
    try {
      // Whoever closes sets the flag first and looks at the set then.
      if (closed) {
        throw new IOException("the server stops");
      }
      service.start();
      done = true;
      return service;
    } finally {
      if (!done) {
        stop(service, Deadline.after(RpcCall.LONGEST));
      }
    }
  }

  private void stop(RunningService service, Deadline deadline) throws InterruptedException {
    service.stop(closed ? NONE_LEFT : deadline);
    alive.remove(service);
  }

  /**
   * Stops a service and forgets it.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  void terminate(String name, Deadline deadline) throws InterruptedException {
    manage(deadline);
    try {
      RunningService old = service(name);
      stop(old, deadline);
      services.remove(old.spec().name());
    } finally {
      management.unlock();
    }
  }

  /**
   * Stops a service and starts it again; one that cannot be started is forgotten.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  void restart(String name, Deadline deadline) throws IOException, InterruptedException {
    manage(deadline);
    try {
      RunningService old = service(name);
      stop(old, deadline);
      startAgain(old.spec());
    } finally {
      management.unlock();
    }
  }

  // The old one stays in the list until there is a new one: who looks meanwhile must find it.
  private void startAgain(ServiceSpec spec) throws IOException, InterruptedException {
    boolean done = false;
    try {
      services.put(spec.name(), started(spec));
      done = true;
    } finally {
      if (!done) {
        services.remove(spec.name());
      }
    }
  }

  /**
   * Stops each service and starts it again. One that cannot be started stays in the list, so that
   * the next reset tries again.
   *
   * @throws IllegalStateException names those that could not be started, in the end
   */
  void reset() throws InterruptedException {
    Deadline deadline = Deadline.after(RpcCall.LONGEST);
    manage(deadline);
    try {
      List<String> failed = new ArrayList<>();
      for (RunningService old : services.values()) {
        stop(old, deadline);
        try {
          services.put(old.spec().name(), started(old.spec()));
        } catch (IOException e) {
          failed.add(old.spec().name() + ": " + e.getMessage());
        }
      }
      if (!failed.isEmpty()) {
        throw new IllegalStateException(
            "services could not be started again: " + String.join("; ", failed));
      }
    } finally {
      management.unlock();
    }
  }

  /**
   * The service of this name. Those of the configuration are found in any case: upstream knows them
   * in lower case alone.
   *
   * @throws IllegalArgumentException when there is none
   */
  RunningService service(String name) {
    return Optional.ofNullable(services.get(name))
        .or(() -> configured(name))
        .orElseThrow(
            () -> new IllegalArgumentException("the service with " + name + " name doesn't exist"));
  }

  private Optional<RunningService> configured(String name) {
    return services.values().stream()
        .filter(s -> s.spec().configured() && s.spec().name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** All of them, by name. */
  List<RunningService> all() {
    return List.copyOf(services.values());
  }

  /** Stops all of them side by side, for good; may be called again. */
  void close(Deadline deadline) throws InterruptedException {
    closed = true;
    alive.forEach(RunningService::interrupt);
    for (RunningService service : alive) {
      service.stop(deadline);
      alive.remove(service);
    }
    services.clear();
    GroupGuard open = guard;
    if (open != null) {
      open.close();
    }
  }
}
