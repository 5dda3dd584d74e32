package dev.rr.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LifeTest {
  private static final HostSettings SETTINGS =
      new HostSettings(Path.of("/app/.rr.yaml"), Path.of("/app"), Map.of(), List.of(), false);

  private final FakeAssembly assembly = new FakeAssembly();
  private final List<Failure> failures = new ArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);

  private Kernel initialised() {
    Kernel kernel = new Kernel(assembly, SETTINGS, failures::add);
    kernel.init();
    return kernel;
  }

  private Kernel started() throws KernelException {
    Kernel kernel = initialised();
    kernel.start(new CompletableFuture<>());
    return kernel;
  }

  private List<String> seen(String verb) {
    return assembly.seen.stream()
        .filter(s -> s.startsWith(verb + " "))
        .map(s -> s.substring(verb.length() + 1))
        .toList();
  }

  @Test
  void everythingIsInitialisedThenCollectedThenCheckedThenStartedInTheAssemblysOrder()
      throws Exception {
    assembly.plugin("gzip").offers("x.M").weight(2);
    assembly.plugin("send").offers("x.M").onInit(h -> disable());
    assembly.plugin("http").collects("x.M").collects("x.M");
    started();
    assertThat(assembly.seen)
        .containsExactly(
            "new gzip",
            "init gzip",
            "new send",
            "init send",
            "new http",
            "init http",
            "collect http gzip",
            "collect http gzip",
            "check gzip",
            "check http",
            "start gzip",
            "start http");
  }

  @Test
  void aHeavyPluginDoesNotWaitForWhatItCollectsAndOutlivesIt() throws Exception {
    assembly.plugin("server").offers("x.Server").level(1);
    assembly.plugin("http").needs("x.Server").offers("x.Workers").level(2);
    assembly.plugin("informer").collects("x.Workers").offers("x.Rpc").level(3);
    assembly.plugin("rpc").collects("x.Rpc").weight(100).level(4);
    Kernel kernel = started();
    assertThat(seen("start")).containsExactly("rpc", "server", "http", "informer");
    assertThat(assembly.seen.indexOf("collect rpc informer"))
        .isLessThan(assembly.seen.indexOf("start rpc"));
    kernel.stop();
    assertThat(seen("stopped")).containsExactly("informer", "http", "server", "rpc");
  }

  @Test
  void pluginsSeeThatTheServerStopsBeforeTheFirstOfThemIsStopped() throws Exception {
    List<Host> hosts = new ArrayList<>();
    List<Boolean> stopping = new ArrayList<>();
    assembly.plugin("a").onStart(hosts::add).onStop(d -> stopping.add(hosts.getFirst().stopping()));
    Kernel kernel = started();
    assertThat(hosts.getFirst().stopping()).isFalse();
    kernel.stop();
    assertThat(stopping).containsExactly(true);
  }

  @Test
  void pluginsSeeWhoOffersWhatToWhom() throws Exception {
    List<Host> hosts = new ArrayList<>();
    assembly.plugin("server").offers("x.Server");
    assembly.plugin("gzip").offers("x.Middleware").onInit(h -> disable());
    assembly.plugin("http").needs("x.Server").collects("x.Middleware").onStart(hosts::add);
    started();
    assertThat(hosts.getFirst().links())
        .containsExactly(
            new Host.PluginLink("server", "http", "Server", true),
            new Host.PluginLink("gzip", "http", "Middleware", false));
  }

  @Test
  void aDriverStartsBeforeThePluginThatCollectsIt() throws Exception {
    assembly.plugin("kv").collects("x.Driver").weight(10).level(1);
    assembly.plugin("redis").offers("x.Driver").weight(10);
    Kernel kernel = started();
    assertThat(seen("start")).containsExactly("redis", "kv");
    kernel.stop();
    assertThat(seen("stopped")).containsExactly("kv", "redis");
  }

  @Test
  void aHeavyPluginStartsAfterWhatItNeeds() throws Exception {
    assembly.plugin("light").offers("x.Light");
    assembly.plugin("heavy").needs("x.Light").weight(100);
    started();
    assertThat(seen("start")).containsExactly("light", "heavy");
  }

  @Test
  void aFailingStartStopsWhatHadStartedInReverse() {
    assembly.plugin("a");
    assembly.plugin("b");
    assembly.plugin("c").onStart(h -> error("address already in use"));
    assembly.plugin("d");
    Kernel kernel = initialised();
    assertThatThrownBy(() -> kernel.start(new CompletableFuture<>()))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "serve error from the plugin c stopping execution, error: address already in use");
    assertThat(seen("start")).containsExactly("a", "b", "c");
    assertThat(assembly.seen)
        .endsWith("stop c", "stopped c", "stop b", "stopped b", "stop a", "stopped a");
    assertThat(kernel.stop()).isEmpty();
  }

  @Test
  void anExceptionWithoutAMessageIsToldByItsClassAndCause() {
    assembly
        .plugin("a")
        .onStart(h -> {
          throw new IllegalStateException(null, new ArithmeticException("by zero"));
        });
    assertThatThrownBy(() -> initialised().start(new CompletableFuture<>()))
        .hasMessage(
            "serve error from the plugin a stopping execution, error:"
                + " java.lang.IllegalStateException without a message, caused by"
                + " java.lang.ArithmeticException: by zero; -d shows more");
  }

  @Test
  void aFailingCollectIsNamedAndStartsNothing() {
    assembly.plugin("a");
    assembly.plugin("b").onCollect(h -> error("no such middleware"));
    Kernel kernel = initialised();
    assertThatThrownBy(() -> kernel.start(new CompletableFuture<>()))
        .hasMessage("collect error from the plugin b: no such middleware");
    assertThat(seen("start")).isEmpty();
  }

  @Test
  void whatEveryPluginFindsInItsCheckIsToldAtOnceAndStartsNothing() {
    assembly.plugin("a").onCheck(h -> {}, FakeConfigurer.problem("a.file", "does not exist"));
    assembly.plugin("b").onCollect(h -> error("no such driver"));
    assembly
        .plugin("c")
        .onCheck(h -> error("disk full"), FakeConfigurer.problem("c.name", "is nobody's"));
    assembly.plugin("d");
    Kernel kernel = initialised();
    assertThatThrownBy(kernel::check)
        .isInstanceOf(KernelException.class)
        .hasMessage(
            """
            .rr.yaml:7: a.file: does not exist
            .rr.yaml:7: c.name: is nobody's
            collect error from the plugin b: no such driver
            check error from the plugin c: disk full\
            """);
    assertThat(seen("check")).containsExactly("a", "c", "d");
    assertThat(kernel.states())
        .extracting(PluginState::live)
        .containsExactly(false, false, false, true);
    assertThat(seen("start")).isEmpty();
  }

  @Test
  void thePluginsAreExaminedOnce() throws Exception {
    assembly.plugin("a");
    Kernel kernel = initialised();
    kernel.examine();
    kernel.check();
    kernel.start(new CompletableFuture<>());
    assertThat(seen("check")).containsExactly("a");
  }

  @Test
  void noThreadIsLeftWhetherPluginsStoppedOrFailedToStart() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    assembly.plugin("a");
    started().stop();
    assembly.plugin("b").onStart(h -> error("address already in use"));
    assertThatThrownBy(this::started).isInstanceOf(KernelException.class);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().startsWith("rr-")) {
        assertThat(thread.join(Duration.ofSeconds(10))).as(thread.getName() + " ends").isTrue();
      }
    }
  }

  @Test
  void aStopAskedForWhileStartingEndsTheStart() throws Exception {
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    assembly.plugin("a").onStart(h -> cancelled.complete("a stop"));
    assembly.plugin("b");
    Kernel kernel = initialised();
    assertThat(kernel.start(cancelled)).isFalse();
    assertThat(kernel.stop()).isEmpty();
    assertThat(seen("start")).containsExactly("a");
    assertThat(seen("stopped")).containsExactly("a");
  }

  @Test
  void aPluginInTheMidstOfItsStartIsInterruptedAndStopped() throws Exception {
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    assembly.plugin("a").level(1);
    assembly
        .plugin("slow")
        .level(2)
        .onStart(h -> {
          cancelled.complete("a stop");
          never.await();
        });
    Kernel kernel = initialised();
    assertThat(kernel.start(cancelled)).isFalse();
    assertThat(kernel.starting()).contains("slow");
    assertThat(kernel.stop()).isEmpty();
    assertThat(seen("stopped")).containsExactly("slow", "a");
  }

  @Test
  void aStartThatNeverReturnsIsLeftBehindAndTheOthersStop() throws Exception {
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    assembly.config();
    assembly.configurer.values.put("endure.grace_period", "1000");
    assembly.plugin("a").level(1);
    assembly
        .plugin("deaf")
        .level(2)
        .onStart(h -> {
          cancelled.complete("a stop");
          awaitDeaf(never);
        });
    Kernel kernel = initialised();
    assertThat(kernel.start(cancelled)).isFalse();
    assertThat(kernel.stop())
        .containsExactly(
            "the plugin deaf was starting, did not return within 0.333 s and was left behind");
    assertThat(seen("stopped")).containsExactly("a", "config");
    never.countDown();
  }

  /** As a library that swallows interrupts. */
  private static void awaitDeaf(CountDownLatch latch) {
    boolean over = false;
    while (!over) {
      try {
        over = latch.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        // Waits on.
      }
    }
  }

  @Test
  void stoppingGoesDownTheLevelsAndTheLoggerIsLast() throws Exception {
    assembly.config();
    assembly.logger().level(5);
    assembly.plugin("bottom").level(0);
    assembly.plugin("server").level(2);
    assembly.plugin("http").level(3);
    assertThat(started().stop()).isEmpty();
    assertThat(seen("stopped").subList(0, 3)).containsExactly("http", "server", "bottom");
    assertThat(seen("stopped").subList(3, 5)).containsExactlyInAnyOrder("logger", "config");
  }

  @Test
  void pluginsOfOneLevelStopAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assembly.plugin("a").level(1).onStop(d -> both.await(10, TimeUnit.SECONDS));
    assembly.plugin("b").level(1).onStop(d -> both.await(10, TimeUnit.SECONDS));
    assertThat(started().stop()).isEmpty();
  }

  @Test
  void aPluginThatIgnoresTheDeadlineIsNamedAndLeftBehind() throws Exception {
    assembly.config();
    assembly.logger();
    assembly.configurer.values.put("endure.grace_period", "1000");
    assembly.plugin("low").level(2);
    assembly.plugin("stuck").level(3).onStop(d -> never.await(20, TimeUnit.SECONDS));
    Kernel kernel = started();
    long before = System.nanoTime();
    List<String> problems = kernel.stop();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    assertThat(problems)
        .containsExactly(
            "the plugin stuck did not stop within the grace period of 1 s and was left behind");
    assertThat(took).isBetween(Duration.ofMillis(850), Duration.ofSeconds(15));
    assertThat(seen("stopped")).contains("low", "logger").doesNotContain("stuck");
  }

  @Test
  void thePluginsShareOneBudget() throws Exception {
    assembly.config();
    assembly.configurer.values.put("endure.grace_period", "1000");
    for (int level = 1; level <= 4; level++) {
      assembly.plugin("stuck" + level).level(level).onStop(d -> never.await(20, TimeUnit.SECONDS));
    }
    Kernel kernel = started();
    long before = System.nanoTime();
    assertThat(kernel.stop()).hasSize(4);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void aFailingStopDoesNotKeepTheOthersFromStopping() throws Exception {
    assembly.plugin("a").level(1);
    assembly.plugin("b").level(2).onStop(d -> error("disk full"));
    assertThat(started().stop()).containsExactly("stop error from the plugin b: disk full");
    assertThat(seen("stopped")).containsExactly("a");
  }

  @Test
  void aDisabledPluginIsNeitherCollectedNorStartedNorStopped() throws Exception {
    assembly.plugin("off").onInit(h -> disable());
    assembly.plugin("on");
    started().stop();
    assertThat(seen("start")).containsExactly("on");
    assertThat(seen("stop")).containsExactly("on");
  }

  @Test
  void stoppingTwiceStopsOnce() throws Exception {
    assembly.plugin("a");
    Kernel kernel = started();
    kernel.stop();
    assertThat(kernel.stop()).isEmpty();
    assertThat(seen("stop")).containsExactly("a");
  }

  @Test
  void onlyTheFirstFailureIsReported() throws Exception {
    assembly
        .plugin("a")
        .onStart(h -> {
          h.fail("a", new IllegalStateException("first"));
          h.fail("a", new IllegalStateException("second"));
        });
    started();
    assertThat(failures).extracting(f -> f.cause().getMessage()).containsExactly("first");
  }

  @Test
  void theHostTellsWhatTheCommandLineDecided() throws Exception {
    List<String> told = new ArrayList<>();
    assembly
        .plugin("a")
        .onInit(h -> told.add(h.version() + " " + h.configFile() + " " + h.workDirectory()));
    started();
    assertThat(told).containsExactly("1.2.3 /app/.rr.yaml /app");
  }

  private static void disable() throws dev.rr.api.plugin.PluginDisabled {
    throw new dev.rr.api.plugin.PluginDisabled("off");
  }

  private static void error(String text) {
    throw new IllegalStateException(text);
  }
}
