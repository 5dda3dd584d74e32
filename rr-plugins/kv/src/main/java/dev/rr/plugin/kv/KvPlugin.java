package dev.rr.plugin.kv;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.DriverHost;
import dev.rr.api.plugin.DriverSections;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;
import dev.rr.proto.KvProto.Request;
import dev.rr.proto.KvProto.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keys and values in storages of whatever drivers are there. Its weight has the storages open
 * before worker pools start and close after them: workers call while they boot and while they
 * finish.
 */
@Plugin(value = "kv", weight = 98)
@EnabledBy("kv")
final class KvPlugin implements Lifecycle {
  /** Answers of so many bytes are not encoded on the event loop, however quick they are found. */
  private static final int LARGE = 256 * 1024;

  private static final CompletionStage<Response> NOTHING =
      CompletableFuture.completedStage(Response.getDefaultInstance());

  private final KvConfig config;
  private final Configurer configurer;
  private final Host host;
  private final DriverHost<KvDriver, Storage> storages;

  /** For values as drivers read them; encoded ones have their bounds in the plugin rpc. */
  private final AnswerMemory answers = new AnswerMemory(Runtime.getRuntime().maxMemory() / 4);

  /** As configured, by themselves in lower case: upstream knows no other. */
  private final Map<String, String> names = new TreeMap<>();

  KvPlugin(KvConfig config, Configurer configurer, Host host) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.storages = new DriverHost<>(KvDriver.class, host.catalogue(), Storage::close);
    config.storages().keySet().forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
  }

  /** Takes a driver. Before {@link #check}. */
  @Collects
  void driver(Named plugin, KvDriver driver) {
    storages.add(plugin.name(), driver);
  }

  /** How often each storage was asked for what. */
  @Offers
  MetricsSource metrics() {
    return sink ->
        names.values().forEach(name -> storages.find(name).ifPresent(s -> s.collect(sink)));
  }

  @Override
  public void check(Problems problems) {
    storages.check(
        configurer.section(KvConfigBinder.INSTANCE, problems),
        problems,
        (driver, name, at) ->
            driver.check(
                name, section(name, at.string("driver", ""), at.section("config"), problems)));
  }

  @Override
  public void start() throws Exception {
    storages.open(
        config.storages(),
        KvConfig.Entry::driver,
        (driver, name, entry) -> {
          Section section = section(name, entry.driver(), entry.config(), new Problems());
          return new Storage(name, driver.open(name, section), driver.spans(entry.driver()));
        });
  }

  private Section section(String storage, String driver, Section own, Problems problems) {
    return own.present()
        ? own
        : configurer.section(
            DriverSections.path("kv", storage, driver, configurer, host.catalogue()), problems);
  }

  @RpcMethod(value = "Has", quick = true)
  CompletionStage<Response> has(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.HAS, request, call, (store, r) -> KvAnswers.keys(store.has(Requests.keys(r))));
  }

  @RpcMethod(value = "Set", quick = true)
  CompletionStage<Response> set(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.SET,
        request,
        call,
        (store, r) -> {
          store.set(Requests.items(r));
          return Response.getDefaultInstance();
        });
  }

  @RpcMethod(value = "MGet", quick = true)
  CompletionStage<Response> get(Request request, RpcCall call) throws Exception {
    return answer(KvMethod.MGET, request, call, this::values);
  }

  private Response values(KvStore store, Request request)
      throws OperationException, InterruptedException {
    List<String> keys = Requests.keys(request);
    if (store.quick()) {
      return KvAnswers.values(store.get(keys));
    }
    try (AnswerMemory.Share memory = answers.share()) {
      return KvAnswers.values(store.get(keys, memory));
    }
  }

  @RpcMethod(value = "MExpire", quick = true)
  CompletionStage<Response> expire(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.MEXPIRE,
        request,
        call,
        (store, r) -> {
          store.expire(Requests.items(r));
          return Response.getDefaultInstance();
        });
  }

  @RpcMethod(value = "TTL", quick = true)
  CompletionStage<Response> ttl(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.TTL, request, call, (store, r) -> KvAnswers.expiries(store.ttl(Requests.keys(r))));
  }

  @RpcMethod(value = "Delete", quick = true)
  CompletionStage<Response> delete(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.DELETE,
        request,
        call,
        (store, r) -> {
          store.delete(Requests.keys(r));
          return Response.getDefaultInstance();
        });
  }

  @RpcMethod(value = "Clear", quick = true)
  CompletionStage<Response> clear(Request request, RpcCall call) throws Exception {
    return answer(
        KvMethod.CLEAR,
        request,
        call,
        (store, r) -> {
          store.clear();
          return Response.getDefaultInstance();
        });
  }

  private CompletionStage<Response> answer(
      KvMethod method, Request request, RpcCall call, Storage.Action action) throws Exception {
    Span span = call.span().rename(method.span());
    Storage storage = storage(request.getStorage());
    if (request.getItemsCount() == 0 && method != KvMethod.CLEAR) {
      return NOTHING;
    }
    if (!storage.isQuick(method)) {
      return call.offload(() -> storage.call(method, request, action, span));
    }
    Response answer = storage.call(method, request, action, span);
    return Integer.compareUnsigned(answer.getSerializedSize(), LARGE) < 0
        ? CompletableFuture.completedStage(answer)
        : call.offload(() -> answer);
  }

  private Storage storage(String name) {
    return storages
        .find(name)
        .or(() -> storages.find(names.getOrDefault(name.toLowerCase(Locale.ROOT), name)))
        .orElseThrow(() -> NoSuchStorage.named(name));
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    storages.close(deadline);
  }
}
