/**
 * What the connections of all protocols share: their event loop, how long clients may take, and how
 * a connection ends. Everything runs on the event loop of its channel; only {@link
 * dev.rr.plugin.http.connection.Loop#execute} may be called from elsewhere.
 */
@NullMarked
package dev.rr.plugin.http.connection;

import org.jspecify.annotations.NullMarked;
