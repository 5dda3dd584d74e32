/**
 * A host of drivers: storages by name, over RPC. Owns no thread. Its drivers implement {@code
 * KvDriver}; a host of something else has a contract of its own beside that one.
 */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
