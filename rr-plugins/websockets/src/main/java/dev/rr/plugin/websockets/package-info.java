/**
 * Clients that join topics of a broker: over WebSocket (RFC 6455, with permessage-deflate of RFC
 * 7692) or server-sent events, on http's ports. PHP, in a pool of its own, says who may connect and
 * join. Owns one virtual thread that looks after silent clients; everything else runs on http's
 * loops, on those of who publishes and on those that own workers, and waits nowhere.
 */
@NullMarked
package dev.rr.plugin.websockets;

import org.jspecify.annotations.NullMarked;
