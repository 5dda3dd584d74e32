package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.testing.plugin.FakeConfigurer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are read, and which services they bring. */
class ProtoServicesTest {
  @TempDir Path folder;

  private final Problems problems = new Problems();

  @BeforeEach
  void files() throws IOException {
    write("nested/message.proto", "package app.namespace; message Message {}");
    write(
        "nested/pong.proto",
        "package app.namespace; import \"message.proto\"; service PongService {"
            + " rpc Pong (stream Message) returns (stream Message) { } }");
    write(
        "nested/test_import.proto",
        "package app.namespace; import \"message.proto\"; import \"pong.proto\"; import"
            + " \"google/protobuf/empty.proto\"; service PingService { rpc Ping (Message) returns"
            + " (Message) {} }");
    write("nested/sub/deep.proto", "package deep;");
    write("nested/.hidden.txt", "");
  }

  private void write(String name, String source) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, source);
  }

  private Map<String, List<String>> read(String... entries) {
    Map<String, List<String>> names = new HashMap<>();
    ProtoServices.read(List.of(entries), folder, new FakeConfigurer().section("grpc", problems))
        .methods()
        .forEach((service, methods) ->
            names.put(service, methods.stream().map(ProtoServices.Method::name).toList()));
    return names;
  }

  private List<String> found() {
    return problems.found().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nested/**/*.proto | nested/message.proto nested/pong.proto nested/test_import.proto"
            + " nested/sub/deep.proto",
        "nested/{*_import.proto,pong.proto} | nested/pong.proto nested/test_import.proto",
        "{nested/sub,nested}/p*.proto | nested/pong.proto",
        "nested/[mp]*.proto | nested/message.proto nested/pong.proto",
        "nested/[^mp]*.proto | nested/test_import.proto",
        "nested/?ong.proto | nested/pong.proto",
        "*/sub/* | nested/sub/deep.proto",
        "** | nested/.hidden.txt nested/message.proto nested/pong.proto nested/test_import.proto"
            + " nested/sub/deep.proto",
        "./nested/../nested/p*.proto | nested/../nested/pong.proto",
        "nested/nonexitent*.notproto |",
        "nowhere/*.proto |",
      })
  void patternsAreUpstreams(String pattern, String files) throws IOException {
    List<Path> expected =
        files == null ? List.of() : Arrays.stream(files.split(" ")).map(folder::resolve).toList();
    assertThat(ProtoGlob.find(pattern, folder)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"[[[error", "a{b", "a[", "x/*\\"})
  void aPatternThatIsNoneIsRefused(String pattern) {
    assertThatThrownBy(() -> ProtoGlob.find(pattern, folder))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void servicesOfAFileAndOfItsImportsAreFound() {
    assertThat(read("nested/test_import.proto"))
        .isEqualTo(
            Map.of(
                "app.namespace.PingService",
                List.of("Ping"),
                "app.namespace.PongService",
                List.of("Pong")));
    assertThat(found()).isEmpty();
  }

  @Test
  void aFileThatIsNamedAndImportedIsReadOnce() {
    assertThat(read("nested/**/*.proto", "nested/pong.proto")).hasSize(2);
    assertThat(found()).isEmpty();
  }

  @Test
  void importsInACircleEnd() throws IOException {
    write("a.proto", "import \"b.proto\"; service A {}");
    write("b.proto", "import \"a.proto\"; service B {}");
    assertThat(read("a.proto")).containsOnlyKeys("A", "B");
  }

  @Test
  void aServiceWithoutAPackageHasItsPlainName() throws IOException {
    write("plain.proto", "service Plain { rpc Do (In) returns (Out); }");
    assertThat(read("plain.proto")).isEqualTo(Map.of("Plain", List.of("Do")));
  }

  @Test
  void twoPackagesMayHaveTheSameMethods() throws IOException {
    write("one.proto", "package one; service S { rpc Do (In) returns (Out); }");
    write("two.proto", "package two; service S { rpc Do (In) returns (Out); }");
    assertThat(read("one.proto", "", "two.proto")).containsOnlyKeys("one.S", "two.S");
    assertThat(found()).isEmpty();
  }

  @Test
  void oneServiceInTwoFilesIsAProblem() throws IOException {
    write("one.proto", "package one; service S {}");
    write("two.proto", "package one; service S {}");
    assertThat(read("one.proto", "two.proto")).hasSize(1);
    assertThat(found())
        .singleElement()
        .asString()
        .contains("the service one.S stands in two files", "one.proto", "two.proto");
  }

  @Test
  void aMissingFileIsAProblemAndAPatternWithoutFilesIsNone() {
    assertThat(read("missing.proto", "missing*.proto")).isEmpty();
    assertThat(found())
        .singleElement()
        .asString()
        .contains("proto file 'missing.proto' does not exist");
  }
}
