package dev.rr.processor.plugin;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.plugin.PluginModel.Collect;
import dev.rr.processor.plugin.PluginModel.ContractParameter;
import dev.rr.processor.plugin.PluginModel.Offer;
import dev.rr.processor.plugin.PluginModel.Parameter;
import dev.rr.processor.rpc.RpcModel;
import dev.rr.processor.rpc.RpcReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/** Reads a plugin class and has every rule checked. */
final class PluginReader {
  private final Diagnostics diagnostics;
  private final List<PluginRule> rules;
  private final ParameterReader parameters;
  private final OffersReader offers;
  private final CollectsReader collects;
  private final RpcReader rpc;
  private final NeedsRule needs;

  PluginReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.rules =
        List.of(
            new IdRule(diagnostics),
            new ClassRule(diagnostics),
            new ConstructorRule(diagnostics, lang),
            new EnabledByRule(diagnostics));
    this.parameters = new ParameterReader(diagnostics, lang);
    this.offers = new OffersReader(diagnostics, lang);
    this.collects = new CollectsReader(diagnostics, lang);
    this.rpc = new RpcReader(diagnostics, lang);
    this.needs = new NeedsRule(diagnostics);
  }

  /** The plugin's model; empty when a mistake was reported or a type in it does not exist. */
  Optional<PluginModel> read(TypeElement type) {
    int before = diagnostics.errors();
    AnnotationMirror plugin = Annotations.find(type, Plugin.class);
    if (plugin == null) {
      return Optional.empty();
    }
    rules.forEach(rule -> rule.check(type, plugin));
    List<Offer> offered = offers.read(type);
    List<Collect> collected = collects.read(type);
    Optional<RpcModel> methods = rpc.read(type);
    List<ExecutableElement> constructors = ConstructorRule.constructors(type);
    if (constructors.size() != 1) {
      return Optional.empty();
    }
    List<Parameter> taken = parameters(constructors.get(0));
    needs.check(type, constructors.get(0), contracts(taken), offered);
    boolean whole = taken.size() == constructors.get(0).getParameters().size();
    if (!whole || diagnostics.errors() > before || hasUnknown(type)) {
      return Optional.empty();
    }
    return Optional.of(model(type, plugin, taken, offered, collected, methods));
  }

  private static PluginModel model(
      TypeElement type,
      AnnotationMirror plugin,
      List<Parameter> taken,
      List<Offer> offered,
      List<Collect> collected,
      Optional<RpcModel> methods) {
    AnnotationMirror enabledBy = Annotations.find(type, EnabledBy.class);
    return new PluginModel(
        type,
        Annotations.text(plugin, "value", ""),
        (int) Annotations.number(plugin, "weight", 1),
        enabledBy == null ? List.of() : Annotations.texts(enabledBy, "value"),
        enabledBy != null && Annotations.flag(enabledBy, "any"),
        taken,
        offered,
        collected,
        methods);
  }

  private List<Parameter> parameters(ExecutableElement constructor) {
    List<Parameter> taken = new ArrayList<>();
    for (VariableElement parameter : constructor.getParameters()) {
      parameters.read(parameter).ifPresent(taken::add);
    }
    return taken;
  }

  private static List<ContractParameter> contracts(List<Parameter> taken) {
    return taken.stream()
        .filter(ContractParameter.class::isInstance)
        .map(ContractParameter.class::cast)
        .toList();
  }

  /** A type that does not exist is told by javac; half a module would only add noise. */
  private static boolean hasUnknown(TypeElement type) {
    return Lang.isUnknown(type.getSuperclass())
        || type.getInterfaces().stream().anyMatch(Lang::isUnknown)
        || Lang.methods(type).stream()
            .anyMatch(m ->
                Lang.isUnknown(m.getReturnType())
                    || m.getParameters().stream().anyMatch(p -> Lang.isUnknown(p.asType())));
  }
}
