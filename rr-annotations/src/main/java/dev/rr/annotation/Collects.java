package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a plugin's method that takes what other plugins offer. Its parameters are contracts, and at
 * most one {@code dev.rr.api.plugin.Named}, which tells who offers. The method is called once for
 * each live plugin that offers all of them, after every plugin was initialised and before any is
 * started, by weight descending, then id. No offer at all is fine.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Collects {}
