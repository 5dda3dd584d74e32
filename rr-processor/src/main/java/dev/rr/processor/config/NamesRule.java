package dev.rr.processor.config;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Kind;
import java.util.List;
import javax.lang.model.element.TypeElement;

/** A section whose keys are names is one map of records or sections, and nothing else. */
final class NamesRule {
  private final Diagnostics diagnostics;

  NamesRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(TypeElement type, List<Component> components) {
    for (Component component : components) {
      if (component.key().equals(ConfigModel.NAMES)) {
        String fault = fault(component, components.size());
        if (!fault.isEmpty()) {
          diagnostics.error(
              "KeyNames",
              ConfigReader.component(type, component.name()),
              "component " + component.name() + " stands for all keys of the section, " + fault);
        }
      }
    }
  }

  private static String fault(Component component, int components) {
    if (component.kind() != Kind.RECORD_MAP && component.kind() != Kind.SECTION_MAP) {
      return "but is no map; write Map<String, …> of a @ConfigSection record or of Section";
    }
    if (components > 1) {
      return "but is not alone; a name could be a key of another component: leave the others out";
    }
    return component.traits().required()
        ? "so it cannot be required; say in the plugin's check that a name is missing"
        : "";
  }
}
