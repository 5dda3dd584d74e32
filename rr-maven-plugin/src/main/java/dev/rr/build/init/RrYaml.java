package dev.rr.build.init;

import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads out of a {@code .rr.yaml} which plugins its sections, drivers and middleware need. */
public final class RrYaml {
  /** Of the server itself; no plugin's. */
  private static final Set<String> ITS_OWN = Set.of("version", "include", "envfile", "endure");

  private static final String MIDDLEWARE = "dev.rr.api.http.Middleware";
  private static final String KV_DRIVER = "dev.rr.api.kv.KvDriver";
  private static final String CODING = "dev.rr.api.http.ContentCoding";
  private static final String PUB_SUB_DRIVER = "dev.rr.api.broadcast.PubSubDriver";
  private static final String JOBS_DRIVER = "dev.rr.api.jobs.JobsDriver";

  private final KnownPlugins known;
  private final List<String> plugins = new ArrayList<>(List.of("config", "logger"));
  private final List<String> notes = new ArrayList<>();

  private RrYaml(KnownPlugins known) {
    this.known = known;
  }

  /** Reads one. */
  public static StartingPoint read(Path file, KnownPlugins known)
      throws BuildException, IOException {
    Object root;
    try {
      root = new Load(LoadSettings.builder().build()).loadFromString(TextFile.read(file));
    } catch (YamlEngineException e) {
      throw new BuildException("%s cannot be read: %s".formatted(file, e.getMessage()));
    } catch (StackOverflowError e) {
      throw new BuildException(file + " cannot be read: it is nested too deeply");
    }
    RrYaml config = new RrYaml(known);
    Map<?, ?> sections = map(root);
    if (sections.isEmpty()) {
      throw new BuildException(file + " has no sections");
    }
    sections.forEach((name, content) -> config.section(String.valueOf(name), content));
    return new StartingPoint(config.plugins, config.notes);
  }

  private void section(String name, @Nullable Object content) {
    if (name.equals("include")) {
      notes.add("the files that include names were not looked at");
    }
    if (ITS_OWN.contains(name)) {
      return;
    }
    List<CatalogueEntry> readers =
        known.entries().stream()
            .filter(entry -> entry.sections().stream().anyMatch(s -> isThere(s, name, content)))
            // Middleware reads of http, too, but only what http.middleware lists is wanted.
            .filter(entry -> !name.equals("http") || !entry.offers(MIDDLEWARE))
            .toList();
    if (readers.isEmpty()) {
      notes.add("section " + name + ": no plugin of rr reads it");
    }
    readers.forEach(this::add);
    switch (name) {
      case "http" -> http(map(content));
      case "broadcast" -> drivers(PUB_SUB_DRIVER, content);
      case "kv" -> drivers(KV_DRIVER, content);
      case "jobs" -> drivers(JOBS_DRIVER, map(content).get("pipelines"));
      case "rpc" -> List.of("informer", "resetter").forEach(plugins::add);
      default -> {}
    }
  }

  /** Whether a section that a plugin reads is this one, or one of those in it: http.ssl.acme. */
  private static boolean isThere(String section, String name, @Nullable Object content) {
    if (section.equals(name)) {
      return true;
    }
    int dot = section.indexOf('.', name.length() + 1);
    String inner = dot < 0 ? section : section.substring(0, dot);
    return inner.startsWith(name + ".")
        && map(content).containsKey(inner.substring(name.length() + 1))
        && isThere(section, inner, map(content).get(inner.substring(name.length() + 1)));
  }

  private void http(Map<?, ?> content) {
    texts(content.get("middleware")).forEach(name -> offer(MIDDLEWARE, name));
    // Its own coding needs no plugin beside it.
    texts(map(content.get("gzip")).get("encodings")).stream()
        .filter(coding -> !coding.equals("gzip"))
        .forEach(coding -> offer(CODING, coding));
  }

  private void drivers(String contract, @Nullable Object named) {
    map(named)
        .values()
        .forEach(one -> {
          if (map(one).get("driver") instanceof String driver) {
            offer(contract, driver);
          }
        });
  }

  private void offer(String contract, String name) {
    List<CatalogueEntry> offering =
        known.offering(contract).stream()
            .filter(e -> e.offers().contains(new CatalogueEntry.Offer(contract, name)))
            .toList();
    if (offering.isEmpty()) {
      notes.add("%s: no plugin of rr offers it".formatted(name));
    }
    offering.forEach(this::add);
  }

  private void add(CatalogueEntry entry) {
    plugins.add(KnownPlugins.shortName(entry));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
