/**
 * What every listener shares: the addresses of the configuration, and the files of unix sockets.
 * Owns no thread, and knows no library of servers.
 */
@NullMarked
package dev.rr.net;

import org.jspecify.annotations.NullMarked;
