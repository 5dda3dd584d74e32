package dev.rr.plugin.fileserver;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.log.Log;
import dev.rr.http.EntityTags;
import dev.rr.http.FileAnswer;
import dev.rr.http.MediaTypes;
import dev.rr.http.RequestPath;
import dev.rr.operator.WholeAnswer;
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the file in the first directory that has it and sends it. Files are looked at on virtual
 * threads of the request, everything else happens on its loop.
 */
final class FileserverHandler implements HttpHandler {
  /** Of upstream's entity tags. */
  private static final int CRC_POLYNOMIAL = 0xD5828281;

  private final FileserverConfig config;
  private final Path workDirectory;
  private final Log log;
  private final Compression compression = new Compression();
  private final EntityTags tags = new EntityTags(CRC_POLYNOMIAL);

  FileserverHandler(FileserverConfig config, Path workDirectory, Log log) {
    this.config = config;
    this.workDirectory = workDirectory;
    this.log = log;
  }

  /** What is known of a file once it was looked at. */
  private record Found(
      Directory directory, Path file, long size, Instant modified, String type, String etag) {}

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      response.head(405, new HttpHeaders().set("Allow", "GET, HEAD"));
      response.end();
      return;
    }
    Optional<String> path = RequestPath.of(request.target());
    if (path.isEmpty()) {
      answer(response, 400, "Bad Request");
      return;
    }
    request.offload(() -> {
      Optional<Found> found = find(path.get());
      request.execute(() ->
          found.ifPresentOrElse(
              file -> send(file, request, response), () -> answer(response, 404, "Not Found")));
    });
  }

  private static void answer(HttpResponse response, int status, String text) {
    HttpHeaders headers = new HttpHeaders().set("Content-Type", "text/plain; charset=utf-8");
    WholeAnswer.send(response, status, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Looks for the file. Blocks. */
  private Optional<Found> find(String path) {
    try {
      for (Directory directory : config.serve()) {
        Optional<Path> file = find(directory, path);
        if (file.isPresent()) {
          return Optional.of(look(directory, file.get()));
        }
      }
    } catch (IOException e) {
      log.warn("a file could not be read", "path", path, "error", e);
    }
    return Optional.empty();
  }

  private Optional<Path> find(Directory directory, String path) {
    String prefix = directory.prefix().replaceAll("/+$", "");
    boolean under =
        path.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT))
            && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    if (!under) {
      return Optional.empty();
    }
    try {
      Path root = workDirectory.resolve(directory.root()).normalize();
      String below = path.substring(prefix.length()).replaceAll("^/+", "");
      Path file = root.resolve(below).normalize();
      if (!file.startsWith(root)) {
        return Optional.empty();
      }
      file = Files.isDirectory(file) ? file.resolve("index.html") : file;
      return Files.isRegularFile(file) && Files.isReadable(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private Found look(Directory directory, Path file) throws IOException {
    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
    Instant modified = facts.lastModifiedTime().toInstant();
    return new Found(
        directory,
        file,
        facts.size(),
        modified,
        MediaTypes.of(file),
        etag(file, facts.size(), modified));
  }

  private String etag(Path file, long size, Instant modified) throws IOException {
    String tag = config.calculateEtag() ? tags.ofContent(file, size, modified) : "";
    return tag.isEmpty() || !config.weak() ? tag : "W/" + tag;
  }

  private void send(Found found, HttpRequest request, HttpResponse response) {
    Directory directory = found.directory();
    HttpHeaders headers = new HttpHeaders().set("Content-Type", found.type());
    if (!found.etag().isEmpty()) {
      headers.set("ETag", found.etag());
    }
    if (directory.maxAge() > 0) {
      headers.set("Cache-Control", "public, max-age=" + directory.maxAge());
    }
    if (directory.compress()) {
      headers.add("Vary", "Accept-Encoding");
    }
    boolean gzip = directory.compress() && compression.applies(request, found.type(), found.size());
    if (!directory.bytesRange()) {
      request.headers().remove("Range");
    }
    HttpResponse to =
        gzip
            ? compression.of(request, response)
            : new DirectoryResponse(response, directory.bytesRange());
    new FileAnswer(found.file(), found.size(), found.modified()).send(request, to, headers);
  }
}
