package dev.rr.cli.doctor;

import java.util.List;

/** What plugins say against the configuration, their own checks among it. */
final class ConfigCheck implements DoctorCheck {
  /** What lines of the kernel begin with that keep nothing from starting. */
  static final String WARNING = "[WARN] ";

  @Override
  public String name() {
    return "configuration";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.problems().isEmpty()
        ? List.of(Finding.ok("every plugin takes it as it is"))
        : machine.problems().stream().map(ConfigCheck::finding).toList();
  }

  private static Finding finding(String line) {
    String remedy = "change the file; rr config show tells what is in force, and why";
    return line.startsWith(WARNING)
        ? Finding.warning(line.substring(WARNING.length()), remedy)
        : Finding.problem(line, remedy);
  }
}
