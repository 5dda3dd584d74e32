package dev.rr.processor.plugin;

import dev.rr.annotation.Contract;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/** A contract is an interface that every package can name. */
final class ContractRule {
  private final Diagnostics diagnostics;

  /** Reports to {@code diagnostics}. */
  ContractRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Checks a type that is marked as a contract. */
  void check(TypeElement type) {
    AnnotationMirror contract = Annotations.find(type, Contract.class);
    if (contract == null) {
      return;
    }
    String fault = null;
    if (type.getKind() != ElementKind.INTERFACE) {
      fault = "is no interface; plugins meet in interfaces only: extract one";
    } else if (!Lang.isPublic(type)) {
      fault = "is not public, so generated code in other packages cannot name it; write `public`";
    } else if (!type.getTypeParameters().isEmpty()) {
      fault = "has type parameters, which say nothing to the graph; declare an interface without";
    }
    if (fault != null) {
      diagnostics.error(
          "Contract",
          type,
          contract,
          "",
          type.getSimpleName() + " is marked @Contract but " + fault);
    }
  }
}
