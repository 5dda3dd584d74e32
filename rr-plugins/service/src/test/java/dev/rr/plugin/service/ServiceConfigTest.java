package dev.rr.plugin.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.StringOrList;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.proto.ServiceProto.Create;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceConfigTest {
  private static final Create CREATE =
      Create.newBuilder().setName("one").setCommand("php a.php 'b c'").setProcessNum(2).build();

  @Test
  void nothingAndLessMeanUpstreamsDefaults() {
    Service service =
        new Service(
            StringOrList.of("php a.php"), -3, Duration.ZERO, false, 0, 0, Map.of(), false, "");
    assertThat(service.processNum()).isEqualTo(1);
    assertThat(service.restartPause()).isEqualTo(Duration.ofSeconds(30));
    assertThat(service.stopTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aCallIsReadAsTheConfigurationWouldBe() {
    Service service =
        Creation.service(
            CREATE.toBuilder()
                .setExecTimeout(7)
                .setRestartSec(1)
                // More than a signed number holds.
                .setTimeoutStopSec(-1)
                .putEnv("a", "$X-${X}-$none-100%")
                .build(),
            Map.of("X", "$1"));
    assertThat(service.arguments()).containsExactly("php", "a.php", "b c");
    assertThat(service.processNum()).isEqualTo(2);
    assertThat(service.execTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(service.restartPause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(service.stopTimeout()).isEqualTo(Duration.ofDays(365));
    assertThat(service.env()).containsExactly(Map.entry("a", "$1-$1--100%"));
  }

  @Test
  void aNameIsBounded() {
    Create create = CREATE.toBuilder().setName("n".repeat(256)).build();
    assertThatThrownBy(() -> Creation.service(create, Map.of()))
        .hasMessage("a service's name may have at most 255 letters");
  }
}
