package dev.rr.cli.doctor;

import java.util.List;

/** One thing that may go wrong. */
interface DoctorCheck {
  /** One word for the table. */
  String name();

  /** What is found; nothing where it does not apply, for example without PHP. */
  List<Finding> look(Machine machine);
}
