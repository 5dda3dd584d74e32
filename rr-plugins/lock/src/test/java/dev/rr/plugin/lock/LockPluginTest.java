package dev.rr.plugin.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.proto.LockProto.LockRequest;
import dev.rr.proto.LockProto.LockResponse;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class LockPluginTest {
  private static final long LONG = 1000_000_000;

  private final RecordingLog log = new RecordingLog();
  private final LockPlugin plugin = new LockPlugin(name -> log);
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void start() {
    plugin.start();
  }

  @AfterEach
  void stopTwice() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    plugin.stop(Deadline.after(Duration.ZERO));
    clients.close();
  }

  private static LockRequest request(String resource, String id, long ttl, long wait) {
    return LockRequest.newBuilder()
        .setResource(resource)
        .setId(id)
        .setTtl(ttl)
        .setWait(wait)
        .build();
  }

  private boolean call(String method, LockRequest request, RpcCall call) throws Exception {
    Object answer = RpcCalls.call(new LockPluginRpc(plugin), method, request, call);
    return Objects.requireNonNull((LockResponse) answer).getOk();
  }

  private boolean call(String method, String resource, String id) throws Exception {
    return call(method, request(resource, id, 0, 0), RpcCall.OWN);
  }

  private boolean lock(String resource, String id, long ttl, long wait) throws Exception {
    return call("Lock", request(resource, id, ttl, wait), RpcCall.OWN);
  }

  private boolean read(String resource, String id, long wait) throws Exception {
    return call("LockRead", request(resource, id, LONG, wait), RpcCall.OWN);
  }

  private Future<Boolean> later(String method, String id, long wait) {
    int before = plugin.size();
    Future<Boolean> answer =
        clients.submit(() -> call(method, request("foo", id, LONG, wait), RpcCall.OWN));
    Await.until("one more that waits", () -> plugin.size() > before);
    return answer;
  }

  @Test
  void onlyItsOwnerGivesAnExclusiveLockBack() throws Exception {
    assertThat(lock("foo", "bar", 20_000_000, 0)).isTrue();
    assertThat(call("Release", "foo", "bar1")).isFalse();
    assertThat(log.with("release called for the resource which is not owned by the caller"))
        .hasSize(1);
    assertThat(call("Release", "foo", "bar")).isTrue();
    assertThat(call("Release", "foo", "bar")).isFalse();
  }

  @Test
  void ofFourAtOnceOneObtainsAndTheLockIsNotReentrant() throws Exception {
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(clients.submit(() -> lock("foo", "bar", LONG, 50_000)));
    }
    List<Boolean> told = new ArrayList<>();
    for (Future<Boolean> answer : answers) {
      told.add(answer.get());
    }
    assertThat(told).containsExactlyInAnyOrder(true, false, false, false);
  }

  @Test
  void readersWaitForTheEndOfAWriterAndThenReadTogether() throws Exception {
    assertThat(lock("foo", "bar", 30_000, 0)).isTrue();
    assertThat(read("foo", "bar", 10_000_000)).isTrue();
    assertThat(read("foo", "bar1", 11_000_000)).isTrue();
    assertThat(read("foo", "bar2", 11_000_000)).isTrue();
    assertThat(call("Exists", "foo", "bar1")).isTrue();
    assertThat(call("Exists", "foo", "bar2")).isTrue();
    for (String id : List.of("bar", "bar1", "bar2")) {
      assertThat(call("Release", "foo", id)).isTrue();
    }
    assertThat(call("Exists", "foo", "*")).isFalse();
  }

  @Test
  void aNewTimeCountsFromNowAndReplacesTheOldOne() throws Exception {
    assertThat(lock("foo", "bar", LONG, 0)).isTrue();
    assertThat(call("UpdateTTL", request("foo", "bar", 30_000, 0), RpcCall.OWN)).isTrue();
    assertThat(read("foo", "bar1", 10_000_000)).isTrue();
    assertThat(log.with("r/lock: ttl was updated")).hasSize(1);

    assertThat(lock("x", "bar", 20_000, 0)).isTrue();
    assertThat(call("UpdateTTL", "x", "bar")).as("0 is without end").isTrue();
    assertThat(lock("x", "other", LONG, 60_000)).isFalse();
    assertThat(call("Exists", "x", "bar")).isTrue();
    assertThat(call("UpdateTTL", "x", "other")).isFalse();
    assertThat(call("UpdateTTL", "y", "bar")).isFalse();
  }

  @Test
  void forceReleaseNeedsNoIdAndLetsWhoeverWaitsIn() throws Exception {
    assertThat(lock("foo", "bar", LONG, 0)).isTrue();
    assertThat(read("foo", "bar1", 10_000)).isFalse();
    assertThat(call("ForceRelease", "foo", "")).isTrue();
    assertThat(read("foo", "bar1", 10_000_000)).isTrue();
    assertThat(call("Exists", "foo", "bar1")).isTrue();
    assertThat(call("Release", "foo", "bar1")).isTrue();
    assertThat(call("ForceRelease", "foo", "")).as("was locked once").isTrue();
    assertThat(call("ForceRelease", "never", "")).isFalse();
    assertThat(log.with("all force-release messages were sent")).hasSize(2);
  }

  @Test
  void theOnlyReaderIsPromotedAndItsOldTimeNoLongerCounts() throws Exception {
    assertThat(call("LockRead", request("p", "x", 20_000, 0), RpcCall.OWN)).isTrue();
    assertThat(lock("p", "x", LONG, 10_000_000)).isTrue();
    assertThat(read("p", "y", 60_000)).isFalse();
    assertThat(call("Exists", "p", "x")).isTrue();
    assertThat(call("Release", "p", "x")).isTrue();
    assertThat(call("Exists", "p", "*")).isFalse();
  }

  @Test
  void readersCanGiveBackWhileAWriterWaitsForThem() throws Exception {
    assertThat(read("foo", "r1", 0)).isTrue();
    assertThat(read("foo", "r2", 0)).isTrue();
    assertThat(lock("foo", "late", LONG, 10_000)).as("gives up").isFalse();
    Future<Boolean> writer = later("Lock", "w", 30_000_000);

    assertThat(call("Release", "foo", "r1")).isTrue();
    assertThat(call("Release", "foo", "r2")).isTrue();

    assertThat(writer.get()).isTrue();
    assertThat(call("Exists", "foo", "w")).isTrue();
  }

  @Test
  void aReaderThatWantsMoreDoesNotStandBehindAWriterThatWaitsForIt() throws Exception {
    assertThat(read("foo", "x", 0)).isTrue();
    Future<Boolean> writer = later("Lock", "w", 30_000_000);

    assertThat(read("foo", "y", 10_000)).as("a writer waits").isFalse();
    assertThat(read("foo", "x", 0)).as("reads already").isTrue();
    assertThat(lock("foo", "x", LONG, 0)).as("reads alone").isTrue();
    assertThat(call("Release", "foo", "x")).isTrue();

    assertThat(writer.get()).isTrue();
  }

  @Test
  void readersBehindAWriterThatGivesUpGoOn() throws Exception {
    assertThat(read("foo", "r", 0)).isTrue();
    Future<Boolean> writer = later("Lock", "w", 100_000);
    Future<Boolean> reader = later("LockRead", "r2", 30_000_000);

    assertThat(writer.get()).isFalse();
    assertThat(reader.get()).isTrue();
  }

  @Test
  void aCallerThatLeavesWaitsNoLongerAndNeverObtains() throws Exception {
    assertThat(lock("foo", "holder", LONG, 0)).isTrue();
    Caller caller = new Caller();
    Future<Boolean> left =
        clients.submit(() -> call("Lock", request("foo", "left", LONG, 60_000_000), caller));
    Await.until("two", () -> plugin.size() == 2);
    Future<Boolean> next = later("Lock", "next", 60_000_000);

    caller.leave();

    assertThat(left.get()).isFalse();
    assertThat(call("Release", "foo", "holder")).isTrue();
    assertThat(next.get()).isTrue();
    assertThat(call("Lock", request("free", "left", LONG, 0), caller))
        .as("left before it was asked")
        .isFalse();
    assertThat(call("Exists", "free", "*")).isFalse();
  }

  @Test
  void whoeverWaitsIsRefusedWhenTheServerStops() throws Exception {
    assertThat(lock("foo", "holder", 0, 0)).isTrue();
    Future<Boolean> waits = later("Lock", "w", 3_000_000_000L);

    plugin.stop(Deadline.after(Duration.ofSeconds(10)));

    assertThat(waits.get()).isFalse();
    assertThat(plugin.size()).isZero();
    assertThat(lock("bar", "x", 0, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Lock", "LockRead", "Release", "Exists", "UpdateTTL"})
  void anEmptyIdIsRefused(String method) {
    assertThatThrownBy(() -> call(method, "foo", "")).hasMessage("empty ID is not allowed");
  }

  @Test
  void timesBelowZeroAreRefusedAndThoseBeyondEverythingAreLong() throws Exception {
    assertThatThrownBy(() -> lock("foo", "bar", -1, 0))
        .hasMessage("negative ttl is not allowed: -1");
    assertThatThrownBy(() -> call("UpdateTTL", request("foo", "bar", -1, 0), RpcCall.OWN))
        .hasMessage("negative ttl is not allowed: -1");
    assertThat(lock("foo", "bar", Long.MAX_VALUE, Long.MAX_VALUE)).isTrue();
    assertThat(lock("foo", "other", 0, Long.MIN_VALUE)).isFalse();
    assertThat(call("Exists", "foo", "bar")).isTrue();
  }

  @Test
  void logsWhatThePeerDoes() throws Exception {
    lock("foo", "bar", 7, 8);
    call("UpdateTTL", request("foo", "bar", LONG, 0), RpcCall.OWN);
    call("Release", "foo", "bar");

    assertThat(log.records())
        .contains(
            "DEBUG lock request received [ttl, 7, wait_ttl, 8, resource, foo, id, bar]",
            "DEBUG no such lock resource, creating new [resource, foo, id, bar]",
            "DEBUG updateTTL request received [ttl, 1000000000, wait_ttl, 0, resource, foo, id,"
                + " bar]");
    assertThat(log.with("lock successfully released").size() + log.with("no such lock ID").size())
        .isOne();
  }

  @Test
  void tellsHowMuchIsLocked() throws Exception {
    assertThat(lock("a", "1", LONG, 0)).isTrue();
    assertThat(lock("b", "1", LONG, 0)).isTrue();
    assertThat(call("Release", "b", "1")).isTrue();

    assertThat(Scrape.of(plugin.metrics()).values())
        .containsOnly(Map.entry("rr_lock_resources", 1.0), Map.entry("rr_lock_claims", 1.0));
  }
}
