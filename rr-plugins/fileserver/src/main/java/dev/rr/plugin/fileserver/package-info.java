/**
 * Serves directories on a listener of their own, apart from {@code http}. The listener's IO threads
 * accept, read and send; virtual threads look at files. A client that reads slowly costs a socket
 * and the file it is sent.
 */
@NullMarked
package dev.rr.plugin.fileserver;

import org.jspecify.annotations.NullMarked;
