package dev.rr.plugin.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/** Netty's own client. */
final class Http3Client implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  final QuicChannel connection;
  final List<String> subjects = new CopyOnWriteArrayList<>();

  Http3Client(Http3Listener listener) throws Exception {
    Channel udp =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(
                Http3.newQuicClientCodecBuilder()
                    .sslContext(
                        QuicSslContextBuilder.forClient()
                            .trustManager(new Anybody(subjects))
                            .endpointIdentificationAlgorithm(null)
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
            .get(20, TimeUnit.SECONDS);
  }

  /** Trusts everybody, and remembers whom. */
  private record Anybody(List<String> subjects) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      subjects.add(chain[0].getSubjectX500Principal().getName());
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A request's head. */
  static Http3Headers head(String method, String path) {
    Http3Headers head = new DefaultHttp3Headers(false);
    head.method(method).path(path).scheme("https").authority("example.com");
    return head;
  }

  QuicStreamChannel open(Answer answer, Http3Headers head) throws Exception {
    QuicStreamChannel stream = Http3.newRequestStream(connection, answer).get(20, TimeUnit.SECONDS);
    var unused = stream.writeAndFlush(new DefaultHttp3HeadersFrame(head));
    return stream;
  }

  QuicStreamChannel open(Answer answer, String method, String path) throws Exception {
    Http3Headers head = head(method, path);
    head.add("cookie", "a=1").add("cookie", "b=2").add("x-real-ip", "192.0.2.1");
    return open(answer, head);
  }

  Answer get(String path) throws Exception {
    Answer answer = new Answer();
    // An answer may come, and the stream end, before this is said.
    var unused = open(answer, "GET", path).shutdownOutput();
    return answer;
  }

  @Override
  public void close() throws Exception {
    connection.close().await(1000);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2000);
  }

  /** What came back. */
  static final class Answer extends Http3RequestStreamInboundHandler {
    final List<Http3Headers> heads = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    final CompletableFuture<Answer> begun = new CompletableFuture<>();
    final CompletableFuture<Answer> whole = new CompletableFuture<>();

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
      heads.add(frame.headers());
      begun.complete(this);
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
}
