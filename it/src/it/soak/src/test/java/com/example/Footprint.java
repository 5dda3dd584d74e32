package com.example;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds at one moment.
 *
 * @param descriptors how many it has open of each kind
 * @param threads how many of its threads have each name, without those that wait for processes
 * @param files names of temporary files
 * @param heap bytes of each class that a collection left
 * @param resident bytes of its memory that are in the machine's
 */
record Footprint(
    Map<String, Long> descriptors,
    Map<String, Long> threads,
    List<String> files,
    Map<String, Long> heap,
    long resident) {
  private static final Pattern CLASS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(.+)$");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int SHOWN = 12;

  /** Of a JVM, whose heap it has collected, and of the folder where it keeps temporary files. */
  static Footprint of(long pid, Path temporary) throws IOException {
    Map<String, Long> heap = heap(pid);
    Path proc = Path.of("/proc", Long.toString(pid));
    return new Footprint(
        descriptors(pid),
        threads(proc),
        names(temporary),
        heap,
        1024 * Long.parseLong(first(RESIDENT, Files.readString(proc.resolve("status")))));
  }

  private static Map<String, Long> descriptors(long pid) throws IOException {
    return counted(
        Path.of("/proc", Long.toString(pid), "fd"), fd -> Files.readSymbolicLink(fd).toString());
  }

  private static Map<String, Long> threads(Path proc) throws IOException {
    Map<String, Long> threads =
        counted(proc.resolve("task"), task -> Files.readString(task.resolve("comm")).strip());
    // Java keeps those that waited for a process for a minute: as many as were killed meanwhile.
    threads.remove("process reaper");
    return threads;
  }

  private static Map<String, Long> heap(long pid) {
    ShellCommand.Result got =
        ShellCommand.in(
                Path.of("."),
                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .run();
    Map<String, Long> heap = new TreeMap<>();
    Matcher line = CLASS.matcher(got.text());
    while (line.find()) {
      // What fills gaps is no object.
      if (!line.group(2).contains("FillerElement")) {
        heap.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
      }
    }
    if (heap.isEmpty()) {
      throw new IllegalStateException("jcmd says " + got.text());
    }
    return heap;
  }

  private static String first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return found.group(1);
  }

  private interface Naming {
    String name(Path file) throws IOException;
  }

  private static Map<String, Long> counted(Path folder, Naming naming) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> kind(file, naming))
          .collect(groupingBy(Function.identity(), TreeMap::new, counting()));
    }
  }

  private static String kind(Path file, Naming naming) {
    try {
      return NUMBER.matcher(naming.name(file)).replaceAll("N");
    } catch (IOException e) {
      return "gone meanwhile";
    }
  }

  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  long heapBytes() {
    return sum(heap);
  }

  /** What grew most since another, for a message. */
  String since(Footprint before) {
    return this
        + ", before "
        + before
        + "; descriptors "
        + growth(before.descriptors, descriptors)
        + "; threads "
        + growth(before.threads, threads)
        + "; heap "
        + growth(before.heap, heap)
        + "; files "
        + files;
  }

  private static Map<String, Long> growth(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> growth = new TreeMap<>(after);
    before.forEach((name, count) -> growth.merge(name, -count, Long::sum));
    Map<String, Long> most = new LinkedHashMap<>();
    growth.entrySet().stream()
        .filter(e -> e.getValue() != 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SHOWN)
        .forEach(e -> most.put(e.getKey(), e.getValue()));
    return most;
  }

  @Override
  public String toString() {
    return "%d descriptors, %d threads, %d temporary files, %.1f MB of heap, %.1f MB resident"
        .formatted(sum(descriptors), sum(threads), files.size(), heapBytes() / 1e6, resident / 1e6);
  }
}
