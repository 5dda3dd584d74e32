package dev.rr.processor.plugin;

import dev.rr.annotation.Offers;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.plugin.PluginModel.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Reads what a plugin offers, and reports offers that cannot be made. */
final class OffersReader {
  private final Diagnostics diagnostics;
  private final Lang lang;

  OffersReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
  }

  /** Offers sorted by contract, then method. */
  List<Offer> read(TypeElement plugin) {
    List<Offer> offers = new ArrayList<>();
    lang.contracts(plugin).forEach(c -> offers.add(new Offer(c, "")));
    for (ExecutableElement method : Lang.methods(plugin)) {
      if (Annotations.has(method, Offers.class)) {
        read(method).ifPresent(offers::add);
      }
    }
    offers.sort(
        Comparator.comparing((Offer o) -> o.contract().getQualifiedName().toString())
            .thenComparing(Offer::method));
    return offers;
  }

  private Optional<Offer> read(ExecutableElement method) {
    TypeMirror type = method.getReturnType();
    TypeElement contract = Lang.element(type);
    Optional<String> fault = fault(method, type);
    if (fault.isPresent()) {
      diagnostics.error(
          "OffersMethod", method, "@Offers " + method.getSimpleName() + "() " + fault.get());
      return Optional.empty();
    }
    return Lang.isUnknown(type) || contract == null
        ? Optional.empty()
        : Optional.of(new Offer(contract, method.getSimpleName().toString()));
  }

  private Optional<String> fault(ExecutableElement method, TypeMirror type) {
    if (method.getModifiers().contains(Modifier.PRIVATE)) {
      return Optional.of("is private, so it cannot be called; leave `private` out");
    }
    if (method.getModifiers().contains(Modifier.STATIC)) {
      return Optional.of("is static, but an offer is the plugin's own; leave `static` out");
    }
    if (!method.getParameters().isEmpty()) {
      return Optional.of(
          "takes parameters, which nobody gives it; take what is needed in the constructor");
    }
    if (lang.checked(method).isPresent()) {
      return Optional.of(
          "throws " + lang.checked(method).get() + "; do the work that can fail in init()");
    }
    if (type.getKind() == TypeKind.VOID) {
      return Optional.of("returns nothing; return the @Contract interface that is offered");
    }
    if (!Lang.isUnknown(type) && !Lang.isContract(type)) {
      return Optional.of(
          "returns " + Lang.show(type) + ", which is no @Contract interface; " + instead(type));
    }
    return Optional.empty();
  }

  private String instead(TypeMirror type) {
    TypeElement element = Lang.element(type);
    List<TypeElement> contracts = element == null ? List.of() : lang.contracts(element);
    return contracts.isEmpty()
        ? "declare the interface that is offered"
        : "write " + contracts.get(0).getSimpleName();
  }
}
