package dev.rr.plugin.config;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A case: a configuration above a line of dashes, what comes of it below. Comments at the top of
 * the file say what is around it: {@code #env NAME=value}, {@code #o key=value} (a {@code -o}
 * argument), {@code #ask how path} (decode a key; without any, the whole tree is shown). {@code
 * #file name} begins another file.
 */
final class CaseFile {
  enum Colour {
    RED,
    LIGHT_BLUE
  }

  private final List<String> overrides = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> asks = new ArrayList<>();
  private final Map<String, StringBuilder> files = new LinkedHashMap<>();
  private final StringBuilder expected = new StringBuilder();
  private String main = ".rr.yaml";

  static CaseFile read(Path path) throws IOException {
    CaseFile out = new CaseFile();
    StringBuilder into = new StringBuilder();
    out.files.put(".rr.yaml", into);
    for (String line : Files.readAllLines(path)) {
      if (into == out.expected) {
        into.append(line).append('\n');
      } else if (line.matches("-{10,}")) {
        into = out.expected;
      } else if (line.startsWith("#file ")) {
        into = new StringBuilder();
        out.files.put(line.substring(6), into);
      } else if (line.startsWith("#main ")) {
        out.main = line.substring(6);
      } else if (line.startsWith("#o ")) {
        out.overrides.add(line.substring(3));
      } else if (line.startsWith("#env ")) {
        String[] pair = line.substring(5).split("=", 2);
        out.environment.put(pair[0], pair[1]);
      } else if (line.startsWith("#ask ")) {
        out.asks.add(line.substring(5));
      } else {
        into.append(line).append('\n');
      }
    }
    return out;
  }

  String expected() {
    return expected.toString();
  }

  String actual(Path folder) throws IOException {
    for (Map.Entry<String, StringBuilder> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
    try {
      ConfigPlugin plugin =
          TestHost.of(folder.resolve(main)).with(environment).with(overrides).load();
      return asks.isEmpty() ? tree("", plugin.tree()) : answers(plugin);
    } catch (ConfigException e) {
      return lines(e.problems()).replace(folder.toString(), "DIR");
    }
  }

  private static String lines(List<Problem> problems) {
    StringBuilder out = new StringBuilder();
    problems.forEach(problem -> out.append(problem).append('\n'));
    return out.toString();
  }

  private static String tree(String path, Map<?, ?> map) {
    StringBuilder out = new StringBuilder();
    if (map.isEmpty() && !path.isEmpty()) {
      return path + " = {}\n";
    }
    map.forEach((key, value) -> {
      String below = path.isEmpty() ? key.toString() : path + "." + key;
      if (value instanceof Map<?, ?> m) {
        out.append(tree(below, m));
      } else if (!below.equals("version")) {
        out.append(below).append(" = ").append(shown(value)).append('\n');
      }
    });
    return out.toString();
  }

  private static String shown(Object value) {
    return switch (value) {
      case String s -> '"' + s + '"';
      case List<?> l -> l.stream().map(CaseFile::shown).toList().toString();
      default -> value.toString();
    };
  }

  private String answers(ConfigPlugin plugin) {
    StringBuilder out = new StringBuilder();
    Problems problems = new Problems();
    for (String ask : asks) {
      String[] words = ask.split(" ");
      out.append(words[1]).append(" = ");
      out.append(answer(plugin, problems, words)).append('\n');
    }
    return out + lines(problems.found());
  }

  private static String answer(ConfigPlugin plugin, Problems problems, String[] words) {
    String path = words[1];
    String key = path.substring(path.lastIndexOf('.') + 1);
    if (words[0].equals("get")) {
      return shown(Objects.requireNonNullElse(plugin.get(path), "absent"));
    }
    if (words[0].equals("has")) {
      return String.valueOf(plugin.has(path));
    }
    Section section =
        plugin.section(path.substring(0, Math.max(0, path.lastIndexOf('.'))), problems);
    return switch (words[0]) {
      case "string" -> shown(section.string(key, "fallback"));
      case "bool" -> String.valueOf(section.bool(key, words.length > 2));
      case "integer" ->
          String.valueOf(
              words.length > 3
                  ? section.integer(key, -1, Long.parseLong(words[2]), Long.parseLong(words[3]))
                  : section.integer(key, -1, Long.MIN_VALUE, Long.MAX_VALUE));
      case "decimal" -> String.valueOf(section.decimal(key, -1));
      case "duration" -> section.duration(key, Duration.ofDays(1)).toString();
      case "choice" -> section.choice(key, Colour.class, Colour.RED).toString();
      case "strings" -> shown(section.strings(key, List.of("fallback")));
      case "command" -> section.stringOrList(key, StringOrList.of("fallback")).toString();
      case "map" -> section.map(key).toString();
      case "keys" -> section.section(key).keys().toString();
      case "present" -> String.valueOf(section.section(key).present());
      case "sections" ->
          section.sections(key).stream().map(s -> s.keys().toString()).toList().toString();
      case "section-map" -> {
        Map<String, String> out = new LinkedHashMap<>();
        section.sectionMap(key).forEach((name, s) -> out.put(name, s.keys().toString()));
        yield out.toString();
      }
      default -> throw new AssertionError("no such question: " + words[0]);
    };
  }
}
