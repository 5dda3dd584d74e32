package dev.rr.plugin.config;

import static dev.rr.plugin.config.ConfigPluginTest.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DottedKeysTest {
  private static final Schema POOL =
      new Schema(
          "",
          List.of(
              field("debug", Type.BOOLEAN, false, null),
              field("env", Type.STRING_MAP, false, null)));
  private static final Schema CHANNEL =
      new Schema(
          "",
          List.of(
              field("level", Type.STRING, false, null), field("file", Type.SECTION, false, POOL)));
  private static final List<Schema> SCHEMAS =
      List.of(
          new Schema(
              "http",
              List.of(
                  field("address", Type.STRING, false, null),
                  field("pool", Type.SECTION, false, POOL),
                  field("pools", Type.SECTIONS, false, POOL))),
          new Schema("http.headers", List.of(field("response", Type.STRING_MAP, false, null))),
          new Schema("logs", List.of(field("channels", Type.SECTION_MAP, false, CHANNEL))),
          new Schema("metrics", List.of(field("collect", Type.ANY, false, null))));

  @TempDir Path folder = Path.of("");

  private ConfigPlugin load(String yaml) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: '3'\n" + yaml);
    return TestHost.of(file).knowing(SCHEMAS).load();
  }

  private String tree(String yaml) throws IOException {
    return load(yaml).tree().toString().replace(", version=3", "");
  }

  @Test
  void aKeyIsSplitWhereItsFirstPartIsKnown() throws IOException {
    assertThat(tree("http: {pool.debug: true, address: x}"))
        .isEqualTo("{http={address=x, pool={debug=true}}}");
    assertThat(tree("http: {headers.response: {X.Y: z}}"))
        .isEqualTo("{http={headers={response={x.y=z}}}}");
    assertThat(tree("http: {pools: [{env.a.b: c}]}")).isEqualTo("{http={pools=[{env={a.b=c}}]}}");
  }

  @Test
  void theNameOfAMapIsFollowedByAKnownKey() throws IOException {
    assertThat(tree("logs: {channels: {temporal.level: error, a.b.file.debug: 1}}"))
        .isEqualTo("{logs={channels={a.b={file={debug=1}}, temporal={level=error}}}}");
    assertThat(tree("logs: {channels.temporal.level: error}"))
        .isEqualTo("{logs={channels={temporal={level=error}}}}");
    assertThat(tree("logs: {channels: {my.level: {level: error}, x.y: {}}}"))
        .isEqualTo("{logs={channels={my.level={level=error}, x.y={}}}}");
  }

  @Test
  void keysThatAreTheUsersOwnKeepTheirDots() throws IOException {
    assertThat(tree("http: {pool: {env: {my.var: 1}}}\nmetrics: {collect: {x: {0.5: 0.05}}}"))
        .isEqualTo("{http={pool={env={my.var=1}}}, metrics={collect={x={0.5=0.05}}}}");
    assertThat(tree("http.pool.env.my.var: 1")).isEqualTo("{http={pool={env={my.var=1}}}}");
    assertThat(tree("http: {address.x: 1, other.x: 1}"))
        .isEqualTo("{http={address.x=1, other.x=1}}");
  }

  @Test
  void sectionsOfNobodyAreSplitOnTheTopLevel() throws IOException {
    assertThat(tree("jobs.pool.debug: 1\njobs: {a.b: 2}"))
        .isEqualTo("{jobs={a.b=2, pool={debug=1}}}");
  }

  @Test
  void bothFormsOfAKeyAreOne() throws IOException {
    assertThat(tree("http: {pool: {env: {A: b}}, pool.debug: true}\nhttp.pool.env.c: d"))
        .isEqualTo("{http={pool={debug=true, env={a=b, c=d}}}}");
    assertThatThrownBy(() -> load("http:\n  pool: {debug: true}\n  pool.debug: false"))
        .hasMessage(".rr.yaml:4: key \"debug\" stands twice, first on line 3");
  }

  @Test
  void aSplitKeyIsThereForWhoeverAsks() throws IOException {
    ConfigPlugin config = load("http: {pool.debug: true, pool.debgu: true, headers.response: {}}");
    assertThat(config.has("http.headers")).isTrue();
    assertThat(config.section("http.pool", new Problems()).bool("debug", false)).isTrue();
    assertThat(config.unknownKeys(SCHEMAS).stream().map(Problem::toString))
        .containsExactly(".rr.yaml:2: http.pool.debgu: unknown key; did you mean debug?");
  }

  @Test
  void anOverrideMeetsASplitKey() throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: '3'\nhttp: {pool.debug: true}\n");
    ConfigPlugin config =
        TestHost.of(file).knowing(SCHEMAS).with(List.of("http.pool.debug=false")).load();
    assertThat(config.tree().toString()).contains("pool={debug=false}");
  }
}
