package dev.rr.plugin.otel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A collector on the loopback interface that keeps what it gets. Closing it frees the port. */
final class Collector implements AutoCloseable {
  /**
   * An export request.
   *
   * @param headers names in lower case
   */
  record Request(String path, Map<String, String> headers, Exported content) {}

  private final BlockingQueue<Request> received = new LinkedBlockingQueue<>();
  private int port;
  private AutoCloseable server = () -> {};

  private Collector() {}

  /** Speaks OTLP over HTTP/1.1. */
  static Collector http() throws IOException {
    Collector collector = new Collector();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 8);
    server.createContext("/", collector::take);
    server.start();
    collector.port = server.getAddress().getPort();
    collector.server = () -> server.stop(0);
    return collector;
  }

  private void take(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    boolean gzip = headers.getOrDefault("content-encoding", "").equals("gzip");
    byte[] body = plain(exchange.getRequestBody().readAllBytes(), gzip);
    received.add(new Request(exchange.getRequestURI().getPath(), headers, Exported.read(body)));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static byte[] plain(byte[] body, boolean gzip) throws IOException {
    InputStream in = new ByteArrayInputStream(body);
    try (InputStream all = gzip ? new GZIPInputStream(in) : in) {
      return all.readAllBytes();
    }
  }

  /** Speaks OTLP over gRPC, without TLS. */
  static Collector grpc() {
    Collector collector = new Collector();
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Channel listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(Http2FrameCodecBuilder.forServer().build())
                        .addLast(new Http2MultiplexHandler(collector.new Call()));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    collector.port = ((InetSocketAddress) listening.localAddress()).getPort();
    collector.server = () -> loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    return collector;
  }

  /** One stream is one call: a message of five bytes' head, answered with an empty one. */
  private final class Call extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new SimpleChannelInboundHandler<Http2StreamFrame>() {
                private final Map<String, String> headers = new HashMap<>();
                private final ByteArrayOutputStream body = new ByteArrayOutputStream();

                @Override
                protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame)
                    throws IOException {
                  if (frame instanceof Http2HeadersFrame head) {
                    head.headers()
                        .forEach(e -> headers.put(e.getKey().toString(), e.getValue().toString()));
                  } else if (frame instanceof Http2DataFrame data) {
                    body.writeBytes(ByteBufUtil.getBytes(data.content()));
                    if (data.isEndStream()) {
                      end(context);
                    }
                  }
                }

                private void end(ChannelHandlerContext context) throws IOException {
                  byte[] all = body.toByteArray();
                  byte[] message = java.util.Arrays.copyOfRange(all, 5, all.length);
                  received.add(
                      new Request(
                          headers.getOrDefault(":path", ""),
                          headers,
                          Exported.read(plain(message, all[0] == 1))));
                  Http2Headers head =
                      new DefaultHttp2Headers()
                          .status("200")
                          .set("content-type", "application/grpc");
                  context.write(new DefaultHttp2HeadersFrame(head));
                  context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[5])));
                  context.writeAndFlush(
                      new DefaultHttp2HeadersFrame(
                          new DefaultHttp2Headers().set("grpc-status", "0"), true));
                }
              });
    }
  }

  /** Where it listens. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** The next request; fails after ten seconds. */
  Request next() throws InterruptedException {
    Request request = received.poll(10, TimeUnit.SECONDS);
    assertThat(request).as("an export request").isNotNull();
    if (request == null) {
      throw new AssertionError();
    }
    return request;
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
