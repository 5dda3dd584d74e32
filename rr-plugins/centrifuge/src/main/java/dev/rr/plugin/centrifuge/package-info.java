/**
 * Has PHP decide about the clients of Centrifugo, which calls it by gRPC, and lets PHP call
 * Centrifugo's API. Messages are handed on unread both ways, so that fields of newer versions
 * survive. Owns the threads {@code centrifuge-loop} and {@code centrifuge-api} and a pool.
 */
@NullMarked
package dev.rr.plugin.centrifuge;

import org.jspecify.annotations.NullMarked;
