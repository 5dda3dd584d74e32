/** What the plugin {@code kv} and the plugins that drive its storages say to each other. */
@NullMarked
package dev.rr.api.kv;

import org.jspecify.annotations.NullMarked;
