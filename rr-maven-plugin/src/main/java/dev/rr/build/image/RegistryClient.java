package dev.rr.build.image;

import dev.rr.build.BuildException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one registry about one repository: with a token where one is asked for, along
 * redirects, each answer bounded in bytes and time. One thread.
 */
final class RegistryClient {
  private static final Duration TO_CONNECT = Duration.ofSeconds(20);
  private static final Duration TO_ANSWER = Duration.ofMinutes(1);
  private static final int SLOWEST = 100_000; // bytes in a second
  private static final int MAX_TEXT = 4 << 20;
  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> LATER = Set.of(408, 425, 429, 500, 502, 503, 504);

  private final ImageName name;
  private final Authorization authorization;
  private final Retries retries;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * What is asked.
   *
   * @param body of the request, which can be sent again
   * @param into where the body of a good answer goes; null for memory
   * @param bytes how many go to and fro, at most
   */
  record Call(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      @Nullable Path into,
      long bytes) {
    static Call of(String method, URI uri, Map<String, String> headers) {
      return new Call(method, uri, headers, HttpRequest.BodyPublishers.noBody(), null, MAX_TEXT);
    }

    private Call at(URI other) {
      return new Call(method, other, headers, body, into, bytes);
    }

    private Duration limit() {
      return TO_ANSWER.plusSeconds(bytes / SLOWEST);
    }
  }

  /**
   * What is answered.
   *
   * @param from where it came from, along redirects
   * @param content empty where it went into a file
   */
  record Reply(int status, URI from, HttpHeaders headers, byte[] content) {
    String text() {
      return new String(content, StandardCharsets.UTF_8);
    }

    String header(String key) {
      return headers.firstValue(key).orElse("");
    }
  }

  /**
   * Makes one.
   *
   * @param actions what is meant to be done: {@code pull}, or {@code pull,push}
   */
  RegistryClient(ImageName name, String actions, Optional<Login> login, Retries retries) {
    this.name = name;
    this.retries = retries;
    this.authorization = new Authorization(name, actions, login, this::exchange);
  }

  ImageName name() {
    return name;
  }

  Retries retries() {
    return retries;
  }

  /** The place of something in the repository. */
  URI uri(String path) {
    return URI.create(name.url() + path);
  }

  /** Asks until there is an answer of these kinds; another one is an error. */
  Reply ask(Call call, Integer... wanted) throws BuildException, IOException, InterruptedException {
    return retries.of(() -> askOnce(call, wanted));
  }

  /** Asks once, but for tokens and redirects. */
  Reply askOnce(Call first, Integer... wanted)
      throws Unavailable, BuildException, IOException, InterruptedException {
    Call call = first;
    boolean authorized = false;
    for (int redirects = 0; redirects < MAX_REDIRECTS; ) {
      Reply reply = exchange(signed(call, first));
      if (List.of(wanted).contains(reply.status())) {
        return reply;
      }
      if (reply.status() == 401 && call == first && !authorized) {
        authorized = true;
        authorization.renew(reply.headers().allValues("www-authenticate"));
      } else if (follows(call, reply.status())) {
        redirects++;
        call = call.at(next(reply));
      } else if (LATER.contains(reply.status())) {
        throw new Unavailable(said(reply), after(reply));
      } else if (reply.status() == 401) {
        throw authorization.refused();
      } else {
        throw new BuildException(said(reply));
      }
    }
    throw new BuildException("%s: more than %d redirects".formatted(name, MAX_REDIRECTS));
  }

  /**
   * With what the registry wants to see, for itself alone: where it sends one to takes the
   * signature in the address, and refuses a second one.
   */
  private Call signed(Call call, Call first) {
    Optional<String> value = authorization.value();
    if (value.isEmpty() || call != first || !own(call.uri())) {
      return call;
    }
    Map<String, String> headers = new TreeMap<>(call.headers());
    headers.put("Authorization", value.get());
    return new Call(call.method(), call.uri(), headers, call.body(), call.into(), call.bytes());
  }

  private boolean own(URI uri) {
    URI own = uri("");
    return own.getScheme().equals(uri.getScheme()) && own.getAuthority().equals(uri.getAuthority());
  }

  private static boolean follows(Call call, int status) {
    boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
    return REDIRECTS.contains(status) && (reads || status >= 307);
  }

  private URI next(Reply reply) throws BuildException {
    return resolve(reply.from(), reply.header("location"), "sends one on to");
  }

  /** An address that the registry gave, which has to be one, and as safe as that it came from. */
  URI resolve(URI from, String given, String what) throws BuildException {
    URI to;
    try {
      to = from.resolve(given);
    } catch (IllegalArgumentException e) {
      to = from;
    }
    String scheme = String.valueOf(to.getScheme());
    String shown = RegistryError.address(given);
    if (given.isBlank() || !isAddress(to) || !scheme.matches("https?") || to.equals(from)) {
      throw new BuildException(
          "%s: %s %s \"%s\", which is no address".formatted(name, from.getHost(), what, shown));
    }
    if (from.getScheme().equals("https") && scheme.equals("http")) {
      throw new BuildException(
          "%s: %s %s \"%s\", which is not encrypted".formatted(name, from.getHost(), what, shown));
    }
    return to;
  }

  /** The JDK's client throws at others. */
  static boolean isAddress(URI uri) {
    return uri.getHost() != null && uri.getPort() < 1 << 16;
  }

  /** What a reply that is not wanted says. */
  private String said(Reply reply) {
    return "%s: %s answered %d%s"
        .formatted(name, reply.from().getHost(), reply.status(), RegistryError.text(reply.text()));
  }

  private static Optional<Duration> after(Reply reply) {
    String seconds = reply.header("retry-after");
    return seconds.matches("\\d{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  private Reply exchange(Call call)
      throws Unavailable, BuildException, IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri()).timeout(call.limit()).method(call.method(), call.body());
    call.headers().forEach(request::header);
    ByteArrayOutputStream memory = new ByteArrayOutputStream();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request.build(), info -> sink(call, info.statusCode(), memory));
    try {
      HttpResponse<Void> response = answer.get(call.limit().toSeconds(), TimeUnit.SECONDS);
      return new Reply(response.statusCode(), call.uri(), response.headers(), memory.toByteArray());
    } catch (TimeoutException e) {
      throw new Unavailable(failed(call, "took longer than " + call.limit()), Optional.empty());
    } catch (ExecutionException e) {
      throw failure(call, e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static BoundedBody sink(Call call, int status, ByteArrayOutputStream memory) {
    if (call.into() == null || status != 200) {
      return new BoundedBody(Channels.newChannel(memory), MAX_TEXT);
    }
    try {
      return new BoundedBody(
          FileChannel.open(
              call.into(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
          call.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is over at once as an exception of its own; what may go well the next time is thrown. */
  private BuildException failure(Call call, @Nullable Throwable cause) throws Unavailable {
    if (cause instanceof BoundedBody.NotKeptException) {
      return new BuildException(
          "%s: %s cannot be written: %s".formatted(name, call.into(), cause.getMessage()));
    }
    if (cause instanceof ConnectException) {
      return new BuildException(failed(call, "cannot be asked: " + reason(cause)));
    }
    if (cause instanceof SSLException) {
      return new BuildException(failed(call, "cannot be asked: " + cause.getMessage()));
    }
    if (cause instanceof BoundedBody.TooLongException) {
      return new BuildException(failed(call, "says too much: " + cause.getMessage()));
    }
    throw new Unavailable(failed(call, "broke off: " + cause), Optional.empty());
  }

  /** The client's own exception has no words; those that it stands for say why by their class. */
  private static String reason(Throwable refused) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name leads to no address from here";
      }
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return "it takes no connection";
  }

  private String failed(Call call, String how) {
    return "%s: %s %s".formatted(name, call.uri().getHost(), how);
  }
}
