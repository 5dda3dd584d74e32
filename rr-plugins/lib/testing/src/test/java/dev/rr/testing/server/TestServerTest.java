package dev.rr.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestServerTest {
  @Test
  void aPortIsGivenOnce() throws Exception {
    // Of 17,000 that it draws from, as many would repeat dozens of times.
    int[] ports = TestServer.freePorts(1500);
    assertThat(IntStream.of(ports).distinct().count()).isEqualTo(1500);
  }
}
