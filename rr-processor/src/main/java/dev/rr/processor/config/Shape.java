package dev.rr.processor.config;

import dev.rr.annotation.ConfigSection;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Lang;
import dev.rr.processor.config.ConfigModel.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * What a component's type means for decoding.
 *
 * @param kind how it is read
 * @param optional whether it is an {@code Optional} of that
 * @param element the enum or record, for kinds that have one
 */
record Shape(Kind kind, boolean optional, @Nullable TypeElement element) {

  private static final String ALLOWED =
      "String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>,"
          + " Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of"
          + " those records or of Section, or Optional of a scalar or record";

  /** The meaning of a component's type; empty when it has none. */
  static Optional<Shape> of(TypeMirror type) {
    if (Lang.is(type, Optional.class)) {
      return Lang.optional(type).flatMap(Shape::boxed);
    }
    Optional<Shape> scalar = scalar(type);
    if (scalar.isPresent()) {
      return scalar;
    }
    if (Lang.is(type, List.class)) {
      return Optional.ofNullable(Lang.argument(type, 0))
          .flatMap(e -> collection(e, Kind.STRINGS, Kind.RECORDS, Kind.SECTION_LIST));
    }
    TypeMirror key = Lang.argument(type, 0);
    if (Lang.is(type, Map.class) && key != null && Lang.is(key, String.class)) {
      return Optional.ofNullable(Lang.argument(type, 1))
          .flatMap(e -> collection(e, Kind.STRING_MAP, Kind.RECORD_MAP, Kind.SECTION_MAP));
    }
    return Optional.empty();
  }

  private static Optional<Shape> boxed(TypeMirror type) {
    String name = Lang.qualified(type);
    Kind kind =
        switch (name) {
          case "java.lang.Boolean" -> Kind.BOOLEAN;
          case "java.lang.Integer" -> Kind.INT;
          case "java.lang.Long" -> Kind.LONG;
          case "java.lang.Double" -> Kind.DOUBLE;
          default -> null;
        };
    if (kind != null) {
      return Optional.of(new Shape(kind, true, null));
    }
    return scalar(type)
        .filter(s -> s.kind != Kind.SECTION)
        .map(s -> new Shape(s.kind, true, s.element));
  }

  private static Optional<Shape> scalar(TypeMirror type) {
    Kind kind =
        switch (type.getKind()) {
          case BOOLEAN -> Kind.BOOLEAN;
          case INT -> Kind.INT;
          case LONG -> Kind.LONG;
          case DOUBLE -> Kind.DOUBLE;
          default -> null;
        };
    TypeElement element = Lang.element(type);
    if (element != null) {
      kind = declared(element);
    }
    if (kind == null) {
      return Optional.empty();
    }
    boolean made = kind == Kind.CHOICE || kind == Kind.RECORD;
    return Optional.of(new Shape(kind, false, made ? element : null));
  }

  private static @Nullable Kind declared(TypeElement element) {
    String name = element.getQualifiedName().toString();
    if (name.equals("java.lang.String")) {
      return Kind.STRING;
    } else if (name.equals(Duration.class.getName())) {
      return Kind.DURATION;
    } else if (name.equals(ClassNames.STRING_OR_LIST.canonicalName())) {
      return Kind.STRING_OR_LIST;
    } else if (name.equals(ClassNames.SECTION.canonicalName())) {
      return Kind.SECTION;
    } else if (element.getKind() == ElementKind.ENUM) {
      return Kind.CHOICE;
    }
    return isSectionRecord(element) ? Kind.RECORD : null;
  }

  private static Optional<Shape> collection(
      TypeMirror element, Kind texts, Kind records, Kind sections) {
    if (Lang.is(element, String.class)) {
      return Optional.of(new Shape(texts, false, null));
    }
    if (Lang.is(element, ClassNames.SECTION)) {
      return Optional.of(new Shape(sections, false, null));
    }
    TypeElement record = Lang.element(element);
    return record != null && isSectionRecord(record)
        ? Optional.of(new Shape(records, false, record))
        : Optional.empty();
  }

  private static boolean isSectionRecord(TypeElement element) {
    return element.getKind() == ElementKind.RECORD && Annotations.has(element, ConfigSection.class);
  }

  boolean hasRecord() {
    return kind == Kind.RECORD || kind == Kind.RECORDS || kind == Kind.RECORD_MAP;
  }

  TypeElement part() {
    if (element == null) {
      throw new IllegalStateException("made of no other type");
    }
    return element;
  }

  /** Why a component's type means nothing, and what to write instead. */
  static String unsupported(RecordComponentElement component) {
    TypeMirror type = component.asType();
    return "component "
        + component.getSimpleName()
        + " has the type "
        + Lang.show(type)
        + ", which no key can be decoded to; "
        + instead(type);
  }

  /** A record that is no section, alone or in a list, a map or an optional. */
  private static Optional<TypeElement> recordWithin(TypeMirror type) {
    TypeElement element = Lang.element(type);
    if (element != null && element.getKind() == ElementKind.RECORD && !isSectionRecord(element)) {
      return Optional.of(element);
    }
    return type instanceof DeclaredType declared
        ? declared.getTypeArguments().stream().flatMap(t -> recordWithin(t).stream()).findFirst()
        : Optional.empty();
  }

  private static String instead(TypeMirror type) {
    Optional<TypeElement> record = recordWithin(type);
    if (record.isPresent()) {
      return "mark the record " + record.get().getSimpleName() + " with @ConfigSection";
    }
    String name = Lang.qualified(type);
    return switch (name) {
      case "java.lang.Boolean" -> "write boolean, or Optional<Boolean> when absence matters";
      case "java.lang.Integer", "short", "byte", "java.lang.Short", "java.util.OptionalInt" ->
          "write int, or Optional<Integer> when absence matters";
      case "java.lang.Long", "java.util.OptionalLong", "java.math.BigInteger" ->
          "write long, or Optional<Long> when absence matters";
      case "java.lang.Double", "float", "java.lang.Float", "java.util.OptionalDouble" ->
          "write double, or Optional<Double> when absence matters";
      case "java.util.Set", "java.util.Collection" -> "write List<String>";
      case "java.nio.file.Path", "java.net.URI", "java.io.File" ->
          "write String and convert it in the record or the plugin";
      default -> "allowed are " + ALLOWED;
    };
  }
}
