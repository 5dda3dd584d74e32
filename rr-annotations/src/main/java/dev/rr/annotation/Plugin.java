package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a class a plugin. The class is final, may be package-private, and has exactly one
 * constructor, whose parameters say what the plugin needs:
 *
 * <ul>
 *   <li>a {@link Contract} interface: a hard need. The plugin is built only when some other plugin
 *       in the build offers it, and lives only while one of those lives;
 *   <li>{@code Optional} of a contract: a soft need, empty when no live plugin offers it;
 *   <li>a {@link ConfigSection} record: the plugin's configuration, decoded and checked.
 * </ul>
 *
 * <p>The constructor has no side effects. Implementing a contract offers it; so does a method
 * marked {@link Offers}. What a plugin does over its life is told by {@code
 * dev.rr.api.plugin.Lifecycle}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Plugin {
  /**
   * The id: lower-case letters, digits and underscores, starting with a letter. It names the plugin
   * in {@code rr:build}, in configuration, in RPC and in logs.
   */
  String value();

  /**
   * Among plugins whose needs are met, the higher weight starts first; among several offers of one
   * contract, the higher weight is taken. Ties go by id.
   */
  int weight() default 1;
}
