package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.cli.CliCommand.Console;
import dev.rr.api.config.Problems;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On files that RoadRunner wrote: the resources' README says how. */
@ExtendWith(LeakCheck.class)
class ImportCommandTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Path boltFile(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(getClass().getResourceAsStream("/" + name + ".gz")))) {
      Files.copy(in, file);
    }
    return file;
  }

  private BoltdbPlugin plugin(String kv) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\nkv: " + kv + "\n");
    return new BoltdbPlugin(
        BoltdbConfigBinder.INSTANCE,
        BoltdbJobsConfigBinder.INSTANCE,
        Configuration.read(file),
        new FakeHost(folder),
        name -> new RecordingLog());
  }

  private void run(String kv, String... arguments) throws Exception {
    int code =
        plugin(kv)
            .command()
            .run(
                List.of(arguments),
                new Console(
                    new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false));
    assertThat(code).isZero();
  }

  private Map<String, byte[]> values(String file, String... keys) throws Exception {
    KvStore store = StoreProcess.open(folder.resolve(file));
    try {
      return store.get(List.of(keys));
    } finally {
      store.close(Deadline.after(Duration.ofSeconds(5)));
    }
  }

  @Test
  void bringsTheValuesOfASmallFileIntoTheOnlyStorage() throws Exception {
    run(
        "{users: {driver: boltdb, config: {file: users.db}}, other: {driver: memory}}",
        "import-bolt",
        boltFile("small.db").toString());
    assertThat(values("users.db", "a", "empty", "long", "none"))
        .containsOnly(
            Map.entry("a", "value".getBytes(UTF_8)),
            Map.entry("empty", new byte[0]),
            Map.entry("long", "x".repeat(300).getBytes(UTF_8)));
    assertThat(out.toString(UTF_8))
        .startsWith("3 values are in ")
        .contains("users.db now, the file of users");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void bringsTheValuesOfAFileWithBranchesAndOverflowingPages() throws Exception {
    run(
        "{a: {driver: boltdb, config: {file: a.db}}, b: {driver: boltdb, config: {file: b.db}}}",
        "import-bolt",
        boltFile("large.db").toString(),
        "b");
    List<String> keys = new ArrayList<>(List.of("overflow", "schlüssel"));
    for (int i = 0; i < 600; i++) {
      keys.add("key %04d".formatted(i));
    }
    Map<String, byte[]> values = values("b.db", keys.toArray(String[]::new));
    assertThat(values).hasSize(402).doesNotContainKey("key 0000");
    for (int i = 1; i < 600; i += 3) {
      assertThat(values.get("key %04d".formatted(i)))
          .asString(UTF_8)
          .isEqualTo("value %d ".formatted(i).repeat(i % 20 + 1));
    }
    assertThat(values.get("overflow")).hasSize(30_720).endsWith(254, 255);
    assertThat(values.get("schlüssel")).asString(UTF_8).isEqualTo("utf-8");
    assertThat(folder.resolve("a.db")).doesNotExist();
  }

  @Test
  void putsTheStorageInThePlaceOfItsOwnOldFileAndKeepsThat() throws Exception {
    Path file = boltFile("small.db");
    byte[] before = Files.readAllBytes(file);
    run("{users: {driver: boltdb, config: {file: small.db}}}", "import-bolt", file.toString());
    assertThat(values("small.db", "a")).containsOnlyKeys("a");
    assertThat(folder.resolve("small.db.bolt")).hasBinaryContent(before);
    assertThat(folder.resolve("small.db.import")).doesNotExist();
  }

  @Test
  void findsTheSectionThatStandsInForTheStoragesOwn() throws Exception {
    run(
        "{users: {driver: boltdb}}\nusers: {file: named.db}",
        "import-bolt",
        boltFile("small.db").toString());
    assertThat(values("named.db", "a")).containsOnlyKeys("a");
  }

  @Test
  void saysHowItIsUsedAndWhatTheStoragesAre() throws Exception {
    String two = "{a: {driver: boltdb}, b: {driver: boltdb, config: {file: b.db}}}";
    String file = boltFile("small.db").toString();
    assertThatThrownBy(() -> run(two)).hasMessage("usage: rr kv import-bolt FILE [STORAGE]");
    assertThatThrownBy(() -> run(two, "export-bolt", file)).hasMessageStartingWith("usage:");
    assertThatThrownBy(() -> run(two, "import-bolt", file))
        .hasMessage(
            "usage: rr kv import-bolt FILE [STORAGE]; STORAGE is one whose driver is boltdb; it has"
                + " a, b");
    assertThatThrownBy(() -> run(two, "import-bolt", file, "c"))
        .hasMessageContaining("no storage c with the driver boltdb; it has a, b");
  }

  @Test
  void theStartIsRefusedWithTheCommandThatHelps() throws Exception {
    Path file = boltFile("small.db");
    BoltdbPlugin plugin = plugin("{users: {driver: boltdb, config: {file: small.db}}}");
    Problems problems = new Problems();
    plugin.check(
        "users",
        Configuration.read(folder.resolve(".rr.yaml")).section("kv.users.config", problems));
    assertThat(problems.found())
        .singleElement()
        .asString()
        .contains("rr kv import-bolt " + file + " users");
  }

  @Test
  void refusesWhatIsNoFileOfBbolt() throws Exception {
    Path file = Files.writeString(folder.resolve("x.db"), "x".repeat(10_000));
    String one = "{a: {driver: boltdb}}";
    assertThatThrownBy(() -> run(one, "import-bolt", file.toString()))
        .hasMessageContaining("x.db is no file of bbolt");
    assertThatThrownBy(() -> run(one, "import-bolt", folder.resolve("none").toString()))
        .isInstanceOf(IOException.class);
  }

  /** Whatever is damaged: an error or some values, and nothing else. */
  @Test
  void aDamagedFileIsAnErrorAndNothingWorse() throws Exception {
    byte[] whole = Files.readAllBytes(boltFile("large.db"));
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] damaged =
          Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
      for (int n = 0; n < 40 && damaged.length > 0; n++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("damaged.db"), damaged);
      try (BoltFile bolt = BoltFile.open(file)) {
        bolt.bucket("default".getBytes(UTF_8), new Ignoring());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("damaged.db");
      }
    }
  }

  private static final class Ignoring implements BoltFile.Entries {
    @Override
    public void value(byte[] key, byte[] value) {
      Optional<byte[]> unused = GobBytes.decode(value);
    }

    @Override
    public void bucket(byte[] name) {}
  }
}
