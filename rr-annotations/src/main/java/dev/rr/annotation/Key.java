package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the key of a {@link ConfigSection} record's component is called, allows and defaults to. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /**
   * The key, when it is not the component's name in snake case. {@code *} on the only component of
   * a record, a map of records or sections: the keys of the section itself are names that the user
   * chooses, as those of {@code kv} are; they keep their case.
   */
  String name() default "";

  /**
   * The value when the key is absent, written as in YAML ({@code "60s"}, {@code "true"}, {@code
   * "a,b"} for a list). Empty: the type's own empty value (zero, false, empty text, list or map,
   * {@code Optional.empty()}).
   */
  String fallback() default "";

  /** The key has to be there. */
  boolean required() default false;

  /** The smallest allowed number. */
  long min() default Long.MIN_VALUE;

  /** The largest allowed number. */
  long max() default Long.MAX_VALUE;

  /** Never print the value; the record needs a {@code toString()} without it. */
  boolean secret() default false;

  /** One sentence for the schema and the reference. */
  String doc() default "";
}
