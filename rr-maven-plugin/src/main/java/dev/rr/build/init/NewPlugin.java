package dev.rr.build.init;

import dev.rr.build.BuildException;
import dev.rr.build.Versions;
import dev.rr.build.archive.Archive;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * A project of somebody's own plugin, of the same templates and with the same result as {@code
 * bin/new-plugin --standalone}. Immutable.
 *
 * @param files by their paths in the project
 * @param yaml its configuration, which is among the files
 */
public record NewPlugin(Map<String, String> files, String yaml) {
  private static final String TEMPLATES = "META-INF/rr/new-plugin/";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** An assignment of the shell, which reads these files, too. */
  private static final Pattern SAID =
      Pattern.compile("(?m)^(\\w+)=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))$");

  /**
   * Fills the templates.
   *
   * @param name lower-case words with hyphens between
   * @param kind a shape to begin with
   * @param group its groupId and the beginning of its package
   */
  public static NewPlugin of(String name, String kind, String group)
      throws BuildException, IOException {
    if (!NAME.matcher(name).matches()) {
      throw new BuildException(
          "rr.name: \"%s\" is no name of a plugin, which is lower-case words with hyphens between"
              .formatted(name));
    }
    if (!SourceVersion.isName(group)) {
      throw new BuildException("rr.group: \"%s\" is no package".formatted(group));
    }
    Map<String, String> templates = templates();
    TreeSet<String> kinds =
        templates.keySet().stream()
            .filter(path -> path.indexOf('/') > 0)
            .map(path -> path.substring(0, path.indexOf('/')))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!kinds.contains(kind)) {
      throw new BuildException(
          "rr.kind: \"%s\" is none; these are: %s".formatted(kind, String.join(", ", kinds)));
    }
    return new Names(name, group, said(templates, kind)).project(templates, kind);
  }

  private static Map<String, String> templates() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Archive archive = Archive.open(own())) {
      for (Archive.Entry entry : archive.entries()) {
        if (entry.name().startsWith(TEMPLATES)) {
          all.put(
              entry.name().substring(TEMPLATES.length()),
              new String(entry.content(), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }

  /** The jar, or the folder, that this class is in. */
  private static Path own() throws IOException {
    try {
      return Path.of(NewPlugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static Map<String, String> said(Map<String, String> templates, String kind) {
    Map<String, String> said = new TreeMap<>();
    Matcher matcher = SAID.matcher(templates.getOrDefault(kind + "/kind", ""));
    while (matcher.find()) {
      said.put(
          matcher.group(1),
          Stream.of(matcher.group(2), matcher.group(3), matcher.group(4))
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(""));
    }
    return said;
  }

  /**
   * What is put for what.
   *
   * @param said by the kind about itself
   */
  private record Names(String name, String group, Map<String, String> said) {
    NewPlugin project(Map<String, String> templates, String kind) {
      Map<String, String> files = new TreeMap<>();
      files.put(
          "pom.xml",
          fill(text(templates, "standalone.xml")).replace("@dependencies@\n", dependencies()));
      String sources = "/java/" + (group + "." + packageName()).replace('.', '/') + "/";
      templates.forEach((path, text) -> {
        if (path.startsWith(kind + "/") && path.endsWith(".java")) {
          String file = path.substring(kind.length() + 1).replace("Sample", camel());
          String part = file.endsWith("Test.java") ? "src/test" : "src/main";
          files.put(part + sources + file, fill(text));
        }
      });
      String yaml = "version: \"3\"\n" + said("yaml").replace("sample", id()) + "\n";
      files.put("src/test" + sources + camel() + "IT.java", fill(text(templates, "SampleIT.java")));
      files.put("worker.php", text(templates, "worker.php"));
      files.put(".rr.yaml", yaml);
      return new NewPlugin(files, yaml);
    }

    private static String text(Map<String, String> templates, String name) {
      return Objects.requireNonNull(templates.get(name), name);
    }

    private String said(String key) {
      return said.getOrDefault(key, "");
    }

    private String id() {
      return name.replace('-', '_');
    }

    private String packageName() {
      String joined = name.replace("-", "");
      return SourceVersion.isKeyword(joined) ? joined + "s" : joined;
    }

    private String camel() {
      return Stream.of(name.split("-", -1))
          .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
          .collect(Collectors.joining());
    }

    /** In the order in which the script does it. */
    private String fill(String text) {
      Properties versions = Versions.all();
      String filled =
          text.replace("@version@", versions.getProperty("rr", ""))
              .replace("@description@", said("description"))
              .replace("@plugins@", said("plugins"))
              .replace("@group@", group)
              .replace("@name@", name);
      for (String of : List.of("junit", "assertj")) {
        filled = filled.replace("@" + of + ".version@", versions.getProperty(of, ""));
      }
      for (String of : List.of("toolchains", "compiler", "surefire")) {
        String plugin = "maven-" + of + "-plugin";
        filled = filled.replace("@" + plugin + "@", versions.getProperty(plugin, ""));
      }
      return filled
          .replace("dev.rr.plugin.sample", group + "." + packageName())
          .replace("rr-plugin-sample", "rr-plugin-" + name)
          .replace("rr: sample", "rr: " + name)
          .replace("Sample", camel())
          .replace("sample", id());
    }

    private String dependencies() {
      StringBuilder text = new StringBuilder();
      for (String library : said("libraries").split(" ", -1)) {
        String[] parts = library.split(":", -1);
        if (parts.length > 1) {
          text.append("    <dependency>\n      <groupId>").append(parts[0]);
          text.append("</groupId>\n      <artifactId>").append(parts[1]);
          text.append("</artifactId>\n");
          if (parts.length > 2) {
            text.append("      <scope>").append(parts[2]).append("</scope>\n");
          }
          text.append("    </dependency>\n");
        }
      }
      return text.toString();
    }
  }

  /** Writes it into a folder, which must not be there. */
  public void write(Path folder) throws BuildException, IOException {
    if (Files.exists(folder)) {
      throw new BuildException(folder + " is there already");
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
  }
}
