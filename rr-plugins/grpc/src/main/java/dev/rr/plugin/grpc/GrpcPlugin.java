package dev.rr.plugin.grpc;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcInterceptor;
import dev.rr.api.grpc.ProtoRegistry;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.log.RateLimitedLog;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.grpc.CallMemory;
import dev.rr.grpc.CallSettings;
import dev.rr.grpc.GrpcServer;
import dev.rr.grpc.MethodTable;
import dev.rr.grpc.TracingHandler;
import dev.rr.metrics.PoolMetrics;
import dev.rr.netty.tls.ListenerTls;
import io.grpc.MethodDescriptor.MethodType;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves gRPC from PHP workers. */
@Plugin("grpc")
@EnabledBy("grpc")
final class GrpcPlugin implements Lifecycle {
  private final GrpcConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Optional<Tracer> tracer;
  private final Host host;
  private final Log log;
  private final Pool pool;
  private final Choice<GrpcInterceptor> interceptors;
  private final GrpcMetrics metrics = new GrpcMetrics();
  private final HealthService health = new HealthService();
  private CallMemory memory = new CallMemory(MemoryBudget.ofHeap());
  private List<GrpcInterceptor> chain = List.of();
  private Optional<ProtoRegistry> registry = Optional.empty();
  private ProtoServices services = ProtoServices.none();
  private @Nullable GrpcServer listener;

  GrpcPlugin(
      GrpcConfig config,
      Configurer configurer,
      Server server,
      Optional<Tracer> tracer,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.server = server;
    this.tracer = tracer;
    this.host = host;
    this.log = loggers.named("grpc");
    this.pool = server.pool("grpc", config.pool(), config.variables());
    this.interceptors = new Choice<>(GrpcInterceptor.class, "interceptor", host.catalogue());
  }

  /** Its workers are listed, asked after and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    PoolMetrics workers = new PoolMetrics("rr_grpc", "", pool);
    return sink -> {
      metrics.collect(sink);
      workers.collect(sink);
    };
  }

  /** What {@code grpc.interceptors} may name. */
  @Collects
  void interceptor(Named plugin, GrpcInterceptor interceptor) {
    interceptors.add(plugin.name(), interceptor);
  }

  /** Knows the messages, for clients that ask by reflection. Of several the heaviest stays. */
  @Collects
  void registry(ProtoRegistry descriptors) {
    registry = registry.or(() -> Optional.of(descriptors));
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(GrpcConfigBinder.INSTANCE, problems);
    services = ProtoServices.read(config.proto(), host.workDirectory(), section);
    List<GrpcInterceptor> found = new ArrayList<>();
    for (String name : config.interceptors()) {
      interceptors.find(name, section, "interceptors").ifPresent(found::add);
    }
    chain = found;
    config.tls().ifPresent(tls -> tls.files(host.workDirectory()).check(section.section("tls")));
    server.check(config.pool(), "grpc.pool", configurer, problems);
  }

  @Override
  public void start() throws Exception {
    pool.start();
    listener =
        GrpcServer.start(config.server(), methods(), host.workDirectory(), tls(), memory, log);
    health.serving(true);
    log.info("grpc server was started", "address", config.listen());
  }

  /** Where only other keys of the section are there, there is no TLS. */
  private Optional<ListenerTls.Files> tls() {
    return config
        .tls()
        .map(named -> named.files(host.workDirectory()))
        .filter(ListenerTls.Files::areNamed);
  }

  private MethodTable methods() {
    MethodTable methods = new MethodTable();
    Log perCall = new RateLimitedLog(log);
    CallSettings settings =
        new CallSettings(config.mostReceived(), config.mostSent(), memory, perCall);
    GrpcHandler single = chained(new WorkerHandler(pool, false, config.mostSent(), perCall));
    GrpcHandler streaming = chained(new WorkerHandler(pool, true, config.mostSent(), perCall));
    services
        .methods()
        .forEach((service, declared) ->
            declared.forEach(method ->
                methods.serve(
                    service,
                    method.name(),
                    type(method),
                    type(method).serverSendsOneMessage() ? single : streaming,
                    settings)));
    health.register(methods, settings, this::chained);
    ReflectionService.register(methods, registry);
    return methods;
  }

  private static MethodType type(ProtoServices.Method method) {
    if (method.serverStreams()) {
      return method.clientStreams() ? MethodType.BIDI_STREAMING : MethodType.SERVER_STREAMING;
    }
    return method.clientStreams() ? MethodType.CLIENT_STREAMING : MethodType.UNARY;
  }

  /** The first interceptor meets a call first. */
  private GrpcHandler chained(GrpcHandler end) {
    GrpcHandler next = end;
    for (GrpcInterceptor interceptor : chain.reversed()) {
      next = interceptor.intercept(next);
    }
    return TracingHandler.around(new ObservingHandler(next, metrics, log), tracer);
  }

  /** Has calls hold no more than this; before the start, for tests. */
  void budget(MemoryBudget budget) {
    memory = new CallMemory(budget);
  }

  /** Where it listens; for tests. */
  List<SocketAddress> bound() {
    return listener == null ? List.of() : listener.bound();
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    health.shutDown();
    try {
      if (listener != null) {
        listener.stop(deadline);
      }
    } finally {
      try {
        pool.stop(deadline);
      } finally {
        if (listener != null) {
          listener.close(deadline);
        }
      }
    }
  }
}
