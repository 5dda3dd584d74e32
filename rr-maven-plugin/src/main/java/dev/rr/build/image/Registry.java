package dev.rr.build.image;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.Lock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a registry by the OCI distribution specification: manifests by name, blobs by digest,
 * with a token where one is asked for. What has a digest is checked and kept. One thread.
 */
final class Registry {
  private static final Duration TO_CONNECT = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MAX_MANIFEST = 4 << 20;
  private static final int MAX_REDIRECTS = 5;
  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.docker.distribution.manifest.v2+json";

  /** Docker's names of what the specification calls otherwise. */
  private static final Map<String, String> TYPES =
      Map.of(
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.oci.image.layer.v1.tar");

  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final ImageName name;
  private final Path cache;
  private final String login;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TO_CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private @Nullable String authorization;

  /**
   * Makes one.
   *
   * @param cache where blobs are kept by their digest
   * @param login {@code user:password} in Base64; empty for nobody
   */
  Registry(ImageName name, Path cache, String login) {
    this.name = name;
    this.cache = cache;
    this.login = login;
  }

  /** A manifest or an index, byte for byte. */
  Blob manifest(String reference) throws BuildException, IOException, InterruptedException {
    boolean fixed = reference.startsWith("sha256:");
    if (fixed && Files.exists(place(reference))) {
      return new Blob("", reference, Files.size(place(reference)), place(reference));
    }
    HttpResponse<InputStream> response =
        get(URI.create(name.url() + "/manifests/" + reference), true);
    byte[] content;
    try (InputStream in = response.body()) {
      content = in.readNBytes(MAX_MANIFEST);
    }
    Files.createDirectories(cache);
    Path fresh = Files.write(Files.createTempFile(cache, "manifest", ""), content);
    return keep(fresh, fixed ? reference : "sha256:" + Lock.sha256(fresh));
  }

  /** A layer, or a configuration. */
  Blob blob(JsonObject descriptor) throws BuildException, IOException, InterruptedException {
    String digest = text(descriptor, "digest");
    String type = text(descriptor, "mediaType");
    Path place = place(digest);
    if (!Files.exists(place)) {
      HttpResponse<InputStream> response = get(URI.create(name.url() + "/blobs/" + digest), false);
      Files.createDirectories(cache);
      Path fresh = Files.createTempFile(cache, "blob", "");
      try (InputStream in = response.body()) {
        Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        Files.delete(fresh);
        throw e;
      }
      keep(fresh, digest);
    }
    return new Blob(TYPES.getOrDefault(type, type), digest, Files.size(place), place);
  }

  private Blob keep(Path fresh, String digest) throws BuildException, IOException {
    String found = "sha256:" + Lock.sha256(fresh);
    if (!found.equals(digest)) {
      Files.delete(fresh);
      throw new BuildException("%s: %s came with the digest %s".formatted(name, digest, found));
    }
    Path place = place(digest);
    Files.move(fresh, place, StandardCopyOption.REPLACE_EXISTING);
    return new Blob("", digest, Files.size(place), place);
  }

  /** Digests are checked by their form, as they become names of files. */
  private Path place(String digest) throws BuildException {
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new BuildException("%s: \"%s\" is no digest by SHA-256".formatted(name, digest));
    }
    return cache.resolve(digest.substring("sha256:".length()));
  }

  private HttpResponse<InputStream> get(URI first, boolean manifest)
      throws BuildException, IOException, InterruptedException {
    URI uri = first;
    boolean asked = false;
    for (int redirects = 0; redirects < MAX_REDIRECTS; ) {
      HttpResponse<InputStream> response = send(uri, manifest, uri.equals(first));
      int status = response.statusCode();
      if (status == 200) {
        return response;
      }
      response.body().close();
      if (status == 401 && uri.equals(first) && !asked) {
        asked = true;
        authorization = authorize(response.headers().firstValue("www-authenticate").orElse(""));
      } else if (status >= 301 && status <= 308 && status != 304) {
        redirects++;
        // Such places take the signature in the address, and refuse a second one.
        uri = uri.resolve(response.headers().firstValue("location").orElse(""));
      } else {
        throw new BuildException("%s: %s answered %d".formatted(name, uri.getHost(), status));
      }
    }
    throw new BuildException("%s: more than %d redirects".formatted(name, MAX_REDIRECTS));
  }

  private HttpResponse<InputStream> send(URI uri, boolean manifest, boolean own)
      throws BuildException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT);
    if (manifest) {
      request.header("Accept", MANIFESTS);
    }
    String who = authorization;
    if (own && who != null) {
      request.header("Authorization", who);
    }
    return send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws BuildException, InterruptedException {
    try {
      return client.send(request, body);
    } catch (IOException e) {
      throw new BuildException(
          "%s: %s cannot be asked: %s".formatted(name, request.uri().getHost(), e));
    }
  }

  /** By the challenge of a registry: a token of the place that it names, or the login itself. */
  private String authorize(String challenge) throws BuildException, InterruptedException {
    if (!challenge.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      if (login.isEmpty()) {
        throw new BuildException(name + " asks for a login; docker login " + name.host());
      }
      return "Basic " + login;
    }
    Map<String, String> given = new TreeMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      given.put(matcher.group(1), matcher.group(2));
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(tokens(given)).timeout(LIMIT);
    if (!login.isEmpty()) {
      request.header("Authorization", "Basic " + login);
    }
    HttpResponse<String> response = send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new BuildException(
          "%s: no token from %s, which answered %d; docker login %s"
              .formatted(
                  name, request.build().uri().getHost(), response.statusCode(), name.host()));
    }
    JsonObject token = object(response.body());
    return "Bearer " + text(token, token.has("token") ? "token" : "access_token");
  }

  /** Where tokens are given, for this repository. */
  private URI tokens(Map<String, String> challenge) throws BuildException {
    String realm = challenge.getOrDefault("realm", "");
    if (!realm.matches("https?://[^\\s?#]+")) {
      throw new BuildException(
          "%s asks for a token of \"%s\", which is no address".formatted(name, realm));
    }
    return URI.create(
        realm
            + "?service="
            + encoded(challenge.getOrDefault("service", ""))
            + "&scope="
            + encoded("repository:" + name.repository() + ":pull"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  JsonObject object(String json) throws BuildException {
    try {
      return JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new BuildException(name + " gave what is no JSON: " + e.getMessage());
    }
  }

  private String text(JsonObject object, String key) throws BuildException {
    if (!object.has(key) || !object.get(key).isJsonPrimitive()) {
      throw new BuildException(name + " gave a description without " + key);
    }
    return object.get(key).getAsString();
  }
}
