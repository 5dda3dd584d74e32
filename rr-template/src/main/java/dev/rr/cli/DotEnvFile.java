package dev.rr.cli;

import dev.rr.api.config.DotEnv;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Puts a dotenv file under the environment. */
final class DotEnvFile {
  private DotEnvFile() {}

  /** The environment with what the file adds; the environment's own values win. */
  static Map<String, String> under(Map<String, String> environment, Path file) throws CliException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Map<String, String> merged = new TreeMap<>(DotEnv.parse(text, environment));
      merged.putAll(environment);
      return merged;
    } catch (NoSuchFileException e) {
      throw new CliException("open " + file + ": no such file or directory (dotenv file)");
    } catch (IOException e) {
      throw new CliException("the dotenv file " + file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new CliException("the dotenv file " + file + ": " + e.getMessage());
    }
  }
}
