package dev.rr.plugin.config;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.DotEnv;
import dev.rr.api.config.Problem;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.OsText;
import dev.rr.config.ConfigTree;
import dev.rr.config.KnownKeys;
import dev.rr.config.Node;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Scalars;
import dev.rr.config.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together: file, envfile, environment, overrides, includes, in upstream's
 * order ({@code Init} of its config plugin). One use, one thread.
 *
 * <p>Problems are collected, so that one start tells all of them; only a root file that cannot be
 * read ends it at once, as everything else would follow from that. Paths resolve against folders
 * that the host names, never against the process's own: Java cannot change it, where upstream does.
 */
final class ConfigLoader {
  private static final String VERSION = "version";

  /**
   * Upstream's words, which people search for; its example {@code 3} quoted, as it is refused bare.
   */
  private static final String NO_VERSION =
      "rr configuration file should contain a version e.g: version: '3'";

  private final Path file;
  private final Path workDirectory;
  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final DottedKeys dotted;

  ConfigLoader(Host host) {
    this.file = host.configFile();
    this.workDirectory = host.workDirectory();
    this.environment = new HashMap<>(host.environment());
    this.dotted = new DottedKeys(KnownKeys.of(host.schemas()), problems);
  }

  /**
   * Loads.
   *
   * @param overrides arguments of {@code -o} in the order given; the last for a key counts
   * @throws ConfigException with every problem found
   */
  ConfigTree load(List<String> overrides) {
    Mapping raw = dotted.split(read(file));
    envFile(raw);
    Expansion expansion = new Expansion(environment);
    Mapping root = expansion.expand(raw);
    Mapping effective = root;
    for (String argument : overrides) {
      effective = override(effective, argument, expansion);
    }
    // After the overrides: one of them may give the version, for a file that has none.
    String version = version(effective, "", NO_VERSION);
    effective = includes(effective, version, expansion);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    warnings.addAll(0, expansion.warnings());
    return new ConfigTree(effective, root, environment, warnings);
  }

  /**
   * The tree with one argument applied; unchanged, which is a problem, when that makes no sense.
   */
  private Mapping override(Mapping tree, String argument, Expansion expansion) {
    try {
      Overrides.Pair pair = Overrides.parse(argument);
      return Overrides.set(tree, pair.key(), expansion.expand(pair.value()));
    } catch (IllegalArgumentException e) {
      problem(new Problem.Place(null, 0, ""), String.valueOf(e.getMessage()));
      return tree;
    }
  }

  /**
   * Adds the variables of the file that {@code envfile} names; those that are set already win, as
   * with upstream's {@code godotenv.Load}. Its name is taken as written, since what it would be
   * expanded with is not complete yet. Read as {@code OsText}, which keeps bytes that are no UTF-8:
   * see docs/decisions/os-bytes.md.
   */
  private void envFile(Mapping raw) {
    String name = raw.get("envfile") instanceof Scalar s ? Scalars.text(s) : "";
    if (name.isEmpty()) {
      return;
    }
    // Always below the configuration's folder, an absolute name too: that is what deployed files
    // expect.
    Path folder = file.toAbsolutePath().getParent();
    Path path = Path.of(folder + "/" + name).normalize();
    Problem.Place place = place(raw, "envfile");
    try {
      DotEnv.parse(OsText.of(Files.readAllBytes(path)), environment)
          .forEach(environment::putIfAbsent);
    } catch (NoSuchFileException e) {
      problem(
          place, "no such file: " + path + " (taken from the folder of the configuration file)");
    } catch (IllegalArgumentException e) {
      problem(place, path + ": " + e.getMessage());
    } catch (IOException e) {
      problem(place, "cannot read " + path + ": " + reason(e));
    }
  }

  /**
   * The version, or empty text after a problem. A number is refused, as upstream does: {@code
   * version: 3} is the commonest mistake, so the message shows how to write it.
   *
   * @param prefix what upstream puts before the message for included files
   * @param absent the message when there is none
   */
  private String version(Mapping tree, String prefix, String absent) {
    Node version = tree.get(VERSION);
    if (Node.isNull(version)) {
      problem(new Problem.Place(tree.file(), 0, ""), absent);
    } else if (version instanceof Scalar s && s.kind() == Kind.STRING) {
      return s.text();
    } else {
      String shown = version instanceof Scalar s ? s.text() : "3";
      problem(
          place(tree, VERSION),
          prefix
              + "version should be a string: `version: \""
              + shown
              + "\"`, actual type is: "
              + type(version));
    }
    return "";
  }

  /** Go's names of types, as upstream's message has them. */
  private static String type(@Nullable Node node) {
    return switch (node) {
      case Scalar s when s.kind() == Kind.INT -> "int";
      case Scalar s when s.kind() == Kind.FLOAT -> "float64";
      case Scalar s when s.kind() == Kind.BOOL -> "bool";
      case Node.Sequence s -> "list";
      case null, default -> "map";
    };
  }

  /**
   * The root with the sections of included files in place of its own: whole ones, in the order of
   * the list, the last wins. Included files do not include others. Their names are relative to the
   * folder where the server works, not to the file's own, as upstream's are.
   *
   * @param version the root's; empty when it is wrong, which was told already
   */
  private Mapping includes(Mapping root, String version, Expansion expansion) {
    Mapping out = root;
    for (String name : ConfigTree.words(root.get("include"))) {
      Path path = workDirectory.resolve(name);
      if (!Files.exists(path)) {
        problem(
            place(root, "include"),
            "no such file: " + path + " (taken from " + workDirectory + ")");
        continue;
      }
      try {
        Mapping raw = dotted.split(read(path));
        int before = problems.size();
        String own =
            version(
                raw,
                "type of version should be string: ",
                NO_VERSION + ", in an included file too");
        if (problems.size() == before && !version.isEmpty() && !own.equals(version)) {
          problem(
              place(raw, VERSION),
              "version in included file must be the same as in root: \""
                  + own
                  + "\" here, \""
                  + version
                  + "\" there");
        }
        SequencedMap<String, Entry> sections = new LinkedHashMap<>(expansion.expand(raw).entries());
        // A section without a value does not replace one that has some: viper leaves nulls out of
        // what it hands over of an included file.
        sections.values().removeIf(entry -> Node.isNull(entry.value()));
        if (sections.remove("include") != null) {
          warnings.add(
              new Problem(
                  place(raw, "include"),
                  "is not looked at: a file that is included does not include others"));
        }
        out = out.with(sections);
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    return out;
  }

  /**
   * Reads one file. Formats that upstream reads and this does not are told by their names: their
   * text would be broken YAML, which helps nobody. Every other name is taken for YAML.
   */
  private static Mapping read(Path path) {
    String name =
        path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".toml") || name.endsWith(".ini") || name.endsWith(".hcl")) {
      throw fault(path, "this format is not read: write the configuration as .yaml, .yml or .json");
    }
    String text = text(path);
    // Tabs are fine between JSON's tokens and impossible inside of its strings; YAML stumbles over
    // them.
    return YamlReader.read(path, name.endsWith(".json") ? text.replace('\t', ' ') : text);
  }

  /**
   * A file's text, without the mark of byte order that editors on Windows put first. Bytes that are
   * no UTF-8 are refused: replaced ones would end in passwords and paths unseen. Of a file of more
   * than 2 GB {@code readAllBytes} says {@code OutOfMemoryError} before it has taken anything, so
   * that one is an ordinary problem.
   */
  private static String text(Path path) {
    try {
      byte[] bytes = Files.readAllBytes(path);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw fault(path, "no such file: " + path + "; rr init writes one, and -c names another");
    } catch (CharacterCodingException e) {
      throw fault(path, path + " is not UTF-8 text: save it as UTF-8");
    } catch (IOException e) {
      throw fault(path, "cannot read " + path + ": " + reason(e));
    } catch (OutOfMemoryError e) {
      throw fault(path, path + " is too large for a configuration");
    }
  }

  /** What went wrong, in words: the message of a denied access is the path alone. */
  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static ConfigException fault(Path path, String message) {
    return new ConfigException(List.of(new Problem(new Problem.Place(path, 0, ""), message)));
  }

  private void problem(Problem.Place place, String message) {
    problems.add(new Problem(place, message));
  }

  /** Where a top-level key stands; the file without a line when it has none. */
  private static Problem.Place place(Mapping tree, String key) {
    Entry entry = tree.entries().get(key);
    return new Problem.Place(
        entry == null ? tree.file() : entry.value().file(), entry == null ? 0 : entry.line(), key);
  }
}
