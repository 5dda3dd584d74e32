package dev.rr.cli.doctor;

import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The PHP that workers run on, asked once. Immutable.
 *
 * @param program as in the worker's command
 * @param fault why it did not answer; empty when it did
 * @param version as {@code 8.2.1}
 * @param extensions in lower case, blanks as dashes
 * @param settings of php.ini, with the options of the worker's command
 * @param offset what its clocks show beside UTC, as {@code +02:00}
 */
record Php(
    String program,
    String fault,
    String version,
    Set<String> extensions,
    Map<String, String> settings,
    String offset) {
  private static final long PATIENCE_SECONDS = 20;
  private static final String MARK = "rr-doctor:";

  private static final List<String> ASKED =
      List.of(
          "memory_limit", "date.timezone", "opcache.enable", "opcache.enable_cli", "xdebug.mode");

  /** {@code ini_get} says false for a setting of an extension that is not there. */
  private static final String SCRIPT =
      "echo '%s', json_encode(['version' => PHP_VERSION, 'extensions' => get_loaded_extensions(),"
          + " 'offset' => date('P'), 'settings' => array_map('strval', array_combine($n = explode("
          + "',', '%s'), array_map('ini_get', $n)))]);";

  Php {
    extensions = Set.copyOf(extensions);
    settings = Map.copyOf(settings);
  }

  /** A setting; empty when it is not set, or off. */
  String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  /** Whether a setting is on. */
  boolean on(String name) {
    return Set.of("1", "on", "yes", "true").contains(setting(name).toLowerCase(Locale.ROOT));
  }

  /** Whether these words call PHP: its program goes by many names, {@code php8.3} among them. */
  static boolean isCalledBy(List<String> command) {
    return !command.isEmpty()
        && String.valueOf(Path.of(command.getFirst()).getFileName()).startsWith("php");
  }

  /**
   * Asks the PHP of a worker's command, with the options that stand before its script.
   *
   * @param folder where relative programs begin
   */
  static Php ask(List<String> command, Path folder, Map<String, String> environment)
      throws InterruptedException {
    String program = command.getFirst();
    List<String> line = new ArrayList<>(command.subList(0, options(command)));
    line.set(0, program.contains("/") ? folder.resolve(program).toString() : program);
    line.addAll(List.of("-r", SCRIPT.formatted(MARK, String.join(",", ASKED))));
    try {
      String answer = output(line, folder, environment);
      int mark = answer.indexOf(MARK);
      Object told =
          mark < 0
              ? null
              : JsonReader.read(answer.getBytes(StandardCharsets.UTF_8), mark + MARK.length());
      return told instanceof Map<?, ?> map
          ? of(program, map)
          : failed(program, "it did not say what it is");
    } catch (IOException e) {
      return failed(program, "it cannot be started: " + reason(e));
    } catch (IllegalArgumentException e) {
      return failed(program, "it did not say what it is");
    }
  }

  private static String reason(IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("No such file") ? "there is no such program" : text;
  }

  /** How many words stand before the script: the program and its options. */
  private static int options(List<String> command) {
    int at = 1;
    while (at < command.size() && command.get(at).startsWith("-")) {
      boolean valueFollows = Set.of("-d", "-c", "-z").contains(command.get(at));
      at += valueFollows ? 2 : 1;
    }
    return Math.min(at, command.size());
  }

  private static String output(List<String> line, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process php = builder.start();
    try {
      php.getOutputStream().close();
      // Its answer is less than a pipe holds, so it can end before it is read.
      if (!php.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return "";
      }
      return new String(php.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      php.destroyForcibly();
    }
  }

  private static Php of(String program, Map<?, ?> told) {
    Set<String> extensions = new HashSet<>();
    if (told.get("extensions") instanceof List<?> list) {
      list.forEach(name -> extensions.add(plain(String.valueOf(name))));
    }
    Map<String, String> settings = new HashMap<>();
    if (told.get("settings") instanceof Map<?, ?> map) {
      map.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
    }
    return new Php(
        program, "", text(told.get("version")), extensions, settings, text(told.get("offset")));
  }

  static Php failed(String program, String fault) {
    return new Php(program, fault, "", Set.of(), Map.of(), "");
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  /** A name as composer writes it: {@code Zend OPcache} is {@code zend-opcache}. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace(' ', '-');
  }
}
