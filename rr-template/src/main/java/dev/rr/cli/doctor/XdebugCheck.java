package dev.rr.cli.doctor;

import java.util.List;

/** Whether a debugger slows every request. */
final class XdebugCheck implements DoctorCheck {
  @Override
  public String name() {
    return "xdebug";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.php().filter(php -> php.extensions().contains("xdebug")).stream()
        .map(php -> php.setting("xdebug.mode"))
        .map(mode ->
            mode.isEmpty() || mode.equals("off")
                ? Finding.ok("Xdebug is loaded, and off")
                : Finding.warning(
                    "Xdebug is on (xdebug.mode=" + mode + "): requests take several times as long",
                    "leave it out of production, or set XDEBUG_MODE=off"))
        .toList();
  }
}
