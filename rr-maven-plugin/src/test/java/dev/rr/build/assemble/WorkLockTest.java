package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkLockTest {
  @TempDir Path folder;

  @Test
  void aSecondBuildWaitsUntilTheFirstIsDone() throws Exception {
    Path work = folder.resolve("target/rr-assembly");
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    try (WorkLock first = WorkLock.take(work)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> WorkLock.take(work, Duration.ZERO))
          .isInstanceOf(BuildException.class)
          .hasMessageStartingWith(work + ": another build has worked there");
      Thread.startVirtualThread(() -> {
        try (WorkLock taken = WorkLock.take(work)) {
          second.complete(taken != null);
        } catch (Exception e) {
          second.completeExceptionally(e);
        }
      });
      assertThat(second).isNotDone();
    }
    assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void buildsInOtherFoldersDoNotWait() throws Exception {
    try (WorkLock one = WorkLock.take(folder.resolve("a"));
        WorkLock other = WorkLock.take(folder.resolve("b"), Duration.ZERO)) {
      assertThat(one).isNotSameAs(other);
    }
  }
}
