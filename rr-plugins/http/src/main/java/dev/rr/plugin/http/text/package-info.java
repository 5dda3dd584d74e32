/**
 * Text as bytes: what grows, what is escaped. A <em>byte string</em>, here and in all of this
 * plugin, is a {@code String} whose characters are bytes (ISO-8859-1): what clients send need not
 * be UTF-8, and is handed on as it came. No threads; every object belongs to one thread at a time.
 */
@NullMarked
package dev.rr.plugin.http.text;

import org.jspecify.annotations.NullMarked;
