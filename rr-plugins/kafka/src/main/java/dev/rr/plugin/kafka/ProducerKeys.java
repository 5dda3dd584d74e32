package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;

/** How jobs are pushed. */
@ConfigSection
record ProducerKeys(
    @Key(doc = "Whether a job that is sent again after a fault may be there twice.")
        boolean disableIdempotent,
    @Key(
            fallback = "AllISRAck",
            doc = "Which brokers have a job before a push succeeds: NoAck, LeaderAck, AllISRAck.")
        String requiredAcks,
    @Key(min = 0, doc = "The largest job, in bytes; 0 is 1000012.") int maxMessageBytes,
    @Key(fallback = "10s", doc = "For an answer of a broker.") Duration requestTimeout,
    @Key(fallback = "60s", doc = "After which a job that no broker took is given up.")
        Duration deliveryTimeout,
    @Key(fallback = "40s", doc = "Nothing: no transactions are used.") Duration transactionTimeout,
    @Key(doc = "gzip, snappy, lz4 or zstd; none by default.") String compressionCodec,
    @Key(
            fallback = "Uniform",
            doc = "Manual, Uniform, RoundRobin, LeastBackup or Sticky: a job's partition.")
        String partitioningStrategy)
    implements Checked {
  private static final int LARGEST = 1_000_012;
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration DELIVERY = Duration.ofSeconds(60);

  static final ProducerKeys DEFAULT =
      new ProducerKeys(false, "", 0, REQUEST, DELIVERY, Duration.ZERO, "", "");

  ProducerKeys {
    maxMessageBytes = maxMessageBytes == 0 ? LARGEST : maxMessageBytes;
    requestTimeout = requestTimeout.isZero() ? REQUEST : requestTimeout;
    deliveryTimeout = deliveryTimeout.isZero() ? DELIVERY : deliveryTimeout;
  }

  /** Which brokers have a job before a push succeeds. */
  enum Acks implements Word {
    NONE("NoAck", "0"),
    LEADER("LeaderAck", "1"),
    ALL("AllISRAck", "all");

    private final String word;
    private final String property;

    Acks(String word, String property) {
      this.word = word;
      this.property = property;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /** How jobs are made smaller. */
  enum Codec implements Word {
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD;

    @Override
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Which partition a job goes to. */
  enum Partitioning implements Word {
    MANUAL("Manual"),
    UNIFORM("Uniform"),
    ROUND_ROBIN("RoundRobin"),
    LEAST_BACKUP("LeastBackup"),
    STICKY("Sticky");

    private final String word;

    Partitioning(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  @Override
  public void check(Section at) {
    at.parse(
        "required_acks",
        () -> {
          var unused = acks();
        });
    at.parse(
        "compression_codec",
        () -> {
          var unused = codec();
        });
    at.parse(
        "partitioning_strategy",
        () -> {
          var unused = partitioning();
        });
  }

  private Acks acks() {
    return Word.of(Acks.class, requiredAcks, Acks.ALL, "unknown ACK option provided");
  }

  private Codec codec() {
    return Word.of(Codec.class, compressionCodec, Codec.NONE, "unknown compression codec");
  }

  private Partitioning partitioning() {
    return Word.of(
        Partitioning.class,
        partitioningStrategy,
        Partitioning.UNIFORM,
        "unknown partitioning strategy");
  }

  /** Whether jobs say their partition. */
  boolean isManual() {
    return partitioning() == Partitioning.MANUAL;
  }

  /** What a producer is made with. */
  Map<String, Object> properties() {
    Map<String, Object> all = new HashMap<>();
    Acks acks = acks();
    Duration request =
        requestTimeout.compareTo(deliveryTimeout) < 0 ? requestTimeout : deliveryTimeout;
    all.put("acks", acks.property);
    all.put("enable.idempotence", acks == Acks.ALL && !disableIdempotent);
    all.put("max.request.size", maxMessageBytes);
    all.put("request.timeout.ms", millis(request));
    all.put("delivery.timeout.ms", millis(deliveryTimeout));
    all.put("compression.type", codec().word());
    all.put("linger.ms", 0);
    switch (partitioning()) {
      case MANUAL, UNIFORM -> {}
      case ROUND_ROBIN -> all.put("partitioner.class", RoundRobinPartitioner.class);
      case LEAST_BACKUP -> all.put("partitioner.ignore.keys", true);
      case STICKY -> {
        all.put("partitioner.ignore.keys", true);
        all.put("partitioner.adaptive.partitioning.enable", false);
      }
    }
    return all;
  }

  private static int millis(Duration time) {
    return (int) Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE);
  }
}
