package dev.rr.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir Path dir;

  @Test
  void tellsThatAFileAppearedWasReplacedOrPointsElsewhere() throws Exception {
    Path file = dir.resolve("f");
    Path other = Files.writeString(dir.resolve("other"), "22");
    AtomicInteger told = new AtomicInteger();
    try (FileWatch watch = new FileWatch("test-watch", List.of(file), told::incrementAndGet)) {
      Files.writeString(file, "1");
      Await.until("it appeared", () -> told.get() == 1);
      FileTime time = Files.getLastModifiedTime(file);
      Path replacement = Files.writeString(dir.resolve("r"), "2");
      Files.setLastModifiedTime(replacement, time);
      Files.move(replacement, file, StandardCopyOption.REPLACE_EXISTING);
      Await.until("it was replaced by one of the same time and size", () -> told.get() == 2);
      Files.delete(file);
      Files.createSymbolicLink(file, other);
      Await.until("it points elsewhere", () -> told.get() >= 3);
      watch.close();
    }
    Await.until(
        "the thread ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("test-watch")));
    assertThat(told.get()).isGreaterThanOrEqualTo(3);
  }
}
