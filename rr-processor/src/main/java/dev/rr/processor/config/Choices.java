package dev.rr.processor.config;

import java.util.List;
import java.util.Locale;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/** The words of an enum: its constants in lower case. */
final class Choices {
  private Choices() {}

  static List<String> of(TypeElement type) {
    return constants(type).stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
  }

  static List<String> constants(TypeElement type) {
    return type.getEnclosedElements().stream()
        .filter(e -> e.getKind() == ElementKind.ENUM_CONSTANT)
        .map(e -> e.getSimpleName().toString())
        .toList();
  }

  /** The constant that a word stands for. */
  static String constant(TypeElement type, String word) {
    return constants(type).get(of(type).indexOf(word));
  }
}
