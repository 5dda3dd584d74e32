package dev.rr.plugin.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.config.Sections;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeanstalkConfigTest {
  private final Problems problems = new Problems();

  private TubeConfig tube(Map<String, ?> declared) {
    return TubeConfigBinder.INSTANCE.bind(
        Sections.of(declared, new Problem.Place(null, 0, "jobs.pipelines.x"), problems));
  }

  private BeanstalkConfig server(Map<String, ?> given) {
    return BeanstalkConfigBinder.INSTANCE.bind(
        Sections.of(given, new Problem.Place(null, 0, "beanstalk"), problems));
  }

  private List<String> messages() {
    return problems.found().stream().map(Problem::toString).toList();
  }

  @Test
  void hasUpstreamsDefaultsWhichDifferForDeclaredPipelines() {
    TubeConfig tube = tube(Map.of());
    assertThat(tube.tube()).isEqualTo("default");
    assertThat(tube.priority(false)).isZero();
    assertThat(tube.priority(true)).isEqualTo(1);
    assertThat(tube.reserve(false)).isEqualTo(Duration.ofSeconds(1));
    assertThat(tube.reserve(true)).isEqualTo(Duration.ofSeconds(5));
    assertThat(tube.prefetch()).isEqualTo(100);
    assertThat(tube.requeueOnFail()).isTrue();
    BeanstalkConfig server = server(Map.of());
    assertThat(server.address().text()).isEqualTo("tcp://127.0.0.1:11300");
    assertThat(server.limit()).isEqualTo(Duration.ofSeconds(30));
    assertThat(messages()).isEmpty();
  }

  @Test
  void takesWhatThePhpPackageDeclares() {
    TubeConfig tube =
        tube(
            Map.of(
                "tube_priority", "10",
                "tube", "emails",
                "reserve_timeout", "5",
                "consume_all", "false"));
    assertThat(tube.tube()).isEqualTo("emails");
    assertThat(tube.priority(true)).isEqualTo(10);
    assertThat(tube.reserve(true)).isEqualTo(Duration.ofSeconds(5));
    assertThat(messages()).isEmpty();
  }

  @Test
  void aNumberAloneIsSeconds() {
    assertThat(server(Map.of("timeout", 10)).limit()).isEqualTo(Duration.ofSeconds(10));
    assertThat(server(Map.of("timeout", "1m30s")).limit()).isEqualTo(Duration.ofSeconds(90));
    assertThat(tube(Map.of("reserve_timeout", 2)).reserve(false)).isEqualTo(Duration.ofSeconds(2));
    assertThat(messages()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    var unused = tube(Map.of("tube", "a b", "reserve_timeout", "soon"));
    var unbounded = tube(Map.of("tube_priority", -1));
    var unreachable = server(Map.of("addr", "localhost", "timeout", "25h"));
    assertThat(messages())
        .hasSize(5)
        .anySatisfy(m ->
            assertThat(m)
                .contains("jobs.pipelines.x.tube")
                .contains("'a b' is no name of a tube; allowed are less than 200 letters"))
        .anySatisfy(
            m -> assertThat(m).contains("jobs.pipelines.x.reserve_timeout").contains("'soon'"))
        .anySatisfy(m -> assertThat(m).contains("jobs.pipelines.x.tube_priority").contains("-1"))
        .anySatisfy(m -> assertThat(m).contains("beanstalk.addr").contains("localhost"))
        .anySatisfy(
            m -> assertThat(m).contains("beanstalk.timeout").contains("not between 0s and 24h"));
  }
}
