package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractShapeTest {
  private static final String CONTRACT =
      """
      package test.shape;

      import dev.rr.annotation.Contract;
      import java.util.List;

      @Contract
      public interface Greeting extends Base<String> {
        int LIMIT = 3;
        List<String> greet(String name, int[] times, List<? extends Number> more);
        default <T extends Comparable<T>> T best(T one) { return one; }
        static void nothing() {}
      }
      """;
  private static final String BASE =
      """
      package test.shape;

      public interface Base<T> {
        T name();
      }
      """;
  private static final String PLUGIN =
      """
      package test.shape;

      import dev.rr.annotation.Plugin;

      @Plugin("user")
      final class UserPlugin {
        UserPlugin(Greeting greeting) {}
      }
      """;

  @TempDir Path folder;

  private Map<String, String> compile(String contract) throws Exception {
    return Javac.compile(
            List.of(
                Files.writeString(folder.resolve("Greeting.java"), contract),
                Files.writeString(folder.resolve("Base.java"), BASE),
                Files.writeString(folder.resolve("UserPlugin.java"), PLUGIN)))
        .output();
  }

  private static String in(Map<String, String> output, String path) {
    return Objects.requireNonNull(output.get(path), path);
  }

  @Test
  void aContractIsWrittenDownByWhatIsLinked() throws Exception {
    Map<String, String> output = compile(CONTRACT);
    ContractShape shape =
        Descriptors.contractFromJson(in(output, "META-INF/rr/contract/test.shape.Greeting.json"));
    assertThat(shape.name()).isEqualTo("test.shape.Greeting");
    assertThat(shape.members())
        .containsExactly(
            "abstract java.lang.Object name()",
            "abstract java.util.List greet(java.lang.String, int[], java.util.List)",
            "int LIMIT",
            "java.lang.Comparable best(java.lang.Comparable)",
            "void nothing()");
    assertThat(shape.toImplement())
        .containsExactly(
            "java.lang.Object name()",
            "java.util.List greet(java.lang.String, int[], java.util.List)");
  }

  @Test
  void aPluginKeepsTheShapeThatItWasCompiledAgainst() throws Exception {
    Map<String, String> output = compile(CONTRACT);
    Descriptor plugin = Descriptors.fromJson(in(output, Descriptors.path("user")));
    assertThat(plugin.contracts())
        .containsExactly(
            Descriptors.contractFromJson(
                in(output, "META-INF/rr/contract/test.shape.Greeting.json")));
  }

  @Test
  void theFingerprintChangesWithTheMembersAlone() throws Exception {
    String before = fingerprint(CONTRACT);
    assertThat(before).matches("[0-9a-f]{64}");
    assertThat(fingerprint(CONTRACT.replace("String name,", "String other,"))).isEqualTo(before);
    assertThat(fingerprint(CONTRACT.replace("int LIMIT = 3", "int LIMIT = 4"))).isEqualTo(before);
    assertThat(fingerprint(CONTRACT.replace("int[] times", "long[] times"))).isNotEqualTo(before);
    assertThat(fingerprint(CONTRACT.replace("static void nothing() {}", ""))).isNotEqualTo(before);
  }

  private String fingerprint(String contract) throws Exception {
    return Descriptors.contractFromJson(
            in(compile(contract), "META-INF/rr/contract/test.shape.Greeting.json"))
        .fingerprint();
  }

  @Test
  void aDescriptorOfBeforeHasNone() throws Exception {
    String json = in(compile(CONTRACT), Descriptors.path("user"));
    String before = json.substring(0, json.indexOf(",\n  \"contracts\"")) + "\n}\n";
    assertThat(Descriptors.fromJson(before).contracts()).isEmpty();
  }
}
