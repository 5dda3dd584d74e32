import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPU of a server. For the loads of this folder, beside which Java finds it. */
final class ServerCpu {
  private static final double TICKS_PER_SECOND = 100;

  private final Path stat;

  ServerCpu(String pid) {
    this.stat = Path.of("/proc", pid, "stat");
  }

  /** Seconds that the process itself has used. */
  double seconds() throws IOException {
    String text = Files.readString(stat);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }
}
