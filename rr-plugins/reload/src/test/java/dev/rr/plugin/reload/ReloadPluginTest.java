package dev.rr.plugin.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
final class ReloadPluginTest {
  /** Shorter than a configuration may have it; long enough for what is written at once. */
  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** Long enough for a thousand files, and where each reset counts. */
  private static final Duration LONG = Duration.ofMillis(700);

  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();
  private final List<String> resets = new CopyOnWriteArrayList<>();
  private final List<ReloadPlugin> plugins = new ArrayList<>();
  private volatile String broken = "";

  /** How often the machine stood still amid a burst, which may be two of them then. */
  private int pauses;

  private long lastOfBurst;

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("src/deep"));
    Files.createDirectories(folder.resolve("vendor"));
    Files.writeString(folder.resolve("src/a.php"), "a");
    Files.writeString(folder.resolve("src/deep/b.php"), "b");
  }

  @AfterEach
  void stop() throws Exception {
    for (ReloadPlugin plugin : plugins) {
      plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    }
  }

  private static ReloadConfig.Service service(String dir, String... ignored) {
    return new ReloadConfig.Service(List.of(dir), true, List.of(), List.of(ignored));
  }

  private ReloadPlugin plugin(
      Duration interval, boolean polling, Map<String, ReloadConfig.Service> services) {
    ReloadPlugin plugin =
        new ReloadPlugin(
            new ReloadConfig(interval, List.of(".php"), polling, services),
            new FakeConfigurer(),
            new FakeHost(folder),
            name -> log);
    for (String name : List.of("http", "jobs")) {
      plugin.resetter(new Named(name, 1), () -> reset(name));
    }
    return plugin;
  }

  private void reset(String name) {
    if (broken.equals(name)) {
      throw new IllegalStateException("the new workers did not start");
    }
    resets.add(name);
  }

  private void start(boolean polling, Map<String, ReloadConfig.Service> services) throws Exception {
    start(INTERVAL, polling, services);
  }

  private void start(Duration interval, boolean polling, Map<String, ReloadConfig.Service> services)
      throws Exception {
    ReloadPlugin plugin = plugin(interval, polling, services);
    plugins.add(plugin);
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
  }

  private void start(Duration interval, boolean polling) throws Exception {
    start(interval, polling, Map.of("http", service(".", "vendor")));
  }

  private void start(boolean polling) throws Exception {
    start(INTERVAL, polling);
  }

  private void awaitResets(int number) {
    Await.until(
        Duration.ofSeconds(20),
        () -> number + " resets, there are " + resets + ", log: " + log.records(),
        () -> resets.size() >= number);
  }

  /** Whatever else was to come has come when a later change was answered. */
  private void nothingElseComes(int sofar) throws Exception {
    awaitResets(sofar);
    Files.writeString(folder.resolve("src/last.php"), "last");
    awaitResets(sofar + 1);
    assertThat(resets).hasSizeBetween(sofar + 1, sofar + 1 + pauses);
  }

  /** A change that is to be of one burst with the one before; not when that was long ago. */
  private void ofOneBurst() {
    long now = System.nanoTime();
    if (lastOfBurst != 0 && now - lastOfBurst > LONG.toNanos() / 2) {
      pauses++;
    }
    lastOfBurst = now;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBurstOfAThousandFilesIsOneReset(boolean polling) throws Exception {
    start(LONG, polling);
    for (int i = 0; i < 1000; i++) {
      Files.writeString(folder.resolve("src/" + i + ".php"), "x");
      ofOneBurst();
    }
    nothingElseComes(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void foldersThatAreMadeLaterCount(boolean polling) throws Exception {
    start(polling);
    Files.createDirectories(folder.resolve("new/deeper"));
    Files.writeString(folder.resolve("new/deeper/c.php"), "c");
    awaitResets(1);
    Files.writeString(folder.resolve("new/deeper/c.php"), "changed");
    awaitResets(2);
  }

  @Test
  void aFolderThatTakesAnothersPlaceIsWatchedAsWell() throws Exception {
    start(LONG, false);
    Files.move(folder.resolve("src"), folder.resolve("vendor/src"));
    awaitResets(1);
    Files.createDirectories(folder.resolve("src"));
    ofOneBurst();
    Files.writeString(folder.resolve("src/a.php"), "new");
    ofOneBurst();
    awaitResets(2);
    // The old one is out of sight, though the kernel still tells of it.
    Files.writeString(folder.resolve("vendor/src/a.php"), "old");
    nothingElseComes(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLinkThatIsTurnedToANewReleaseCountsAndTheNewOneIsWatched(boolean polling) throws Exception {
    Path current = Files.createSymbolicLink(folder.resolve("current"), folder.resolve("src"));
    start(polling, Map.of("http", service("current")));
    Files.createDirectories(folder.resolve("release"));
    Files.writeString(folder.resolve("release/a.php"), "new");
    Path next = Files.createSymbolicLink(folder.resolve("next"), folder.resolve("release"));
    Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
    awaitResets(1);
    Files.writeString(folder.resolve("release/a.php"), "newer");
    awaitResets(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFolderThatIsMissingForAWhileIsWatchedAgain(boolean polling) throws Exception {
    start(polling, Map.of("http", service("src")));
    Files.move(folder.resolve("src"), folder.resolve("old"));
    awaitResets(1);
    Files.createDirectories(folder.resolve("src"));
    Files.writeString(folder.resolve("src/a.php"), "new");
    awaitResets(2);
    Files.writeString(folder.resolve("src/a.php"), "newer");
    awaitResets(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSaveByRenameCountsOnce(boolean polling) throws Exception {
    start(LONG, polling);
    Files.writeString(folder.resolve("src/a.php~"), "b");
    ofOneBurst();
    Files.move(
        folder.resolve("src/a.php~"),
        folder.resolve("src/a.php"),
        StandardCopyOption.REPLACE_EXISTING);
    ofOneBurst();
    nothingElseComes(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void removalsAndPermissionsCount(boolean polling) throws Exception {
    start(polling);
    Files.setPosixFilePermissions(
        folder.resolve("src/a.php"), PosixFilePermissions.fromString("rw-------"));
    awaitResets(1);
    Files.delete(folder.resolve("src/a.php"));
    awaitResets(2);
  }

  @Test
  void otherFilesDoNotCount() throws Exception {
    start(false);
    Files.writeString(folder.resolve("src/a.log"), "x");
    Files.writeString(folder.resolve("src/.a.php.swp"), "x");
    Files.writeString(folder.resolve("vendor/a.php"), "x");
    Files.createDirectories(folder.resolve("empty"));
    nothingElseComes(0);
  }

  @Test
  void foldersInsideCountOnlyWhereThatIsAsked() throws Exception {
    Map<String, ReloadConfig.Service> services = new LinkedHashMap<>();
    services.put(
        "HTTP", new ReloadConfig.Service(List.of("src"), false, List.of(".env"), List.of()));
    services.put("jobs", service("src/deep"));
    start(false, services);
    Files.writeString(folder.resolve("src/deep/b.php"), "changed");
    awaitResets(1);
    assertThat(resets).containsExactly("jobs");
    Files.writeString(folder.resolve("src/.env"), "A=1");
    awaitResets(2);
    assertThat(resets).containsExactly("jobs", "http");
  }

  @Test
  void aResetThatFailsIsToldAndTheNextChangeTriesAgain() throws Exception {
    broken = "http";
    start(false);
    Files.writeString(folder.resolve("src/a.php"), "broken");
    Await.until("the error", () -> !log.with("could not be replaced").isEmpty());
    assertThat(log.with("could not be replaced"))
        .containsExactly(
            "ERROR files have changed, but the workers could not be replaced; what served before"
                + " serves on [plugin, http, error, the new workers did not start]");
    broken = "";
    Files.writeString(folder.resolve("src/a.php"), "mended");
    awaitResets(1);
  }

  @Test
  void foldersBeyondTheBoundArePolledAndAWarningNamesTheLimit() throws Exception {
    Predicate<String> all = name -> true;
    try (FolderWatch watch = new FolderWatch(INTERVAL, false, 2, all, log)) {
      watch.add(folder, 1);
      watch.add(folder.resolve("src"), 2);
      assertThat(watch.isPolling()).isFalse();
      watch.add(folder.resolve("vendor"), 3);
      assertThat(watch.isPolling()).isTrue();
      assertThat(watch.await(Duration.ofMillis(1))).isTrue();
    }
    assertThat(log.records())
        .singleElement()
        .asString()
        .startsWith("WARN not all folders can be watched, their files are polled")
        .contains("there are more than 2 folders", "fs.inotify.max_user_watches, ");
  }

  @Test
  void changesWithoutEndAreAnsweredAfterTenIntervals() {
    Debounce debounce = new Debounce(Duration.ofNanos(100));
    assertThat(debounce.take(1000)).isFalse();
    for (int now = 0; now < 1000; now += 50) {
      debounce.changed(now);
      assertThat(debounce.take(now)).isFalse();
    }
    debounce.changed(1000);
    assertThat(debounce.take(1000)).isTrue();
    assertThat(debounce.isPending()).isFalse();
    debounce.changed(2000);
    assertThat(debounce.take(2099)).isFalse();
    assertThat(debounce.take(2100)).isTrue();
  }

  @Test
  void mistakesAreToldBeforeTheStart() throws Exception {
    Map<String, ReloadConfig.Service> services = new LinkedHashMap<>();
    services.put("htp", service("."));
    services.put("jobs", service("nowhere"));
    assertThat(FoundProblems.of(plugin(INTERVAL, false, services)))
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).contains("services.htp", "did you mean 'http'?"))
        .anySatisfy(
            p -> assertThat(p).contains("services.jobs.dirs", folder + "/nowhere does not exist"));
    assertThat(
            FoundProblems.of(
                new ReloadConfig(INTERVAL, List.of(".php"), false, Map.of()), "reload"))
        .containsExactly("reload.interval: reload interval is too fast: it has to be 1s at least");
    assertThat(
            FoundProblems.of(
                new ReloadConfig.Service(List.of(), true, List.of(), List.of()),
                "reload.services.http"))
        .containsExactly(
            "reload.services.http.dirs: no folder is named; . is the working directory");
  }

  @Test
  void holdsTheContractOfAPluginsLife() throws Exception {
    LifecycleContract.holds(
        () -> plugin(INTERVAL, false, Map.of("http", service("."))),
        () -> plugin(INTERVAL, false, Map.of("http", service("nowhere"))));
  }
}
