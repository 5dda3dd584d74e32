package dev.rr.netty;

import dev.rr.api.log.Log;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Warns of a handler that holds an event loop, for instance by a query or a sleep in a middleware:
 * all other connections of the loop wait for it, and nothing else would tell why.
 *
 * <p>Every tick it gives each loop something to run and looks whether the loop has come to what it
 * gave before. So a request costs nothing more. Owns the daemon thread {@code <name>-watch}.
 */
final class LoopWatch implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  /** How long a loop may be held; the warning comes within two ticks after. */
  private static final Duration LIMIT = Duration.ofMillis(200);

  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
  private static final int FRAMES = 24;

  /** Whose code runs on every loop, and may be at its top while another's waits for it. */
  private static final List<String> COMMON =
      List.of("java.", "javax.", "jdk.", "sun.", "io.netty.");

  private final String own;
  private final BooleanSupplier busy;
  private final Log log;
  private final List<Watched> all = new ArrayList<>();
  private final Thread thread;
  private long warned = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

  /**
   * Begins.
   *
   * @param own what names of classes begin with that are known not to block, and are slow only
   *     where the machine is
   * @param busy whether anything is on the loops; when not, they are left to sleep
   */
  LoopWatch(String name, Iterable<EventLoop> loops, String own, BooleanSupplier busy, Log log) {
    this.own = own;
    this.busy = busy;
    this.log = log;
    loops.forEach(loop -> all.add(new Watched(loop)));
    this.thread = Thread.ofPlatform().daemon().name(name + "-watch").start(this::watch);
  }

  private void watch() {
    long last = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(TICK);
        long now = System.nanoTime();
        // Where this thread was late itself, the machine was, and no handler is to blame.
        boolean late = now - last > 2 * TICK.toNanos();
        last = now;
        if (busy.getAsBoolean()) {
          all.forEach(watched -> watched.tick(now, late));
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private final class Watched {
    private final SingleThreadEventExecutor loop;
    private volatile boolean waits;
    private long since;

    Watched(EventLoop loop) {
      this.loop = (SingleThreadEventExecutor) loop;
    }

    void tick(long now, boolean late) {
      if (!waits) {
        ask(now);
      } else if (late) {
        since = now;
      } else if (now - since >= LIMIT.toNanos()
          && now - warned >= BETWEEN_WARNINGS.toNanos()
          && warn(loop.threadProperties().stackTrace(), now - since)) {
        warned = now;
      }
    }

    private void ask(long now) {
      since = now;
      waits = true;
      try {
        loop.execute(() -> waits = false);
      } catch (RejectedExecutionException e) {
        // It is being stopped.
      }
    }

    private boolean warn(StackTraceElement[] stack, long heldNanos) {
      Optional<String> holder = holder(stack);
      holder.ifPresent(name ->
          log.warn(
              "a handler holds an event loop, and the other connections of this loop wait",
              "handler",
              name,
              "held_ms",
              Duration.ofNanos(heldNanos).toMillis(),
              "loop",
              loop.threadProperties().name(),
              "stack",
              text(stack)));
      return holder.isPresent();
    }
  }

  /**
   * The innermost class of neither the JDK nor Netty nor rr; none when the loop is idle by now, or
   * loads a class, which takes its time once and is no handler's fault.
   */
  private Optional<String> holder(StackTraceElement[] stack) {
    if (Arrays.stream(stack).anyMatch(LoopWatch::loadsClasses)) {
      return Optional.empty();
    }
    return Arrays.stream(stack)
        .map(StackTraceElement::getClassName)
        .filter(name -> !name.startsWith(own) && COMMON.stream().noneMatch(name::startsWith))
        .findFirst();
  }

  private static boolean loadsClasses(StackTraceElement frame) {
    return frame.getClassName().startsWith("jdk.internal.loader.")
        || frame.getClassName().equals("java.lang.ClassLoader")
        || frame.getMethodName().equals("<clinit>");
  }

  private static String text(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .limit(FRAMES)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" < "));
  }

  /** Ends it without waiting. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
