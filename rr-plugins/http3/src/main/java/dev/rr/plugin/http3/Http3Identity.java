package dev.rr.plugin.http3;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Host;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.tls.FileWatch;
import dev.rr.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where key and certificate come from: the section's own files, else the managed certificate of
 * http.ssl, else its files. Methods are called by the plugin's thread.
 */
final class Http3Identity implements AutoCloseable {
  private final String section;
  private final String key;
  private final String cert;
  private final Optional<Certificates> managed;
  private final Host host;
  private final Log log;
  private @Nullable FileWatch watch;

  Http3Identity(
      Http3Config config,
      Configurer configurer,
      Optional<Certificates> certificates,
      Host host,
      Log log) {
    boolean own = !config.key().isEmpty() || !config.cert().isEmpty();
    this.section = own ? "http.http3" : "http.ssl";
    this.key = own ? config.key() : text(configurer.get("http.ssl.key"));
    this.cert = own ? config.cert() : text(configurer.get("http.ssl.cert"));
    this.managed = own ? Optional.empty() : certificates;
    this.host = host;
    this.log = log;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** Records what is missing; what is wrong with the files of http.ssl is said there. */
  void check(Section at) {
    if (managed.isPresent()) {
      return;
    }
    if (key.isEmpty() && cert.isEmpty()) {
      at.problem(
          "key",
          "is missing; HTTP/3 is always encrypted and needs key and cert, here or in http.ssl");
    } else if (key.isEmpty() != cert.isEmpty()) {
      at.problem(key.isEmpty() ? "key" : "cert", "key and cert come together");
    } else if (section.equals("http.http3")) {
      readable(at, "key", key);
      readable(at, "cert", cert);
    }
  }

  private void readable(Section at, String name, String file) {
    if (!Files.isReadable(path(file))) {
      at.problem(name, name + " file '" + file + "' does not exist or cannot be read");
    }
  }

  private Path path(String configured) {
    return host.workDirectory().resolve(configured);
  }

  /** What to show now. */
  Identity load() throws IOException {
    if (managed.isPresent()) {
      return managed.get().current();
    }
    try {
      return Pem.identity(path(cert), path(key));
    } catch (IOException e) {
      throw new IOException(section + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells what to show from now on.
   *
   * @param taker called on a thread of its own
   */
  void onChange(Consumer<Identity> taker) {
    if (managed.isPresent()) {
      managed.get().onChange(taker);
      return;
    }
    watch = new FileWatch("http3-tls-reload", List.of(path(cert), path(key)), () -> reload(taker));
  }

  private void reload(Consumer<Identity> taker) {
    try {
      taker.accept(load());
      log.info("certificate reloaded", "cert", cert);
    } catch (IOException | IllegalArgumentException e) {
      // Half a new pair is on disk at times: the old one stays until both fit.
      log.log(Log.Level.WARN, "certificate not reloaded, the old one stays", e);
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
