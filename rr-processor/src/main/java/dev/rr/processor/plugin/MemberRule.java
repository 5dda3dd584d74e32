package dev.rr.processor.plugin;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/** What belongs to a plugin stands in a plugin class, or nobody would see it. */
public final class MemberRule {
  private final Diagnostics diagnostics;

  /** Reports to {@code diagnostics}. */
  public MemberRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Checks an element that is marked with one of a plugin's annotations. */
  public void check(Element element) {
    for (Class<?> annotation : new Class<?>[] {Collects.class, Offers.class, RpcMethod.class}) {
      AnnotationMirror found = Annotations.find(element, annotation);
      if (found != null
          && element instanceof ExecutableElement
          && element.getEnclosingElement() instanceof TypeElement type
          && !Annotations.has(type, Plugin.class)) {
        error(element, found, annotation, type, element.getSimpleName() + "()");
      }
    }
    for (Class<?> annotation : new Class<?>[] {EnabledBy.class, Offers.class}) {
      AnnotationMirror found = Annotations.find(element, annotation);
      if (found != null
          && element instanceof TypeElement type
          && !Annotations.has(type, Plugin.class)) {
        error(element, found, annotation, type, type.getSimpleName().toString());
      }
    }
  }

  private void error(
      Element element, AnnotationMirror found, Class<?> annotation, TypeElement type, String what) {
    diagnostics.error(
        "NoPlugin",
        element,
        found,
        "",
        what
            + " is marked @"
            + annotation.getSimpleName()
            + ", but "
            + (element == type ? "it" : type.getSimpleName())
            + " is no plugin, so nothing comes of it; mark the class with @Plugin(\"…\")"
            + (element == type ? "" : " or move the method into one that is"));
  }
}
