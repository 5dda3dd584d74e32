package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.ShellCommand;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is wrong ends in exit code 1 and words that name the place, the value and what is
 * allowed.
 */
class BadInputTest {
  @TempDir Path folder;
  private Web web;

  @BeforeEach
  void configure() throws Exception {
    web = Web.in(folder);
  }

  @Test
  void wrongTypesAreReportedAllAtOnceWithLineAndKey() throws Exception {
    assertRefused(
        """
        version: "3"
        server: {command: "php worker.php"}
        http:
          address: 127.0.0.1:%d
          max_request_size: plenty
          pool:
            num_workers: many
            allocate_timeout: soon
        """
            .formatted(web.port()),
        ".rr.yaml:5",
        "http.max_request_size",
        "plenty",
        ".rr.yaml:7",
        "http.pool.num_workers",
        "many",
        ".rr.yaml:8",
        "http.pool.allocate_timeout",
        "soon");
  }

  @Test
  void brokenYamlIsReportedWithItsLine() throws Exception {
    assertRefused("version: \"3\"\nhttp: {address: [\n", ".rr.yaml:");
  }

  @Test
  void aMissingWorkerScriptIsNamed() throws Exception {
    Files.delete(folder.resolve("worker.php"));
    assertRefused(web.yaml("php worker.php", ""), "worker.php");
  }

  @Test
  void aCommandThatExitsAtOnceIsNamed() throws Exception {
    assertRefused(web.yaml("php -r exit(3);", ""), "php -r exit(3);");
  }

  @Test
  void aCommandThatDoesNotExistIsNamed() throws Exception {
    assertRefused(web.yaml("phhp worker.php", ""), "phhp");
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(web.port(), 1, InetAddress.getByName("127.0.0.1"))) {
      assertRefused(web.yaml("php worker.php", ""), "127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void aMissingFileIsNamed() {
    ShellCommand.Result got = web.rr("serve", "-c", "nowhere.yaml").run();
    assertThat(got.exit()).isEqualTo(1);
    assertThat(got.err()).contains("nowhere.yaml");
  }

  @Test
  void anHttpSectionWithoutListenerListsTheKeys() throws Exception {
    assertRefused("version: \"3\"\nserver: {command: php worker.php}\nhttp: {}\n", "http.address");
  }

  @Test
  void aMisspeltKeyIsAnErrorUnderStrictAndNamesTheNearest() throws Exception {
    String yaml = web.yaml("php worker.php", "") + "\nhtpp: {}\n";
    web.configured(yaml);
    ShellCommand.Result got = web.rr("serve", "--strict", "-c", ".rr.yaml").run();
    assertThat(got.exit()).as(got.text()).isEqualTo(1);
    assertThat(got.err()).contains("htpp").contains("http");
  }

  @Test
  void aSectionOfAPluginOutsideTheBinaryNamesWhatToAdd() throws Exception {
    web.configured(web.yaml("php worker.php", "") + "\nfileserver: {}\n");
    ShellCommand.Result got = web.rr("serve", "--strict", "-c", ".rr.yaml").run();
    assertThat(got.exit()).as(got.text()).isEqualTo(1);
    assertThat(got.err()).contains("fileserver");
  }

  private void assertRefused(String yaml, String... words) throws Exception {
    web.configured(yaml);
    ShellCommand.Result got = web.rr("serve", "-c", ".rr.yaml").run();
    assertThat(got.exit()).as(got.text()).isEqualTo(1);
    assertThat(got.text()).contains(words).doesNotContain("\tat ").doesNotContain("Exception");
  }
}
