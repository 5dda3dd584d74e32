package dev.rr.plugin.sqs;

import dev.rr.api.plugin.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * What the library sends its requests with: the JDK's client, which keeps connections, ends a
 * request in the middle and can be closed. Any thread; an interrupt ends a request.
 */
final class SqsHttp implements SdkHttpClient {
  /** When the request of the calling thread is to be over. */
  static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Without a deadline. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** Ten messages of a mebibyte, in JSON. */
  private static final long LARGEST_ANSWER = 64L << 20;

  /** The JDK's client writes these itself. */
  private static final Set<String> OWN =
      Set.of("host", "content-length", "expect", "connection", "transfer-encoding");

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rr-sqs-http").factory());
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .executor(threads)
          .build();

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Prepared(request);
  }

  @Override
  public String clientName() {
    return "Jdk";
  }

  @Override
  public void close() {
    client.shutdownNow();
    try {
      boolean _ = client.awaitTermination(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }

  private final class Prepared implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;
    private volatile boolean aborted;
    private volatile CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();

    Prepared(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      Deadline deadline = DEADLINE.isBound() ? DEADLINE.get() : Deadline.after(ANSWER);
      if (aborted || deadline.passed()) {
        throw new HttpTimeoutException("no time left for an answer");
      }
      long begun = System.nanoTime();
      answer =
          client.sendAsync(
              translated(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
      try {
        return translated(answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        abort();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        throw new HttpTimeoutException("no answer within " + millis + " ms");
      } catch (InterruptedException e) {
        abort();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException lost ? lost : new IOException(e.getCause());
      }
    }

    private HttpRequest translated() throws IOException {
      SdkHttpRequest given = request.httpRequest();
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(given.getUri()).method(given.method().name(), body());
      given.forEachHeader((name, values) -> {
        if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
          values.forEach(value -> builder.header(name, value));
        }
      });
      return builder.build();
    }

    private BodyPublisher body() throws IOException {
      if (request.contentStreamProvider().isEmpty()) {
        return BodyPublishers.noBody();
      }
      try (InputStream content = request.contentStreamProvider().get().newStream()) {
        return BodyPublishers.ofByteArray(content.readAllBytes());
      }
    }

    private static HttpExecuteResponse translated(HttpResponse<byte[]> response) {
      return HttpExecuteResponse.builder()
          .response(
              SdkHttpFullResponse.builder()
                  .statusCode(response.statusCode())
                  .headers(response.headers().map())
                  .build())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(response.body())))
          .build();
    }

    @Override
    public void abort() {
      aborted = true;
      boolean _ = answer.cancel(true);
    }
  }
}
