package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildAnywhereTest {
  private static final String GOAL =
      "dev.rr:rr-maven-plugin:" + System.getProperty("rr.it.version") + ":build";

  @TempDir Path folder;

  @Test
  void anEmptyFolderWithoutAPomIsEnough() throws Exception {
    Path file = folder.resolve("out/rr");
    ShellCommand.Result built =
        MavenCommand.in(
                folder, GOAL, "-Drr.plugins=config,logger,server,http", "-Drr.output=" + file)
            .run();
    assertThat(built.exit()).as(built.text()).isZero();
    ShellCommand.Result asked = ShellCommand.in(folder, file.toString(), "--version").run();
    assertThat(asked.out()).as(asked.text()).startsWith("rr version ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.9.16", "4.0.0-rc-5"})
  void laterMavensGiveTheSameBytesAndForgiveAnEmptyName(String version) throws Exception {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    assertBuilt(MavenCommand.in(folder, GOAL, "-Drr.plugins=config,logger", "-Drr.output=" + one));
    List<String> line = new ArrayList<>(MavenCommand.in(folder, GOAL).arguments());
    line.set(0, System.getProperty("rr.it.mavens") + "/apache-maven-" + version + "/bin/mvn");
    line.addAll(List.of("-Drr.plugins=config,,logger,", "-Drr.output=" + other));
    assertBuilt(new ShellCommand(folder, line, Map.of()));
    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void aManifestStandsForAPom() throws Exception {
    Files.writeString(
        folder.resolve("rr-build.yaml"),
        "plugins: [logger]\nautoAdd: true\nversion: 4.5.6\noutput: bin/rr\n");
    assertBuilt(MavenCommand.in(folder, GOAL));
    ShellCommand.Result asked =
        ShellCommand.in(folder, folder.resolve("bin/rr").toString(), "--version").run();
    assertThat(asked.out()).as(asked.text()).contains("version: 4.5.6");
    FileTime made = Files.getLastModifiedTime(folder.resolve("bin/rr"));
    assertBuilt(MavenCommand.in(folder, GOAL));
    assertThat(Files.getLastModifiedTime(folder.resolve("bin/rr"))).isEqualTo(made);
  }

  @Test
  void theToolWithoutMavenGivesTheSameBytes() throws Exception {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    assertBuilt(
        MavenCommand.in(
            folder,
            GOAL.replace(":build", ":lock"),
            "-Drr.plugins=config,informer,logger,resetter,rpc",
            "-Drr.output=" + one));
    // Makes them again, of what the lock says.
    assertBuilt(
        tool("--plugins", "rpc,logger,informer,resetter,config", "--output=" + one, "--verify"));
    Files.writeString(
        folder.resolve("velox.toml"),
        """
        [roadrunner]
        ref = "v2025.1.0"
        [plugins.logger]
        tag = "v6.0.0"
        module_name = "github.com/roadrunner-server/logger/v6"
        """);
    assertBuilt(tool("--output=" + other));
    assertThat(other).hasSameBinaryContentAs(one);
  }

  /** The one jar, with nothing but a Java, over the repository of this build. */
  private ShellCommand tool(String... arguments) {
    String version = System.getProperty("rr.it.version");
    String repository = System.getProperty("rr.it.repository");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-jar",
                "%s/dev/rr/rr-build/%s/rr-build-%s.jar".formatted(repository, version, version),
                "--offline",
                "--settings=" + System.getProperty("rr.it.settings"),
                "--local=" + repository));
    line.addAll(List.of(arguments));
    return new ShellCommand(folder, line, Map.of());
  }

  @Test
  void theFileGoesToTargetUnlessItIsSaid() throws Exception {
    ShellCommand.Result built = MavenCommand.in(folder, GOAL, "-Drr.plugins=config,logger").run();
    assertThat(built.exit()).as(built.text()).isZero();
    assertThat(folder.resolve("target/rr")).isExecutable();
  }

  @Test
  void twoCheckoutsGiveTheSameBytes() throws Exception {
    Path here = checkout("here", "config,logger,server,http,headers");
    Path there = checkout("a/very different/place", "headers,http,server,logger,config");
    assertBuilt(shell(here, "umask 022", "rr:build"));
    assertBuilt(
        shell(there, "umask 077", "rr:build")
            .with("TZ", "Pacific/Kiritimati")
            .with("USER", "somebody")
            .with("LC_ALL", "tr_TR.UTF-8"));
    assertThat(there.resolve("target/rr")).hasSameBinaryContentAs(here.resolve("target/rr"));
  }

  @Test
  void theRootOfModulesSaysToRunInOne() throws Exception {
    Path app = checkout("many/app", "config");
    Files.writeString(
        app.resolveSibling("pom.xml"),
        Files.readString(app.resolve("pom.xml"))
            .replace("<rr.plugins>config</rr.plugins>", "")
            .replace("</properties>", "</properties><modules><module>app</module></modules>")
            .replace("checkout", "many"));
    ShellCommand.Result refused = MavenCommand.in(app.getParent(), "rr:build").run();
    assertThat(refused.exit()).isOne();
    assertThat(refused.text())
        .contains("many only holds modules and chooses no plugin", "mvn -pl app package rr:build");
  }

  @Test
  void theArchetypeMakesWhatTheGoalMakes() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path other = Files.createDirectory(folder.resolve("other"));
    assertBuilt(archetype(one));
    assertBuilt(
        MavenCommand.in(
            other,
            GOAL.replace(":build", ":new-plugin"),
            "-Drr.name=tea-pot",
            "-Drr.kind=worker",
            "-Drr.group=com.acme"));
    ShellCommand.Result compared =
        ShellCommand.in(folder, "diff", "-r", "one/tea-pot", "other/tea-pot").run();
    assertThat(compared.exit()).as(compared.text()).isZero();
  }

  @Test
  void theArchetypeLeavesAFolderAloneThatIsThere() throws Exception {
    Path kept = Files.createDirectories(folder.resolve("kept/tea-pot")).resolve("notes.txt");
    Files.writeString(kept, "mine");
    ShellCommand.Result refused = archetype(folder.resolve("kept")).run();
    assertThat(refused.exit()).isOne();
    assertThat(refused.text()).contains("tea-pot is there already");
    assertThat(kept).hasContent("mine");
    assertThat(kept.getParent()).isDirectoryNotContaining("glob:**/*.{jar,xml}");
  }

  private static ShellCommand archetype(Path here) {
    return MavenCommand.in(
        here,
        "org.apache.maven.plugins:maven-archetype-plugin:3.4.1:generate",
        "-DarchetypeGroupId=dev.rr",
        "-DarchetypeArtifactId=rr-plugin-archetype",
        "-DarchetypeVersion=" + System.getProperty("rr.it.version"),
        "-DgroupId=com.acme",
        "-DartifactId=tea-pot",
        "-Dkind=worker");
  }

  @Test
  void proveFindsNothingToComplainAbout() throws Exception {
    Path here = checkout("proven", "config,logger");
    assertBuilt(MavenCommand.in(here, "rr:build", "-Drr.prove"));
  }

  @Test
  void aLockIsVerifiedByMakingTheFileAgainAndRefusesAnotherJar() throws Exception {
    Path here = checkout("locked", "config,logger");
    assertBuilt(MavenCommand.in(here, "rr:lock"));
    Path lock = here.resolve("rr.lock");
    String text = Files.readString(lock);
    ShellCommand.Result asked =
        ShellCommand.in(here, here.resolve("target/rr").toString(), "--version", "--verbose").run();
    assertThat(asked.out()).contains(":rr-plugin-logger:").contains("\"sha256\": \"");
    assertBuilt(MavenCommand.in(here, "rr:verify"));
    assertBuilt(MavenCommand.in(here, "rr:build"));
    Matcher hash =
        Pattern.compile("rr-plugin-logger:[^\"]*\",\\s+\"sha256\": \"([0-9a-f]{64})").matcher(text);
    assertThat(hash.find()).as(text).isTrue();
    String wrong = "0".repeat(64);
    Files.writeString(lock, text.replace(hash.group(1), wrong));
    ShellCommand.Result refused = MavenCommand.in(here, "rr:build").run();
    assertThat(refused.exit()).isOne();
    assertThat(refused.text())
        .contains("(plugin logger): its sha256 is " + hash.group(1) + ", locked is " + wrong)
        .contains("rr-plugin-logger");
  }

  @Test
  void nothingIsMadeAgainThatIsUpToDate() throws Exception {
    Path here = checkout("twice", "config,logger");
    assertBuilt(MavenCommand.in(here, "rr:build"));
    FileTime made = Files.getLastModifiedTime(here.resolve("target/rr"));
    assertBuilt(MavenCommand.in(here, "rr:build"));
    assertThat(Files.getLastModifiedTime(here.resolve("target/rr"))).isEqualTo(made);
    assertBuilt(MavenCommand.in(here, "rr:build", "-Drr.force"));
    assertThat(Files.getLastModifiedTime(here.resolve("target/rr"))).isGreaterThan(made);
  }

  @Test
  void aConfigurationOfRoadRunnerBecomesAProjectThatBuildsWhatItNeeds() throws Exception {
    Files.writeString(
        folder.resolve(".rr.yaml"),
        """
        version: "3"
        server: {command: php worker.php}
        http: {address: 127.0.0.1:8080, middleware: [headers]}
        kv: {users: {driver: memory, config: {}}}
        """);
    Files.writeString(folder.resolve("worker.php"), "<?php\n");
    assertBuilt(MavenCommand.in(folder, GOAL.replace(":build", ":init"), "-Drr.from=.rr.yaml"));
    assertThat(folder.resolve("pom.xml"))
        .content()
        .contains("<rr.plugins>config,headers,http,kv,logger,memory,server</rr.plugins>");
    assertBuilt(MavenCommand.in(folder, "rr:doctor"));
    assertBuilt(MavenCommand.in(folder, "rr:schema", "-Drr.schema=schema.json"));
    assertThat(folder.resolve("schema.json"))
        .content()
        .contains("\"kv\"")
        .contains("Read by the plugin amqp, which is not in this binary");
    Files.writeString(folder.resolve(".rr.yaml"), "version: \"3\"\nhttq: {}\n");
    ShellCommand.Result ill = MavenCommand.in(folder, "rr:doctor").run();
    assertThat(ill.exit()).as(ill.text()).isOne();
    assertThat(ill.text()).contains(".rr.yaml:2").contains("httq");
  }

  @Test
  void aRuntimeAndAnImageHaveTheirOwnJavaAndACacheIsMadeBesideTheFile() throws Exception {
    Path here = checkout("apart", "config,logger");
    Path old = here.resolve("target/rr-runtime/java/old");
    for (Path part :
        List.of(old, old.resolveSibling("release"), here.resolve("target/rr-runtime/lib/rr"))) {
      Files.createDirectories(part.getParent());
      Files.writeString(part, "of an earlier one");
    }
    HttpServer registry = registryOfAnEmptyBase();
    try {
      String base = "127.0.0.1:" + registry.getAddress().getPort() + "/a/base";
      assertBuilt(
          MavenCommand.in(
              here,
              "rr:runtime",
              "rr:image",
              "rr:aot",
              "-Drr.modules=java.rmi",
              "-Drr.base=" + base));
    } finally {
      registry.stop(0);
    }
    assertThat(old).doesNotExist();
    assertThat(here.resolve("target/rr-runtime/java/release"))
        .content()
        .contains("java.rmi", "jdk.unsupported", "OS_ARCH=");
    ShellCommand.Result asked =
        new ShellCommand(
                here,
                List.of(here.resolve("target/rr-runtime/rr").toString(), "--version"),
                Map.of("RR_JAVA", "", "JAVA_HOME", "/nonexistent", "PATH", "/usr/bin:/bin"))
            .run();
    assertThat(asked.out()).as(asked.text()).startsWith("rr version ");
    ShellCommand.Result listed =
        ShellCommand.in(
                here,
                "sh",
                "-c",
                "tar xf target/rr-image.tar && for b in blobs/sha256/*; do tar tzf $b; done")
            .run();
    assertThat(listed.out()).contains("opt/rr/rr\n", "opt/rr/lib/rr\n", "opt/rr/java/bin/java\n");
    assertThat(here.resolve("target/rr.aot")).isNotEmptyFile();
    assertThat(here.resolve("target/rr.aot.key")).isNotEmptyFile();
  }

  private static HttpServer registryOfAnEmptyBase() throws Exception {
    String config = "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
    String digest =
        "sha256:"
            + HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(config.getBytes(StandardCharsets.UTF_8)));
    Map<String, String> content =
        Map.of(
            "/v2/a/base/blobs/" + digest,
            config,
            "/v2/a/base/manifests/latest",
            "{\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"%s\",\"size\":%d},\"layers\":[]}"
                .formatted(digest, config.length()));
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          byte[] body =
              content
                  .getOrDefault(exchange.getRequestURI().getPath(), "")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    registry.start();
    return registry;
  }

  private Path checkout(String name, String plugins) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        place.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>checkout</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <properties>
            <rr.plugins>%s</rr.plugins>
          </properties>
          <build>
            <plugins>
              <plugin>
                <groupId>dev.rr</groupId>
                <artifactId>rr-maven-plugin</artifactId>
                <version>%s</version>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(plugins, System.getProperty("rr.it.version")));
    return place;
  }

  private static void assertBuilt(ShellCommand command) {
    ShellCommand.Result built = command.run();
    assertThat(built.exit()).as(built.text()).isZero();
  }

  private static ShellCommand shell(Path place, String before, String... arguments) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", before + " && exec \"$@\"", "sh"));
    line.addAll(MavenCommand.in(place, arguments).arguments());
    return new ShellCommand(place, line, Map.of());
  }
}
