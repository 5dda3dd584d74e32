package dev.rr.plugin.statics;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.log.Log;
import dev.rr.http.EntityTags;
import dev.rr.http.FileAnswer;
import dev.rr.http.MediaTypes;
import dev.rr.http.PercentEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a file under the root and sends it, or passes the request on. The rules are upstream's:
 * a path with {@code ..} is refused, one without an extension is never looked for.
 */
final class StaticHandler implements HttpHandler {
  /** The front of a target in absolute form, as proxies send it. */
  private static final Pattern ORIGIN = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*/?");

  /** Of upstream's entity tags. */
  private static final int CRC_POLYNOMIAL = 0x48D90782;

  private static final Pattern LEADING_SLASHES = Pattern.compile("^/+");

  private final StaticConfig config;
  private final Path root;
  private final HttpHandler next;
  private final Log log;
  private final EntityTags tags = new EntityTags(CRC_POLYNOMIAL);

  StaticHandler(StaticConfig config, Path root, HttpHandler next, Log log) {
    this.config = config;
    this.root = root;
    this.next = next;
    this.log = log;
  }

  /** What is known of a file once it was looked at. */
  private record Found(Path file, long size, Instant modified, String type, String etag) {}

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String path = decodedPath(request.target());
    if (path == null) {
      next.handle(request, response);
      return;
    }
    if (path.contains("..")) {
      response.head(403, new HttpHeaders());
      response.end();
      return;
    }
    String extension = extension(path);
    if (extension.isEmpty() || !config.serves(extension)) {
      if (!extension.isEmpty()) {
        log.debug("file extension is forbidden", "ext", extension);
      }
      next.handle(request, response);
      return;
    }
    request.offload(() -> {
      Found found = find(path);
      request.execute(() -> {
        if (found == null) {
          next.handle(request, response);
        } else {
          send(found, request, response);
        }
      });
    });
  }

  private void send(Found found, HttpRequest request, HttpResponse response) {
    HttpHeaders headers = new HttpHeaders();
    config.response().forEach(headers::set);
    if (!headers.contains("Content-Type")) {
      headers.set("Content-Type", found.type());
    }
    if (!found.etag().isEmpty()) {
      headers.set("ETag", found.etag());
    }
    new FileAnswer(found.file(), found.size(), found.modified()).send(request, response, headers);
  }

  /** Looks at the file; null when there is none that can be served. Blocks. */
  private @Nullable Found find(String path) {
    try {
      // Leading slashes would make the path an absolute one.
      Path file = root.resolve(LEADING_SLASHES.matcher(path).replaceFirst("")).normalize();
      if (!file.startsWith(root)) {
        return null;
      }
      BasicFileAttributes facts = facts(file);
      if (facts == null) {
        log.debug("no such file or directory", "path", path);
        return null;
      }
      if (!facts.isRegularFile() || !Files.isReadable(file)) {
        log.debug("not a file that can be served", "path", path);
        return null;
      }
      Instant modified = facts.lastModifiedTime().toInstant();
      return new Found(
          file, facts.size(), modified, MediaTypes.of(file), etag(file, facts, modified));
    } catch (InvalidPathException e) {
      log.debug("not a path", "path", path);
    } catch (IOException e) {
      log.warn("a file could not be read, the request goes on", "path", path, "error", e);
    }
    return null;
  }

  /** Null when there is nothing: whatever the reason is, a client's path can bring it about. */
  private static @Nullable BasicFileAttributes facts(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  private String etag(Path file, BasicFileAttributes facts, Instant modified) throws IOException {
    if (!config.calculateEtag()) {
      return "";
    }
    return config.weak()
        ? "W/" + tags.ofName(file.getFileName().toString())
        : tags.ofContent(file, facts.size(), modified);
  }

  /** The path of a request target without CR and LF; null when it has bad escapes. */
  private static @Nullable String decodedPath(String target) {
    int end = target.indexOf('?');
    String path = ORIGIN.matcher(end < 0 ? target : target.substring(0, end)).replaceFirst("/");
    // A name may come escaped or as it is: both are the same bytes.
    String decoded = PercentEncoding.decode(path);
    return decoded == null ? null : HttpText.of(decoded).replace("\r", "").replace("\n", "");
  }

  /** From the last dot of the last segment, lower case; empty when there is none. */
  private static String extension(String path) {
    int dot = path.lastIndexOf('.');
    return dot < path.lastIndexOf('/') || dot < 0
        ? ""
        : path.substring(dot).toLowerCase(Locale.ROOT);
  }
}
