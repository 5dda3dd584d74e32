package dev.rr.processor.plugin;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Plugin;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.config.ConfigModel;
import dev.rr.processor.config.ConfigReader;
import dev.rr.processor.plugin.PluginModel.Config;
import dev.rr.processor.plugin.PluginModel.ContractParameter;
import dev.rr.processor.plugin.PluginModel.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** Reads what a constructor's parameter asks for, and reports what nothing can give. */
final class ParameterReader {
  private static final String ALLOWED =
      "a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and"
          + " Binder of a driver's records";
  private static final Set<String> LAZY =
      Set.of(
          ClassNames.PROVIDER.canonicalName(),
          ClassNames.OLD_PROVIDER.canonicalName(),
          ClassNames.LAZY.canonicalName(),
          "java.util.function.Supplier");

  private final Diagnostics diagnostics;
  // A record's own mistakes are reported where it is compiled.
  private final ConfigReader configs = new ConfigReader(Diagnostics.silent());
  private final Lang lang;

  ParameterReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
  }

  Optional<Parameter> read(VariableElement parameter) {
    TypeMirror type = parameter.asType();
    String name = parameter.getSimpleName().toString();
    TypeElement element = Lang.element(type);
    if (Lang.isUnknown(type)) {
      return Optional.empty();
    }
    if (element == null) {
      error("ParameterType", parameter, "which no plugin offers; " + ALLOWED);
      return Optional.empty();
    }
    if (Lang.isContract(type)) {
      return Optional.of(new ContractParameter(name, element, false));
    }
    if (Lang.is(type, Optional.class)) {
      return optional(parameter);
    }
    if (Lang.is(type, ClassNames.BINDER)) {
      return binder(parameter);
    }
    if (Annotations.has(element, ConfigSection.class)) {
      return config(parameter, element);
    }
    unsupported(parameter, type, element);
    return Optional.empty();
  }

  private Optional<Parameter> optional(VariableElement parameter) {
    TypeMirror inner = Lang.argument(parameter.asType(), 0);
    TypeElement contract = inner == null ? null : Lang.element(inner);
    if (inner != null && contract != null && Lang.isContract(inner)) {
      return Optional.of(
          new ContractParameter(parameter.getSimpleName().toString(), contract, true));
    }
    String fault = "and only a @Contract interface can be optional; " + ALLOWED;
    if (contract != null && Annotations.has(contract, ConfigSection.class)) {
      fault =
          "but a section is always decoded, an absent one from its defaults; write "
              + contract.getSimpleName();
    }
    error("ParameterType", parameter, fault);
    return Optional.empty();
  }

  private Optional<Parameter> config(VariableElement parameter, TypeElement record) {
    Optional<ConfigModel> model = configs.read(record);
    if (model.isPresent() && model.get().key().isEmpty()) {
      error(
          "ParameterSection",
          parameter,
          "which is only a part of other sections; name its key path: @ConfigSection(\"…\")");
      return Optional.empty();
    }
    if (model.isPresent() && model.get().isDrivers()) {
      error(
          "ParameterSection",
          parameter,
          "whose sections the host of the driver hands over; take what decodes them: Binder<"
              + record.getSimpleName()
              + ">");
      return Optional.empty();
    }
    return model.map(m -> new Config(parameter.getSimpleName().toString(), m));
  }

  private Optional<Parameter> binder(VariableElement parameter) {
    TypeMirror inner = Lang.argument(parameter.asType(), 0);
    TypeElement record = inner == null ? null : Lang.element(inner);
    if (record == null || !Annotations.has(record, ConfigSection.class)) {
      error("ParameterSection", parameter, "which decodes no @ConfigSection record");
      return Optional.empty();
    }
    Optional<ConfigModel> model = configs.read(record);
    if (model.isPresent() && !model.get().isDrivers()) {
      error(
          "ParameterSection",
          parameter,
          "but the record is no driver's; write " + record.getSimpleName());
      return Optional.empty();
    }
    return model.map(m -> new Config(parameter.getSimpleName().toString(), m));
  }

  private void unsupported(VariableElement parameter, TypeMirror type, TypeElement element) {
    Optional<String> contract = contractWithin(type);
    if (contract.isPresent() && isCollection(type)) {
      error(
          "ParameterCollection",
          parameter,
          "which would construct disabled plugins as well; collect them instead: @Collects void "
              + uncapital(contract.get())
              + "(Named plugin, "
              + contract.get()
              + " offer)");
    } else if (contract.isPresent() && LAZY.contains(Lang.qualified(type))) {
      error(
          "ParameterType",
          parameter,
          "but what a plugin needs is there before it; write " + contract.get());
    } else if (Annotations.has(element, Plugin.class)) {
      error("ParameterType", parameter, "the class of a plugin" + insteadOfPlugin(element));
    } else if (Lang.is(type, ClassNames.NAMED)) {
      error(
          "ParameterType",
          parameter,
          "which comes beside what is collected; take it there: @Collects void …(Named plugin, …"
              + " offer)");
    } else if (giver(element).isPresent()) {
      error("ParameterType", parameter, giver(element).get());
    } else if (element.getKind() == ElementKind.INTERFACE) {
      error(
          "ParameterType",
          parameter,
          "an interface without @Contract; mark it with @Contract if"
              + " plugins shall offer it; "
              + ALLOWED);
    } else if (element.getKind() == ElementKind.RECORD) {
      error(
          "ParameterType",
          parameter,
          "a record without @ConfigSection; mark it with"
              + " @ConfigSection(\"…\") if it is the plugin's configuration");
    } else {
      error("ParameterType", parameter, "a concrete class; " + ALLOWED + nearest(element));
    }
  }

  private String insteadOfPlugin(TypeElement plugin) {
    List<TypeElement> contracts = lang.contracts(plugin);
    return contracts.isEmpty()
        ? ", which offers no @Contract interface; let it implement one, and take that"
        : ", which others know by what it offers: write "
            + contracts.stream()
                .map(c -> c.getSimpleName().toString())
                .collect(Collectors.joining(" or "));
  }

  /** A contract of the same package with a method that gives what was asked for. */
  private Optional<String> giver(TypeElement element) {
    for (TypeElement contract :
        ElementFilter.typesIn(lang.packageOf(element).getEnclosedElements())) {
      for (ExecutableElement method : ElementFilter.methodsIn(contract.getEnclosedElements())) {
        if (Lang.isContract(contract.asType())
            && element.equals(Lang.element(method.getReturnType()))) {
          return Optional.of(
              "which %s gives; write %s and call its %s()"
                  .formatted(
                      contract.getSimpleName(), contract.getSimpleName(), method.getSimpleName()));
        }
      }
    }
    return Optional.empty();
  }

  private String nearest(TypeElement element) {
    List<TypeElement> contracts = lang.contracts(element);
    return contracts.isEmpty() ? "" : ": write " + contracts.get(0).getSimpleName();
  }

  private boolean isCollection(TypeMirror type) {
    return lang.isA(type, Collection.class.getName())
        || lang.isA(type, Map.class.getName())
        || Lang.is(type, Iterable.class);
  }

  private static Optional<String> contractWithin(TypeMirror type) {
    for (TypeMirror argument : ((DeclaredType) type).getTypeArguments()) {
      if (Lang.isContract(argument)) {
        return Optional.of(Lang.show(argument));
      }
      if (argument instanceof DeclaredType) {
        Optional<String> within = contractWithin(argument);
        if (within.isPresent()) {
          return within;
        }
      }
    }
    return Optional.empty();
  }

  private static String uncapital(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private void error(String id, VariableElement parameter, String fault) {
    diagnostics.error(
        id,
        parameter,
        "parameter "
            + parameter.getSimpleName()
            + " has the type "
            + Lang.show(parameter.asType())
            + ", "
            + fault);
  }
}
