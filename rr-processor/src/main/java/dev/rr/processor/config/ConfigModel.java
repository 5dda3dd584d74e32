package dev.rr.processor.config;

import com.palantir.javapoet.ClassName;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Lang;
import java.util.List;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * A configuration record that was found to be right.
 *
 * @param type the record
 * @param key its dotted key path; empty for a part of other sections
 * @param driver the driver whose sections these are, at a path with a {@code *}; empty for others
 * @param components its components, in order
 */
public record ConfigModel(TypeElement type, String key, String driver, List<Component> components) {
  /** The key of a component that holds a section whose keys are names. */
  static final String NAMES = "*";

  public ConfigModel {
    components = List.copyOf(components);
  }

  /** Whether others hand over the sections that it is decoded from. */
  public boolean isDrivers() {
    return !driver.isEmpty();
  }

  /** Whether the record has rules between its keys. */
  boolean isChecked() {
    return type.getInterfaces().stream().anyMatch(i -> Lang.is(i, ClassNames.CHECKED));
  }

  /** How a key is read. */
  public enum Kind {
    STRING,
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    DURATION,
    CHOICE,
    STRING_OR_LIST,
    STRINGS,
    STRING_MAP,
    RECORD,
    RECORDS,
    RECORD_MAP,
    SECTION,
    SECTION_LIST,
    SECTION_MAP;

    boolean isWhole() {
      return this == INT || this == LONG;
    }
  }

  /**
   * One key.
   *
   * @param name the component's name
   * @param type the component's type
   * @param kind how it is read, below {@code Optional}
   * @param optional whether the component is an {@code Optional}
   * @param key the key
   * @param fallback the value when absent, as written; empty when none
   * @param bounds what a whole number may be
   * @param traits what else is said about it
   * @param element the enum or record it is made of, for kinds that have one
   */
  public record Component(
      String name,
      TypeMirror type,
      Kind kind,
      boolean optional,
      String key,
      String fallback,
      Bounds bounds,
      Traits traits,
      @Nullable TypeElement element) {

    /** The key as {@code dev.rr.api.config.Section} takes it: the section itself is empty. */
    String sectionKey() {
      return key.equals(NAMES) ? "" : key;
    }

    TypeElement part() {
      if (element == null) {
        throw new IllegalStateException(name + " is made of no other type");
      }
      return element;
    }
  }

  /**
   * What a whole number may be, both ends included.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record Bounds(long min, long max) {
    static final Bounds NONE = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean holds(long number) {
      return min <= number && number <= max;
    }

    @Override
    public String toString() {
      if (max == Long.MAX_VALUE) {
        return "at least " + min;
      }
      return min == Long.MIN_VALUE ? "at most " + max : min + " to " + max;
    }
  }

  /**
   * What is said about a key besides its type.
   *
   * @param required whether it has to be there
   * @param secret whether its value is never printed
   * @param doc one sentence, or empty
   */
  public record Traits(boolean required, boolean secret, String doc) {}

  /** The generated binder of a record. */
  public static ClassName binder(TypeElement record) {
    return ClassName.get(ClassName.get(record).packageName(), Lang.flatName(record) + "Binder");
  }
}
