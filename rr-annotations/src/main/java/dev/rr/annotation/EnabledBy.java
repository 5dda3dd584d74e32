package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The plugin is enabled only when these configuration sections exist (are present and not null).
 * Checked before the plugin is constructed; a plugin that is not enabled is never constructed.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface EnabledBy {
  /** Dotted key paths, for example {@code "http.headers"}. At least one. */
  String[] value();

  /** True: one of the sections is enough. False: all of them must exist. */
  boolean any() default false;
}
