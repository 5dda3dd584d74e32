package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.select.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Selects again only when what the module says about itself, or a file such as the configuration,
 * is another: a selection looks into every jar, which takes longer than a small compilation. One
 * thread.
 */
final class LastSelection {
  private static final String SAYS = "META-INF/rr";

  private final DevProject project;
  private final List<Path> watched;
  private @Nullable Selection last;
  private Path lastClasses = Path.of("");
  private Map<String, String> lastKey = Map.of();

  /**
   * Makes one.
   *
   * @param watched files that the selection depends on
   */
  LastSelection(DevProject project, Collection<Path> watched) {
    this.project = project;
    this.watched = List.copyOf(watched);
  }

  /** The selection with the module's classes in this folder. */
  Selection select(Path classes) throws BuildException, IOException {
    Map<String, String> key = key(classes);
    Selection known = last;
    Selection now =
        known != null && key.equals(lastKey) ? moved(known, classes) : project.select(classes);
    last = now;
    lastClasses = classes;
    lastKey = key;
    return now;
  }

  private Map<String, String> key(Path classes) throws IOException {
    Map<String, String> key = new TreeMap<>();
    key.put("", Snapshot.of(watched).toString());
    for (Path file : Snapshot.of(List.of(classes.resolve(SAYS))).files().keySet()) {
      key.put(classes.relativize(file).toString(), Files.readString(file));
    }
    return key;
  }

  private Selection moved(Selection selection, Path classes) {
    List<Input> inputs =
        selection.inputs().stream()
            .map(input ->
                input.file().equals(lastClasses) ? new Input(input.coordinates(), classes) : input)
            .toList();
    return new Selection(
        selection.graph(), selection.catalogue(), inputs, selection.added(), selection.hints());
  }
}
