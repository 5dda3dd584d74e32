/**
 * What listeners and clients share: the addresses of the configuration, the files of unix sockets,
 * and connections that are kept, each of which has a thread while it is dialed. Knows no library of
 * servers.
 */
@NullMarked
package dev.rr.net;

import org.jspecify.annotations.NullMarked;
