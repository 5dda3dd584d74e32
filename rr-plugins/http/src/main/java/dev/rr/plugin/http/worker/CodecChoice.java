package dev.rr.plugin.http.worker;

import dev.rr.api.worker.Payload;
import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to speak to workers in when the configuration leaves it open: JSON, unless composer says
 * that the application's package no longer reads it.
 *
 * @param codec a codec flag
 * @param why a reason for the log
 */
public record CodecChoice(int codec, String why) {
  private static final String PACKAGE = "spiral/roadrunner-http";

  /** The first major version that reads protobuf only. */
  private static final int PROTO_ONLY = 4;

  /** What the configuration names. */
  public static CodecChoice configured(int codec) {
    return new CodecChoice(codec, "http.codec");
  }

  /** What the application behind {@code command} reads. */
  public static CodecChoice detect(List<String> command, Path workDirectory) {
    Path installed = installedJson(command, workDirectory);
    if (installed == null) {
      return new CodecChoice(Payload.JSON, "no vendor/composer/installed.json beside the worker");
    }
    try {
      String version = version(Files.readAllBytes(installed));
      boolean proto = major(version) >= PROTO_ONLY;
      String found = version.isEmpty() ? "no " + PACKAGE : PACKAGE + " " + version;
      return new CodecChoice(proto ? Payload.PROTO : Payload.JSON, found + " in " + installed);
    } catch (IOException | IllegalArgumentException e) {
      return new CodecChoice(Payload.JSON, "cannot read " + installed);
    }
  }

  /** Composer's list of what is installed, in the first folder from the script upwards. */
  private static @Nullable Path installedJson(List<String> command, Path workDirectory) {
    Path script = script(command, workDirectory);
    Path dir = script == null ? null : script.toAbsolutePath().normalize().getParent();
    for (; dir != null; dir = dir.getParent()) {
      Path candidate = dir.resolve("vendor/composer/installed.json");
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** The argument that is a PHP file, or else, as in {@code vendor/bin}, any file. */
  private static @Nullable Path script(List<String> command, Path workDirectory) {
    return command.stream()
        .filter(argument -> argument.endsWith(".php"))
        .map(workDirectory::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .or(() ->
            command.stream()
                .skip(1)
                .map(workDirectory::resolve)
                .filter(Files::isRegularFile)
                .findFirst())
        .orElse(null);
  }

  /**
   * The package's version; empty when it is not installed. Composer 1 wrote a bare list, composer 2
   * an object.
   */
  static String version(byte[] json) {
    Object root = JsonReader.read(json, 0);
    Object packages = root instanceof Map<?, ?> object ? object.get("packages") : root;
    return packages instanceof List<?> list
        ? list.stream()
            .filter(one -> one instanceof Map<?, ?> entry && PACKAGE.equals(entry.get("name")))
            .map(one -> ((Map<?, ?>) one).get("version"))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .findFirst()
            .orElse("")
        : "";
  }

  /** The number before the first dot; 0 for {@code dev-main} and the like. */
  private static int major(String version) {
    String digits = version.startsWith("v") ? version.substring(1) : version;
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    return end == 0 || end > 4 ? 0 : Integer.parseInt(digits.substring(0, end));
  }
}
