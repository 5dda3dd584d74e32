package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.PhpPackages;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real PHP packages against a running server. */
@Tag(PhpPackages.TAG)
@Timeout(120)
class PhpClientTest {
  @Test
  void theRealPackagesUnderstandEveryAnswer(@TempDir Path folder) throws Exception {
    try (Services services = new Services()) {
      String address = "tcp://127.0.0.1:" + services.server().port();
      assertThat(
              PhpScript.run(
                  PhpScript.copy("client.php", folder.resolve("client.php")),
                  PhpPackages.folder().resolve("autoload.php").toString(),
                  address))
          .containsExactlyElementsOf(
              List.of(
                  "json echo = \"gr\\u00fc\\u00dfe\"",
                  "prefix = \"x\"",
                  "map = {\"a\":[1,null,2.5]}",
                  "null = null",
                  "wrong type ! ServiceException: Error 'json: cannot unmarshal number into Go"
                      + " value of type string' on "
                      + address,
                  "unknown service ! ServiceException: Error 'rpc: can't find service none.Echo' on"
                      + " "
                      + address,
                  "unknown method ! ServiceException: Error 'rpc: can't find method test.None' on "
                      + address,
                  "handler error ! ServiceException: Error 'boom' on " + address,
                  "still here = \"yes\"",
                  "raw large = true",
                  "raw of text ! ServiceException: Error 'unknown Raw payload type' on " + address,
                  "proto = \"0a0174\"",
                  "proto of plain ! ServiceException: Error 'goridge_read_request_body: message"
                      + " type is not a proto' on "
                      + address,
                  "multi = 100",
                  "workers = [[7,1,3,1700000000000000000,4096,0.5,\"\",\"ready\"]]",
                  "no workers = 0",
                  "add = null",
                  "remove = null",
                  "add to none ! ServiceException: Error 'plugin does not support workers"
                      + " management: none' on "
                      + address));
    }
  }
}
