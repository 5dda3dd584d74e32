package dev.rr.processor.rpc;

import dev.rr.processor.base.Lang;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** What an RPC method may answer, and which parts of it have to be turned into maps. */
final class ResultTypes {
  static final String MESSAGE = "com.google.protobuf.MessageLite";

  private static final Set<String> SCALARS =
      Set.of(
          "java.lang.String",
          "java.lang.Boolean",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Double",
          "java.lang.Object");

  private final Lang lang;

  ResultTypes(Lang lang) {
    this.lang = lang;
  }

  /** The part of {@code type} that no codec can write; empty when all of it can be. */
  Optional<String> unsupported(TypeMirror type) {
    return unsupported(type, new HashSet<>());
  }

  private Optional<String> unsupported(TypeMirror type, Set<TypeElement> open) {
    if (isPlain(type)) {
      return Optional.empty();
    }
    if (Lang.is(type, CompletionStage.class)) {
      TypeMirror later = Lang.argument(type, 0);
      return later != null && isPlain(later) ? Optional.empty() : Optional.of(Lang.show(type));
    }
    if (isList(type) || isMap(type)) {
      TypeMirror element = element(type);
      return element == null ? Optional.of(Lang.show(type)) : unsupported(element, open);
    }
    TypeElement record = Lang.element(type);
    if (record == null || record.getKind() != ElementKind.RECORD || Lang.isHidden(record)) {
      return Optional.of(Lang.show(type));
    }
    if (!open.add(record)) {
      return Optional.empty();
    }
    for (RecordComponentElement component : record.getRecordComponents()) {
      Optional<String> part = unsupported(component.asType(), open);
      if (part.isPresent()) {
        return Optional.of(
            part.get() + " in " + record.getSimpleName() + "." + component.getSimpleName());
      }
    }
    return Optional.empty();
  }

  /** Whether a codec writes {@code type} as it is. */
  private boolean isPlain(TypeMirror type) {
    return switch (type.getKind()) {
      case BOOLEAN, INT, LONG, DOUBLE -> true;
      case ARRAY -> ((ArrayType) type).getComponentType().getKind() == TypeKind.BYTE;
      case DECLARED -> SCALARS.contains(Lang.qualified(type)) || lang.isA(type, MESSAGE);
      default -> false;
    };
  }

  /** Whether there is a record in {@code type}. */
  boolean holdsRecord(TypeMirror type) {
    if (isList(type) || isMap(type)) {
      TypeMirror element = element(type);
      return element != null && holdsRecord(element);
    }
    TypeElement element = Lang.element(type);
    return element != null && element.getKind() == ElementKind.RECORD;
  }

  static boolean isList(TypeMirror type) {
    return Lang.is(type, List.class);
  }

  static boolean isMap(TypeMirror type) {
    TypeMirror key = Lang.argument(type, 0);
    return Lang.is(type, Map.class) && key != null && Lang.is(key, String.class);
  }

  /** What a list or map holds; null when it is raw. */
  static @Nullable TypeMirror element(TypeMirror type) {
    return Lang.argument(type, isList(type) ? 0 : 1);
  }
}
