package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Versions;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Mojo;
import org.jspecify.annotations.NullUnmarked;

/**
 * Prints every plugin of rr: its name, what it does, the sections that it reads and what it offers.
 */
@NullUnmarked
@Mojo(name = "list", requiresProject = false, threadSafe = true)
public final class ListMojo extends SelectionMojo {
  /** Made by Maven. */
  public ListMojo() {}

  @Override
  void run() throws BuildException, IOException {
    Versions versions = Versions.own();
    KnownPlugins known = KnownPlugins.read(resolver(versions).catalogue());
    // Not through the log: what is printed shall be usable as it is, with mvn -q.
    known.entries().forEach(entry -> System.out.print(text(entry)));
  }

  private static String text(CatalogueEntry entry) {
    List<String> drivers =
        entry.offers().stream()
            .filter(o -> o.contract().endsWith("Driver"))
            .map(o ->
                o.contract().replaceAll(".*\\.", "").replace("Driver", "").toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    return Stream.of(
                "%-16s %s".formatted(KnownPlugins.shortName(entry), entry.description()),
                "%-16s %s".formatted("", entry.coordinates()),
                entry.sections().isEmpty()
                    ? ""
                    : "%-16s sections: %s".formatted("", String.join(", ", entry.sections())),
                drivers.isEmpty()
                    ? ""
                    : "%-16s a driver of %s".formatted("", String.join(", ", drivers)))
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"))
        + "\n";
  }
}
