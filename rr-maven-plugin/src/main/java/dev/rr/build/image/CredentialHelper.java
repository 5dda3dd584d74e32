package dev.rr.build.image;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that keeps logins for Docker: it reads the registry's name and writes JSON.
 *
 * @param file that names it
 * @param name of it, as {@code docker-credential-pass}
 * @param program where it is
 */
record CredentialHelper(Path file, String name, String program) {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int MAX_ANSWER = 1 << 20;

  Optional<Login> get(String key) throws BuildException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new BuildException(
          "%s names %s, which cannot be started; DOCKER_CONFIG names another folder"
              .formatted(file, name));
    }
    try {
      String said = ask(process, key);
      if (process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.of(login(key, said));
      }
      if (said.contains("credentials not found")) {
        return Optional.empty();
      }
      throw new BuildException(
          "%s, named in %s, failed for %s%s".formatted(name, file, key, reason(said)));
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new BuildException("%s, named in %s, gave no login for %s".formatted(name, file, key));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String ask(Process process, String key)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                answer.complete(process.getInputStream().readNBytes(MAX_ANSWER));
              } catch (IOException e) {
                answer.completeExceptionally(e);
              }
            },
            "rr-build-login");
    reader.setDaemon(true);
    reader.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(key.getBytes(StandardCharsets.UTF_8));
    }
    return new String(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS), StandardCharsets.UTF_8);
  }

  /**
   * What a helper says that fails, unless it is, or may begin, what it should say to nobody else.
   */
  private static String reason(String said) {
    String line = RegistryError.shown(said);
    return line.isEmpty() || line.contains("{") || line.contains("Secret") ? "" : ": " + line;
  }

  private Login login(String key, String said) throws BuildException {
    try {
      JsonObject given = JsonParser.parseString(said).getAsJsonObject();
      if (given.has("Username") && given.has("Secret")) {
        return new Login(
            given.get("Username").getAsString(), given.get("Secret").getAsString(), name);
      }
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      // As below, without the cause's words, which may quote a password.
    }
    throw new BuildException(
        "%s, named in %s, gave what is no login for %s".formatted(name, file, key));
  }
}
