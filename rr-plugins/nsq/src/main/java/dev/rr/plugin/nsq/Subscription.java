package dev.rr.plugin.nsq;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.Reconnector;
import dev.rr.net.WatchedPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of a channel from all nsqds that have it. Each hands over as many as it was told
 * to, so what waits here is bounded by the prefetch. Any thread.
 */
final class Subscription implements ConsumerThread.Loop, NsqConnection.Messages {
  private final NsqPipeline pipeline;
  private final JobSink sink;
  private final Log log;
  private final BlockingQueue<ReceivedJob> arrived = new LinkedBlockingQueue<>();
  private final ReentrantLock telling = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Map<Address.Tcp, Reconnector<NsqConnection>> connections = new HashMap<>();
  private boolean wanted;
  private boolean consuming;
  private boolean closed;
  private @Nullable Thread lookup;

  Subscription(NsqPipeline pipeline, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.sink = sink;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    begin();
    try {
      connect();
      while (true) {
        ReceivedJob next = arrived.take();
        try {
          sink.add(next);
        } catch (InterruptedException end) {
          arrived.add(next);
          throw end;
        }
      }
    } finally {
      end();
    }
  }

  private void begin() {
    lock.lock();
    try {
      wanted = true;
      consuming = true;
    } finally {
      lock.unlock();
    }
    tellReady();
  }

  /** What is given back before nsqd knows that no more is wanted would be handed over again. */
  private void end() {
    lock.lock();
    try {
      wanted = false;
    } finally {
      lock.unlock();
    }
    tellReady();
    lock.lock();
    try {
      consuming = false;
    } finally {
      lock.unlock();
    }
    for (ReceivedJob left = arrived.poll(); left != null; left = arrived.poll()) {
      left.giveBack();
    }
  }

  private void connect() {
    NsqConfig config = pipeline.config();
    if (config.lookupd().isEmpty()) {
      update(Set.of(config.address()));
      return;
    }
    lock.lock();
    try {
      if (lookup == null && !closed) {
        lookup = Thread.ofVirtual().name(pipeline.thread("lookup")).start(this::lookUp);
      }
    } finally {
      lock.unlock();
    }
  }

  private void lookUp() {
    Lookups lookups = new Lookups(pipeline.config(), pipeline.topic(), pipeline.name(), log);
    try {
      while (true) {
        lookups.ask().ifPresent(this::update);
        Thread.sleep(pipeline.config().poll());
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  /** Connects to those that are new; forgets those that are gone and cannot be reached. */
  private void update(Set<Address.Tcp> found) {
    List<Reconnector<NsqConnection>> gone = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      for (Address.Tcp address : new HashSet<>(connections.keySet())) {
        Reconnector<NsqConnection> known = connections.get(address);
        if (known != null && !found.contains(address) && known.current() == null) {
          connections.remove(address);
          gone.add(known);
        }
      }
      for (Address.Tcp address : found) {
        connections.computeIfAbsent(address, this::connector);
      }
    } finally {
      lock.unlock();
    }
    gone.forEach(this::leave);
    tellReady();
  }

  // Under the lock.
  private Reconnector<NsqConnection> connector(Address.Tcp address) {
    Reconnector<NsqConnection> made =
        new Reconnector<>(
            "nsqd at " + address.text(),
            pipeline.thread("dial"),
            NsqPipeline.PAUSES,
            new WatchedPeer<>(
                () -> subscribe(address),
                this::tellReady,
                ended -> lost(address, ended),
                pipeline.outages()));
    made.start();
    return made;
  }

  private NsqConnection subscribe(Address.Tcp address) throws IOException, InterruptedException {
    NsqConnection made =
        NsqConnection.dial(address, pipeline.thread("consume"), pipeline.config(), this);
    try {
      String unused =
          made.await(
              made.send("SUB " + pipeline.topic() + " " + pipeline.channel()),
              Deadline.after(pipeline.config().read()));
    } catch (IOException | InterruptedException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private void lost(Address.Tcp address, NsqConnection connection) {
    arrived.removeIf(job -> job.from() == connection);
    lock.lock();
    try {
      Reconnector<NsqConnection> known = connections.get(address);
      if (known != null) {
        known.lost(connection);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many each connection may hand over. */
  private int ready() {
    lock.lock();
    try {
      int each = pipeline.topicConfig().prefetch() / Math.max(1, connections.size());
      return wanted ? Math.max(1, each) : 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells all connections. Only one that is kept hears of it: what another was handed would come
   * again no sooner than nsqd loses its patience, which takes a minute. One at a time, so that the
   * last to tell knows best.
   */
  private void tellReady() {
    telling.lock();
    try {
      int ready = ready();
      for (Reconnector<NsqConnection> each : all()) {
        tell(each.current(), "RDY " + ready);
      }
    } finally {
      telling.unlock();
    }
  }

  private static void tell(@Nullable NsqConnection connection, String command) {
    try {
      if (connection != null) {
        connection.tellAnyway(command);
      }
    } catch (IOException e) {
      // Told when it is there again.
    }
  }

  private List<Reconnector<NsqConnection>> all() {
    lock.lock();
    try {
      return List.copyOf(connections.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void take(NsqConnection from, String id, int attempts, byte[] body) {
    ReceivedJob job = new ReceivedJob(pipeline, from, id, TopicMessage.decode(body));
    int most = pipeline.topicConfig().maxAttempts();
    if (most > 0 && attempts > most) {
      log.error(
          "job was tried too often, it is dropped",
          "pipeline",
          pipeline.name(),
          "ID",
          job.job().id(),
          "attempts",
          attempts - 1);
      job.drop();
      return;
    }
    if (attempts == 1) {
      pipeline.isDue(job.job());
    }
    if (!isQueued(job)) {
      // It was on its way when nsqd was told that no more is wanted.
      job.giveBack();
    }
  }

  private boolean isQueued(ReceivedJob job) {
    lock.lock();
    try {
      return consuming && arrived.add(job);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refused(String error) {
    log.debug("nsqd did not take an outcome", "pipeline", pipeline.name(), "error", error);
  }

  /** Ends all. */
  void close(Deadline deadline) throws InterruptedException {
    Thread looking;
    lock.lock();
    try {
      closed = true;
      looking = lookup;
    } finally {
      lock.unlock();
    }
    if (looking != null) {
      looking.interrupt();
      boolean unused = looking.join(deadline.remaining());
    }
    for (Reconnector<NsqConnection> each : all()) {
      NsqConnection last = each.close(deadline.remaining());
      if (last != null) {
        last.giveBackAndClose(deadline);
        last.join(deadline.remaining());
      }
    }
  }

  private void leave(Reconnector<NsqConnection> connection) {
    try {
      NsqConnection last = connection.close(Duration.ZERO);
      if (last != null) {
        last.giveBackAndClose(Deadline.after(pipeline.config().write()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
