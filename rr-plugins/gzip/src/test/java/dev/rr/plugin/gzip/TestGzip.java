package dev.rr.plugin.gzip;

import dev.rr.api.config.Configurer;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import dev.rr.plugin.config.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The plugin as a server makes it. */
final class TestGzip {
  /** What a server knows that was built beside the two plugins, without them. */
  static final Catalogue CATALOGUE =
      new Catalogue(List.of(entry("brotli", false), entry("zstd", false)));

  private TestGzip() {}

  static Catalogue.Entry entry(String id, boolean builtIn) {
    return new Catalogue.Entry(
        id,
        "dev.rr:rr-plugin-" + id + ":1.0",
        builtIn,
        List.of(),
        List.of(ContentCoding.class.getName()));
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
    Host host = new TestHost(folder, known);
    Configurer configurer = ConfigFiles.read(host);
    GzipPlugin plugin =
        new GzipPlugin(configurer.bind(GzipConfigBinder.INSTANCE), configurer, host);
    for (ContentCoding other : others) {
      plugin.coding(other);
    }
    return plugin;
  }

  private record TestHost(Path workDirectory, Catalogue catalogue) implements Host {
    @Override
    public String version() {
      return "1.2.3";
    }

    @Override
    public Path configFile() {
      return workDirectory.resolve(".rr.yaml");
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public List<String> overrides() {
      return List.of();
    }

    @Override
    public boolean strict() {
      return false;
    }

    @Override
    public Duration gracePeriod() {
      return Duration.ofSeconds(30);
    }

    @Override
    public void fail(String plugin, Throwable cause) {
      throw new AssertionError(plugin, cause);
    }
  }
}
