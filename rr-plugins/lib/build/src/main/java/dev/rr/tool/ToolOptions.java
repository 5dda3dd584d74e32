package dev.rr.tool;

import dev.rr.build.BuildException;
import dev.rr.build.Suggestions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The command line. Flags are called as the goals' properties are, {@code rr.plugins} as {@code
 * --plugins}. Immutable.
 */
final class ToolOptions {
  /** What {@code --help} says. */
  static final String HELP =
      """
      Checks the chosen plugins, wires them, and packs them into one file that runs.
      usage: java -jar rr-build.jar [flags]

      What goes in; without these rr-build.yaml says it, or velox.toml, in this folder:
        --plugins a,b,g:a:v    short names, groupId:artifactId or groupId:artifactId:version
        --preset NAME          a selection with a name
        --from FILE            a velox.toml, or a .rr.yaml: what it asks for
        --auto-add             adds plugins of rr that others need, instead of failing
        --versions warn        a plugin may get an older library than it wants

      What comes out:
        --output FILE          target/rr unless said
        --embed FOLDER         the PHP application, which goes into the file
        --app-excludes a,b     globs of what stays out of it
        --version TEXT         of the file; rr's own unless said
        --cmd                  a script for Windows beside it, which is made there unasked
        --prove                makes it twice and compares
        --lock-file FILE       what it has to be made of, rr.lock unless said; looked at when there
        --lock                 writes that file
        --verify               makes nothing, but fails unless the same would be made

      Where things are:
        --jdk FOLDER           a JDK 25; found unasked in most places
        --repository ID=URL    beside those of Maven's settings and the central one; repeatable
        --settings FILE        Maven's, ~/.m2/settings.xml unless said: mirrors, proxies, passwords
        --local FOLDER         the local repository, ~/.m2/repository unless said
        --offline              takes nothing from the network
        --folder FOLDER        where paths begin; this one unless said
      """;

  private static final List<String> VALUES =
      List.of(
          "--plugins",
          "--preset",
          "--from",
          "--versions",
          "--output",
          "--embed",
          "--app-excludes",
          "--version",
          "--lock-file",
          "--jdk",
          "--repository",
          "--settings",
          "--local",
          "--folder");
  private static final List<String> FLAGS =
      List.of("--auto-add", "--cmd", "--prove", "--lock", "--verify", "--offline", "--help");

  private final Map<String, List<String>> given = new LinkedHashMap<>();

  private ToolOptions() {}

  /** Reads a command line: {@code --name value} or {@code --name=value}. */
  static ToolOptions parse(List<String> arguments) throws BuildException {
    ToolOptions options = new ToolOptions();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (FLAGS.contains(name) && equals < 0) {
        options.add(name, "");
      } else if (!VALUES.contains(name)) {
        problems.add(unknown(argument, name));
      } else if (equals >= 0) {
        options.add(name, argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        i++;
        options.add(name, arguments.get(i));
      } else {
        problems.add(name + " has no value");
      }
    }
    if (!problems.isEmpty()) {
      throw new BuildException(problems);
    }
    return options;
  }

  private static String unknown(String argument, String name) {
    TreeSet<String> all = new TreeSet<>(VALUES);
    all.addAll(FLAGS);
    List<String> near = Suggestions.to(name, all);
    return argument
        + " is no flag; "
        + (near.isEmpty()
            ? "there are " + String.join(", ", all)
            : "did you mean " + String.join(" or ", near) + "?");
  }

  /** A message of the core, which names properties and goals of Maven, in flags. */
  static String inFlags(String text) {
    String flags = text;
    for (String flag : VALUES) {
      flags = flags.replaceAll("(-Drr\\.|(?<![\\w.])rr\\.)" + property(flag) + "\\b", flag);
    }
    for (String flag : FLAGS) {
      flags = flags.replaceAll("-Drr\\." + property(flag) + "\\b", flag);
    }
    return flags.replaceAll("\\bmvn rr:(lock|verify)\\b", "rr-build --$1");
  }

  /** {@code autoAdd} for {@code --auto-add}. */
  private static String property(String flag) {
    return Pattern.compile("-([a-z])")
        .matcher(flag.substring(2))
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private void add(String name, String value) {
    given.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  boolean has(String flag) {
    return given.containsKey(flag);
  }

  /** The last value, or empty. */
  Optional<String> value(String flag) {
    List<String> values = values(flag);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  List<String> values(String flag) {
    return given.getOrDefault(flag, List.of());
  }

  /** The folder in which paths begin. */
  Path folder() {
    return Path.of(value("--folder").orElse("")).toAbsolutePath().normalize();
  }
}
