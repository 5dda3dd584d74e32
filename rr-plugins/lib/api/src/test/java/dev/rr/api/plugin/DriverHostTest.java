package dev.rr.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DriverHostTest {
  private final List<String> closed = new ArrayList<>();
  private final DriverHost<UnaryOperator<String>, String> host = host();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private DriverHost<UnaryOperator<String>, String> host() {
    return new DriverHost(
        UnaryOperator.class,
        Catalogue.EMPTY,
        (opened, deadline) -> {
          closed.add((String) opened);
          if (((String) opened).startsWith("bad")) {
            throw new IOException("cannot close " + opened);
          }
        });
  }

  private void open(String... names) throws Exception {
    for (String name : names) {
      host.open(Map.of(name, "heap"), driver -> driver, (d, n, section) -> d.apply(n));
    }
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(1));
  }

  @Test
  void findsWhatADriverOpenedUntilItIsClosed() throws Exception {
    host.add("heap", name -> name + " of heap");
    open("a");
    assertThat(host.find("a")).contains("a of heap");
    assertThat(host.find("b")).isEmpty();
    host.close(soon());
    host.close(soon());
    assertThat(host.find("a")).isEmpty();
    assertThat(closed).containsExactly("a of heap");
  }

  @Test
  void saysWhichDriverIsMissing() {
    assertThatThrownBy(() -> open("a"))
        .hasMessage("'heap' is no driver; there is none in this binary");
  }

  @Test
  void closesTheOthersWhenSomeCannotBeClosed() throws Exception {
    host.add("heap", name -> name);
    open("bad1", "good", "bad2");
    assertThatThrownBy(() -> host.close(soon()))
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactlyInAnyOrder("bad1", "good", "bad2");
  }
}
