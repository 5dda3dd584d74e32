package dev.rr.tls;

import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The certificate chain and the private key of a listener, as its section names them with {@code
 * cert} and {@code key}. Any thread.
 *
 * @param section the section's key path, for messages
 * @param cert as configured; empty for none
 * @param key as configured; empty for none
 * @param folder what relative paths begin at
 */
public record CertificateFiles(String section, String cert, String key, Path folder) {
  /** Reads one kind of thing from a file. */
  @FunctionalInterface
  public interface Reading {
    /** Throws in one sentence for the user. */
    Object from(Path file) throws IOException;
  }

  /** Takes what is new. */
  @FunctionalInterface
  public interface Reload {
    /** Throws when what is there now cannot be used. */
    void run() throws IOException;
  }

  /** Whether both are named. */
  public boolean areNamed() {
    return !key.isEmpty() && !cert.isEmpty();
  }

  /** Records a problem when one is named without the other. */
  public void checkNames(Section at) {
    if (key.isEmpty() != cert.isEmpty()) {
      at.problem(key.isEmpty() ? "key" : "cert", "key and cert come together");
    }
  }

  /** Records what would keep {@link #load} from working, each at its key. */
  public void check(Section at) {
    checkNames(at);
    boolean keyIsOne = holds(at, "key", "key file", key, folder, Pem::privateKey);
    boolean certIsOne = holds(at, "cert", "cert file", cert, folder, Pem::certificates);
    if (keyIsOne && certIsOne) {
      boolean unused = reads(at, "cert", cert, folder, file -> identity());
    }
  }

  /**
   * Whether a file is named and holds what it should; records a problem when it is named and does
   * not.
   *
   * @param name the key that names it
   * @param what a word for it, for the message
   * @param path as configured; empty for none
   */
  public static boolean holds(
      Section at, String name, String what, String path, Path folder, Reading reading) {
    if (path.isEmpty()) {
      return false;
    }
    if (!Files.isReadable(folder.resolve(path))) {
      at.problem(name, what + " '" + path + "' does not exist or cannot be read");
      return false;
    }
    return reads(at, name, path, folder, reading);
  }

  private static boolean reads(Section at, String name, String path, Path folder, Reading reading) {
    try {
      var unused = reading.from(folder.resolve(path));
      return true;
    } catch (IOException e) {
      at.problem(name, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Reads both; throws in one sentence that names the file, not the section. */
  public Identity identity() throws IOException {
    return Pem.identity(folder.resolve(cert), folder.resolve(key));
  }

  /** The files that are named. */
  public List<Path> files() {
    return Stream.of(cert, key).filter(f -> !f.isEmpty()).map(folder::resolve).toList();
  }

  /**
   * Reads both.
   *
   * @throws IOException with the section, for the user
   */
  public Identity load() throws IOException {
    try {
      return identity();
    } catch (IOException e) {
      throw new IOException(section + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes what has changed, and says in the log whether that went well.
   *
   * @param what was renewed, for the log
   */
  public static void reload(String what, Log log, Reload reload) {
    try {
      reload.run();
      log.info("certificate reloaded", "cert", what);
    } catch (IOException | IllegalArgumentException e) {
      // Half a new pair is on disk at times: the old one stays until both fit.
      log.log(Log.Level.WARN, "certificate not reloaded, the old one stays", e);
    }
  }
}
