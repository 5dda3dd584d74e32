package dev.rr.plugin.rpc;

import com.google.protobuf.Struct;
import com.google.protobuf.Type;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A running server with methods of every kind. */
final class Services implements AutoCloseable {
  static final Limits LIMITS = new Limits(100 << 20, 300 << 20, 256, Duration.ofSeconds(20));

  /** {@code test.Wait} takes one of these. */
  final Semaphore gate = new Semaphore(0);

  /** Calls of {@code test.Wait} that began. */
  final AtomicInteger waiting = new AtomicInteger();

  /** Names of spans that were begun, and {@code end} of each that was ended. */
  final Spans spans = new Spans();

  /** What {@code test.Later} answers before its argument. */
  final CompletableFuture<String> later = new CompletableFuture<>();

  /** Whoever waits in {@code test.Lock} takes this. */
  final Semaphore lock = new Semaphore(1);

  private final RpcServer server;
  private boolean stopped;

  Services() throws IOException, InterruptedException {
    this(LIMITS);
  }

  Services(Limits limits) throws IOException, InterruptedException {
    this(limits, "tcp://127.0.0.1:0");
  }

  Services(Limits limits, String listen) throws IOException, InterruptedException {
    server = new RpcServer(Dispatcher.of(handlers()), limits, spans, Log.NONE);
    try {
      server.listen(AddressForms.DSN.parse(listen), Path.of("/"));
    } catch (IOException e) {
      server.stop(Deadline.after(Duration.ZERO));
      throw e;
    }
  }

  private Map<String, RpcHandler> handlers() {
    Map<String, RpcHandler> all = new LinkedHashMap<>();
    all.put("test.Echo", a -> a.string());
    all.put("test.Quick", RpcHandler.quick(a -> a.string()));
    all.put("test.Negate", a -> !a.bool());
    all.put("test.Int", a -> a.integer());
    all.put("test.Long", a -> a.longInteger());
    all.put("test.Decimal", a -> a.decimal());
    all.put("test.Bytes", a -> a.bytes());
    all.put("test.Strings", a -> a.strings());
    all.put("test.Map", a -> a.map());
    all.put("test.Name", a -> String.valueOf(a.map().get("name")));
    all.put("test.Nothing", a -> null);
    all.put("test.Type", a -> a.message(Type.getDefaultInstance()));
    all.put("test.Struct", a -> a.message(Struct.getDefaultInstance()));
    all.put("test.Fail", a -> fail(a.string()));
    all.put("test.FailQuickly", RpcHandler.quick(a -> fail(a.string())));
    all.put("test.Silent", a -> fail(null));
    all.put("test.Crash", a -> crash());
    all.put("test.Object", a -> new Object());
    all.put("test.Big", a -> new byte[a.integer()]);
    all.put("test.Large", a -> new byte[await("").length() + 1_000_000]);
    all.put("test.Wait", a -> await(a.string()));
    all.put("test.Later", RpcHandler.quick(a -> later(a.string())));
    all.put("test.Offload", RpcHandler.quick(RpcHandler.calling(this::offload)));
    all.put("test.Often", a -> often(a.message(Type.getDefaultInstance())));
    all.put("test.Lock", RpcHandler.calling((a, call) -> lock(a.string(), call)));
    all.put("a.b.Nested", a -> true);
    informer(all);
    return all;
  }

  /** Answers as the informer plugin does, with one worker in {@code http}. */
  private static void informer(Map<String, RpcHandler> all) {
    Map<String, Object> worker = new LinkedHashMap<>();
    worker.put("pid", 7L);
    worker.put("status", 1);
    worker.put("numExecs", 3L);
    worker.put("created", 1_700_000_000_000_000_000L);
    worker.put("memoryUsage", 4096L);
    worker.put("CPUPercent", 0.5);
    worker.put("command", "");
    worker.put("statusStr", "ready");
    all.put(
        "informer.Workers",
        a -> Map.of("workers", a.string().equals("http") ? List.of(worker) : List.of()));
    all.put("informer.AddWorker", a -> manage(a.string()));
    all.put("informer.RemoveWorker", a -> manage(a.string()));
  }

  private static boolean manage(String plugin) {
    if (!plugin.equals("http")) {
      throw new IllegalArgumentException("plugin does not support workers management: " + plugin);
    }
    return false;
  }

  private static @Nullable Object fail(@Nullable String text) {
    throw new IllegalStateException(text);
  }

  private static @Nullable Object crash() {
    throw new AssertionError("a bug");
  }

  private String await(String text) throws InterruptedException {
    waiting.incrementAndGet();
    if (!gate.tryAcquire(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody opened the gate");
    }
    return text;
  }

  /** Answers when the test says so. */
  private CompletionStage<String> later(String text) {
    return later.thenApply(answer -> answer + " " + text);
  }

  /** Waits on a virtual thread, although it is quick. */
  private CompletionStage<String> offload(RpcArgument argument, RpcCall call) {
    String text = argument.string();
    return call.offload(() -> {
      if (text.isEmpty()) {
        throw new IllegalStateException("no text");
      }
      return await(text) + " " + Thread.currentThread().isVirtual();
    });
  }

  /** A message that holds the name of another many times, once in memory. */
  private static Type often(Type once) {
    Type.Builder all = Type.newBuilder();
    for (int i = 0; i < 2_000; i++) {
      all.addOneofsBytes(once.getNameBytes());
    }
    return all.build();
  }

  /** Waits for the lock, and gives up when its caller leaves. */
  private String lock(String text, RpcCall call) throws Exception {
    call.span().attribute("text", text);
    CompletableFuture<String> left = new CompletableFuture<>();
    call.onLeave(() -> left.complete("left"));
    waiting.incrementAndGet();
    while (!lock.tryAcquire(5, TimeUnit.MILLISECONDS)) {
      if (left.isDone() || call.deadline().passed()) {
        spans.heard.add("gave up " + text + " " + call.left());
        throw new IllegalStateException("gave up");
      }
    }
    return text;
  }

  /** A tracer that remembers. */
  static final class Spans implements Tracer {
    final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @Override
    public Span begin(String name, Kind kind, Function<String, @Nullable String> incoming) {
      heard.add(name + " " + kind);
      return (Span)
          Proxy.newProxyInstance(
              Span.class.getClassLoader(),
              new Class<?>[] {Span.class},
              (proxy, method, arguments) -> {
                heard.add(method.getName());
                return method.getReturnType() == Span.class ? proxy : null;
              });
    }
  }

  /** The JVM keeps a socket of its own from the first one on; it must not be taken for a leak. */
  static void warmUp() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      listener.accept().close();
      client.shutdownOutput();
    }
  }

  RpcServer server() {
    return server;
  }

  RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  /** Waits until a condition holds. */
  static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(20));
    while (!condition.getAsBoolean()) {
      if (deadline.passed()) {
        throw new AssertionError("waited too long");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  void stop(Duration within) throws IOException, InterruptedException {
    stopped = true;
    server.stop(Deadline.after(within));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    gate.release(10_000);
    if (!stopped) {
      stop(Duration.ofSeconds(10));
    }
  }
}
