package dev.rr.plugin.http3;

import static dev.rr.plugin.http3.Http3Fixture.bytes;
import static dev.rr.plugin.http3.Http3Fixture.listen;
import static dev.rr.plugin.http3.Http3Fixture.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.http3.Http3Client.Answer;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.tls.TestKeys;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener with Netty's own client. */
@Timeout(30)
class Http3PluginTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    Http3Fixture.makeKey(dir);
    TestKeys.make(dir, "other", "RSA");
  }

  @Test
  void mapsARequestAndAnswersInterimHeadHeadBodyAndTrailers() throws Exception {
    Http3Listener listener =
        listen(
            dir,
            (request, response) -> {
              response.interim(103, new HttpHeaders().add("Link", "</a>"));
              response.head(201, new HttpHeaders().add("X-A", "1").add("X-A", "2\r\nX-B: 3"));
              response.write(
                  bytes(
                      String.join(
                          " ",
                          request.protocol(),
                          request.method(),
                          request.scheme(),
                          request.host(),
                          request.target(),
                          request.remoteAddress(),
                          request.headers().get("Cookie", ""),
                          request.headers().name(request.headers().size() - 1),
                          String.valueOf(request.headers().toString().contains("X-Real-Ip: ")),
                          Thread.currentThread().getName())));
              response.end(new HttpHeaders().add("X-Sum", "9"));
            });
    try (Http3Client client = new Http3Client(listener)) {
      Answer answer = client.get("/a?b=c").get();
      assertThat(answer.heads).hasSize(3);
      assertThat(answer.heads.get(0).status()).hasToString("103");
      assertThat(answer.heads.get(0).get("link")).hasToString("</a>");
      assertThat(answer.heads.get(1).status()).hasToString("201");
      assertThat(answer.heads.get(1).getAll("x-a")).hasToString("[1, 2  X-B: 3]");
      assertThat(answer.heads.get(1).contains("date")).isTrue();
      assertThat(answer.heads.get(1).get("content-type")).hasToString("text/plain; charset=utf-8");
      assertThat(answer.heads.get(2).get("x-sum")).hasToString("9");
      assertThat(answer.text())
          .startsWith("HTTP/3.0 GET https example.com /a?b=c 127.0.0.1 a=1; b=2 ")
          .contains(" true http3-loop");
    } finally {
      stop(listener);
    }
  }

  @Test
  void carriesLargeBodiesBothWaysAtTheClientsPace() throws Exception {
    byte[] body = new byte[5_000_000];
    new Random(5).nextBytes(body);
    Http3Listener listener = listen(dir, Http3Fixture::echo);
    try (Http3Client client = new Http3Client(listener)) {
      Answer answer = new Answer();
      QuicStreamChannel stream = client.open(answer, "POST", "/");
      for (int at = 0; at < body.length; at += 50_000) {
        var unused =
            stream.write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(body, at, 50_000)));
      }
      stream
          .writeAndFlush(new DefaultHttp3DataFrame(Unpooled.EMPTY_BUFFER))
          .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
      assertThat(Arrays.equals(answer.get().body.toByteArray(), body)).isTrue();
    } finally {
      stop(listener);
    }
  }

  /**
   * A client that has just come is sent more than its socket holds, so packets are lost: the
   * answer's end as well, now and then.
   */
  @Test
  void sendsFilesAndAnswersThatAHandlerGivesLater() throws Exception {
    Path file = dir.resolve("f");
    Files.writeString(file, "0123456789".repeat(50_000));
    Http3Listener listener =
        listen(
            dir,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              response.file(file, 5, 400_000, () -> {});
              request.offload(() -> request.execute(() -> response.end()));
            });
    try {
      for (int i = 0; i < 30; i++) {
        try (Http3Client client = new Http3Client(listener)) {
          assertThat(client.get("/").get().text())
              .isEqualTo("0123456789".repeat(50_000).substring(5, 400_005));
        }
      }
    } finally {
      stop(listener);
    }
  }

  @Test
  void answersALateBodyWith408AndAMalformedTargetWith400() throws Exception {
    Http3Listener listener = listen(dir, (request, response) -> {}, Duration.ofMillis(200));
    try (Http3Client client = new Http3Client(listener)) {
      Answer late = new Answer();
      client.open(late, "POST", "/");
      assertThat(late.get().heads.getFirst().status()).hasToString("408");
      assertThat(client.get("no-slash").get().heads.getFirst().status()).hasToString("400");
    } finally {
      stop(listener);
    }
  }

  @Test
  void tellsAHandlerThatItsClientWentAway() throws Exception {
    CompletableFuture<String> over = new CompletableFuture<>();
    CompletableFuture<String> begun = new CompletableFuture<>();
    Http3Listener listener =
        listen(
            dir,
            (request, response) -> {
              response.onClose(() -> over.complete("closed"));
              begun.complete("begun");
            });
    try (Http3Client client = new Http3Client(listener)) {
      Answer answer = new Answer();
      QuicStreamChannel stream = client.open(answer, "POST", "/");
      assertThat(begun.get(10, TimeUnit.SECONDS)).isEqualTo("begun");
      stream.shutdown(0x10c);
      assertThat(over.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
    } finally {
      stop(listener);
    }
  }

  @Test
  void finishesRunningRequestsWhenStopped() throws Exception {
    CompletableFuture<HttpResponse> running = new CompletableFuture<>();
    CompletableFuture<HttpRequest> asked = new CompletableFuture<>();
    Http3Listener listener =
        listen(
            dir,
            (request, response) -> {
              asked.complete(request);
              running.complete(response);
            });
    try (Http3Client client = new Http3Client(listener)) {
      Answer answer = client.get("/");
      HttpResponse response = running.get(20, TimeUnit.SECONDS);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> {
            try {
              listener.stop(Deadline.after(Duration.ofSeconds(20)));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      Http3ClientConnectionHandler handler =
          client.connection.pipeline().get(Http3ClientConnectionHandler.class);
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!handler.isGoAwayReceived() && System.nanoTime() < end) {
        Thread.sleep(5);
      }
      assertThat(handler.isGoAwayReceived()).isTrue();
      asked
          .get()
          .execute(() -> {
            response.head(200, new HttpHeaders());
            response.write(bytes("done"));
            response.end();
          });
      assertThat(answer.get().text()).isEqualTo("done");
      stopped.get(20, TimeUnit.SECONDS);
      assertThat(client.connection.closeFuture().await(20_000)).isTrue();
    }
  }

  @Test
  void showsANewCertificateToNewConnectionsAndKeepsTheOldOnes() throws Exception {
    Http3Listener listener =
        listen(
            dir,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              response.write(bytes("hello"));
              response.end();
            });
    try (Http3Client before = new Http3Client(listener)) {
      assertThat(before.get("/").get().text()).isEqualTo("hello");
      listener.show(TestKeys.read(dir, "other"));
      try (Http3Client after = new Http3Client(listener)) {
        assertThat(after.get("/").get().text()).isEqualTo("hello");
        assertThat(after.subjects).containsExactly("CN=other");
      }
      assertThat(before.get("/").get().text()).isEqualTo("hello");
      assertThat(before.subjects).containsExactly("CN=k");
    } finally {
      stop(listener);
    }
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    Http3Listener listener = listen(dir, (request, response) -> {});
    String taken = "127.0.0.1:" + listener.bound().getPort();
    Http3Plugin second = plugin(taken);
    try {
      assertThatThrownBy(second::start)
          .hasMessage(
              "http.http3.address: cannot listen on "
                  + taken
                  + ": the address is in use by another program");
    } finally {
      second.stop(Deadline.after(Duration.ofSeconds(3)));
      stop(listener);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "443", "unix://h3.sock", "tcp://127.0.0.1:443", "127.0.0.1:65536"})
  void saysWhatIsNoPortOfUdp(String address) {
    assertThat(FoundProblems.of(new Http3Config(address, "k.key", "k.crt"), "http.http3"))
        .singleElement()
        .asString()
        .startsWith("http.http3.address: '" + address + "' is no address: ")
        .contains("; allowed are host:port, :port and [v6]:port");
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin("127.0.0.1:0"), () -> plugin("127.0.0.1:" + taken.getLocalPort()));
    }
  }

  private Http3Plugin plugin(String address) {
    HttpChain.Limits limits =
        new HttpChain.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    return new Http3Plugin(
        new Http3Config(address, "k.key", "k.crt"),
        new FakeConfigurer(),
        new Http3Fixture.Chain((request, response) -> {}, limits),
        Optional.empty(),
        new FakeHost(dir),
        name -> new Http3Fixture.NoLog());
  }
}
