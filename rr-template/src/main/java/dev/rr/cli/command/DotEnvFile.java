package dev.rr.cli.command;

import dev.rr.api.config.DotEnv;
import dev.rr.api.plugin.OsText;
import java.io.IOException;
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
      String text = OsText.of(Files.readAllBytes(file));
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
