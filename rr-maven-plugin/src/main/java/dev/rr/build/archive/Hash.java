package dev.rr.build.archive;

import dev.rr.build.Input;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** SHA-256 over what goes into a file. */
public final class Hash {
  private static final int PART = 1 << 16;

  private final MessageDigest digest;

  private Hash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Over names and bytes of packed entries, in their order. */
  public static String of(Map<String, Archive.Raw> entries) {
    Hash hash = new Hash();
    entries.forEach((name, raw) -> {
      hash.add(name);
      hash.add(raw.bytes());
    });
    return hash.hex();
  }

  /** Over texts, and the coordinates and the content of inputs, in their order. */
  public static String of(List<String> texts, Collection<Input> inputs) throws IOException {
    Hash hash = new Hash();
    texts.forEach(hash::add);
    for (Input input : inputs) {
      hash.add(input.coordinates().toString());
      if (Files.isDirectory(input.file())) {
        try (Archive archive = Archive.open(input.file())) {
          for (Archive.Entry entry : archive.entries()) {
            hash.add(entry.name());
            hash.add(entry.content());
          }
        }
      } else {
        hash.add(Files.readAllBytes(input.file()));
      }
    }
    return hash.hex();
  }

  /** Of the bytes of a file, as every other program gives it. */
  public static String of(Path file) throws IOException {
    Hash hash = new Hash();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] part = new byte[PART];
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        hash.digest.update(part, 0, read);
      }
    }
    return hash.hex();
  }

  /** Of bytes, as every other program gives it. */
  public static String of(byte[] bytes) {
    Hash hash = new Hash();
    hash.digest.update(bytes);
    return hash.hex();
  }

  /** Of a text in UTF-8, as every other program gives it. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of a jar as every other program gives it; of a folder over names and contents. */
  public static String of(Input input) throws IOException {
    return Files.isDirectory(input.file()) ? of(List.of(), List.of(input)) : of(input.file());
  }

  private void add(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** With its length before it, so that no two lists of parts look the same. */
  private void add(byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
