package dev.rr.cli.doctor;

import java.util.List;

/** Whether PHP and the machine mean the same by noon. */
final class TimeZoneCheck implements DoctorCheck {
  @Override
  public String name() {
    return "time zone";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.php().filter(php -> php.fault().isEmpty()).stream()
        .map(php -> look(php, machine.limits()))
        .toList();
  }

  private static Finding look(Php php, Machine.Limits limits) {
    String zone = php.setting("date.timezone");
    String shown = zone.isEmpty() ? "UTC, as date.timezone is not set" : zone;
    return php.offset().equals(limits.offset())
        ? Finding.ok("PHP and the server are at " + php.offset())
        : Finding.warning(
            "PHP is at %s (%s), the server and its logs at %s (%s)"
                .formatted(php.offset(), shown, limits.offset(), limits.zone()),
            "set date.timezone = \"" + limits.zone() + "\" in php.ini, or TZ for the server");
  }
}
