package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job looks like in a tube: Go's gob of upstream's struct, which all versions of upstream
 * read. Immutable.
 *
 * @param pipeline the one that it was pushed to; empty when nobody knows
 */
record JobBody(Job job, String pipeline) {
  /**
   * The types Item, map[string][]string, []string and Options, as Go's encoder describes them: Job,
   * Ident, Payload, Hdrs, Options; Priority, Pipeline, Delay, AutoAck, Queue.
   */
  private static final byte[] TYPES =
      HexFormat.of()
          .parseHex(
              "47ff81030101044974656d01ff8200010501034a6f62010c0001054964656e74010c0001075061796c6f61"
                  + "64010a0001044864727301ff860001074f7074696f6e7301ff88000000"
                  + "24ff85040101136d61705b737472696e675d5b5d737472696e6701ff8600010c01ff840000"
                  + "0cff83020102ff8400010c0000"
                  + "4fff87030101074f7074696f6e7301ff8800010501085072696f726974790104000108506970656c"
                  + "696e65010c00010544656c617901040001074175746f41636b01020001055175657565010c000000");

  /** The number that they give Item. */
  private static final long ITEM = 65;

  // ---- out
  // ---------------------------------------------------------------------------------------

  byte[] encode() {
    Struct item = new Struct();
    item.number(ITEM);
    item.text(job.name());
    item.text(job.id());
    item.bytes(job.payload());
    item.headers(job.headers());
    item.options(job.options(), pipeline);
    item.end();
    byte[] value = item.toByteArray();
    Struct message = new Struct();
    message.writeBytes(TYPES);
    message.unsigned(value.length);
    message.writeBytes(value);
    return message.toByteArray();
  }

  /** Writes fields in order, and leaves out those that are empty, as Go's encoder does. */
  private static final class Struct extends ByteArrayOutputStream {
    private int skipped = 1;

    private boolean begins(boolean empty) {
      if (empty) {
        skipped++;
        return false;
      }
      write(skipped);
      skipped = 1;
      return true;
    }

    void text(String text) {
      bytes(text.getBytes(UTF_8));
    }

    void bytes(byte[] bytes) {
      if (begins(bytes.length == 0)) {
        counted(bytes);
      }
    }

    private void counted(byte[] bytes) {
      unsigned(bytes.length);
      writeBytes(bytes);
    }

    void headers(Map<String, List<String>> headers) {
      if (!begins(headers.isEmpty())) {
        return;
      }
      unsigned(headers.size());
      headers.forEach((name, values) -> {
        counted(name.getBytes(UTF_8));
        unsigned(values.size());
        values.forEach(value -> counted(value.getBytes(UTF_8)));
      });
    }

    void options(Job.Options options, String pipeline) {
      boolean begun = begins(false);
      assert begun;
      Struct inner = new Struct();
      inner.integer(options.priority());
      inner.text(pipeline);
      inner.integer(BeanstalkServer.seconds(options.delay()));
      inner.flag(options.autoAck());
      inner.end();
      writeBytes(inner.toByteArray());
    }

    void integer(long number) {
      if (begins(number == 0)) {
        number(number);
      }
    }

    void flag(boolean flag) {
      if (begins(!flag)) {
        unsigned(1);
      }
    }

    void number(long number) {
      unsigned(number << 1 ^ number >> 63);
    }

    void unsigned(long number) {
      if (number >= 0 && number < 128) {
        write((int) number);
        return;
      }
      int bytes = (71 - Long.numberOfLeadingZeros(number)) / 8;
      write(-bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        write((int) (number >>> shift));
      }
    }

    void end() {
      write(0);
    }
  }

  // ---- in
  // ----------------------------------------------------------------------------------------

  /** What a tube held, whoever has put it. */
  static JobBody decode(byte[] body) {
    try {
      return item(body).orElseGet(() -> foreign(body));
    } catch (IllegalArgumentException e) {
      return foreign(body);
    }
  }

  private static JobBody foreign(byte[] body) {
    return new JobBody(Job.foreign(body, Map.of()), "");
  }

  private static Optional<JobBody> item(byte[] body) {
    if (!(GobReader.read(body) instanceof Map<?, ?> item)
        || !(item.containsKey("Job") || item.containsKey("Ident"))) {
      return Optional.empty();
    }
    Map<?, ?> options = item.get("Options") instanceof Map<?, ?> given ? given : Map.of();
    byte[] payload = item.get("Payload") instanceof byte[] bytes ? bytes : new byte[0];
    // The first versions called them Headers.
    Object headers = item.containsKey("Hdrs") ? item.get("Hdrs") : item.get("Headers");
    Job job =
        new Job(
            GobReader.text(item.get("Ident")),
            GobReader.text(item.get("Job")),
            payload,
            headers(headers),
            options(options));
    return Optional.of(new JobBody(job, GobReader.text(options.get("Pipeline"))));
  }

  private static Job.Options options(Map<?, ?> options) {
    return new Job.Options(
        number(options.get("Priority")),
        Job.delay(number(options.get("Delay"))),
        Boolean.TRUE.equals(options.get("AutoAck")),
        Job.LogPlace.NONE);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }

  private static Map<String, List<String>> headers(@Nullable Object given) {
    Map<String, List<String>> headers = new HashMap<>();
    if (given instanceof Map<?, ?> map) {
      map.forEach((name, values) -> {
        if (values instanceof List<?> list) {
          headers.put(String.valueOf(name), list.stream().map(GobReader::text).toList());
        }
      });
    }
    return headers;
  }
}
