/**
 * The {@code app} plugin: workers log through the server's channel {@code app} by RPC. Owns no
 * thread; its methods run on the RPC server's.
 */
@NullMarked
package dev.rr.plugin.applogger;

import org.jspecify.annotations.NullMarked;
