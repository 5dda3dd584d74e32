package dev.rr.plugin.metrics;

import dev.rr.api.error.OperationException;
import java.util.Locale;

/** What a worker does to a metric, and upstream's words when it cannot. */
enum Operation {
  ADD("Add", "collector %s does not support method `Add`"),
  SUB("Sub", "collector `%s` does not support method `Sub`"),
  SET("Set", "collector `%s` does not support method Set"),
  OBSERVE("Observe", "collector `%s` does not support method `Observe`");

  private final String failing;
  private final String unsupported;

  Operation(String method, String unsupported) {
    this.failing = "metrics_plugin_" + method.toLowerCase(Locale.ROOT);
    this.unsupported = unsupported;
  }

  OperationException failed(String text) {
    return OperationException.of(failing, text);
  }

  OperationException undefined(String name) {
    return failed(
        "undefined collector "
            + name
            + (this == ADD ? ", try first Declare the desired collector" : ""));
  }

  OperationException unsupported(String name) {
    return failed(unsupported.formatted(name));
  }

  /** Upstream has the name of a gauge without the quotes that all others have. */
  OperationException labelsRequired(CollectorSpec spec) {
    boolean bare = spec.type() == CollectorType.GAUGE;
    return failed(
        "required labels for collector " + (bare ? spec.name() : "`" + spec.name() + "`"));
  }
}
