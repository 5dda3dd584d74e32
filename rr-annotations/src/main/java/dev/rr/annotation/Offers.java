package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a plugin offers.
 *
 * <ul>
 *   <li>On a method without parameters whose return type is a {@link Contract} or extends some: the
 *       plugin offers what the method returns, under each of them. The method is called once for
 *       every contract that some plugin needs or collects, so each may receive a value of its own.
 *   <li>On the plugin class: gives a name to what the class itself offers by implementing a {@link
 *       Contract}, which needs no annotation otherwise.
 * </ul>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Offers {
  /**
   * The name by which a configuration chooses this offer among others of its contract, for example
   * {@code "br"}: lower-case letters, digits, underscores and hyphens. Left out, it is the plugin's
   * id. It stands in the catalogue, so that a message can name the plugin that would bring it.
   */
  String value() default "";
}
