package dev.rr.plugin.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.grpc.CallMemory;
import dev.rr.grpc.ConnectionTimes;
import dev.rr.grpc.GrpcServer;
import dev.rr.grpc.MessageBytes.Received;
import dev.rr.grpc.MethodTable;
import dev.rr.net.AddressForms;
import dev.rr.netty.tls.ListenerTls;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for Centrifugo's API: answers each method with its own name, as a text in field 2. */
final class FakeApi implements AutoCloseable {
  private static final Metadata.Key<String> ENCODING = ProxyClient.key("grpc-encoding");
  private static final Metadata.Key<String> TRACE = ProxyClient.key("traceparent");
  private static final Metadata.Key<String> AUTHORIZATION = ProxyClient.key("authorization");

  /** What was called: {@code Method encoding message}. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** What each call was authorised by, {@code null} for nothing. */
  final List<String> keys = new CopyOnWriteArrayList<>();

  /** The span that each call comes from, {@code null} for none. */
  final List<String> traces = new CopyOnWriteArrayList<>();

  /** Calls that were taken back. */
  final AtomicInteger cancelled = new AtomicInteger();

  private final GrpcServer server;

  FakeApi(Path folder, int port, Optional<ListenerTls.Files> tls) throws Exception {
    MethodTable methods = new MethodTable();
    for (String method : CentrifugeRpc.METHODS) {
      methods.add(
          ApiClient.SERVICE,
          method,
          MethodType.UNARY,
          (call, metadata) -> {
            keys.add(String.valueOf(metadata.get(AUTHORIZATION)));
            traces.add(String.valueOf(metadata.get(TRACE)));
            return new Answering(call, method, String.valueOf(metadata.get(ENCODING)));
          });
    }
    server =
        GrpcServer.start(
            new GrpcServer.Settings(
                "fake-api",
                "api",
                AddressForms.LISTENER.parse("127.0.0.1:" + port),
                4 << 20,
                1000,
                ConnectionTimes.USUAL),
            methods,
            folder,
            tls,
            new CallMemory(MemoryBudget.ofHeap()),
            Log.NONE);
  }

  String address() {
    return "127.0.0.1:" + ((InetSocketAddress) server.bound().getFirst()).getPort();
  }

  private final class Answering extends ServerCall.Listener<Received> {
    private final ServerCall<Received, byte[]> call;
    private final String method;
    private final String encoding;
    private String asked = "";

    Answering(ServerCall<Received, byte[]> call, String method, String encoding) {
      this.call = call;
      this.method = method;
      this.encoding = encoding;
      call.request(2);
    }

    @Override
    public void onMessage(Received message) {
      // Behind tag and length.
      asked = new String(message.bytes(), 2, message.bytes().length - 2, UTF_8);
    }

    @Override
    public void onHalfClose() {
      calls.add(method + " " + encoding + " " + asked);
      if (asked.equals("refuse")) {
        call.close(Status.PERMISSION_DENIED.withDescription("you may not"), new Metadata());
      } else if (!asked.equals("hang")) {
        call.sendHeaders(new Metadata());
        call.sendMessage(Texts.message(2, method));
        call.close(Status.OK, new Metadata());
      }
    }

    @Override
    public void onCancel() {
      cancelled.incrementAndGet();
    }
  }

  @Override
  public void close() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(1));
    server.stop(deadline);
    server.close(deadline);
  }
}
