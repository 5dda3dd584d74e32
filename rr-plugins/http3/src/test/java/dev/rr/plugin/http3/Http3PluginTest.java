package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listener with Netty's own client. */
@Timeout(30)
class Http3PluginTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKey() throws Exception {
    Path store = dir.resolve("k.p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString(),
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
    pem("k.key", "PRIVATE KEY", keys.getKey("k", "secret".toCharArray()).getEncoded());
    pem("k.crt", "CERTIFICATE", keys.getCertificate("k").getEncoded());
  }

  private static void pem(String file, String kind, byte[] der) throws Exception {
    Files.writeString(
        dir.resolve(file),
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n");
  }

  private record Chain(HttpHandler handler, Limits limits) implements HttpChain {
    @Override
    public void announce(String value) {}
  }

  private static final class NoLog implements Log {
    @Override
    public boolean enabled(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
      if (error != null && level != Level.DEBUG) {
        throw new AssertionError(message, error);
      }
    }
  }

  private static Http3Listener listen(HttpHandler handler, Duration read) throws Exception {
    Http3Listener listener =
        new Http3Listener(
            new Chain(
                handler, new HttpChain.Limits(read, Duration.ofMinutes(1), Duration.ofMinutes(1))),
            new NoLog());
    listener.listen(
        new InetSocketAddress("127.0.0.1", 0),
        dir.resolve("k.key").toFile(),
        dir.resolve("k.crt").toFile());
    return listener;
  }

  private static Http3Listener listen(HttpHandler handler) throws Exception {
    return listen(handler, Duration.ofMinutes(1));
  }

  /** What came back. */
  private static final class Answer extends Http3RequestStreamInboundHandler {
    final List<Http3Headers> heads = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    final CompletableFuture<Answer> whole = new CompletableFuture<>();

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
      heads.add(frame.headers());
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
      byte[] bytes = new byte[frame.content().readableBytes()];
      frame.content().readBytes(bytes);
      body.writeBytes(bytes);
      frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
      whole.complete(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      whole.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      whole.completeExceptionally(new java.io.IOException("the stream was closed"));
    }

    Answer get() throws Exception {
      return whole.get(20, TimeUnit.SECONDS);
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }

  private static final class Client implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final QuicChannel connection;

    Client(Http3Listener listener) throws Exception {
      Channel udp =
          new Bootstrap()
              .group(group)
              .channel(NioDatagramChannel.class)
              .handler(
                  Http3.newQuicClientCodecBuilder()
                      .sslContext(
                          QuicSslContextBuilder.forClient()
                              .trustManager(InsecureTrustManagerFactory.INSTANCE)
                              .applicationProtocols(Http3.supportedApplicationProtocols())
                              .build())
                      .maxIdleTimeout(20, TimeUnit.SECONDS)
                      .initialMaxData(10_000_000)
                      .initialMaxStreamDataBidirectionalLocal(1_000_000)
                      .build())
              .bind(0)
              .sync()
              .channel();
      connection =
          QuicChannel.newBootstrap(udp)
              .handler(new Http3ClientConnectionHandler())
              .remoteAddress(listener.bound())
              .connect()
              .get(10, TimeUnit.SECONDS);
    }

    QuicStreamChannel open(Answer answer, String method, String path) throws Exception {
      QuicStreamChannel stream =
          Http3.newRequestStream(connection, answer).get(10, TimeUnit.SECONDS);
      Http3Headers head = new DefaultHttp3Headers();
      head.method(method).path(path).scheme("https").authority("example.com");
      head.add("cookie", "a=1").add("cookie", "b=2").add("x-real-ip", "192.0.2.1");
      var unused = stream.writeAndFlush(new DefaultHttp3HeadersFrame(head));
      return stream;
    }

    Answer get(String path) throws Exception {
      Answer answer = new Answer();
      open(answer, "GET", path).shutdownOutput().sync();
      return answer;
    }

    @Override
    public void close() throws Exception {
      connection.close().await(1000);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2000);
    }
  }

  private static void stop(Http3Listener listener) throws Exception {
    listener.stop(Deadline.after(Duration.ofSeconds(3)));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with the body, piece by piece, at the client's pace. */
  private static void echo(HttpRequest request, HttpResponse response) {
    response.head(200, new HttpHeaders());
    response.onWritable(() -> request.body().resume());
    request
        .body()
        .read(
            new RequestBody.Reader() {
              @Override
              public void chunk(ByteBuffer chunk) {
                response.write(chunk);
                response.flush();
                if (!response.writable()) {
                  request.body().pause();
                }
              }

              @Override
              public void end(HttpHeaders trailers) {
                response.end(trailers);
              }

              @Override
              public void failed(HttpFault fault) {
                response.abort(fault);
              }
            });
  }

  @Test
  void mapsARequestAndAnswersInterimHeadHeadBodyAndTrailers() throws Exception {
    Http3Listener listener =
        listen((request, response) -> {
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
    try (Client client = new Client(listener)) {
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
    Http3Listener listener = listen(Http3PluginTest::echo);
    try (Client client = new Client(listener)) {
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

  @Test
  void sendsFilesAndAnswersThatAHandlerGivesLater() throws Exception {
    Path file = dir.resolve("f");
    Files.writeString(file, "0123456789".repeat(50_000));
    Http3Listener listener =
        listen((request, response) -> {
          response.head(200, new HttpHeaders());
          response.file(file, 5, 400_000, () -> {});
          request.offload(() -> request.execute(() -> response.end()));
        });
    try (Client client = new Client(listener)) {
      assertThat(client.get("/").get().text())
          .isEqualTo("0123456789".repeat(50_000).substring(5, 400_005));
    } finally {
      stop(listener);
    }
  }

  @Test
  void answersALateBodyWith408AndAMalformedTargetWith400() throws Exception {
    Http3Listener listener = listen((request, response) -> {}, Duration.ofMillis(200));
    try (Client client = new Client(listener)) {
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
        listen((request, response) -> {
          response.onClose(() -> over.complete("closed"));
          begun.complete("begun");
        });
    try (Client client = new Client(listener)) {
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
        listen((request, response) -> {
          asked.complete(request);
          running.complete(response);
        });
    try (Client client = new Client(listener)) {
      Answer answer = client.get("/");
      HttpResponse response = running.get(10, TimeUnit.SECONDS);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> {
            try {
              listener.stop(Deadline.after(Duration.ofSeconds(10)));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      Http3ClientConnectionHandler handler =
          client.connection.pipeline().get(Http3ClientConnectionHandler.class);
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
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
      stopped.get(10, TimeUnit.SECONDS);
      assertThat(client.connection.closeFuture().await(5000)).isTrue();
    }
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    Http3Listener listener = listen((request, response) -> {});
    try {
      Http3Listener second =
          new Http3Listener(
              new Chain(
                  (request, response) -> {},
                  new HttpChain.Limits(
                      Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1))),
              new NoLog());
      assertThatThrownBy(() ->
              second.listen(
                  listener.bound(), dir.resolve("k.key").toFile(), dir.resolve("k.crt").toFile()))
          .hasMessageContaining("http.http3.address");
      stop(second);
    } finally {
      stop(listener);
    }
  }
}
