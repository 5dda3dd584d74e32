package dev.rr.plugin.fileserver;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import dev.rr.web.ContentSniffer;
import dev.rr.web.FileAnswer;
import dev.rr.web.MediaTypes;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the file in the first directory that has it and sends it. Runs on Undertow's worker
 * threads.
 */
final class FileserverHandler implements HttpHandler {
  /** Bytes below which compressing gains nothing; upstream's. */
  private static final int MIN_COMPRESSED = 200;

  /** The coding, unless its weight is zero. */
  private static final Pattern GZIP = Pattern.compile("gzip(?!\\s*;\\s*q=0(\\.0*)?$)(\\s*;.*)?");

  private final FileserverConfig config;
  private final Path workDirectory;
  private final Log log;

  FileserverHandler(FileserverConfig config, Path workDirectory, Log log) {
    this.config = config;
    this.workDirectory = workDirectory;
    this.log = log;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (exchange.isInIoThread()) {
      exchange.dispatch(this);
      return;
    }
    exchange.startBlocking();
    String method = exchange.getRequestMethod().toString();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.setStatusCode(405).getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
      exchange.endExchange();
      return;
    }
    try {
      Optional<String> path = RequestPath.of(exchange.getRequestURI());
      if (path.isEmpty()) {
        answer(exchange, 400, "Bad Request");
        return;
      }
      for (Directory directory : config.serve()) {
        Optional<Path> file = find(directory, path.get());
        if (file.isPresent()) {
          send(exchange, directory, file.get());
          return;
        }
      }
      notFound(exchange);
    } catch (UncheckedIOException e) {
      log.debug("the client went away", "uri", exchange.getRequestURI(), "error", e.getCause());
      exchange.endExchange();
    } catch (IOException e) {
      log.warn("a file could not be read", "uri", exchange.getRequestURI(), "error", e);
      notFound(exchange);
    }
  }

  private static void notFound(HttpServerExchange exchange) {
    answer(exchange, 404, "Not Found");
  }

  private static void answer(HttpServerExchange exchange, int status, String text) {
    if (!exchange.isResponseStarted()) {
      exchange
          .setStatusCode(status)
          .getResponseHeaders()
          .put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
      exchange.getResponseSender().send(text);
    }
    exchange.endExchange();
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

  private void send(HttpServerExchange exchange, Directory directory, Path file)
      throws IOException {
    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
    HttpHeaders headers = new HttpHeaders().set("Content-Type", type(file));
    if (config.calculateEtag()) {
      String tag = ContentTags.of(file, config.weak());
      if (!tag.isEmpty()) {
        headers.set("ETag", tag);
      }
    }
    if (directory.maxAge() > 0) {
      headers.set("Cache-Control", "public, max-age=" + directory.maxAge());
    }
    boolean gzip =
        directory.compress()
            && facts.size() >= MIN_COMPRESSED
            && compressible(headers)
            && takesGzip(exchange);
    if (directory.compress()) {
      headers.add("Vary", "Accept-Encoding");
    }
    UndertowExchange both = new UndertowExchange(exchange, directory.bytesRange(), gzip, log);
    new FileAnswer(file, facts.size(), facts.lastModifiedTime().toInstant())
        .send(both, new Sent(both, directory.bytesRange(), gzip), headers);
  }

  private static boolean takesGzip(HttpServerExchange exchange) {
    HeaderValues lines = exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING);
    return lines != null
        && lines.stream()
            .flatMap(line -> Stream.of(line.split(",", -1)))
            .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
            .anyMatch(coding -> GZIP.matcher(coding).matches())
        && !exchange.getRequestHeaders().contains(Headers.RANGE);
  }

  /** Says in the head what the directory allows, of a HEAD answer as of the whole one. */
  private static final class Sent extends ForwardingResponse {
    private final boolean ranges;
    private final boolean gzip;
    private final boolean head;

    Sent(UndertowExchange both, boolean ranges, boolean gzip) {
      super(both);
      this.ranges = ranges;
      this.gzip = gzip;
      this.head = both.method().equals("HEAD");
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      if (!ranges || gzip) {
        headers.remove("Accept-Ranges");
      }
      String tag = headers.get("ETag", "");
      if (gzip && tag.startsWith("\"")) {
        // Other bytes than the file's, which a strong tag would promise.
        headers.set("ETag", "W/" + tag);
      }
      if (gzip && status == 200) {
        headers.set("Content-Encoding", "gzip").remove("Content-Length");
        if (head) {
          // Undertow would say that the body has no byte.
          headers.set("Transfer-Encoding", "chunked");
        }
      }
      super.head(status, headers);
    }
  }

  private static boolean compressible(HttpHeaders headers) {
    String type = headers.get("Content-Type", "");
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/wasm")
        || type.contains("xml");
  }

  private static String type(Path file) throws IOException {
    Optional<String> known = MediaTypes.ofName(file.getFileName().toString());
    if (known.isPresent()) {
      return known.get();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ContentSniffer.sniff(ByteBuffer.wrap(in.readNBytes(ContentSniffer.LENGTH)));
    }
  }
}
