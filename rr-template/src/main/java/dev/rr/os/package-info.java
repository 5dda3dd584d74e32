/**
 * What the operating system offers and Java's library does not: signals, systemd's notifications,
 * replacing the process. Linux; elsewhere the calls say that they cannot. Signal handlers run on
 * the JVM's own threads, named {@code SIGTERM handler} and so on.
 */
@NullMarked
package dev.rr.os;

import org.jspecify.annotations.NullMarked;
