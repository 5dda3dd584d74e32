package dev.rr.plugin.http3;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Host;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.FileWatch;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where key and certificate come from: the section's own files, else the managed certificate of
 * http.ssl, else its files. Methods are called by the plugin's thread.
 */
final class Http3Identity implements AutoCloseable {
  private final CertificateFiles files;
  private final Optional<Certificates> managed;
  private final Log log;
  private @Nullable FileWatch watch;

  Http3Identity(
      Http3Config config,
      Configurer configurer,
      Optional<Certificates> certificates,
      Host host,
      Log log) {
    boolean own = !config.key().isEmpty() || !config.cert().isEmpty();
    this.files =
        new CertificateFiles(
            own ? "http.http3" : "http.ssl",
            own ? config.cert() : text(configurer.get("http.ssl.cert")),
            own ? config.key() : text(configurer.get("http.ssl.key")),
            host.workDirectory());
    this.managed = own ? Optional.empty() : certificates;
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
    if (files.key().isEmpty() && files.cert().isEmpty()) {
      at.problem(
          "key",
          "is missing; HTTP/3 is always encrypted and needs key and cert, here or in http.ssl");
    } else if (files.section().equals("http.http3")) {
      files.check(at);
    } else {
      files.checkNames(at);
    }
  }

  /** What to show now. */
  Identity load() throws IOException {
    return managed.isPresent() ? managed.get().current() : files.load();
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
    Runnable reload =
        () -> CertificateFiles.reload(files.cert(), log, () -> taker.accept(files.load()));
    watch = new FileWatch("http3-tls-reload", files.files(), reload);
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
