package dev.rr.plugin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Field;
import dev.rr.api.config.Schema.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a configuration: values, and where each comes from. */
final class EffectiveValuesTest {
  private static final Schema POOL =
      new Schema(
          "",
          List.of(
              field("num_workers", Type.INTEGER, "2", null, false),
              field("debug", Type.BOOLEAN, "", null, false)));

  private static final List<Schema> READ =
      List.of(
          new Schema(
              "http",
              List.of(
                  field("address", Type.STRING, "", null, false),
                  field("pool", Type.SECTION, "", POOL, false),
                  field("ssl", Type.SECTION, "", POOL, true),
                  field("types", Type.STRINGS, "a, b", null, false),
                  field("pools", Type.SECTION_MAP, "", POOL, false),
                  new Field("pin", Type.STRING, "", false, true, List.of(), "", null))),
          new Schema("http.gzip", List.of(field("level", Type.INTEGER, "3", null, false))),
          new Schema("logs", List.of(field("level", Type.CHOICE, "debug", null, false))));

  @TempDir Path folder = Path.of("");

  private static Field field(
      String name, Type type, String fallback, @Nullable Schema nested, boolean optional) {
    return new Field(name, type, fallback, false, false, List.of(), "", nested, optional);
  }

  private List<String> shown(String yaml, Map<String, String> environment, String... overrides)
      throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, yaml);
    return TestHost.of(file)
        .with(environment)
        .with(List.of(overrides))
        .knowing(READ)
        .load()
        .values(READ)
        .stream()
        .map(EffectiveValuesTest::line)
        .toList();
  }

  private static String line(EffectiveValue value) {
    Path file = value.place().file();
    return String.join(".", value.key())
        + "="
        + value.value()
        + " "
        + value.source()
        + (file == null ? "" : " " + file.getFileName() + ":" + value.place().line())
        + (value.variables().isEmpty() ? "" : " " + value.variables());
  }

  @Test
  void whatIsWrittenComesBeforeTheDefaultsOfItsSection() throws IOException {
    assertThat(shown("version: '3'\nhttp:\n  pool: {num_workers: 8}\n  address: :80\n", Map.of()))
        .containsExactly(
            "version=3 FILE .rr.yaml:1",
            "http.pool.num_workers=8 FILE .rr.yaml:3",
            "http.pool.debug=false DEFAULT",
            "http.address=:80 FILE .rr.yaml:4",
            "http.types=[a, b] DEFAULT",
            "http.gzip.level=3 DEFAULT",
            "logs.level=debug DEFAULT");
  }

  @Test
  void aSectionThatIsNotThereHasItsDefaultsUnlessItIsOptional() throws IOException {
    assertThat(shown("version: '3'\nhttp: {}\n", Map.of()))
        .contains("http.pool.num_workers=2 DEFAULT")
        .noneMatch(line -> line.startsWith("http.ssl"));
    assertThat(shown("version: '3'\nhttp: {ssl: {debug: true}}\n", Map.of()))
        .contains("http.ssl.debug=true FILE .rr.yaml:2", "http.ssl.num_workers=2 DEFAULT");
    assertThat(shown("version: '3'\nhttp: {pools: {A: {debug: true}}}\n", Map.of()))
        .contains("http.pools.A.debug=true FILE .rr.yaml:2", "http.pools.A.num_workers=2 DEFAULT");
  }

  @Test
  void aVariableIsNamedWhenItGaveTheValue() throws IOException {
    String yaml = "version: '3'\nhttp:\n  address: ${HOST:-localhost}:${PORT:-80}\n";
    assertThat(shown(yaml, Map.of("PORT", "8080")))
        .contains("http.address=localhost:8080 VARIABLE .rr.yaml:3 [PORT]");
    assertThat(shown(yaml, Map.of())).contains("http.address=localhost:80 FILE .rr.yaml:3");
  }

  @Test
  void overridesAndIncludedFilesAreTold() throws IOException {
    Files.writeString(folder.resolve("logs.yaml"), "version: '3'\n\nlogs: {level: error}\n");
    assertThat(
            shown(
                "version: '3'\ninclude: [logs.yaml]\nlogs: {level: warn}\nhttp: {address: ':80'}\n",
                Map.of(),
                "http.address=:81"))
        .contains(
            "include=[logs.yaml] FILE .rr.yaml:2",
            "logs.level=error FILE logs.yaml:3",
            "http.address=:81 OVERRIDE");
  }

  @Test
  void secretsAreMasked() throws IOException {
    assertThat(
            shown(
                "version: '3'\n"
                    + "http: {pin: 1234, address: 'redis://u:pw@h'}\n"
                    + "other: {password: x, env: {APP_KEY: k, APP_URL: u}, list: ['a://b:c@d']}\n",
                Map.of()))
        .contains(
            "http.pin=*** FILE .rr.yaml:2",
            "http.address=redis://u:***@h FILE .rr.yaml:2",
            "other.password=*** FILE .rr.yaml:3",
            "other.env.APP_KEY=*** FILE .rr.yaml:3",
            "other.env.APP_URL=u FILE .rr.yaml:3",
            "other.list=[a://b:***@d] FILE .rr.yaml:3");
  }

  @Test
  void anEmptySectionThatNobodyReadsIsShown() throws IOException {
    assertThat(shown("version: '3'\nother: {}\nnone:\n", Map.of()))
        .contains("other={} FILE .rr.yaml:2")
        .noneMatch(line -> line.startsWith("none"));
  }
}
