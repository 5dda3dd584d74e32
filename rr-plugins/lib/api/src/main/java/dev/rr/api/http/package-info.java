/**
 * The HTTP middleware contract, free of any server's types. Its threading and ownership rules are
 * told by HttpHandler.
 */
@NullMarked
package dev.rr.api.http;

import org.jspecify.annotations.NullMarked;
