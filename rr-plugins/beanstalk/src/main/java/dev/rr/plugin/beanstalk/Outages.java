package dev.rr.plugin.beanstalk;

import dev.rr.api.log.Log;
import dev.rr.net.Reconnector;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells of each outage of a server once, though several connections go to it. Any thread. */
final class Outages {
  private final Log log;
  private final String pipeline;
  private final String server;
  private final AtomicInteger away = new AtomicInteger();
  private volatile boolean expected;

  Outages(Log log, String pipeline, String server) {
    this.log = log;
    this.pipeline = pipeline;
    this.server = server;
  }

  /** From now on the server is expected to be there; before that, whoever opens tells. */
  void expected() {
    expected = true;
  }

  /**
   * Makes a connection.
   *
   * @param <C> a connection
   */
  interface Dialer<C> {
    C dial() throws IOException, InterruptedException;
  }

  <C> Reconnector.Peer<C> peer(Dialer<C> dialer, Consumer<C> close) {
    return new Reconnector.Peer<>() {
      @Override
      public C dial() throws IOException, InterruptedException {
        return dialer.dial();
      }

      @Override
      public void discard(C connection) {
        close.accept(connection);
      }

      @Override
      public void down(IOException cause) {
        if (away.getAndIncrement() == 0 && expected) {
          log.warn(
              "connection lost, it is tried again",
              "pipeline",
              pipeline,
              "server",
              server,
              "error",
              String.valueOf(cause.getMessage()));
        }
      }

      @Override
      public void up() {
        if (away.decrementAndGet() == 0 && expected) {
          log.info("connected again", "pipeline", pipeline, "server", server);
        }
      }
    };
  }
}
