package dev.rr.cli.doctor;

import dev.rr.cli.doctor.Machine.PoolSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the memory suffices for all workers at their limit, and whether they have one. */
final class MemoryCheck implements DoctorCheck {
  private static final Pattern LIMIT = Pattern.compile("\\s*(\\d{1,15})\\s*([kmgKMG]?).*");

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<Finding> look(Machine machine) {
    if (machine.pools().isEmpty()) {
      return List.of();
    }
    long limit = machine.php().map(php -> bytes(php.setting("memory_limit"))).orElse(0L);
    List<Finding> findings = new ArrayList<>();
    long all = 0;
    for (PoolSize pool : machine.pools()) {
      long supervised =
          machine.number(pool.section() + ".pool.supervisor.max_worker_memory", 0) << 20;
      long each = supervised > 0 && (limit <= 0 || supervised < limit) ? supervised : limit;
      if (each <= 0) {
        findings.add(unbounded(pool.section()));
      }
      all += pool.workers() * Math.max(0, each);
    }
    long needed = all + machine.limits().heap();
    if (needed > machine.limits().memory()) {
      findings.add(tooLittle(machine, needed));
    } else if (findings.isEmpty()) {
      findings.add(Finding.ok(sizes(machine, needed)));
    }
    return findings;
  }

  private static Finding unbounded(String section) {
    return Finding.warning(
        "nothing bounds the memory of " + section + "'s workers: PHP's memory_limit is -1",
        section
            + ".pool.supervisor.max_worker_memory: 256 replaces those that take more megabytes");
  }

  private static Finding tooLittle(Machine machine, long needed) {
    return Finding.warning(
        sizes(machine, needed),
        "fewer workers (num_workers), a smaller memory_limit in php.ini, or more memory");
  }

  private static String sizes(Machine machine, long needed) {
    return "%d workers at their limit and the server take %s, there are %s"
        .formatted(machine.workers(), shown(needed), shown(machine.limits().memory()));
  }

  private static String shown(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  /** PHP's spelling, {@code 128M}; not above zero when there is no limit. */
  static long bytes(String text) {
    Matcher parts = LIMIT.matcher(text);
    if (!parts.matches()) {
      return -1;
    }
    int shift =
        switch (parts.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Long.parseLong(parts.group(1)) << shift;
  }
}
