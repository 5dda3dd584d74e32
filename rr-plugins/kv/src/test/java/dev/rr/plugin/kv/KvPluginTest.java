package dev.rr.plugin.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;
import dev.rr.config.Configuration;
import dev.rr.proto.KvProto.Item;
import dev.rr.proto.KvProto.Request;
import dev.rr.proto.KvProto.Response;
import dev.rr.testing.kv.MapStore;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.RecordingSpan;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvPluginTest {
  private static final String LATER = "2096-01-02T03:04:05+00:00";

  @TempDir Path folder;

  /** Opens what it is told to, and remembers where each section came from. */
  private static final class Driver implements KvDriver {
    private final Callable<KvStore> opening;
    private final List<String> sections = new ArrayList<>();

    Driver(Callable<KvStore> opening) {
      this.opening = opening;
    }

    @Override
    public void check(String storage, Section config) {
      if (config.has("path")) {
        config.problem("path", "is not for memory");
      }
    }

    @Override
    public String spans(String plugin) {
      return plugin.replace("memory", "fake");
    }

    @Override
    public KvStore open(String storage, Section config) throws Exception {
      sections.add(storage + (config.present() ? " from " + config.path() : " from nowhere"));
      return opening.call();
    }
  }

  /** A call that has a span, and counts what it does elsewhere. */
  private record Call(Span span, List<String> offloaded) implements RpcCall {
    Call() {
      this(Span.NONE, new ArrayList<>());
    }

    @Override
    public Deadline deadline() {
      return Deadline.after(LONGEST);
    }

    @Override
    public boolean left() {
      return false;
    }

    @Override
    public void onLeave(Runnable action) {}

    @Override
    public <T> CompletionStage<T> offload(Callable<T> rest) {
      offloaded.add("one");
      return RpcCall.super.offload(rest);
    }
  }

  private KvPlugin plugin(String yaml, KvDriver driver) throws IOException {
    return plugin(yaml, driver, Catalogue.EMPTY);
  }

  private KvPlugin plugin(String yaml, KvDriver driver, Catalogue catalogue) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\n" + yaml + "\n");
    Configuration configuration = Configuration.read(file);
    KvPlugin plugin =
        new KvPlugin(
            configuration.bind(KvConfigBinder.INSTANCE),
            configuration,
            new FakeHost(folder, Map.of(), catalogue));
    plugin.driver(new Named("memory", 1), driver);
    return plugin;
  }

  /** Started, with the storage {@code users}. */
  private KvPlugin started(KvStore store) throws Exception {
    KvPlugin plugin = plugin("kv: {users: {driver: memory, config: {}}}", new Driver(() -> store));
    plugin.start();
    return plugin;
  }

  private static Request request(String storage, Item... items) {
    return Request.newBuilder().setStorage(storage).addAllItems(List.of(items)).build();
  }

  private static Item item(String key, String value, String timeout) {
    return Item.newBuilder()
        .setKey(key)
        .setValue(ByteString.copyFromUtf8(value))
        .setTimeout(timeout)
        .build();
  }

  private static Item item(String key) {
    return item(key, "", "");
  }

  private static Response call(KvPlugin plugin, KvMethod method, Request request) throws Exception {
    return call(plugin, method, request, new Call());
  }

  private static Response call(KvPlugin plugin, KvMethod method, Request request, RpcCall call)
      throws Exception {
    CompletionStage<Response> answer =
        switch (method) {
          case HAS -> plugin.has(request, call);
          case SET -> plugin.set(request, call);
          case MGET -> plugin.get(request, call);
          case MEXPIRE -> plugin.expire(request, call);
          case TTL -> plugin.ttl(request, call);
          case DELETE -> plugin.delete(request, call);
          case CLEAR -> plugin.clear(request, call);
        };
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void answersEveryMethod() throws Exception {
    KvPlugin plugin = started(new MapStore());
    Request two = request("users", item("a", "1", ""), item("b", "", LATER));

    assertThat(call(plugin, KvMethod.SET, two)).isEqualTo(Response.getDefaultInstance());
    assertThat(call(plugin, KvMethod.HAS, request("users", item("a"), item("c"), item("a"))))
        .isEqualTo(Response.newBuilder().addItems(item("a")).build());
    assertThat(call(plugin, KvMethod.MGET, two).getItemsList())
        .containsExactlyInAnyOrder(item("a", "1", ""), item("b"));
    assertThat(call(plugin, KvMethod.TTL, two).getItemsList())
        .containsExactlyInAnyOrder(item("a"), item("b", "", LATER));
    assertThat(call(plugin, KvMethod.MEXPIRE, request("users", item("a", "x", LATER))))
        .isEqualTo(Response.getDefaultInstance());
    assertThat(call(plugin, KvMethod.TTL, request("users", item("a"))).getItemsList())
        .containsExactly(item("a", "", LATER));
    call(plugin, KvMethod.DELETE, request("users", item("a"), item("c")));
    assertThat(call(plugin, KvMethod.HAS, two).getItemsList()).containsExactly(item("b"));
    call(plugin, KvMethod.CLEAR, request("users"));
    assertThat(call(plugin, KvMethod.HAS, two)).isEqualTo(Response.getDefaultInstance());
  }

  @Test
  void theBytesOfARequestAreThoseOfThePhpPackage() throws Exception {
    String hex = "0a096d656d6f72792d727212070a016112026161";
    Request request = Request.parseFrom(HexFormat.of().parseHex(hex));
    assertThat(request).isEqualTo(request("memory-rr", item("a", "aa", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no storage provided",
    "ghost, no such storage: ghost",
  })
  void aStorageThatIsNotThereIsToldByEveryMethodAndTouchesNone(String storage, String text)
      throws Exception {
    KvPlugin plugin = started(broken());
    for (KvMethod method : KvMethod.values()) {
      assertThatThrownBy(() -> call(plugin, method, request(storage, item("a", "", LATER))))
          .hasMessage(text);
    }
  }

  @Test
  void aRequestWithoutItemsIsAnsweredWithNothing() throws Exception {
    KvPlugin plugin = started(broken());
    for (KvMethod method : KvMethod.values()) {
      if (method != KvMethod.CLEAR) {
        assertThat(call(plugin, method, request("users"))).isEqualTo(Response.getDefaultInstance());
      }
    }
  }

  /** Fails whatever it is asked. */
  private static KvStore broken() {
    return (KvStore)
        Proxy.newProxyInstance(
            KvStore.class.getClassLoader(),
            new Class<?>[] {KvStore.class},
            (proxy, method, arguments) -> answerBroken(method.getName()));
  }

  private static @Nullable Object answerBroken(String method) throws OperationException {
    return switch (method) {
      case "quick" -> true;
      case "close" -> null;
      default -> throw OperationException.ofKind("fake_plugin_" + method, "out of order");
    };
  }

  @ParameterizedTest
  @CsvSource({
    "HAS, rpc_has, has",
    "SET, rpc_set, set",
    "MGET, rpc_mget, get",
    "MEXPIRE, rpc_mexpire, expire",
    "TTL, rpc_ttl, ttl",
    "DELETE, rcp_delete, delete",
    "CLEAR, rcp_delete, clear"
  })
  void aFailureOfTheDriverIsToldAndCountedUnderOneSpanWithTheDriversBelow(
      KvMethod method, String operation, String inner) throws Exception {
    KvPlugin plugin = started(broken());
    List<String> heard = new ArrayList<>();
    assertThatThrownBy(() ->
            call(
                plugin,
                method,
                request("users", item("a", "", LATER)),
                new Call(new RecordingSpan(heard), new ArrayList<>())))
        .hasMessage(operation + ": out of order:\n\tfake_plugin_" + inner);
    assertThat(heard)
        .containsExactly(
            "rename kv:" + method.label(),
            "child fake:" + method.label(),
            "error fake_plugin_" + inner + ": out of order",
            "end");
    String labels = "{storage=\"users\",method=\"" + method.label() + "\"}";
    assertThat(Scrape.of(plugin.metrics()).values())
        .containsEntry("rr_kv_calls_total" + labels, 1.0)
        .containsEntry("rr_kv_errors_total" + labels, 1.0);
  }

  @Test
  void oneBadExpiryStoresNothingOfItsRequest() throws Exception {
    KvPlugin plugin = started(new MapStore());
    for (KvMethod method : List.of(KvMethod.SET, KvMethod.MEXPIRE)) {
      assertThatThrownBy(() ->
              call(
                  plugin, method, request("users", item("a", "1", ""), item("b", "2", "tomorrow"))))
          .hasMessage(
              "%s: parsing time \"tomorrow\" as \"2006-01-02T15:04:05Z07:00\": cannot parse"
                      .formatted(method.operation())
                  + " \"tomorrow\" as \"2006\"");
    }
    assertThat(call(plugin, KvMethod.HAS, request("users", item("a"), item("b"))))
        .isEqualTo(Response.getDefaultInstance());
  }

  @Test
  void whatMayWaitDoesSoElsewhere() throws Exception {
    Call slow = new Call();
    call(started(new MapStore()), KvMethod.HAS, request("users", item("a")), slow);
    assertThat(slow.offloaded()).hasSize(1);

    Call quick = new Call();
    KvPlugin plugin = started(broken());
    for (KvMethod method : KvMethod.values()) {
      assertThatThrownBy(() -> call(plugin, method, request("users", item("a")), quick))
          .isInstanceOf(OperationException.class);
    }
    assertThat(quick.offloaded()).as("only Clear takes its time").hasSize(1);
  }

  @Test
  void aLargeAnswerIsEncodedElsewhere() throws Exception {
    KvStore store =
        store(method ->
            switch (method) {
              case "quick" -> true;
              case "get" -> Map.of("a", new byte[300_000]);
              default -> null;
            });
    Call call = new Call();
    Response answer = call(started(store), KvMethod.MGET, request("users", item("a")), call);
    assertThat(answer.getItems(0).getValue().size()).isEqualTo(300_000);
    assertThat(call.offloaded()).hasSize(1);
  }

  /** A store that takes so much memory for values, and answers none. */
  private static KvStore taking(AtomicLong bytes) {
    return (KvStore)
        Proxy.newProxyInstance(
            KvStore.class.getClassLoader(),
            new Class<?>[] {KvStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("quick")) {
                return false;
              }
              ((ValueMemory) arguments[1]).take(bytes.get());
              return Map.of();
            });
  }

  @Test
  void valuesThatFindNoMemoryAreAnErrorAndWhatACallTookIsGivenBack() throws Exception {
    AtomicLong bytes = new AtomicLong();
    KvPlugin plugin = started(taking(bytes));
    Request one = request("users", item("a"));
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    for (int i = 0; i < 3; i++) {
      bytes.set(quarter);
      assertThat(call(plugin, KvMethod.MGET, one).getItemsCount()).isZero();
      bytes.set(quarter + 1);
      assertThatThrownBy(() -> call(plugin, KvMethod.MGET, one))
          .hasMessageStartingWith("rpc_mget:")
          .hasMessageContaining("no memory for " + (quarter + 1) + " bytes")
          .hasMessageContaining("-Xmx");
    }
  }

  @Test
  void storagesAreApartAndFoundWithoutRegardToCaseWhereTheExactNameIsNone() throws Exception {
    KvPlugin plugin =
        plugin(
            "kv: {MyCache: {driver: memory}, other: {driver: memory}, nothing: null}",
            new Driver(MapStore::new));
    plugin.start();
    call(plugin, KvMethod.SET, request("MyCache", item("a", "1", "")));
    for (String name : List.of("MyCache", "mycache", "MYCACHE")) {
      assertThat(call(plugin, KvMethod.MGET, request(name, item("a"))).getItemsList())
          .containsExactly(item("a", "1", ""));
    }
    assertThat(call(plugin, KvMethod.HAS, request("other", item("a"))).getItemsList()).isEmpty();
    assertThatThrownBy(() -> call(plugin, KvMethod.HAS, request("nothing", item("a"))))
        .hasMessage("no such storage: nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kv: {users: {driver: memory, config: {}}} | users from kv.users.config",
        "{users: {a: 1}, kv: {users: {driver: memory, config: {}}}} | users from kv.users.config",
        "{users: {a: 1}, kv: {users: {driver: memory, config: null}}} | users from users",
        "{memory: {a: 1}, kv: {users: {driver: memory}}} | users from memory",
        "{memory: {a: 1}, users: {a: 1}, kv: {users: {driver: memory}}} | users from users",
        "{http: {a: 1}, kv: {http: {driver: memory}}} | http from nowhere",
        "kv: {users: {driver: memory}} | users from nowhere"
      })
  void aStorageWithoutItsOwnSectionHasTheOneOfItsNameOrOfItsDriver(String yaml, String section)
      throws Exception {
    Driver driver = new Driver(MapStore::new);
    String text = yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1) : yaml;
    String block = text.replaceAll(", (users|kv|memory): \\{(?!driver)", "\n$1: {");
    Catalogue catalogue =
        new Catalogue(
            List.of(
                new Catalogue.Entry("http", "dev.rr:http:1", true, List.of("http"), List.of())));
    plugin(block, driver, catalogue).start();
    assertThat(driver.sections).containsExactly(section);
  }

  @Test
  void aSectionThatStandsInIsCheckedAsWell() throws Exception {
    assertThat(
            FoundProblems.of(
                plugin(
                    "users: {path: x}\nkv: {users: {driver: memory}}", new Driver(MapStore::new))))
        .singleElement()
        .asString()
        .contains("users.path: is not for memory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kv: {users: text}", "kv: {users: {}}", "kv: {users: {driver: }}"})
  void aStorageWithoutADriverIsAnErrorWithItsPlace(String yaml) {
    assertThatThrownBy(() -> plugin(yaml, new Driver(MapStore::new)))
        .hasMessageContaining("kv.users");
  }

  @Test
  void aDriverThatIsNotBuiltInIsToldWithItsCoordinates() throws Exception {
    Catalogue catalogue =
        new Catalogue(
            List.of(
                new Catalogue.Entry(
                    "redis",
                    "dev.rr:rr-plugin-redis:1",
                    false,
                    List.of(),
                    List.of(Catalogue.Offer.of(KvDriver.class, "redis")))));
    assertThat(
            FoundProblems.of(
                plugin(
                    "kv: {a: {driver: redis}, b: {driver: 123}, c: {driver: memroy}}",
                    new Driver(MapStore::new),
                    catalogue)))
        .satisfiesExactly(
            missing ->
                assertThat(missing)
                    .contains("kv.a.driver", "add dev.rr:rr-plugin-redis:1 to the build"),
            number -> assertThat(number).contains("kv.b.driver: '123' is no driver"),
            misspelt -> assertThat(misspelt).contains("kv.c.driver", "did you mean 'memory'?"));
  }

  @Test
  void bearsEveryStop() throws Exception {
    String one = "kv: {users: {driver: memory}}";
    Driver failing =
        new Driver(() -> {
          throw new IOException("cannot be opened");
        });
    LifecycleContract.holds(
        () -> plugin(one, new Driver(MapStore::new)), () -> plugin(one, failing));
  }

  /** Waits in has until the test lets it go, and notices when it is closed before. */
  private static final class Waiting implements InvocationLog {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public @Nullable Object call(String method) throws InterruptedException {
      if (method.equals("quick")) {
        return false;
      }
      if (method.equals("has")) {
        asked.countDown();
        assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
        heard.add("answered");
        return Set.of();
      }
      if (method.equals("ttl")) {
        return Map.of();
      }
      heard.add(method);
      return null;
    }
  }

  @FunctionalInterface
  private interface InvocationLog {
    @Nullable Object call(String method) throws InterruptedException;
  }

  private static KvStore store(InvocationLog log) {
    return (KvStore)
        Proxy.newProxyInstance(
            KvStore.class.getClassLoader(),
            new Class<?>[] {KvStore.class},
            (proxy, method, arguments) -> log.call(method.getName()));
  }

  @Test
  void aStoreIsClosedOnceItsCallsAreAnswered() throws Exception {
    Waiting waiting = new Waiting();
    KvPlugin plugin = started(store(waiting));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Response> call =
          threads.submit(() -> call(plugin, KvMethod.HAS, request("users", item("a"))));
      waiting.asked.await();
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> stop(plugin, Duration.ofSeconds(20)), threads);
      Await.until("new calls are refused", () -> refuses(plugin));
      assertThat(stopped).isNotDone();
      waiting.answer.countDown();
      assertThat(call.get()).isEqualTo(Response.getDefaultInstance());
      stopped.join();
    }
    assertThat(waiting.heard).containsExactly("answered", "close");
  }

  @Test
  void aStoreIsClosedWhenThereIsNoTimeLeftForItsCalls() throws Exception {
    Waiting waiting = new Waiting();
    KvPlugin plugin = started(store(waiting));
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      var unused = threads.submit(() -> call(plugin, KvMethod.HAS, request("users", item("a"))));
      waiting.asked.await();
      stop(plugin, Duration.ofMillis(20));
      assertThat(waiting.heard).containsExactly("close");
      waiting.answer.countDown();
    }
  }

  private static void stop(KvPlugin plugin, Duration within) {
    try {
      plugin.stop(Deadline.after(within));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean refuses(KvPlugin plugin) {
    try {
      plugin.ttl(request("users", item("a")), new Call()).toCompletableFuture().join();
      return false;
    } catch (NoSuchStorage e) {
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void driversTakeItemsInTheirOrder() throws Exception {
    List<KvItem> taken = new ArrayList<>();
    KvStore store =
        (KvStore)
            Proxy.newProxyInstance(
                KvStore.class.getClassLoader(),
                new Class<?>[] {KvStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("set") && arguments[0] instanceof List<?> items) {
                    items.forEach(item -> taken.add((KvItem) item));
                  }
                  return method.getName().equals("quick") ? false : null;
                });
    call(
        started(store),
        KvMethod.SET,
        request("users", item("b", "1", ""), item("a", "2", ""), item("b", "3", "")));
    assertThat(taken).extracting(KvItem::key).containsExactly("b", "a", "b");
  }
}
