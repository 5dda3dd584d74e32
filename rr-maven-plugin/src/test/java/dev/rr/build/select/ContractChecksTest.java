package dev.rr.build.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import dev.rr.processor.RrProcessor;
import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.SelectedPlugin;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractChecksTest {
  private static final String GREETING = "com.acme.Greeting";
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  private Input api(String... members) throws Exception {
    Path jar =
        Samples.jar(
            folder.resolve("api.jar"),
            Map.of(
                ContractShape.path(GREETING),
                Descriptors.toJson(new ContractShape(GREETING, List.of(members)))));
    return new Input(new Coordinates("com.acme", "api", "2"), jar);
  }

  private static List<String> check(Samples.Sample plugin, Input api) throws Exception {
    return ContractChecks.of(List.of(plugin.member()), List.of(api));
  }

  @Test
  void aMemberThatIsGoneIsNamedWithWhatHasItsNameNow() throws Exception {
    Samples.Sample user =
        Samples.plugin("user").needs(GREETING).knows(GREETING, "abstract int greet(int)");
    assertThat(check(user, api("abstract int greet(long)")))
        .containsExactly(
            "user (dev.rr:rr-plugin-user:1.0) was compiled against another com.acme.Greeting than"
                + " that of com.acme:api:2: int greet(int) is gone; there is int greet(long)."
                + " Choose a version of the plugin that goes with it, or compile the plugin"
                + " again.");
    assertThat(check(user, api("abstract int hello(int)")))
        .singleElement()
        .asString()
        .contains("int greet(int) is gone. Choose");
  }

  @Test
  void whatAContractHasGainedHarmsOnlyThoseWhoImplementIt() throws Exception {
    Input api = api("abstract int greet(int)", "abstract void stop()");
    Samples.Sample user =
        Samples.plugin("user").needs(GREETING).knows(GREETING, "abstract int greet(int)");
    Samples.Sample offering =
        Samples.plugin("offering").offers(GREETING).knows(GREETING, "abstract int greet(int)");
    assertThat(check(user, api)).isEmpty();
    assertThat(check(offering, api))
        .singleElement()
        .asString()
        .startsWith("offering (")
        .contains("void stop() is new, and the plugin has to have it");
  }

  @Test
  void aBodyMoreOrLessIsNoMatterToWhoHasTheMember() throws Exception {
    Samples.Sample offering =
        Samples.plugin("offering").offers(GREETING).knows(GREETING, "abstract int greet(int)");
    assertThat(check(offering, api("int greet(int)", "void stop()"))).isEmpty();
  }

  @Test
  void aContractWithoutAShapeIsNotHeldAgainstAnybody() throws Exception {
    Samples.Sample user =
        Samples.plugin("user").needs(GREETING).knows(GREETING, "abstract int greet(int)");
    Path empty = Samples.jar(folder.resolve("empty.jar"), Map.of("a.txt", "a"));
    assertThat(check(user, new Input(new Coordinates("com.acme", "api", "1"), empty))).isEmpty();
  }

  /** No descriptor by hand: the contract is changed after the plugin was compiled. */
  @Test
  void aPluginThatWasCompiledAgainstAnOlderContractIsRefused() throws Exception {
    String contract =
        """
        package com.acme;
        @dev.rr.annotation.Contract
        public interface Greeting { String greet(String name); }
        """;
    Path older = compile("older", CLASS_PATH, "Greeting", contract);
    Path newer = compile("newer", CLASS_PATH, "Greeting", contract.replace("name)", "n, int x)"));
    Path plugin =
        compile(
            "plugin",
            older + File.pathSeparator + CLASS_PATH,
            "UserPlugin",
            """
            package com.acme;
            @dev.rr.annotation.Plugin("user")
            final class UserPlugin { UserPlugin(Greeting greeting) {} }
            """);
    List<SelectedPlugin> members =
        DescriptorReader.read(
            new Input(new Coordinates("com.acme", "user", "1"), plugin), new ArrayList<>());
    Coordinates api = new Coordinates("com.acme", "api", "2");
    assertThat(ContractChecks.of(members, List.of(new Input(api, older)))).isEmpty();
    assertThat(ContractChecks.of(members, List.of(new Input(api, newer))))
        .singleElement()
        .asString()
        .contains("user (com.acme:user:1)")
        .contains(
            "java.lang.String greet(java.lang.String) is gone; there is java.lang.String"
                + " greet(java.lang.String, int)");
  }

  private Path compile(String name, String classPath, String type, String source) throws Exception {
    Path sources = Files.createDirectories(folder.resolve(name + "-sources"));
    Path classes = Files.createDirectories(folder.resolve(name));
    Path file = Files.writeString(sources.resolve(type + ".java"), source);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "-proc:full",
                "-processor",
                RrProcessor.class.getName(),
                "-processorpath",
                CLASS_PATH,
                "-classpath",
                classPath,
                "-d",
                classes.toString(),
                file.toString());
    assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }
}
