package dev.rr.processor.plugin;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.plugin.PluginModel.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads what a plugin offers, and reports offers that cannot be made. */
final class OffersReader {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  private final Diagnostics diagnostics;
  private final Lang lang;

  OffersReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
  }

  /** Offers sorted by contract, then method. */
  List<Offer> read(TypeElement plugin) {
    AnnotationMirror mark = Annotations.find(plugin, Plugin.class);
    String id = mark == null ? "" : Annotations.text(mark, "value", "");
    List<Offer> offers = new ArrayList<>(own(plugin, id));
    for (ExecutableElement method : Lang.methods(plugin)) {
      if (Annotations.has(method, Offers.class)) {
        read(method, id).forEach(offer -> add(offers, offer, method));
      }
    }
    offers.sort(
        Comparator.comparing((Offer o) -> o.contract().getQualifiedName().toString())
            .thenComparing(Offer::method));
    return offers;
  }

  private void add(List<Offer> offers, Offer offer, ExecutableElement method) {
    AnnotationMirror annotation = Annotations.find(method, Offers.class);
    if (annotation != null
        && offers.stream().anyMatch(o -> o.method().isEmpty() && isSame(o, offer))) {
      diagnostics.error(
          "OffersTwice",
          method,
          annotation,
          "value",
          "the plugin implements "
              + offer.contract().getSimpleName()
              + " and so offers it already under the name \""
              + offer.name()
              + "\"; give "
              + offer.method()
              + "() another name, @Offers(\"…\"), or leave one of them out");
    } else if (annotation != null
        && Annotations.written(annotation, "value") != null
        && offers.stream().anyMatch(o -> isSame(o, offer))) {
      diagnostics.error(
          "OffersTwice",
          method,
          annotation,
          "value",
          offer.contract().getSimpleName()
              + " is offered twice under the name \""
              + offer.name()
              + "\", so only one of them could be chosen; give "
              + offer.method()
              + "() another");
    }
    offers.add(offer);
  }

  private static boolean isSame(Offer one, Offer other) {
    return one.contract().equals(other.contract()) && one.name().equals(other.name());
  }

  /** What the class offers itself, all under one name. */
  private List<Offer> own(TypeElement plugin, String id) {
    List<TypeElement> contracts = lang.contracts(plugin);
    AnnotationMirror named = Annotations.find(plugin, Offers.class);
    if (named != null && contracts.isEmpty() && !hasUnknown(plugin)) {
      diagnostics.error(
          "OffersClass",
          plugin,
          named,
          "",
          plugin.getSimpleName()
              + " is marked @Offers, but implements no @Contract interface; implement the one that"
              + " is offered or leave the annotation out");
    } else if (named != null && Annotations.text(named, "value", "").isEmpty()) {
      diagnostics.error(
          "OffersClass",
          plugin,
          named,
          "value",
          plugin.getSimpleName()
              + " is marked @Offers without a name; an interface that it implements is offered"
              + " anyway, under the name \""
              + id
              + "\": leave the annotation out or give another name");
    }
    String name = name(plugin, named, id);
    return contracts.stream().map(c -> new Offer(c, "", name)).toList();
  }

  private static boolean hasUnknown(TypeElement plugin) {
    return plugin.getInterfaces().stream().anyMatch(Lang::isUnknown);
  }

  /** The name of an offer, which is the plugin's id when none is written. */
  private String name(Element where, @Nullable AnnotationMirror offers, String id) {
    String name = offers == null ? "" : Annotations.text(offers, "value", "");
    if (offers != null && !name.isEmpty() && !NAME.matcher(name).matches()) {
      diagnostics.error(
          "OffersName",
          where,
          offers,
          "value",
          where.getSimpleName()
              + (where instanceof ExecutableElement ? "()" : "")
              + " offers under the name \""
              + name
              + "\"; a name is lower-case letters, digits, underscores and hyphens and starts with"
              + " a letter");
    }
    return name.isEmpty() ? id : name;
  }

  /** One offer for each contract that the method's value is known to have. */
  private List<Offer> read(ExecutableElement method, String id) {
    TypeMirror type = method.getReturnType();
    Optional<String> fault = fault(method, type);
    if (fault.isPresent()) {
      diagnostics.error(
          "OffersMethod", method, "@Offers " + method.getSimpleName() + "() " + fault.get());
      return List.of();
    }
    String name = name(method, Annotations.find(method, Offers.class), id);
    return contracts(type).stream()
        .map(contract -> new Offer(contract, method.getSimpleName().toString(), name))
        .toList();
  }

  /** The type itself where it is a contract, else those that it extends, as for a plugin class. */
  private List<TypeElement> contracts(TypeMirror type) {
    TypeElement element = Lang.element(type);
    if (element == null || Lang.isUnknown(type)) {
      return List.of();
    }
    return Lang.isContract(type) ? List.of(element) : lang.contracts(element);
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
    if (!Lang.isUnknown(type) && contracts(type).isEmpty()) {
      return Optional.of(
          "returns "
              + Lang.show(type)
              + ", which is no @Contract interface; declare the interface that is offered");
    }
    return Optional.empty();
  }
}
