package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of a pipeline as records of its journal: each a byte that says which, the number of its
 * job, and for a job that waits from now on its moment (milliseconds since 1970, 0 for at once),
 * its priority, and itself behind its length. One thread each.
 */
final class JobRecords {
  static final byte WAITS = 1;
  static final byte GONE = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  /** Nothing fails that writes to an array. */
  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A job waits from now on, with what it is now. */
  void waits(long number, long due, Job job) {
    waits(number, due, job.options().priority(), encode(job));
  }

  /** The same of a job as it stands in a file. */
  void waits(long number, long due, long priority, byte[] job) {
    write(() -> {
      out.writeByte(WAITS);
      out.writeLong(number);
      out.writeLong(due);
      out.writeLong(priority);
      bytes(out, job);
    });
  }

  /** A job is done, or dropped. */
  void gone(long number) {
    write(() -> {
      out.writeByte(GONE);
      out.writeLong(number);
    });
  }

  int size() {
    return bytes.size();
  }

  byte[] record() {
    return bytes.toByteArray();
  }

  private static byte[] encode(Job job) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + job.payload().length);
    DataOutputStream out = new DataOutputStream(bytes);
    write(() -> {
      text(out, job.id());
      text(out, job.name());
      bytes(out, job.payload());
      out.writeLong(job.options().priority());
      out.writeLong(job.options().delay().toMillis());
      out.writeBoolean(job.options().autoAck());
      out.writeInt(job.headers().size());
      for (Map.Entry<String, List<String>> header : job.headers().entrySet()) {
        text(out, header.getKey());
        out.writeInt(header.getValue().size());
        for (String value : header.getValue()) {
          text(out, value);
        }
      }
    });
    return bytes.toByteArray();
  }

  /** The job that was encoded. */
  static Job decode(byte[] encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    String id = text(in);
    String name = text(in);
    byte[] payload = bytes(in);
    long priority = in.getLong();
    Duration delay = Duration.ofMillis(in.getLong());
    boolean autoAck = in.get() != 0;
    Map<String, List<String>> headers = new HashMap<>();
    for (int left = in.getInt(); left > 0; left--) {
      headers.put(text(in), texts(in));
    }
    return new Job(
        id, name, payload, headers, new Job.Options(priority, delay, autoAck, Job.LogPlace.NONE));
  }

  private static List<String> texts(ByteBuffer in) {
    List<String> texts = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(UTF_8));
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
