package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a plugin's method without parameters whose return type is a {@link Contract}: the plugin
 * offers what the method returns. The method is called once for every plugin that needs or collects
 * it, so each may receive a value of its own.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Offers {}
