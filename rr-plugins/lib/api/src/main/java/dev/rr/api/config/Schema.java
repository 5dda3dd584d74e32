package dev.rr.api.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a section may hold. Immutable.
 *
 * @param key the section's key path; empty for a part of other sections; with a {@code *} for the
 *     name that the user chooses, for those of a driver
 * @param driver what has to stand as {@code driver} beside such a section; empty for others
 * @param fields its keys, in the record's order
 */
public record Schema(String key, String driver, List<Field> fields) {
  /** The key of the one field of a section whose keys are names: what stands below each. */
  public static final String NAMES = "*";

  public Schema {
    fields = List.copyOf(fields);
  }

  /** A section that no driver reads. */
  public Schema(String key, List<Field> fields) {
    this(key, "", fields);
  }

  /** The shape of a key's value. */
  public enum Type {
    STRING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    DURATION,
    CHOICE,
    STRINGS,
    STRING_OR_LIST,
    STRING_MAP,
    SECTION,
    SECTIONS,
    SECTION_MAP,
    ANY
  }

  /**
   * One key.
   *
   * @param name the key, lower case; or {@link #NAMES}
   * @param type its shape
   * @param fallback the value when absent, as written in YAML; empty when none
   * @param required whether it has to be there
   * @param secret whether its value must never be printed
   * @param choices the allowed words, for {@link Type#CHOICE}
   * @param doc one sentence, or empty
   * @param nested the keys below, for sections
   * @param optional whether a section that is not there is left out, instead of having the defaults
   *     of its keys
   */
  public record Field(
      String name,
      Type type,
      String fallback,
      boolean required,
      boolean secret,
      List<String> choices,
      String doc,
      @Nullable Schema nested,
      boolean optional) {
    public Field {
      choices = List.copyOf(choices);
    }

    /** A key that is no optional section. */
    public Field(
        String name,
        Type type,
        String fallback,
        boolean required,
        boolean secret,
        List<String> choices,
        String doc,
        @Nullable Schema nested) {
      this(name, type, fallback, required, secret, choices, doc, nested, false);
    }
  }
}
