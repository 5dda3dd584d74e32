package dev.rr.plugin.nsq;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.Reconnector;
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
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Map<Address.Tcp, Reconnector<NsqConnection>> connections = new HashMap<>();
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
    consume(true);
    begin();
    try {
      while (true) {
        ReceivedJob next = arrived.take();
        try {
          sink.add(next);
        } catch (InterruptedException end) {
          next.giveBack();
          throw end;
        }
      }
    } finally {
      consume(false);
      for (ReceivedJob left = arrived.poll(); left != null; left = arrived.poll()) {
        left.giveBack();
      }
    }
  }

  private void begin() {
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
        connections.computeIfAbsent(address, this::connect);
      }
    } finally {
      lock.unlock();
    }
    gone.forEach(this::end);
    tellReady();
  }

  // Under the lock.
  private Reconnector<NsqConnection> connect(Address.Tcp address) {
    Reconnector<NsqConnection> made =
        new Reconnector<>(
            "nsqd at " + address.text(),
            pipeline.thread("dial"),
            NsqPipeline.PAUSES,
            new NsqPeer(
                () -> subscribe(address), ended -> lost(address, ended), pipeline.outages()));
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
      made.tell("RDY " + ready());
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
      return consuming ? Math.max(1, each) : 0;
    } finally {
      lock.unlock();
    }
  }

  private void consume(boolean now) {
    lock.lock();
    try {
      consuming = now;
    } finally {
      lock.unlock();
    }
    tellReady();
  }

  private void tellReady() {
    int ready = ready();
    for (Reconnector<NsqConnection> each : all()) {
      NsqConnection connection = each.current();
      try {
        if (connection != null) {
          connection.tell("RDY " + ready);
        }
      } catch (IOException e) {
        // Told when it is there again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        connection.close();
      }
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
    arrived.add(job);
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

  private void end(Reconnector<NsqConnection> connection) {
    try {
      NsqConnection last = connection.close(Duration.ZERO);
      if (last != null) {
        last.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
