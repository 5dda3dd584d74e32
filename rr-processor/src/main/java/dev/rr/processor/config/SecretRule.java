package dev.rr.processor.config;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.config.ConfigModel.Component;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** What holds a secret does not print it: records are put into messages without a thought. */
final class SecretRule {
  private final Diagnostics diagnostics;

  SecretRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(TypeElement type, List<Component> components) {
    String secrets =
        components.stream()
            .filter(component -> component.traits().secret())
            .map(Component::name)
            .collect(Collectors.joining(", "));
    if (!secrets.isEmpty() && !printsItself(type)) {
      diagnostics.error(
          "ConfigSecret",
          type,
          type.getSimpleName()
              + " would show "
              + secrets
              + " wherever it is printed; give it a toString() without");
    }
  }

  private static boolean printsItself(TypeElement type) {
    return ElementFilter.methodsIn(type.getEnclosedElements()).stream()
        .anyMatch(SecretRule::isWritten);
  }

  /** The one that a record has by itself is final. */
  private static boolean isWritten(ExecutableElement method) {
    return method.getSimpleName().contentEquals("toString")
        && method.getParameters().isEmpty()
        && !method.getModifiers().contains(Modifier.FINAL);
  }
}
