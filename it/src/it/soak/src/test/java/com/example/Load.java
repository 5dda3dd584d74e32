package com.example;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything at once, for a while. */
final class Load {
  /** Between two requests of a client: what is measured is what stays behind, not the speed. */
  private static final int CLIENT_PAUSE_MILLIS = 25;

  private static final int DISTURBANCE_PAUSE_MILLIS = 400;
  private static final int OPERATOR_PAUSE_MILLIS = 500;
  private static final int END_SECONDS = 90;

  private final List<Client> clients;
  private final Disturbance disturbance;
  private final Operator operator;
  private final Outcomes outcomes;

  Load(List<Client> clients, Disturbance disturbance, Operator operator, Outcomes outcomes) {
    this.clients = List.copyOf(clients);
    this.disturbance = disturbance;
    this.operator = operator;
    this.outcomes = outcomes;
  }

  /** Runs it; afterwards nobody is connected over HTTP and the workers are as many as before. */
  void run(Duration time) throws Exception {
    var threads = new ScheduledThreadPoolExecutor(clients.size() + 2);
    try {
      clients.forEach(client -> repeat(threads, client::next, CLIENT_PAUSE_MILLIS));
      repeat(threads, disturbance::next, DISTURBANCE_PAUSE_MILLIS);
      repeat(threads, operator::next, OPERATOR_PAUSE_MILLIS);
      if (threads.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the load ended by itself");
      }
      threads.shutdown();
      if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("requests or calls still run after " + END_SECONDS + " s");
      }
    } finally {
      threads.shutdownNow();
    }
    for (Client client : clients) {
      client.disconnect();
    }
    disturbance.undo();
  }

  private interface Step {
    void next() throws IOException;
  }

  private void repeat(ScheduledThreadPoolExecutor threads, Step step, int pause) {
    threads.scheduleWithFixedDelay(() -> guarded(step), pause, pause, TimeUnit.MILLISECONDS);
  }

  /** The executor would silently drop what throws. */
  private void guarded(Step step) {
    try {
      step.next();
    } catch (IOException | RuntimeException e) {
      outcomes.fault(e.toString());
    }
  }
}
