package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ViewerTest {
  private final FakeResponse response = new FakeResponse();
  private final Viewer viewer = new Viewer(FakeRequest.get("/events"), response);

  private void send(String events) {
    viewer.send(events.getBytes(UTF_8));
  }

  @Test
  void whatASlowPageDoesNotTakeIsNotKeptForIt() {
    viewer.begin();
    send("1");
    response.setWritable(false);
    send("2");
    send("3");
    response.setWritable(true);
    send("4");

    assertThat(response.text()).isEqualTo("14");
    assertThat(response.aborted()).isNull();
  }

  @Test
  void aPageThatTakesNothingIsDropped() {
    viewer.begin();
    response.setWritable(false);
    for (int i = 0; i < 4; i++) {
      send("1");
    }
    assertThat(response.aborted()).isNull();
    send("1");

    assertThat(response.aborted()).hasMessageContaining("does not take");
  }

  @Test
  void aPageThatLeavesBeforeItIsGreetedIsNotKept() throws Exception {
    Viewers viewers = new Viewers();
    viewers.add(FakeRequest.get("/events"), response);
    Viewer newcomer = Objects.requireNonNull(viewers.await(0));
    response.abort(new IOException("gone"));
    viewers.greet(newcomer, new byte[0]);

    assertThat(viewers.isEmpty()).isTrue();
  }
}
