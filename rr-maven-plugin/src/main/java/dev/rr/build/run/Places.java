package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.select.DescriptorReader;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says of a problem with the graph where in the module's sources it comes from. */
final class Places {
  private final DevModule module;

  Places(DevModule module) {
    this.module = module;
  }

  /**
   * The problems, each with the file and line of the first plugin of the module that it names
   * before it; as javac writes it, so that editors understand.
   *
   * @param classes the module's, if they were compiled
   */
  List<String> of(List<String> problems, Optional<Path> classes) {
    List<SelectedPlugin> own = classes.isPresent() ? read(classes.get()) : List.of();
    List<String> placed = new ArrayList<>();
    for (String problem : problems) {
      placed.add(place(problem, own).map(place -> place + ": " + problem).orElse(problem));
    }
    return placed;
  }

  private List<SelectedPlugin> read(Path classes) {
    try {
      return DescriptorReader.read(new Input(module.coordinates(), classes), new ArrayList<>());
    } catch (BuildException e) {
      return List.of();
    }
  }

  private Optional<String> place(String problem, List<SelectedPlugin> own) {
    String first = problem.lines().findFirst().orElse("");
    // What javac said has a place already.
    if (first.contains(".java:")) {
      return Optional.empty();
    }
    for (SelectedPlugin plugin : own) {
      if (Pattern.compile("\\b" + Pattern.quote(plugin.id()) + "\\b").matcher(first).find()) {
        try {
          return place(plugin.descriptor().type(), first);
        } catch (IOException e) {
          // A problem without its place is told all the same.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Of what the problem names in the class' text, else of its head. */
  private Optional<String> place(String type, String problem) throws IOException {
    for (Path folder : module.sources()) {
      Path file = folder.resolve(type.replace('.', '/') + ".java");
      if (Files.isRegularFile(file)) {
        List<String> lines = Files.readAllLines(file);
        String name = type.substring(type.lastIndexOf('.') + 1);
        int head = line(lines, Pattern.compile("\\bclass " + Pattern.quote(name) + "\\b"), 0);
        int inside = line(lines, named(problem), head);
        return Optional.of(file + ":" + ((inside < 0 ? Math.max(head, 0) : inside) + 1));
      }
    }
    return Optional.empty();
  }

  /** The simple name of the first class that a sentence names by package and all. */
  private static Pattern named(String problem) {
    var matcher = Pattern.compile("\\b(?:[a-z]\\w*\\.)+([A-Z]\\w*)").matcher(problem);
    return matcher.find()
        ? Pattern.compile("\\b" + Pattern.quote(matcher.group(1)) + "\\b")
        // Nothing.
        : Pattern.compile("(?!)");
  }

  private static int line(List<String> lines, Pattern pattern, int from) {
    for (int i = Math.max(from, 0); i < lines.size(); i++) {
      if (pattern.matcher(lines.get(i)).find()) {
        return i;
      }
    }
    return -1;
  }
}
