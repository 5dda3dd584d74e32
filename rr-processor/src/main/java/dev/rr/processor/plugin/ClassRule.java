package dev.rr.processor.plugin;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** A plugin is a final class that its package can construct without anything around it. */
final class ClassRule implements PluginRule {
  private final Diagnostics diagnostics;

  ClassRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  @Override
  public void check(TypeElement type, AnnotationMirror plugin) {
    if (type.getKind() != ElementKind.CLASS) {
      error(type, "is no class; a plugin is a final class with one constructor");
      return;
    }
    if (type.getEnclosingElement() instanceof PackageElement home && home.isUnnamed()) {
      error(type, "is in no package, so the code that wires it cannot name it; give it a package");
    }
    if (type.getModifiers().contains(Modifier.ABSTRACT)) {
      error(type, "is abstract, so it cannot be constructed; write `final class`");
    } else if (!type.getModifiers().contains(Modifier.FINAL)) {
      error(type, "is not final; write `final class " + type.getSimpleName() + "`");
    }
    if (Lang.isHidden(type)) {
      error(
          type,
          "is private or local, so its module cannot construct it; make it a class of its"
              + " own");
    } else if (type.getNestingKind() == NestingKind.MEMBER
        && !type.getModifiers().contains(Modifier.STATIC)) {
      error(type, "is an inner class; make it static or a class of its own");
    }
    if (!type.getTypeParameters().isEmpty()) {
      error(type, "has type parameters; there is one object of each plugin, so leave them out");
    }
  }

  private void error(TypeElement type, String fault) {
    diagnostics.error("PluginClass", type, type.getSimpleName() + " " + fault);
  }
}
