/**
 * Decodes configuration: nodes that know their file and line, read from YAML or made of Java's
 * values, and sections that turn them into records by upstream's weak rules. Owns no thread;
 * everything is immutable once it is made.
 *
 * <p>The way of a file: {@link dev.rr.config.YamlReader} makes {@link dev.rr.config.Node}s of its
 * text; the config plugin expands, overrides and includes, and keeps the result as a {@link
 * dev.rr.config.ConfigTree}; a {@link dev.rr.config.Configuration} finds the section of a plugin in
 * it and hands that to the binder which the annotation processor wrote for the plugin's record; the
 * binder asks it key by key, and {@link dev.rr.config.Scalars} and {@link dev.rr.config.GoDuration}
 * turn texts into values. Text stays text until then: what {@code ${PORT}} became is a number only
 * where a number is asked for.
 *
 * <p>A pipeline that is declared over RPC enters behind the file, by {@link
 * dev.rr.config.Sections}, so that drivers have one way to decode. What each section was decoded as
 * is kept: unknown keys and secrets of drivers' sections can be told by nothing else.
 *
 * <p>Upstream reads with viper and decodes with mapstructure, weak typing switched on. Where "weak"
 * is said here, that is meant; docs/differences.md lists where this differs on purpose.
 */
@NullMarked
package dev.rr.config;

import org.jspecify.annotations.NullMarked;
