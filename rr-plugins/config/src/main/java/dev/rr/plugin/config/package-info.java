/**
 * The {@code config} plugin: reads the configuration file as nodes that know their file and line,
 * expands environment variables, applies {@code -o} overrides and includes, and decodes sections by
 * upstream's weak rules. Owns no thread; everything is immutable once init has returned.
 *
 * <p>From bytes to a record: {@code ConfigLoader} reads the file as UTF-8, {@link
 * dev.rr.config.YamlReader} makes nodes of it, {@code DottedKeys} puts keys with dots where they
 * belong. The file that {@code envfile} names adds to the environment, with which {@code Expansion}
 * fills the texts in. {@code Overrides} and then includes change the result, and {@link
 * dev.rr.config.Configuration} offers it to plugins, whose binders make records of their sections.
 * All of that happens once, in init, before any other plugin is made; nothing is read again while
 * the server runs.
 *
 * <p>The order is upstream's and can be seen from outside: an include beats an override, and an
 * override may supply the version or the list of includes.
 */
@NullMarked
package dev.rr.plugin.config;

import org.jspecify.annotations.NullMarked;
