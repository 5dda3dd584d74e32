/**
 * TCP servers whose clients PHP talks to. The way of a packet: {@code TcpConnection} → {@code
 * PacketBuffer} → a pool → {@code EventReply} → {@code TcpConnection}. Of one connection one event
 * at most is at the workers, so its events have an order and it holds a bounded number of bytes;
 * what all connections hold is bounded by a {@code MemoryBudget}.
 *
 * <p>Owns the threads {@code tcp-loop}, one {@code tcp-tls-reload} for each server with TLS, and a
 * pool.
 */
@NullMarked
package dev.rr.plugin.tcp;

import org.jspecify.annotations.NullMarked;
