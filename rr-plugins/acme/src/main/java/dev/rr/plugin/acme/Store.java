package dev.rr.plugin.acme;

import dev.rr.api.tls.Identity;
import dev.rr.tls.Pem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The keys and certificates on disk, for one authority: {@code account.key}, and for each first
 * domain one file with key and chain, so that the two cannot fall apart. Nobody but the owner may
 * read them. Files are replaced whole. One thread at a time.
 */
final class Store {
  /** The kind of a certificate's name that is a domain (RFC 5280, 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String ACCOUNT = "account.key";

  private final Path folder;

  private Store(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder where it is missing, and sees whether it can be written.
   *
   * @param directory the authority's URL
   */
  static Store open(Path cacheDir, String directory) throws IOException {
    String authority = directory.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.]+", "-");
    Path folder = cacheDir.resolve(authority.replaceFirst("^\\.+", ""));
    Files.createDirectories(folder, OWNER_FOLDER);
    Files.delete(Files.createTempFile(folder, ".probe", "", OWNER_FILE));
    return new Store(folder);
  }

  /** The account's key, when there is one. */
  Optional<KeyPair> account() throws IOException {
    Path file = folder.resolve(ACCOUNT);
    return Files.exists(file) ? Optional.of(Pem.keyPair(file)) : Optional.empty();
  }

  void keepAccount(KeyPair key) throws IOException {
    replace(folder.resolve(ACCOUNT), Pem.text(key));
  }

  /**
   * The certificate of an earlier run.
   *
   * @return empty when there is none, it has expired, or it is not for all of the domains
   * @throws IOException when the file is damaged
   */
  Optional<Identity> identity(List<String> domains) throws IOException {
    Path file = file(domains);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Identity found = Pem.identity(file, file);
    boolean fits =
        found.certificate().getNotAfter().toInstant().isAfter(Instant.now())
            && names(found.certificate()).containsAll(domains);
    return fits ? Optional.of(found) : Optional.empty();
  }

  void keep(List<String> domains, Identity identity) throws IOException {
    try {
      replace(file(domains), Pem.text(identity));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private Path file(List<String> domains) {
    return folder.resolve(domains.getFirst() + ".pem");
  }

  private static Set<String> names(X509Certificate certificate) throws IOException {
    Set<String> names = new HashSet<>();
    try {
      var all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer kind && kind == DNS_NAME) {
            names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    return names;
  }

  private void replace(Path file, String text) throws IOException {
    Path next = Files.createTempFile(folder, ".next", "", OWNER_FILE);
    try {
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          var unused = channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      try {
        Files.delete(next);
      } catch (NoSuchFileException moved) {
        // as it should
      }
    }
  }
}
