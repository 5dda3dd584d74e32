package dev.rr.cli.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Whether as many files may be open as connections and workers take. */
final class FilesCheck implements DoctorCheck {
  /** Enough for a small site; below it a few hundred clients are too many. */
  private static final long FEW = 4_096;

  /** Pipes of a worker, its socket, and what is spooled for it. */
  private static final long EACH_WORKER = 8;

  /** Libraries, listeners, logs. */
  private static final long OWN = 200;

  @Override
  public String name() {
    return "open files";
  }

  @Override
  public List<Finding> look(Machine machine) {
    OptionalLong limit = machine.limits().files();
    return limit.isEmpty() ? List.of() : List.of(look(machine, limit.getAsLong()));
  }

  private static Finding look(Machine machine, long limit) {
    long connections = machine.number("http.max_connections", 0);
    long needed = connections + machine.workers() * EACH_WORKER + OWN;
    if (connections > 0 && limit < needed) {
      return Finding.warning(
          "%d may be open, http.max_connections: %d and the workers take %d"
              .formatted(limit, connections, needed),
          remedy(needed));
    }
    return limit < FEW
        ? Finding.warning(limit + " may be open, which some hundred clients use up", remedy(65_536))
        : Finding.ok(limit + " may be open");
  }

  private static String remedy(long enough) {
    return "ulimit -n %1$d; systemd: LimitNOFILE=%1$d; docker: --ulimit nofile=%1$d"
        .formatted(enough);
  }
}
