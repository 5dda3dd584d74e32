package dev.rr.plugin.kafka;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads records, and commits what is finished. The consumer is its thread's alone, which never
 * waits for anything but the brokers: while there is no room, or the pipeline is paused, it polls
 * on with its partitions paused, and so stays in its group.
 */
final class Poller {
  /** At most so long until an outcome is committed, or a change is noticed. */
  private static final Duration TURN = Duration.ofMillis(250);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Clients clients;
  private final ConsumerKeys keys;
  private final boolean isGrouped;
  private final ReadAhead readAhead;
  private final KafkaDelivery.Outcomes outcomes;
  private final Log log;
  private final Consumer<Throwable> lost;
  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final BrokerOutage outage;
  private final Thread thread;
  private volatile boolean reads;
  private volatile boolean closing;

  // Of the thread.
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
  private Deadline discovery = Deadline.after(Duration.ZERO);

  /**
   * One that does not run.
   *
   * @param lost is told what ended it that was not to end
   * @throws KafkaException when there can be no consumer
   */
  Poller(
      Clients clients,
      ConsumerKeys keys,
      ReadAhead readAhead,
      KafkaDelivery.Outcomes outcomes,
      Log log,
      Consumer<Throwable> lost) {
    this.clients = clients;
    this.keys = keys;
    this.isGrouped = clients.keys().groupOptions().isPresent();
    this.readAhead = readAhead;
    this.outcomes = outcomes;
    this.log = log;
    this.lost = lost;
    this.consumer = clients.consumer(keys);
    this.outage = new BrokerOutage(clients.pipeline(), clients.brokers(), consumer, log);
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("rr-kafka-" + clients.pipeline() + "-poll")
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether records are read. */
  void read(boolean on) {
    reads = on;
    wakeUp();
  }

  /** Has it look at once. */
  void wakeUp() {
    consumer.wakeup();
  }

  /** Commits what is finished, leaves the group and ends. */
  void stop(Deadline deadline) throws InterruptedException, TimeoutException {
    closing = true;
    wakeUp();
    if (!thread.join(deadline.remaining())) {
      throw new TimeoutException(thread.getName() + " does not end");
    }
  }

  // ---- its thread ------------------------------------------------------------------------------

  private void run() {
    Duration left = ANSWER;
    try {
      if (subscribes()) {
        subscribe();
      }
      while (!closing) {
        turn();
      }
      Deadline last = Deadline.after(ANSWER);
      commitNow(progress.keySet());
      // Brokers that are away are waited for once.
      left = last.remaining();
    } catch (RuntimeException e) {
      if (!closing) {
        lost.accept(new KafkaException(KafkaFaults.text(e), e));
      }
    } finally {
      progress.values().forEach(PartitionProgress::isGoneNow);
      close(left);
    }
  }

  private void close(Duration longest) {
    try {
      consumer.close(CloseOptions.timeout(longest));
    } catch (RuntimeException e) {
      log.debug("consumer close", "pipeline", clients.pipeline(), "error", KafkaFaults.text(e));
    }
  }

  private void turn() {
    try {
      assign();
      if (consumer.assignment().isEmpty() && !subscribes()) {
        pauseThread();
        return;
      }
      flow();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(TURN)) {
        arrived(record);
      }
      commit();
      outage.look();
    } catch (InvalidOffsetException e) {
      begin(e.partitions());
    } catch (WakeupException e) {
      // Something has changed.
    } catch (RetriableException e) {
      log.debug("kafka poll", "pipeline", clients.pipeline(), "error", KafkaFaults.text(e));
      outage.look();
    }
  }

  private void pauseThread() {
    try {
      Thread.sleep(TURN);
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  private void arrived(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    PartitionProgress of = progress.computeIfAbsent(partition, PartitionProgress::new);
    of.read(record.offset());
    readAhead.add(new KafkaDelivery(record, Records.received(record), of, outcomes));
  }

  /** Pauses what is not to be read now, and goes on with the rest. */
  private void flow() {
    boolean none = !reads || readAhead.isFull();
    Set<TopicPartition> still = new HashSet<>();
    for (TopicPartition partition : consumer.assignment()) {
      PartitionProgress of = progress.get(partition);
      if (none || of != null && of.isFull()) {
        still.add(partition);
      }
    }
    Set<TopicPartition> paused = consumer.paused();
    if (!still.equals(paused)) {
      Set<TopicPartition> again = new HashSet<>(paused);
      again.removeAll(still);
      consumer.resume(again);
      consumer.pause(still);
    }
  }

  // ---- what is read ----------------------------------------------------------------------------

  private boolean subscribes() {
    return isGrouped && !keys.topics().isEmpty();
  }

  private void subscribe() {
    ConsumerRebalanceListener changes = new Changes();
    if (keys.consumeRegexp()) {
      consumer.subscribe(keys.pattern(), changes);
    } else {
      consumer.subscribe(keys.topics(), changes);
    }
  }

  /** Without a group the partitions are all there are, which may become more. */
  private void assign() {
    if (subscribes() || !discovery.passed()) {
      return;
    }
    Set<TopicPartition> all = new HashSet<>(keys.partitions().keySet());
    if (keys.consumeRegexp()) {
      consumer
          .listTopics(ANSWER)
          .forEach((topic, partitions) -> {
            if (keys.pattern().matcher(topic).matches()) {
              add(all, partitions);
            }
          });
    } else {
      keys.topics().forEach(topic -> add(all, consumer.partitionsFor(topic, ANSWER)));
    }
    if (!all.equals(consumer.assignment())) {
      consumer.assign(all);
    }
    discovery = Deadline.after(all.isEmpty() ? Duration.ofSeconds(1) : Clients.METADATA);
  }

  private static void add(Set<TopicPartition> to, Collection<PartitionInfo> partitions) {
    partitions.forEach(info -> to.add(new TopicPartition(info.topic(), info.partition())));
  }

  /** Places partitions of which no offset is kept, or one that is not there any more. */
  private void begin(Collection<TopicPartition> partitions) {
    Map<TopicPartition, StartOffset> own = keys.partitions();
    Map<StartOffset, Set<TopicPartition>> by = new HashMap<>();
    partitions.forEach(partition ->
        by.computeIfAbsent(own.getOrDefault(partition, keys.start()), k -> new HashSet<>())
            .add(partition));
    try {
      by.forEach((start, of) -> start.seek(consumer, of, ANSWER));
    } catch (WakeupException | RetriableException e) {
      // The next turn finds them again.
    }
  }

  // ---- what is finished ------------------------------------------------------------------------

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = finished(progress.keySet());
    if (!offsets.isEmpty()) {
      note(offsets);
      consumer.commitAsync(
          offsets,
          (of, failure) -> {
            if (failure != null) {
              // With the next.
              of.keySet().forEach(partition -> committed(partition, -1));
            }
          });
    }
  }

  private void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = finished(partitions);
    for (int attempt = 0; attempt < 2 && !offsets.isEmpty(); attempt++) {
      try {
        consumer.commitSync(offsets, ANSWER);
        note(offsets);
        return;
      } catch (WakeupException e) {
        // Once more: a wake-up ends one call.
      } catch (KafkaException e) {
        log.warn(
            "what was finished could not be committed, those jobs come again",
            "pipeline",
            clients.pipeline(),
            "error",
            KafkaFaults.text(e));
        return;
      }
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> finished(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    if (isGrouped) {
      for (TopicPartition partition : partitions) {
        PartitionProgress of = progress.get(partition);
        long position = of == null ? -1 : of.uncommitted();
        if (position >= 0) {
          offsets.put(partition, new OffsetAndMetadata(position));
        }
      }
    }
    return offsets;
  }

  private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, at) -> committed(partition, at.offset()));
  }

  private void committed(TopicPartition partition, long offset) {
    PartitionProgress of = progress.get(partition);
    if (of != null) {
      of.committed(offset);
    }
  }

  /** Partitions that go to others of the group, and come from them. */
  private final class Changes implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // Known once something has arrived.
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commitNow(List.copyOf(partitions));
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        PartitionProgress of = progress.remove(partition);
        if (of != null) {
          of.isGoneNow();
        }
      }
    }
  }
}
