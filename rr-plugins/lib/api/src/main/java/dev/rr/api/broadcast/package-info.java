/** What the plugin {@code broadcast}, its drivers and those who listen say to each other. */
@NullMarked
package dev.rr.api.broadcast;

import org.jspecify.annotations.NullMarked;
