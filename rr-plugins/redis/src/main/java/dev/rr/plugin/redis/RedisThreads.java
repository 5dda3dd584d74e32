package dev.rr.plugin.redis;

import dev.rr.api.plugin.Deadline;
import dev.rr.netty.EventLoops;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The threads of all connections to Redis. Whoever makes them closes them, after the clients. */
final class RedisThreads {
  static {
    // It would begin recordings for each connection, in a process that may well record nothing.
    System.setProperty("io.lettuce.core.jfr", "false");
  }

  /** The library has its looks at sentinels end in time on a scheduler of the whole process. */
  private static final class Named implements Schedulers.Factory {
    @Override
    public Scheduler newParallel(int parallelism, ThreadFactory threads) {
      return Schedulers.Factory.super.newParallel(
          1, new DefaultThreadFactory("rr-redis-sentinels", true));
    }
  }

  private final EventLoops loops = EventLoops.start("rr-redis", 1);
  private final EventExecutorGroup worker =
      new DefaultEventExecutorGroup(1, new DefaultThreadFactory("rr-redis-work", true));
  private final HashedWheelTimer timer =
      new HashedWheelTimer(new DefaultThreadFactory("rr-redis-timer", true));

  RedisThreads() {
    Schedulers.setFactory(new Named());
  }

  /** The loop of all connections: what they have to send is gathered on it. */
  EventLoops loops() {
    return loops;
  }

  /** Looks at a cluster's nodes, resolves names, dials nodes again. */
  EventExecutorGroup worker() {
    return worker;
  }

  /** Ends what takes too long. */
  Timer timer() {
    return timer;
  }

  void close(Deadline deadline) throws InterruptedException {
    timer.stop();
    long millis = deadline.remaining().toMillis();
    worker.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS).await(millis);
    Schedulers.shutdownNow();
    loops.stop(deadline.remaining().toMillis());
  }
}
