package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record a typed configuration section. The processor writes a binder beside it, {@code
 * <Record>Binder} ({@code <Outer>_<Record>Binder} for a nested record), which decodes the section
 * without reflection, applies defaults and reports every problem at once.
 *
 * <p>A component's key is its name in snake case ({@code numWorkers} is {@code num_workers});
 * {@link Key} changes that and gives the default, the bounds and the text for the schema. Component
 * types: {@code String, boolean, int, long, double, java.time.Duration}, an enum, {@code
 * dev.rr.api.config.StringOrList}, {@code List<String>}, {@code Map<String, String>}, another
 * {@code @ConfigSection} record, a {@code List} or a {@code Map<String, …>} of such records, {@code
 * Optional} of any scalar or record, and {@code dev.rr.api.config.Section} for a part that is read
 * later.
 *
 * <p>A rule between components belongs in the record's compact constructor: an {@code
 * IllegalArgumentException} there becomes a problem at the section's own path.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ConfigSection {
  /** The dotted key path of the section, or empty for a record that is only a part of others. */
  String value() default "";
}
