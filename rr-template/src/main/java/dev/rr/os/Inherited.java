package dev.rr.os;

import dev.rr.api.plugin.OsText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process was started with, without the loss of a byte. Java's own strings have a
 * replacement for what the locale's encoding does not know; only then the system is asked again.
 * Any thread.
 */
public final class Inherited {
  private static final char LOST = '\ufffd';

  private Inherited() {}

  /** The variables, for {@link OsText#bytes} to give back. */
  public static Map<String, String> environment() {
    Map<String, String> decoded = System.getenv();
    if (!lost(decoded.keySet().stream()) && !lost(decoded.values().stream())) {
      return new TreeMap<>(decoded);
    }
    Map<String, String> exact = new TreeMap<>();
    for (String entry : words("environ")) {
      int equals = entry.indexOf('=', 1);
      if (equals > 0) {
        exact.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return exact.isEmpty() ? new TreeMap<>(decoded) : exact;
  }

  /** The arguments of the main class, for {@link OsText#bytes} to give back. */
  public static List<String> arguments(List<String> decoded) {
    List<String> all = lost(decoded.stream()) ? words("cmdline") : decoded;
    return all.size() < decoded.size()
        ? decoded
        : all.subList(all.size() - decoded.size(), all.size());
  }

  private static boolean lost(Stream<String> texts) {
    return texts.anyMatch(text -> text.indexOf(LOST) >= 0);
  }

  /** A file of this process's in which every word ends in a zero; empty where there is none. */
  static List<String> words(String file) {
    List<String> words = new ArrayList<>();
    try {
      ByteArrayOutputStream word = new ByteArrayOutputStream();
      for (byte b : Files.readAllBytes(Path.of("/proc/self", file))) {
        if (b == 0) {
          words.add(OsText.of(word.toByteArray()));
          word.reset();
        } else {
          word.write(b);
        }
      }
    } catch (IOException notLinux) {
      return List.of();
    }
    return words;
  }
}
