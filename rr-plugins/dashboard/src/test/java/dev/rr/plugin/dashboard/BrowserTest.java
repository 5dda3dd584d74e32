package dev.rr.plugin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The page in a browser. One browser for each test, which takes a second or two. */
class BrowserTest {
  private static final int TAB = 9;
  private static final int ENTER = 13;

  private static void await(Chromium page, String expression) {
    Await.until(Duration.ofSeconds(60), () -> expression, () -> page.holds(expression));
  }

  private static void open(Chromium page, Running server) throws Exception {
    page.open("http://" + server.host() + "/");
    await(page, "document.querySelector('#connection')?.textContent === 'Live'");
  }

  @Test
  void showsWorkersPluginsAndTheLogAndResetsByTheKeyboard() throws Exception {
    FakeWorkers workers = new FakeWorkers(4);
    try (Running server = Running.open(workers);
        Chromium page = Chromium.start()) {
      server.say(Log.Level.WARN, "http", "<b>no markup</b>", "{\"a\":1}");
      page.look(1280, 900, "light");
      open(page, server);

      await(page, "document.querySelectorAll('.workers tbody tr:not(.space)').length === 4");
      assertThat(page.evaluate("document.querySelector('.pool').innerText"))
          .asString()
          .contains("http", "1003", "working", "ready");
      assertThat(page.evaluate("document.querySelector('[data-plugin=headers]').innerText"))
          .asString()
          .contains("disabled", "no section \"http.headers\"");
      assertThat(page.evaluate("document.querySelectorAll('#graph .node').length")).isEqualTo(5L);
      assertThat(page.evaluate("document.querySelector('.lines .warn').innerText"))
          .asString()
          .contains("<b>no markup</b>", "a=1");

      workers.gate = new CountDownLatch(1);
      page.evaluate("document.querySelector('[data-action=add]').focus()");
      page.press("Tab", TAB);
      assertThat(page.evaluate("document.activeElement.dataset.action")).isEqualTo("reset");
      assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
          .isEqualTo("solid");
      page.press("Enter", ENTER);
      await(page, "document.querySelector('[data-action=reset]').disabled");
      workers.gate.countDown();
      await(page, "document.querySelector('#toasts').innerText.includes('workers are fresh')");

      assertThat(workers.asked).containsExactly("reset");
      assertThat(page.errors()).isEmpty();
    }
  }

  @Test
  void drawsTheRowsInSightOfFiveHundredWorkersAndFitsEveryScreen() throws Exception {
    try (Running server = Running.open(new FakeWorkers(500));
        Chromium page = Chromium.start()) {
      for (int width : new int[] {360, 768, 1280, 1920}) {
        for (String scheme : new String[] {"light", "dark"}) {
          page.look(width, 900, scheme);
          open(page, server);
          await(page, "document.querySelector('.workers tr:not(.space) td') !== null");
          assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
              .as("%d pixels, %s", width, scheme)
              .isEqualTo(true);
        }
      }
      assertThat((Long) page.evaluate("document.querySelectorAll('.workers tr').length"))
          .isLessThan(60);
      page.evaluate("document.querySelector('.rows').scrollTop = 1e6");
      await(page, "document.querySelector('.workers').innerText.includes('1499')");
      assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
          .isEqualTo("rgb(13, 17, 25)");
      assertThat(page.errors()).isEmpty();
    }
  }

  @Test
  void signsInByTheFormAndOut() throws Exception {
    try (Running server =
            Running.start(
                new DashboardConfig("127.0.0.1:0", Running.TOKEN, true), new FakeWorkers(1));
        Chromium page = Chromium.start()) {
      page.open("http://" + server.host() + "/");
      await(page, "document.activeElement?.id === 'token'");
      page.evaluate("document.querySelector('#token').value = '" + Running.TOKEN + "'");
      page.press("Enter", ENTER);
      await(page, "document.querySelector('#connection')?.textContent === 'Live'");
      assertThat(page.evaluate("document.querySelectorAll('.pool button.small').length"))
          .as("buttons of a page that only shows")
          .isEqualTo(0L);

      page.evaluate("document.querySelector('#sign-out button').click()");
      await(page, "document.querySelector('#token') !== null");
    }
  }
}
