package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a pipeline is, whichever form its keys have.
 *
 * @param prefetch jobs handed over that have no outcome yet
 * @param redialTimeout how long a connection may be away before that is told again
 */
record PipelineSetup(int prefetch, Duration redialTimeout, Exchange exchange, Queue queue) {
  static final String NO_QUEUE =
      "empty queue name, consider adding the queue name to the AMQP configuration";
  static final String NO_KEY =
      "empty routing key, consider adding the routing key name to the AMQP configuration";

  private static final int PREFETCH = 10;
  private static final int MOST_PREFETCH = 65_535;
  private static final int REDIAL_SECONDS = 60;
  private static final int NESTED = 2;

  /** Of AMQP's short strings, in bytes. */
  private static final int LONGEST_NAME = 255;

  /** With upstream's defaults for numbers that are zero or less. */
  static PipelineSetup of(int prefetch, int redialTimeout, Exchange exchange, Queue queue) {
    return new PipelineSetup(
        prefetch <= 0 ? PREFETCH : Math.min(prefetch, MOST_PREFETCH),
        Duration.ofSeconds(redialTimeout <= 0 ? REDIAL_SECONDS : redialTimeout),
        exchange,
        queue);
  }

  /**
   * Decodes a pipeline's section.
   *
   * @param flat decodes the form before version 2
   * @throws dev.rr.api.config.ConfigException with what is wrong
   */
  static PipelineSetup of(Section config, Binder<FlatKeys> flat) {
    long version = config.integer("version", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    return version == NESTED
        ? config.bind(NestedKeysBinder.INSTANCE).setup()
        : config.bind(flat).setup();
  }

  /**
   * A name of something at the broker.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  static String name(String text) {
    int bytes = text.getBytes(UTF_8).length;
    if (bytes > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "takes " + bytes + " bytes; the broker allows at most " + LONGEST_NAME);
    }
    return text;
  }

  /** Records names that are too long, each at its key. */
  static void checkNames(Section at, Map<String, String> names) {
    names.forEach((key, text) ->
        at.parse(
            key,
            () -> {
              var unused = name(text);
            }));
  }

  /** Whether a job without a routing key of its own can be published. */
  boolean hasKey() {
    return exchange.isFanout() || !queue.routingKey().isEmpty();
  }

  /**
   * Where jobs are published.
   *
   * @param declare whether it is declared, not only used
   */
  record Exchange(String name, String type, boolean durable, boolean autoDelete, boolean declare) {
    static final String USUAL = "amqp.default";
    static final String USUAL_TYPE = "direct";
    private static final Set<String> TYPES = Set.of(USUAL_TYPE, "fanout", "topic", "headers");

    Exchange {
      name = name.isEmpty() ? USUAL : name;
      type = type(type);
    }

    boolean isFanout() {
      return type.equals("fanout");
    }

    /**
     * A type as the broker calls it.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    static String type(String text) {
      String lower = text.strip().toLowerCase(Locale.ROOT);
      // PHP's package has a word of its own for it.
      String type = lower.isEmpty() ? USUAL_TYPE : lower.equals("topics") ? "topic" : lower;
      if (!TYPES.contains(type) && !type.startsWith("x-")) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "' is no type of exchange; allowed: direct, fanout, topic, headers, and those of"
                + " the broker's plugins, which begin with x-");
      }
      return type;
    }
  }

  /**
   * Where jobs wait.
   *
   * @param name empty for a pipeline that only pushes
   * @param arguments of its declaration
   * @param declare whether it is declared and bound, not only used
   */
  record Queue(
      String name,
      String routingKey,
      boolean durable,
      boolean autoDelete,
      boolean exclusive,
      boolean deleteOnStop,
      boolean multipleAck,
      boolean requeueOnFail,
      String consumerId,
      Map<String, Object> arguments,
      boolean declare) {
    Queue {
      consumerId = consumerId.isEmpty() ? "roadrunner-" + UUID.randomUUID() : consumerId;
      arguments = Map.copyOf(arguments);
    }

    boolean isNamed() {
      return !name.isEmpty();
    }

    /** What queues for delayed jobs are called after. */
    String nameOrKey() {
      return isNamed() ? name : routingKey;
    }
  }
}
