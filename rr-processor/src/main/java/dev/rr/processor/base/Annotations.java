package dev.rr.processor.base;

import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Finds annotations and their arguments, also those of classes that are compiled already. */
public final class Annotations {
  private Annotations() {}

  /** The annotation on {@code element}, or null. */
  public static @Nullable AnnotationMirror find(Element element, Class<?> annotation) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
      if (type.getQualifiedName().contentEquals(annotation.getCanonicalName())) {
        return mirror;
      }
    }
    return null;
  }

  /** Whether {@code element} carries the annotation. */
  public static boolean has(Element element, Class<?> annotation) {
    return find(element, annotation) != null;
  }

  /** The argument as it is written in the source, or null when it is left out. */
  public static @Nullable AnnotationValue written(AnnotationMirror annotation, String name) {
    for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
        annotation.getElementValues().entrySet()) {
      if (entry.getKey().getSimpleName().contentEquals(name)) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** A text argument, or its fallback. */
  public static String text(AnnotationMirror annotation, String name, String fallback) {
    AnnotationValue value = written(annotation, name);
    return value != null && value.getValue() instanceof String text ? text : fallback;
  }

  /** A numeric argument, or its fallback. */
  public static long number(AnnotationMirror annotation, String name, long fallback) {
    AnnotationValue value = written(annotation, name);
    return value != null && value.getValue() instanceof Number number
        ? number.longValue()
        : fallback;
  }

  /** A true or false argument; false when it is left out. */
  public static boolean flag(AnnotationMirror annotation, String name) {
    AnnotationValue value = written(annotation, name);
    return value != null && value.getValue() instanceof Boolean flag && flag;
  }

  /** A list of texts; empty when it is left out. */
  public static List<String> texts(AnnotationMirror annotation, String name) {
    AnnotationValue value = written(annotation, name);
    if (value == null) {
      return List.of();
    }
    if (value.getValue() instanceof List<?> list) {
      return list.stream()
          .map(each -> String.valueOf(((AnnotationValue) each).getValue()))
          .toList();
    }
    return List.of(String.valueOf(value.getValue()));
  }
}
