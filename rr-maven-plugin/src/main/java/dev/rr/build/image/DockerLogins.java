package dev.rr.build.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Those of {@code docker login}: in its file, or with a credential helper that the file names. */
public final class DockerLogins implements Logins {
  private static final String HUB_KEY = "https://index.docker.io/v1/";

  private final Path file;
  private final UnaryOperator<String> programs;

  /**
   * Makes one.
   *
   * @param folder of Docker's configuration, {@code ~/.docker} mostly
   */
  public DockerLogins(Path folder) {
    this(folder, UnaryOperator.identity());
  }

  /** With the place of a program by its name. */
  DockerLogins(Path folder, UnaryOperator<String> programs) {
    this.file = folder.resolve("config.json");
    this.programs = programs;
  }

  @Override
  public Optional<Login> find(String host)
      throws BuildException, IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String key = host.equals(HUB) ? HUB_KEY : host;
    Optional<String> helper;
    Optional<Login> kept;
    try {
      JsonObject root = JsonParser.parseString(TextFile.read(file)).getAsJsonObject();
      helper = text(object(root, "credHelpers"), key).or(() -> text(root, "credsStore"));
      kept = kept(entry(object(root, "auths"), key));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | ClassCastException
        | UnsupportedOperationException e) {
      // Without the cause's words, which may quote a password.
      throw new BuildException(
          "%s holds no login for %s in the form of docker login".formatted(file, key));
    }
    if (helper.isPresent()) {
      String name = "docker-credential-" + helper.get();
      Optional<Login> given = new CredentialHelper(file, name, programs.apply(name)).get(key);
      return given.isPresent() ? given : kept;
    }
    return kept;
  }

  /** By its name, which older versions of Docker wrote as an address. */
  private static JsonObject entry(JsonObject auths, String key) {
    if (!auths.has(key)) {
      for (String name : auths.keySet()) {
        if (name.replaceFirst("^https?://", "").replaceFirst("/.*", "").equals(key)) {
          return object(auths, name);
        }
      }
    }
    return object(auths, key);
  }

  private Optional<Login> kept(JsonObject entry) {
    Optional<String> token = text(entry, "identitytoken");
    if (token.isPresent()) {
      return Optional.of(new Login(Login.TOKEN, token.get(), file.toString()));
    }
    Optional<String> auth = text(entry, "auth");
    if (auth.isEmpty()) {
      return Optional.empty();
    }
    String both = new String(Base64.getDecoder().decode(auth.get()), StandardCharsets.UTF_8);
    int colon = both.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no colon");
    }
    return Optional.of(
        new Login(both.substring(0, colon), both.substring(colon + 1), file.toString()));
  }

  private static JsonObject object(JsonObject of, String key) {
    JsonElement value = of.get(key);
    return value == null || value.isJsonNull() ? new JsonObject() : value.getAsJsonObject();
  }

  private static Optional<String> text(JsonObject of, String key) {
    JsonElement value = of.get(key);
    return value == null || value.isJsonNull()
        ? Optional.empty()
        : Optional.of(value.getAsString()).filter(text -> !text.isEmpty());
  }
}
