package dev.rr.plugin.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.ValueMemory;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command and what it will answer. Completed on the connection's loop; waited for by any thread.
 *
 * @param <T> the answer
 */
abstract sealed class TextCommand<T> extends CompletableFuture<T> {
  private static final byte[] END_OF_LINE = {'\r', '\n'};

  private final String verb;

  private TextCommand(String verb) {
    this.verb = verb;
  }

  /** Writes what the server gets. */
  abstract void write(ByteBuf out);

  /**
   * Takes a line of the answer.
   *
   * @return how many bytes of a value follow, and behind them the end of a line; -1 when none do
   * @throws IOException when it is no answer to this; the connection is of no more use
   */
  abstract int line(String line) throws IOException;

  /** Where the value of so many bytes goes that was announced; null when it is not wanted. */
  byte @Nullable [] room(int length) {
    throw new IllegalStateException();
  }

  /** Whether nothing more is to come. */
  final boolean isAnswered() {
    return isDone();
  }

  final IOException unexpected(String line) {
    return new IOException(
        "memcache: unexpected response line from \"" + verb + "\": \"" + line + "\"");
  }

  /** Refusals after which the server is in step: it has read the whole command. */
  static boolean isRefusal(String line) {
    return line.startsWith("SERVER_ERROR ");
  }

  /** The values of those keys that exist; fails when there is no memory for them. */
  static TextCommand<Map<String, byte[]>> get(List<String> keys, ValueMemory memory) {
    return new Get(keys, memory);
  }

  /** Those of the keys that exist, each with an empty value: what comes is dropped. */
  static TextCommand<Map<String, byte[]>> has(List<String> keys) {
    return new Get(keys, null);
  }

  /**
   * Stores a value.
   *
   * @param expiry in seconds since 1970; 0 for never, -1 for gone at once
   */
  static TextCommand<String> set(String key, byte[] value, long expiry) {
    return new Line("set", key + " 0 " + expiry + ' ' + value.length, value, Set.of("STORED"));
  }

  /** Sets another expiry; answers {@code NOT_FOUND} where there is no such key. */
  static TextCommand<String> touch(String key, long expiry) {
    return new Line("touch", key + ' ' + expiry, null, Set.of("TOUCHED", "NOT_FOUND"));
  }

  static TextCommand<String> delete(String key) {
    return new Line("delete", key, null, Set.of("DELETED", "NOT_FOUND"));
  }

  static TextCommand<String> clear() {
    return new Line("flush_all", "", null, Set.of("OK"));
  }

  /** What is answered with one line. */
  private static final class Line extends TextCommand<String> {
    private final String words;
    private final byte @Nullable [] value;
    private final Set<String> answers;

    Line(String verb, String arguments, byte @Nullable [] value, Set<String> answers) {
      super(verb);
      this.words = arguments.isEmpty() ? verb : verb + ' ' + arguments;
      this.value = value;
      this.answers = answers;
    }

    @Override
    void write(ByteBuf out) {
      out.writeCharSequence(words, UTF_8);
      out.writeBytes(END_OF_LINE);
      if (value != null) {
        out.writeBytes(value).writeBytes(END_OF_LINE);
      }
    }

    @Override
    int line(String line) throws IOException {
      if (answers.contains(line)) {
        complete(line);
      } else if (isRefusal(line)) {
        completeExceptionally(unexpected(line));
      } else {
        throw unexpected(line);
      }
      return -1;
    }
  }

  /** What is answered with values, and {@code END} behind them. */
  private static final class Get extends TextCommand<Map<String, byte[]>> {
    /** memcached has no larger ones, whatever it was told. */
    private static final int LONGEST_VALUE = 1 << 30;

    private static final byte[] NOTHING = {};

    private final List<String> keys;
    private final @Nullable ValueMemory memory;
    private final Map<String, byte[]> found = new HashMap<>();
    private String key = "";
    private @Nullable IOException refusal;

    Get(List<String> keys, @Nullable ValueMemory memory) {
      super("get");
      this.keys = keys;
      this.memory = memory;
    }

    @Override
    void write(ByteBuf out) {
      out.writeCharSequence("get", US_ASCII);
      for (String wanted : keys) {
        out.writeByte(' ');
        out.writeCharSequence(wanted, UTF_8);
      }
      out.writeBytes(END_OF_LINE);
    }

    @Override
    int line(String line) throws IOException {
      if (line.equals("END")) {
        end();
        return -1;
      }
      String[] words = line.split(" ", -1);
      if (words.length < 4 || !words[0].equals("VALUE") || !keys.contains(words[1])) {
        throw unexpected(line);
      }
      key = words[1];
      return length(words[3], line);
    }

    private void end() {
      if (refusal == null) {
        complete(found);
      } else {
        completeExceptionally(refusal);
      }
    }

    private int length(String digits, String line) throws IOException {
      try {
        int length = Integer.parseInt(digits);
        if (length >= 0 && length <= LONGEST_VALUE) {
          return length;
        }
      } catch (NumberFormatException e) {
        // Told as one that is out of bounds.
      }
      throw unexpected(line);
    }

    /** What finds no room is read all the same: other commands' answers stand behind it. */
    @Override
    byte @Nullable [] room(int length) {
      if (memory == null) {
        found.put(key, NOTHING);
        return null;
      }
      if (refusal != null || !isTaken(memory, (long) ValueMemory.ENTRY + length)) {
        return null;
      }
      byte[] room = new byte[length];
      found.put(key, room);
      return room;
    }

    private boolean isTaken(ValueMemory memory, long bytes) {
      try {
        memory.take(bytes);
        return true;
      } catch (OperationException e) {
        refusal = new IOException("memcache: " + e.getMessage(), e);
        found.clear();
        return false;
      }
    }
  }
}
