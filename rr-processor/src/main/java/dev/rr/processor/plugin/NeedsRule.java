package dev.rr.processor.plugin;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.plugin.PluginModel.ContractParameter;
import dev.rr.processor.plugin.PluginModel.Offer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/** A plugin needs each contract once, and none that it offers itself. */
final class NeedsRule {
  private final Diagnostics diagnostics;

  NeedsRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(
      TypeElement plugin,
      ExecutableElement constructor,
      List<ContractParameter> needs,
      List<Offer> offers) {
    Map<TypeElement, String> seen = new HashMap<>();
    for (ContractParameter need : needs) {
      VariableElement parameter = parameter(constructor, need.name());
      String contract = need.contract().getSimpleName().toString();
      String other = seen.putIfAbsent(need.contract(), need.name());
      if (other != null) {
        diagnostics.error(
            "NeedTwice",
            parameter,
            "parameters "
                + other
                + " and "
                + need.name()
                + " both need "
                + contract
                + ", and would be the same object; leave one out");
      }
      Optional<Offer> own =
          offers.stream().filter(o -> o.contract().equals(need.contract())).findFirst();
      if (own.isPresent()) {
        diagnostics.error("NeedsItself", parameter, itself(plugin, need, own.get()));
      }
    }
  }

  private static String itself(TypeElement plugin, ContractParameter need, Offer own) {
    String contract = need.contract().getSimpleName().toString();
    return "parameter "
        + need.name()
        + " needs "
        + contract
        + ", which "
        + plugin.getSimpleName()
        + " itself offers"
        + (own.method().isEmpty() ? "" : " by " + own.method() + "()")
        + "; a plugin cannot wait for itself: leave the parameter out or offer another contract";
  }

  private static VariableElement parameter(ExecutableElement constructor, String name) {
    return constructor.getParameters().stream()
        .filter(p -> p.getSimpleName().contentEquals(name))
        .findFirst()
        .orElseThrow();
  }
}
