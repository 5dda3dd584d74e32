package dev.rr.plugin.centrifuge;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import com.google.protobuf.Empty;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.OncePerSecond;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.net.Address;
import dev.rr.netty.EventLoops;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls Centrifugo's API over one connection, which is dialed with the first call and again when it
 * is lost. Any thread.
 */
final class ApiClient {
  /** The service's full name. */
  static final String SERVICE = "centrifugal.centrifugo.api.CentrifugoApi";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", ASCII_STRING_MARSHALLER);

  private static final int DIAL_MILLIS = 10_000;

  /** Go's servers end connections of clients that look more often. */
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

  private static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(20);

  /** Bytes of an answer; upstream's bound. */
  private static final int LARGEST = 4 << 20;

  /** Milliseconds that closing may take in any case. */
  private static final long CLOSE_MILLIS = 500;

  private final Address.Tcp address;
  private final CallOptions options;
  private final String key;
  private final OncePerSecond dials = new OncePerSecond();
  private final EventLoops loops = EventLoops.nio("centrifuge-api", 1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("centrifuge-api").factory());
  private final ManagedChannel channel;

  private ApiClient(CentrifugeConfig config, @Nullable SslContext tls) {
    this.address = config.api();
    this.options =
        config.useCompressor() ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT;
    this.key = config.apiKey();
    this.channel = channel(tls);
  }

  /**
   * One that has not dialed yet.
   *
   * @param folder what paths of files begin at
   * @throws IOException for the user: a file cannot be used
   */
  static ApiClient open(CentrifugeConfig config, Path folder) throws IOException {
    Optional<CentrifugeConfig.ApiTls> files = config.tls();
    SslContext tls = files.isEmpty() ? null : tls(files.get(), folder);
    return new ApiClient(config, tls);
  }

  private static SslContext tls(CentrifugeConfig.ApiTls files, Path folder) throws IOException {
    return new JdkSslContext(
        files.files(folder).context(),
        true,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2),
        ClientAuth.NONE,
        new String[] {"TLSv1.3", "TLSv1.2"},
        false);
  }

  private ManagedChannel channel(@Nullable SslContext tls) {
    String host = address.host().isEmpty() ? "127.0.0.1" : address.host();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(host, address.port())
            .eventLoopGroup(loops.group())
            .channelType(NioSocketChannel.class)
            .executor(threads)
            .offloadExecutor(threads)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, DIAL_MILLIS)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
            .maxInboundMessageSize(LARGEST)
            // Centrifugo is a neighbour; what a way through proxies needs is left out of builds.
            .proxyDetector(to -> null)
            .disableServiceConfigLookUp()
            .disableRetry()
            .userAgent("rr");
    return (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
  }

  /** A method of the API, whose messages are not looked into. */
  static MethodDescriptor<Empty, Empty> method(String name) {
    return MethodDescriptor.newBuilder(Fields.INSTANCE, Fields.INSTANCE)
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  /** How messages become bytes: all of their fields are unknown ones, and are kept. */
  private enum Fields implements MethodDescriptor.Marshaller<Empty> {
    INSTANCE;

    @Override
    public InputStream stream(Empty message) {
      return message.toByteString().newInput();
    }

    @Override
    public Empty parse(InputStream bytes) {
      try {
        return Empty.parseFrom(bytes);
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("the answer is no message")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }

  /**
   * Calls a method; ends with an {@code IOException} whose message is for the caller when it comes
   * to nothing. A caller that leaves takes its call back.
   */
  CompletionStage<Empty> call(
      MethodDescriptor<Empty, Empty> method, Empty request, RpcCall caller) {
    hurry();
    CompletableFuture<Empty> answer = new CompletableFuture<>();
    ClientCall<Empty, Empty> call =
        channel.newCall(
            method,
            options.withDeadlineAfter(
                caller.deadline().remaining().toNanos(), TimeUnit.NANOSECONDS));
    call.start(new Answer(answer), metadata(caller));
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    caller.onLeave(() -> call.cancel("the caller has left", null));
    return answer;
  }

  /** One for each call: the library adds its own. */
  private Metadata metadata(RpcCall caller) {
    Metadata metadata = new Metadata();
    caller
        .span()
        .inject(
            (name, value) -> metadata.put(Metadata.Key.of(name, ASCII_STRING_MARSHALLER), value));
    if (!key.isEmpty()) {
      metadata.put(AUTHORIZATION, "apikey " + key);
    }
    return metadata;
  }

  /** The library would wait for up to two minutes before it dials again. */
  private void hurry() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE && dials.passes()) {
      channel.resetConnectBackoff();
    }
  }

  /** What a call waits for. */
  private final class Answer extends ClientCall.Listener<Empty> {
    private final CompletableFuture<Empty> future;
    private @Nullable Empty message;

    Answer(CompletableFuture<Empty> future) {
      this.future = future;
    }

    @Override
    public void onMessage(Empty given) {
      message = given;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Empty got = message;
      if (status.isOk() && got != null) {
        future.complete(got);
      } else {
        future.completeExceptionally(
            failure(
                status.isOk() ? Status.INTERNAL.withDescription("there was no answer") : status));
      }
    }
  }

  private IOException failure(Status status) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    Throwable cause = status.getCause();
    // With a cause it is ours; without, Centrifugo has said it.
    String told =
        status.getCode() == Status.Code.UNAVAILABLE && cause != null
            ? "cannot reach Centrifugo at " + address + ": " + reason(cause, description)
            : description;
    return new IOException(GrpcStatus.of(status.getCode().value(), told).text(), cause);
  }

  /** The innermost one in its own words. */
  private static String reason(Throwable cause, String otherwise) {
    String said = otherwise;
    for (Throwable at = cause; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message != null && !message.isBlank()) {
        said = message;
      }
    }
    return said;
  }

  /** Ends the connection and the calls over it. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    boolean unused =
        channel
            .shutdownNow()
            .awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    threads.shutdown();
    loops.stop(Math.max(CLOSE_MILLIS, deadline.remaining().toMillis()));
  }
}
