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
 * <p>The keys of a driver stand in the sections of its host, one for each name that the user
 * chooses: {@code @ConfigSection(value = "kv.*.config", driver = "redis")}. The driver's plugin
 * takes {@code dev.rr.api.config.Binder} of such a record in its constructor, and decodes with it
 * the sections that the host hands over.
 *
 * <p>Bounds of a number belong in {@link Key}; what a text may be, and rules between keys, in the
 * record's {@code check}, when it implements {@code dev.rr.api.config.Checked}; what depends on the
 * world (files, other plugins), in the {@code check} of the plugin's life. An {@code
 * IllegalArgumentException} of the record's constructor becomes a problem at the section's own
 * path.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ConfigSection {
  /**
   * The dotted key path of the section, or empty for a record that is only a part of others. Of a
   * driver, one part is {@code *} and stands for a name that the user chooses.
   */
  String value() default "";

  /**
   * Only what says {@code driver: <this>} beside it is such a section; the name by which the driver
   * is offered.
   */
  String driver() default "";
}
