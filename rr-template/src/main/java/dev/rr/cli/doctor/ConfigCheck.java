package dev.rr.cli.doctor;

import java.util.List;

/** What plugins say against the configuration, their own checks among it. */
final class ConfigCheck implements DoctorCheck {
  @Override
  public String name() {
    return "configuration";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.problems().isEmpty()
        ? List.of(Finding.ok("every plugin takes it as it is"))
        : machine.problems().stream()
            .map(p ->
                Finding.problem(
                    p, "change the file; rr config show tells what is in force, and why"))
            .toList();
  }
}
