package dev.rr.build.image;

import dev.rr.build.BuildException;
import dev.rr.build.archive.FolderListing;
import dev.rr.build.archive.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * A folder, as images have it. Its bytes depend on what is in it, and on the compressor of the JDK
 * that Maven runs on. Immutable.
 *
 * @param blob the file, compressed
 * @param at where it is in an image, as {@code /app}
 * @param id its digest before it was compressed
 */
public record Layer(Blob blob, String at, String id) {
  private static final String TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final int BUFFER = 1 << 16;

  /**
   * Packs a folder, without what is not a file, a folder or a link.
   *
   * @param excludes what stays behind, as {@link FolderListing} has it
   * @param file to be written
   */
  public static Layer of(Path folder, String at, List<String> excludes, Path file)
      throws BuildException, IOException {
    FolderListing listing = FolderListing.of(folder, excludes);
    MessageDigest digest = sha256();
    OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), BUFFER);
    try (TarWriter tar =
        new TarWriter(new BufferedOutputStream(new DigestOutputStream(out, digest), BUFFER))) {
      String name = at.substring(1);
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        tar.folder(name.substring(0, slash));
      }
      tar.folder(name);
      listing.write(tar, name + "/");
    } catch (IOException e) {
      throw BuildException.at(file, e);
    }
    return new Layer(
        Blob.of(TYPE, file), at, "sha256:" + HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
