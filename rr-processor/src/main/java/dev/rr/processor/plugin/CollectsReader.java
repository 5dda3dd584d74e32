package dev.rr.processor.plugin;

import dev.rr.annotation.Collects;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.plugin.PluginModel.Argument;
import dev.rr.processor.plugin.PluginModel.Collect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Reads a plugin's collecting methods, and reports those that cannot be called. */
final class CollectsReader {

  private final Diagnostics diagnostics;
  private final Lang lang;

  CollectsReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
  }

  List<Collect> read(TypeElement plugin) {
    List<Collect> collects = new ArrayList<>();
    for (ExecutableElement method : Lang.methods(plugin)) {
      if (Annotations.has(method, Collects.class)) {
        checkMethod(method);
        collects.add(new Collect(method.getSimpleName().toString(), arguments(method)));
      }
    }
    return collects;
  }

  private void checkMethod(ExecutableElement method) {
    fault(method)
        .ifPresent(fault ->
            diagnostics.error(
                "CollectsMethod", method, "@Collects " + method.getSimpleName() + "() " + fault));
  }

  private Optional<String> fault(ExecutableElement method) {
    if (method.getModifiers().contains(Modifier.PRIVATE)) {
      return Optional.of("is private, so it cannot be called; leave `private` out");
    }
    if (method.getModifiers().contains(Modifier.STATIC)) {
      return Optional.of("is static, but it collects for the plugin; leave `static` out");
    }
    if (!method.getTypeParameters().isEmpty()) {
      return Optional.of("has type parameters; write the contracts that are collected");
    }
    if (method.getReturnType().getKind() != TypeKind.VOID) {
      return Optional.of(
          "returns " + Lang.show(method.getReturnType()) + ", which nobody takes; write void");
    }
    if (lang.checked(method).isPresent()) {
      return Optional.of(
          "throws " + lang.checked(method).get() + "; keep what is given and work in start()");
    }
    if (method.getParameters().stream().allMatch(p -> Lang.is(p.asType(), ClassNames.NAMED))) {
      return Optional.of("collects no contract; take at least one @Contract interface");
    }
    return Optional.empty();
  }

  private List<Argument> arguments(ExecutableElement method) {
    List<Argument> arguments = new ArrayList<>();
    Map<TypeElement, String> seen = new HashMap<>();
    for (VariableElement parameter : method.getParameters()) {
      TypeMirror type = parameter.asType();
      TypeElement element = Lang.element(type);
      String name = parameter.getSimpleName().toString();
      if (Lang.isUnknown(type)) {
        continue;
      }
      if (element == null || !(Lang.isContract(type) || Lang.is(type, ClassNames.NAMED))) {
        badType(parameter);
        continue;
      }
      String other = seen.putIfAbsent(element, name);
      if (other != null) {
        diagnostics.error(
            "CollectsTwice",
            parameter,
            "parameters "
                + other
                + " and "
                + name
                + " are both "
                + element.getSimpleName()
                + "; leave one out");
      }
      arguments.add(new Argument(name, element));
    }
    return arguments;
  }

  private void badType(VariableElement parameter) {
    TypeMirror inner = Lang.argument(parameter.asType(), 0);
    String fault = ", which no plugin offers; take @Contract interfaces and at most one Named";
    if (inner != null && Lang.isContract(inner)) {
      fault = ", but the method is called once for each offer; write " + Lang.show(inner);
    }
    diagnostics.error(
        "CollectsType",
        parameter,
        "parameter "
            + parameter.getSimpleName()
            + " has the type "
            + Lang.show(parameter.asType())
            + fault);
  }
}
