/** The life of a plugin, and what the server tells it about itself. */
@NullMarked
package dev.rr.api.plugin;

import org.jspecify.annotations.NullMarked;
