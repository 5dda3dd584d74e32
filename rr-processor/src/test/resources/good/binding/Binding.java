package test.greeter;

import dev.rr.api.config.Problems;
import java.util.Map;
import test.fake.MapSection;

/** Binds in types that a test can see. */
public final class Binding {
  private Binding() {}

  /** The record and the problems. */
  public static Map<String, Object> bind(Map<String, Object> values) {
    Problems problems = new Problems();
    String record;
    try {
      record = GreeterConfigBinder.INSTANCE.bind(new MapSection("", values, problems)).toString();
    } catch (IllegalArgumentException broken) {
      record = "none";
    }
    return Map.of(
        "record", record, "problems", problems.found().stream().map(Object::toString).toList());
  }

  /** The schema. */
  public static String schema() {
    return GreeterConfigBinder.INSTANCE.key() + " " + GreeterConfigBinder.INSTANCE.schema();
  }
}
