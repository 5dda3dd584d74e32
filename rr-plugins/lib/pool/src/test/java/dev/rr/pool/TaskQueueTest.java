package dev.rr.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which tasks leave the queue; that owners and callers meet is tested by the pool. */
class TaskQueueTest {
  private static final int MANY = 3 * TaskQueue.MAX_IN_LINE;

  private final TaskQueue queue = new TaskQueue();

  @Test
  void oneSourceDoesNotMakeOthersWaitForAllItAsks() {
    offer("connection", MANY);
    Task other = offer(null, 1).getFirst();

    List<Task> taken = takeAll();
    assertThat(taken).hasSize(MANY + 1);
    assertThat(taken.indexOf(other)).isEqualTo(TaskQueue.MAX_IN_LINE);
  }

  @Test
  void tasksOfOneSourceKeepTheirOrder() {
    List<Task> asked = offer("connection", MANY);

    assertThat(takeAll()).containsExactlyElementsOf(asked);
  }

  @Test
  void sourcesTakeTurnsOnceTheirPlacesInLineAreTaken() {
    List<Task> first = offer("first", MANY);
    List<Task> second = offer("second", MANY);

    List<Task> taken = takeAll();
    int half = 2 * TaskQueue.MAX_IN_LINE;
    assertThat(taken.subList(half, half + 8))
        .filteredOn(first::contains)
        .as("of those behind the places in line")
        .hasSizeBetween(1, 8);
    assertThat(taken).containsAll(first).containsAll(second).hasSize(2 * MANY);
    assertThat(taken.indexOf(second.getFirst())).isEqualTo(TaskQueue.MAX_IN_LINE);
  }

  @Test
  void aTaskThatStandsBehindItsSourceLeavesFromThere() {
    List<Task> asked = offer("connection", MANY);

    assertThat(queue.remove(asked.getLast())).isTrue();
    assertThat(queue.remove(asked.getLast())).isFalse();
    assertThat(queue.remove(asked.getFirst())).isTrue();
    assertThat(queue.size()).isEqualTo(MANY - 2);
    assertThat(takeAll()).containsExactlyElementsOf(asked.subList(1, MANY - 1));
  }

  @Test
  void expiresTasksThatStandBehindTheirSource() {
    List<Task> asked = offer("connection", MANY);
    asked.forEach(task -> task.expiresAt = 10);
    asked.get(1).expiresAt = 20;

    assertThat(queue.expired(9)).isEmpty();
    assertThat(queue.expired(10)).hasSize(MANY - 1).doesNotContain(asked.get(1));
    assertThat(takeAll()).containsExactly(asked.get(1));
  }

  @Test
  void drainsWhatStandsBehindItsSource() {
    List<Task> asked = offer("connection", MANY);

    assertThat(queue.drain()).containsExactlyElementsOf(asked);
    assertThat(queue.size()).isZero();
  }

  @Test
  void whatIsGivenBackGoesFirstWhateverItsSource() {
    List<Task> asked = offer("connection", MANY);
    Task begun = queue.poll();
    queue.giveBack(asked.getFirst());

    assertThat(begun).isSameAs(asked.getFirst());
    assertThat(takeAll()).containsExactlyElementsOf(asked);
  }

  private List<Task> offer(@Nullable Object source, int count) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Payload payload = new Payload(Payload.JSON, () -> new byte[] {1}, Payload.NO_BODY, source);
      Task task = new Task(NOWHERE, payload, DEAF);
      assertThat(queue.offer(task)).isTrue();
      tasks.add(task);
    }
    return tasks;
  }

  private List<Task> takeAll() {
    List<Task> taken = new ArrayList<>();
    for (Task task = queue.poll(); task != null; task = queue.poll()) {
      taken.add(task);
    }
    assertThat(queue.size()).isZero();
    return taken;
  }

  private static final Task.Origin NOWHERE =
      new Task.Origin() {
        @Override
        public long overdueAt() {
          return 0;
        }

        @Override
        public void cancelled(Task task) {}

        @Override
        public void ended() {}

        @Override
        public void replyFailed(Throwable fault) {
          throw new AssertionError(fault);
        }
      };

  private static final Reply DEAF =
      new Reply() {
        @Override
        public boolean frame(
            int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
          return false;
        }

        @Override
        public boolean body(ByteBuffer chunk, long remaining) {
          return false;
        }

        @Override
        public void failed(ExecException error) {}
      };
}
