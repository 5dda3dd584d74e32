package dev.rr.processor.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;

/** Finds configuration records that contain themselves. */
final class RecordCycle {
  private RecordCycle() {}

  /** {@code A -> B -> A}, if {@code type} contains itself. */
  static Optional<String> find(TypeElement type) {
    return search(type, type, new ArrayDeque<>());
  }

  private static Optional<String> search(
      TypeElement wanted, TypeElement at, Deque<TypeElement> path) {
    if (path.contains(at)) {
      // A cycle further in is told where it begins.
      return Optional.empty();
    }
    path.addLast(at);
    for (RecordComponentElement component : at.getRecordComponents()) {
      Optional<TypeElement> part =
          Shape.of(component.asType()).filter(Shape::hasRecord).map(Shape::part);
      if (part.isPresent()) {
        Optional<String> found =
            part.get().equals(wanted)
                ? Optional.of(shown(path, wanted))
                : search(wanted, part.get(), path);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    path.removeLast();
    return Optional.empty();
  }

  private static String shown(Deque<TypeElement> path, TypeElement wanted) {
    return path.stream().map(t -> t.getSimpleName().toString()).collect(Collectors.joining(" -> "))
        + " -> "
        + wanted.getSimpleName();
  }
}
