package dev.rr.plugin.gzip;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The plugin as a server makes it. */
final class TestGzip {
  /** What a server knows that was built beside the two plugins, without them. */
  static final Catalogue CATALOGUE =
      new Catalogue(List.of(entry("brotli", "br", false), entry("zstd", "zstd", false)));

  private TestGzip() {}

  /** As the kernel does once everybody has collected, before a start. */
  static GzipPlugin check(GzipPlugin plugin) {
    Problems problems = new Problems();
    plugin.check(problems);
    problems.throwIfAny();
    return plugin;
  }

  static Catalogue.Entry entry(String id, String coding, boolean builtIn) {
    return new Catalogue.Entry(
        id,
        "dev.rr:rr-plugin-" + id + ":1.0",
        builtIn,
        List.of(),
        List.of(Catalogue.Offer.of(ContentCoding.class, coding)));
  }

  /**
   * Makes one.
   *
   * @param folder where the configuration file is written
   * @param section what stands behind {@code gzip:}
   */
  static GzipPlugin with(Path folder, String section, Catalogue known, ContentCoding... others)
      throws IOException {
    Files.writeString(
        folder.resolve(".rr.yaml"), "version: \"3\"\nhttp:\n  gzip: " + section + "\n");
    Host host = new FakeHost(folder, Map.of(), known);
    Configurer configurer = Configuration.read(host.configFile());
    GzipPlugin plugin =
        new GzipPlugin(configurer.bind(GzipConfigBinder.INSTANCE), configurer, host);
    for (ContentCoding other : others) {
      plugin.coding(other);
    }
    return plugin;
  }
}
