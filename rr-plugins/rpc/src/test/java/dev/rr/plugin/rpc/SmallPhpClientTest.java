package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PHP with a client of the tests' own against a running server: needs no package of others. */
@Timeout(120)
class SmallPhpClientTest {
  @Test
  void phpUnderstandsEveryAnswer(@TempDir Path folder) throws Exception {
    try (Services services = new Services()) {
      Path client =
          PhpScript.copy("/dev/rr/testing/rpc/rpc-client.php", folder.resolve("rpc-client.php"));
      assertThat(
              PhpScript.run(
                  PhpScript.copy("small-client.php", folder.resolve("script.php")),
                  client.toString(),
                  "tcp://127.0.0.1:" + services.server().port()))
          .containsExactlyElementsOf(
              List.of(
                  "json echo = \"gr\\u00fc\\u00dfe\"",
                  "map = {\"a\":[1,null,2.5]}",
                  "null = null",
                  "wrong type ! json: cannot unmarshal number into Go value of type string",
                  "unknown service ! rpc: can't find service none.Echo",
                  "unknown method ! rpc: can't find method test.None",
                  "handler error ! boom",
                  "still here = \"yes\"",
                  "raw large = true",
                  "raw of text ! unknown Raw payload type",
                  "proto = \"0a0174\"",
                  "proto of plain ! goridge_read_request_body: message type is not a proto"));
    }
  }
}
