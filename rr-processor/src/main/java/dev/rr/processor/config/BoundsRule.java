package dev.rr.processor.config;

import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.config.ConfigModel.Bounds;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Kind;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;

/** Bounds belong to whole numbers, and leave at least one of them. */
final class BoundsRule {
  private final Diagnostics diagnostics;

  BoundsRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(Element where, AnnotationMirror annotation, Component component, Bounds given) {
    boolean min = Annotations.written(annotation, "min") != null;
    boolean max = Annotations.written(annotation, "max") != null;
    if (!min && !max) {
      return;
    }
    String argument = min ? "min" : "max";
    if (!component.kind().isWhole()) {
      diagnostics.error(
          "KeyBoundsType",
          where,
          annotation,
          argument,
          "component "
              + component.name()
              + " has `"
              + argument
              + "` but is no int or long; check its value in the record's compact constructor");
    } else if (given.min() > given.max()) {
      diagnostics.error(
          "KeyBounds",
          where,
          annotation,
          argument,
          "component "
              + component.name()
              + " allows nothing: min is "
              + given.min()
              + " and max is "
              + given.max()
              + "; min must not be above max");
    } else if (component.kind() == Kind.INT
        && component.bounds().min() > component.bounds().max()) {
      diagnostics.error(
          "KeyBounds",
          where,
          annotation,
          argument,
          "component "
              + component.name()
              + " is an int, which holds no number of "
              + given
              + "; write long");
    }
  }
}
