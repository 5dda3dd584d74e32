package dev.rr.netty.tls;

import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.FileWatch;
import dev.rr.tls.Pem;
import dev.rr.tls.ServerKeys;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The TLS of a listener whose section names files. When they have changed, connections made from
 * then on get what is in them. Owns one daemon thread. Any thread.
 */
public final class ListenerTls implements AutoCloseable {
  private final Files files;
  private final List<String> protocols;
  private final Log log;
  private final FileWatch watch;
  private volatile SslContext context;

  /**
   * What a section names; empty texts for what it does not.
   *
   * @param section its key path, for messages
   * @param cert the certificate, then its chain
   * @param key the private key
   * @param rootCa the authorities of clients' certificates
   * @param clientAuth what clients are asked, one of {@link TlsContexts#CLIENT_AUTH} in any case
   * @param folder what relative paths begin at
   */
  public record Files(
      String section, String cert, String key, String rootCa, String clientAuth, Path folder) {
    private CertificateFiles own() {
      return new CertificateFiles(section, cert, key, folder);
    }

    /** Whether there is to be TLS at all: key and certificate are named. */
    public boolean areNamed() {
      return own().areNamed();
    }

    /** Records what would keep a listener from starting, each at its key. */
    public void check(Section at) {
      own().check(at);
      boolean unused =
          CertificateFiles.holds(
              at, "root_ca", "root ca path provided, but path", rootCa, folder, Pem::certificates);
      if (!clientAuth.isEmpty()
          && !TlsContexts.CLIENT_AUTH.contains(clientAuth.toLowerCase(Locale.ROOT))) {
        at.problem(
            "client_auth_type",
            "'"
                + clientAuth
                + "' is unknown; allowed are "
                + String.join(", ", TlsContexts.CLIENT_AUTH.stream().sorted().toList()));
      }
    }

    private List<Path> watched() {
      Stream<Path> authorities = Stream.of(rootCa).filter(f -> !f.isEmpty()).map(folder::resolve);
      return Stream.concat(own().files().stream(), authorities).toList();
    }

    private SslContext load(List<String> protocols) throws IOException {
      try {
        List<X509Certificate> authorities =
            rootCa.isEmpty() ? List.of() : Pem.certificates(folder.resolve(rootCa));
        ServerKeys keys = new ServerKeys(own().identity(), name -> Optional.empty());
        return TlsContexts.server(keys, protocols, authorities, clientAuth);
      } catch (IOException e) {
        throw new IOException(section + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Reads the files and keeps an eye on them.
   *
   * @param protocols what is spoken above TLS, as ALPN names it, best first; empty for something
   *     without a name
   * @param thread the name of the thread that looks
   * @throws IOException for the user
   */
  public ListenerTls(Files files, List<String> protocols, String thread, Log log)
      throws IOException {
    this.files = files;
    this.protocols = List.copyOf(protocols);
    this.log = log;
    // Before the first look at them: a renewal in between is not missed.
    this.watch = new FileWatch(thread, files.watched(), this::reload);
    try {
      this.context = files.load(protocols);
    } catch (IOException e) {
      watch.close();
      throw e;
    }
  }

  private void reload() {
    CertificateFiles.reload(files.cert(), log, () -> context = files.load(protocols));
  }

  /** For the connection that is being made. */
  public SslContext context() {
    return context;
  }

  /** Stops looking at the files. */
  @Override
  public void close() {
    watch.close();
  }
}
