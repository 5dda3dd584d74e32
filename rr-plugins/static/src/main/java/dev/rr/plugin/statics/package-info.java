/**
 * HTTP middleware {@code static}: answers with files from a directory and passes everything else
 * on. Owns no thread: files are looked at on a virtual thread of the request and sent by the
 * server. (The package cannot be called as the plugin is, for {@code static} is a keyword.)
 */
@NullMarked
package dev.rr.plugin.statics;

import org.jspecify.annotations.NullMarked;
