package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.FakePool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebsocketsPluginTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | ",
        ", broker: ghost | 'ghost' is no broker under broadcast",
        ", broker: '' | broker key should be specified",
        ", path: ws | has to begin with a slash",
        ", events: {path: /ws} | to differ from path",
        ", slow_consumer: wait | slow_consumer"
      })
  void looksAtItsSectionBeforeTheStart(String more, String problem) throws Exception {
    String section = more.contains("broker") ? more.substring(1) : more;
    List<?> found;
    try {
      found = FoundProblems.of(Site.of(folder, section, Site.php()).plugin);
    } catch (RuntimeException e) {
      found = List.of(String.valueOf(e.getMessage()));
    }
    if (problem == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).anySatisfy(each -> assertThat(each.toString()).contains(problem));
    }
  }

  @Test
  void saysThatItNeedsHttp() throws Exception {
    assertThat(FoundProblems.of(Site.withoutHttp(folder).plugin))
        .singleElement()
        .asString()
        .contains("websockets: is reached through http alone");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LifecycleContract.holds(
        () -> Site.of(folder, "", Site.php()).plugin,
        () -> {
          Site site = Site.of(folder, "", Site.php());
          site.broker.breakDown();
          return site.plugin;
        });
  }

  @Test
  void resetReplacesWorkersUnderOpenConnections() throws Exception {
    FakePool pool = Site.php();
    try (Site site = Site.start(folder, "", pool)) {
      Connection client = site.connect();
      client.say("join", "foo");
      assertThat(client.frames(1)).hasSize(1);
      site.plugin.pool().reset();
      site.broker.publish("foo", "still there");
      assertThat(client.frames(2)).hasSize(2);
      assertThat(pool.managed()).containsExactly("start", "reset");
      assertThat(Scrape.of(site.plugin.metrics()).values())
          .containsEntry("rr_websockets_total_workers", 0.0)
          .containsEntry("rr_websockets_topics", 1.0)
          .containsEntry("rr_websockets_joined_total", 1.0)
          .containsEntry("rr_websockets_delivered_total", 1.0);
    }
  }
}
