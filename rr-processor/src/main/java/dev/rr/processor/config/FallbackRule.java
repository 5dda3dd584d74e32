package dev.rr.processor.config;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Spelling;
import dev.rr.processor.config.ConfigModel.Component;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** A key that is absent still gets a value of its type within its bounds. */
final class FallbackRule {
  private final Diagnostics diagnostics;

  FallbackRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(Element where, @Nullable AnnotationMirror annotation, Component component) {
    boolean empty = component.fallback().isEmpty();
    Optional<String> fault = empty || annotation == null ? absent(component) : written(component);
    if (fault.isPresent()) {
      String message = "component " + component.name() + " " + fault.get();
      if (annotation == null) {
        diagnostics.error("KeyFallback", where, message);
      } else {
        diagnostics.error("KeyFallback", where, annotation, empty ? "min" : "fallback", message);
      }
    }
  }

  private static Optional<String> absent(Component component) {
    if (component.optional() || component.traits().required()) {
      return Optional.empty();
    }
    if (component.kind() == ConfigModel.Kind.CHOICE) {
      List<String> words = Choices.of(component.part());
      return Optional.of(
          "is an enum without a value for when the key is absent; write fallback = \""
              + (words.isEmpty() ? "" : words.get(0))
              + "\", required = true, or Optional<"
              + component.part().getSimpleName()
              + ">");
    }
    if (component.kind().isWhole() && !component.bounds().holds(0)) {
      return Optional.of(
          "is 0 when the key is absent, but must be "
              + component.bounds()
              + "; write a fallback or required = true");
    }
    return Optional.empty();
  }

  private static Optional<String> written(Component component) {
    String text = component.fallback();
    String has = "has the fallback \"" + text + "\", ";
    if (component.optional()) {
      return Optional.of(has + "but is Optional; leave one of the two out");
    }
    return switch (component.kind()) {
      case BOOLEAN ->
          text.equals("true") || text.equals("false")
              ? Optional.empty()
              : Optional.of(has + "which is no boolean; write true or false");
      case INT, LONG -> whole(component, has);
      case DOUBLE ->
          Literals.decimal(text).isPresent()
              ? Optional.empty()
              : Optional.of(has + "which is no number; write for example 0.5");
      case DURATION ->
          GoDurations.parse(text).isPresent()
              ? Optional.empty()
              : Optional.of(has + "which is no duration; write for example 60s, 1m30s or 500ms");
      case CHOICE -> choice(component, has);
      case STRING, STRINGS, STRING_OR_LIST -> Optional.empty();
      case STRING_MAP, RECORD, RECORDS, RECORD_MAP, SECTION, SECTION_LIST, SECTION_MAP ->
          Optional.of(
              has
                  + "but a "
                  + Lang.show(component.type())
                  + " has none; set it in the record's compact constructor");
    };
  }

  private static Optional<String> whole(Component component, String has) {
    Optional<Long> number = Literals.whole(component.fallback());
    if (number.isEmpty()) {
      return Optional.of(has + "which is no whole number; write for example 64");
    }
    return component.bounds().holds(number.get())
        ? Optional.empty()
        : Optional.of(has + "which is out of bounds; allowed is " + component.bounds());
  }

  private static Optional<String> choice(Component component, String has) {
    List<String> words = Choices.of(component.part());
    if (words.contains(component.fallback())) {
      return Optional.empty();
    }
    String near =
        Spelling.nearest(component.fallback(), words)
            .map(word -> "; did you mean \"" + word + "\"?")
            .orElse("");
    return Optional.of(has + "but allowed are " + String.join(", ", words) + near);
  }
}
