package dev.rr.plugin.otel;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Map;

/** Which traces are kept: what {@code OTEL_TRACES_SAMPLER} says, else all that nobody dropped. */
final class Sampling {
  private static final String NAME = "OTEL_TRACES_SAMPLER";
  private static final String ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";

  private Sampling() {}

  /**
   * Reads the variables.
   *
   * @throws IllegalArgumentException says what is wrong with them
   */
  static Sampler of(Map<String, String> env) {
    String name = env.getOrDefault(NAME, "parentbased_always_on");
    return switch (name) {
      case "always_on" -> Sampler.alwaysOn();
      case "always_off" -> Sampler.alwaysOff();
      case "traceidratio" -> Sampler.traceIdRatioBased(ratio(env));
      case "parentbased_always_on", "" -> Sampler.parentBased(Sampler.alwaysOn());
      case "parentbased_always_off" -> Sampler.parentBased(Sampler.alwaysOff());
      case "parentbased_traceidratio" -> Sampler.parentBased(Sampler.traceIdRatioBased(ratio(env)));
      default ->
          throw new IllegalArgumentException(
              NAME
                  + " is `"
                  + name
                  + "`; allowed are always_on, always_off, traceidratio, and each of them after"
                  + " parentbased_");
    };
  }

  private static double ratio(Map<String, String> env) {
    String text = env.getOrDefault(ARGUMENT, "1.0");
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        ARGUMENT + " is `" + text + "`; allowed is a number from 0 to 1");
  }
}
