package dev.rr.plugin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Checked;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Field;
import dev.rr.api.config.Schema.Type;
import dev.rr.api.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ConfigPluginTest {
  @TempDir Path folder = Path.of("");

  /** A section as the processor's binders see one. */
  private record Pool(long workers, String key, String nested) {
    private Pool {
      if (workers == 13) {
        throw new IllegalArgumentException("13 workers bring bad luck");
      }
    }
  }

  private static final class PoolBinder implements Binder<Pool> {
    @Override
    public String key() {
      return "pool";
    }

    @Override
    public Schema schema() {
      Schema nested = new Schema("", List.of(field("pin", Type.INTEGER, true, null)));
      return new Schema(
          "pool",
          List.of(
              field("workers", Type.INTEGER, false, null),
              field("hidden", Type.INTEGER, true, null),
              field("below", Type.SECTION, false, nested)));
    }

    @Override
    public Pool bind(Section section) {
      long workers = section.integer("workers", 1, 0, 100);
      section.integer("hidden", 1, 0, 100);
      Section below = section.section("below");
      return new Pool(workers, section.path(), "" + below.integer("pin", 0, 0, 9));
    }
  }

  @ConfigSection("needy")
  record Needy(@Key(required = true) long workers, String path, String other) implements Checked {
    @Override
    public void check(Section at) {
      if (workers < 1) {
        at.problem("workers", "is less than 1");
        at.problem(null, "does nothing");
      }
      if (!path.startsWith("/")) {
        at.problem("path", "has to begin with a slash");
      }
      if (other.startsWith(":")) {
        at.problem("other", "'" + other + "' has no host");
      }
    }
  }

  static Field field(
      String name, Type type, boolean secret, @org.jspecify.annotations.Nullable Schema nested) {
    return new Field(name, type, "", false, secret, List.of(), "", nested);
  }

  private TestHost host(String yaml) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, yaml);
    return TestHost.of(file);
  }

  @Test
  void bindsASectionAtTheBindersOwnKeyAndElsewhere() throws IOException {
    ConfigPlugin config =
        host("version: '3'\npool: {workers: 4}\nother: {pool: {workers: 5}}\n").load();
    assertThat(config.bind(new PoolBinder()).workers()).isEqualTo(4);
    assertThat(config.bind("other.pool", new PoolBinder()))
        .isEqualTo(new Pool(5, "other.pool", "0"));
    assertThat(config.bind("absent", new PoolBinder()).workers()).isEqualTo(1);
  }

  @Test
  void throwsEveryProblemOfASectionWithSecretsOfItsSchemaMasked() throws IOException {
    ConfigPlugin config =
        host("version: '3'\npool:\n  workers: 101\n  hidden: abc\n  below:\n    pin: 12345\n")
            .load();
    assertThatThrownBy(() -> config.bind(new PoolBinder()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            .rr.yaml:3: pool.workers: "101" is out of bounds; allowed: 0 to 100
            .rr.yaml:4: pool.hidden: the value (not shown) is not a whole number; allowed: 0 to 100
            .rr.yaml:6: pool.below.pin: the value (not shown) is out of bounds; allowed: 0 to 9\
            """);
  }

  @Test
  void aSectionThatIsBoundLenientlyHasItsFallbacksAndKeepsItsProblems() throws IOException {
    ConfigPlugin config = host("version: '3'\npool: {workers: 101, hidden: 5}\n").load();
    assertThat(config.bindLeniently(new PoolBinder()).workers()).isEqualTo(1);
    assertThat(config.problems())
        .singleElement()
        .hasToString(".rr.yaml:2: pool.workers: \"101\" is out of bounds; allowed: 0 to 100");
  }

  @Test
  void thatASectionIsNoMapIsItsOnlyProblem() throws IOException {
    ConfigPlugin config = host("version: '3'\nneedy: workers:4\n").load();
    assertThat(config.bindLeniently(ConfigPluginTest_NeedyBinder.INSTANCE).workers()).isZero();
    assertThat(config.problems())
        .singleElement()
        .hasToString(
            ".rr.yaml:2: needy: expected a section, that is keys below it, found \"workers:4\"; a"
                + " blank stands behind the colon of a key");
  }

  @Test
  void aRecordsRulesAreToldBesideWrongValuesUnlessTheyAreOfTheseKeys() throws IOException {
    ConfigPlugin config =
        host("version: '3'\nneedy: {workers: x, path: a, other: '${HOST}:'}\n").load();
    config.bindLeniently(ConfigPluginTest_NeedyBinder.INSTANCE);
    assertThat(config.problems())
        .extracting(Problem::toString)
        .containsExactly(
            ".rr.yaml:2: needy.workers: \"x\" is not a whole number; allowed: any whole number",
            ".rr.yaml:2: needy.path: has to begin with a slash",
            ".rr.yaml:2: needy.other: ':' has no host (written as ${HOST}:)");
  }

  @Test
  void warnsOfADefaultThatIsNoneAndOfIncludesThatNobodyFollows() throws IOException {
    Files.writeString(folder.resolve("more.yaml"), "version: '3'\ninclude: [others.yaml]\n");
    ConfigPlugin config =
        host("version: '3'\ninclude: more.yaml\npool: ['${ADDR:127.0.0.1}']\n").load();
    assertThat(config.unknownKeys(List.of(new PoolBinder().schema())))
        .extracting(Problem::toString)
        .contains(
            ".rr.yaml:3: pool: ${ADDR:127.0.0.1} is empty, as no variable has such a name; a"
                + " default is written ${ADDR:-127.0.0.1}",
            "more.yaml:2: include: is not looked at: a file that is included does not include"
                + " others");
  }

  @Test
  @Timeout(20)
  void aLineOfMegabytesTakesNoLongerThanManyLines() throws IOException {
    ConfigPlugin config = host("version: '3'\n#" + "x".repeat(8 << 20) + "\na: b\n").load();
    assertThat(config.get("a")).isEqualTo("b");
  }

  @Test
  void tellsARecordsOwnRuleAtTheSection() throws IOException {
    ConfigPlugin config = host("version: '3'\n\npool: {workers: 13}\n").load();
    assertThatThrownBy(() -> config.bind(new PoolBinder()))
        .hasMessage(".rr.yaml:3: pool: 13 workers bring bad luck");
  }

  @Test
  void aConfigExceptionHasNoStackTrace() {
    assertThatThrownBy(() -> TestHost.of(folder.resolve("none.yaml")).load())
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void includesAreTakenFromTheWorkDirectory() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("cwd"));
    Files.writeString(elsewhere.resolve("more.yaml"), "version: '3'\na: {b: 1}\n");
    TestHost host = host("version: '3'\ninclude: [more.yaml]\n");
    ConfigPlugin config =
        new TestHost(host.configFile(), elsewhere, Map.of(), List.of(), host.catalogue(), List.of())
            .load();
    assertThat(config.get("a.b")).isEqualTo("1");
  }

  @Test
  void problemsOfAnIncludedFileNameThatFile() throws IOException {
    Files.writeString(folder.resolve("more.yaml"), "version: '3'\npool:\n  workers: x\n");
    ConfigPlugin config = host("version: '3'\ninclude: more.yaml\n").load();
    assertThatThrownBy(() -> config.bind(new PoolBinder()))
        .hasMessageStartingWith("more.yaml:3: pool.workers: ");
  }

  @Test
  void theEnvironmentHasTheEnvfileBelowTheSystems() throws IOException {
    Files.writeString(folder.resolve(".env"), "A=file\nB=file\n");
    ConfigPlugin config = host("version: '3'\nenvfile: .env\n").with(Map.of("A", "system")).load();
    assertThat(config.environment()).containsEntry("A", "system").containsEntry("B", "file");
  }

  @Test
  void refusesAFolderAndBytesThatAreNoText() throws IOException {
    assertThatThrownBy(() -> TestHost.of(folder).load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot read");
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {'a', ':', ' ', (byte) 0xFF});
    assertThatThrownBy(() -> TestHost.of(binary).load())
        .hasMessageEndingWith("is not UTF-8 text: save it as UTF-8");
    Files.write(binary, new byte[] {'\n', 'a', ':', ' ', 1});
    assertThatThrownBy(() -> TestHost.of(binary).load())
        .hasMessage("binary.yaml:2: the character U+0001 is not allowed");
  }

  @Test
  void aByteOrderMarkDoesNotMatter() throws IOException {
    assertThat(host("\uFEFFversion: '3'\na: 1\n").load().get("a")).isEqualTo("1");
  }

  @Test
  void aliasesCannotExplode() throws IOException {
    StringBuilder bomb =
        new StringBuilder("version: '3'\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append("*a").append(i - 1).append(", *a").append(i - 1).append(", x, x, x]\n");
    }
    TestHost host = host(bomb.toString());
    assertThatThrownBy(host::load).hasMessageContaining("more than 1000000 values");
  }

  @Test
  void deepNestingIsAMessageNotAStackOverflow() throws IOException {
    TestHost host = host("version: '3'\na: " + "[".repeat(50_000) + "\n");
    assertThatThrownBy(host::load).hasMessage(".rr.yaml:2: nested deeper than 100 levels");
  }

  @Test
  void readingBeforeInitIsAFaultInTheProgram() throws IOException {
    ConfigPlugin early = new ConfigPlugin(host("version: '3'\n"));
    assertThatThrownBy(() -> early.has("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void showsNoSecretsInItsTree() throws IOException {
    ConfigPlugin config =
        host("""
        version: '3'
        pool: {workers: 4, hidden: 5, below: {pin: 6}}
        redis: {addrs: ["redis://u:hunter2@h:6379"], password: hunter2, username: ''}
        kv: {a: {config: {access_tokens: [hunter2, '']}}}
        server: {env: {APP_KEY: hunter2, DB_PASSWORD: '', APP_ENV: prod}}
        http: {ssl: {key: key.pem}}
        """)
            .load();
    config.bind(new PoolBinder());
    Map<String, Object> tree = config.tree();
    assertThat(tree.toString()).doesNotContain("hunter2");
    assertThat(tree)
        .containsEntry(
            "pool", Map.of("workers", 4L, "hidden", "***", "below", Map.of("pin", "***")))
        .containsEntry(
            "redis",
            Map.of("addrs", List.of("redis://u:***@h:6379"), "password", "***", "username", ""))
        .containsEntry(
            "kv", Map.of("a", Map.of("config", Map.of("access_tokens", List.of("***", "")))))
        .containsEntry(
            "server", Map.of("env", Map.of("app_key", "***", "db_password", "", "app_env", "prod")))
        .containsEntry("http", Map.of("ssl", Map.of("key", "key.pem")));
  }
}
