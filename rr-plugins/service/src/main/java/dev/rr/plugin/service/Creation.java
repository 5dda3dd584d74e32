package dev.rr.plugin.service;

import dev.rr.api.config.StringOrList;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.proto.ServiceProto.Create;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code service.Create} is sent. */
final class Creation {
  /** As much as a service may be told: it is kept as long as the service. */
  static final int LONGEST = 64 * 1024;

  private static final int LONGEST_NAME = 255;
  private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

  private Creation() {}

  /**
   * The service that a call describes.
   *
   * @param environment what references in values of variables mean; values of the configuration
   *     were expanded when it was read
   * @throws IllegalArgumentException with the text for the caller
   */
  static Service service(Create create, Map<String, String> environment) {
    if (create.getSerializedSize() > LONGEST) {
      throw new IllegalArgumentException(
          "a service may be described by at most " + LONGEST + " bytes");
    }
    if (create.getName().length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a service's name may have at most " + LONGEST_NAME + " letters");
    }
    if (create.getProcessNum() <= 0) {
      throw new IllegalArgumentException(
          "the service with " + create.getName() + " name should have at least 1 process");
    }
    Service service =
        new Service(
            StringOrList.of(create.getCommand()),
            (int) Math.min(create.getProcessNum(), Integer.MAX_VALUE),
            Duration.ofSeconds(Math.max(0, create.getExecTimeout())),
            create.getRemainAfterExit(),
            unsigned(create.getRestartSec()),
            unsigned(create.getTimeoutStopSec()),
            expanded(create.getEnvMap(), environment),
            create.getServiceNameInLogs(),
            "");
    if (service.command().isEmpty()) {
      throw new IllegalArgumentException("command should not be empty");
    }
    return service;
  }

  /** What is more than a long holds is as good as for ever. */
  private static long unsigned(long value) {
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private static Map<String, String> expanded(
      Map<String, String> variables, Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>();
    variables.forEach((name, value) -> all.put(name, expand(value, environment)));
    return all;
  }

  private static String expand(String text, Map<String, String> environment) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> {
          String name = found.group(1) == null ? found.group(2) : found.group(1);
          return Matcher.quoteReplacement(environment.getOrDefault(name, ""));
        });
  }
}
