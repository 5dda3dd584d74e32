package dev.rr.plugin.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.health.Health;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobPoolsTest {
  private static final int READY = 1;
  private static final int WORKING = 2;

  /** A pool that does nothing. */
  private record Idle(List<WorkerSnapshot> workers) implements Pool {
    static Idle of(int count, int status) {
      return new Idle(
          Collections.nCopies(count, new WorkerSnapshot(1, status, 0, 0, 0, 0, "php", "")));
    }

    @Override
    public Execution exec(Payload payload, Reply reply) {
      throw new AssertionError("nothing is to be done here");
    }

    @Override
    public void start() {}

    @Override
    public void addWorker() {}

    @Override
    public void removeWorker() {}

    @Override
    public void reset() {}

    @Override
    public void stop(Deadline deadline) {}
  }

  @Test
  void theWorkersOfAllPoolsAreListed() {
    JobPools pools =
        new JobPools(
            Map.of(
                "default", Idle.of(10, READY),
                "high_priority", Idle.of(5, WORKING),
                "low_priority", Idle.of(10, READY)));
    assertThat(pools.workers()).hasSize(25);
  }

  @Test
  void theyAreWellWhileAnyOfThemIs() throws Exception {
    JobPools busy = new JobPools(Map.of("a", Idle.of(1, WORKING), "b", Idle.of(0, READY)));
    assertThat(List.of(busy.live(), busy.ready())).containsExactly(Health.UP, Health.DOWN);
    JobPools free = new JobPools(Map.of("a", Idle.of(1, WORKING), "b", Idle.of(1, READY)));
    assertThat(List.of(free.live(), free.ready())).containsExactly(Health.UP, Health.UP);
  }
}
